"""Drains the outbox through the channels. The only caller of `send`; never inside a unit of work."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog

from bot.delivery.limits import Pauses, TooOld
from bot.delivery.outage import OUTAGE_LIKE, Outages
from bot.delivery.picture import pictured
from bot.delivery.plain import plainer
from bot.delivery.postscript import Postscript
from bot.delivery.window import Window
from bot.loop import Loop, Workplace, noted
from bot.metrics import Counters
from bot.ports import Departure, Files, Limit, StoreUnavailable, UnitOfWork
from bot.together import Together
from channels import Channel, Rejected, Throttled, Unavailable
from channels.message import Outbound
from channels.reason import Reason

LEASE = 60.0  # seconds
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0  # seconds between tries
MAX_ATTEMPTS = 30  # of what may have arrived each time; with the waits above about two hours
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 3600.0  # seconds that a provider's "slow down" may last
AWAIT_RECEIPT = 30.0  # seconds: a send whose answer was lost may have arrived; its receipt would tell
IN_HAND = 16  # sends at once
AT_START = 2  # of those right after a start, when the last self may have been killed and the next kill may be near
TIDY_EVERY = 1000  # claims that found something
log = structlog.get_logger()


class DeliveryWorker:
    """One of any number of workers on the same store."""

    def __init__(
        self, at: Workplace, *, channels: Mapping[str, Channel],
        limits: Mapping[str, Limit] = MappingProxyType({}), too_old: TooOld | None = None,
        counters: Counters | None = None, window: Window | None = None, files: Files | None = None,
        mail: Postscript | None = None,
    ) -> None:  # fmt: skip
        """`limits`: by channel; one that is not named has none. `files`: where pictures of ours lie. `mail`:
        what stands below mail to citizens."""
        self._store, self._clock, self._random, self._owner = at.store, at.clock, at.random, at.owner
        self._channels, self._too_old, self.counters = channels, too_old or TooOld(), counters or Counters()
        self._window, self._files, self._mail = window, files, mail
        self._limits = {name: limit for name, limit in limits.items() if limit != Limit()}
        self._closed: dict[str, datetime] = {}  # channels without a free slot, until when
        self._sent, self._pauses, self._claims = Together(self._mark), Pauses(), 0
        self._outages = Outages(at.store, at.clock)
        self._room = float(AT_START)
        self._since: datetime | None = None  # the first claim: the database may be away at the start
        self.loop = Loop(self._claim, self._handle, at.wake, "outbox", limit=IN_HAND)

    async def _claim(self, limit: int) -> Sequence[Departure]:
        """What is due and finds a slot, of those channels that have any."""
        now = self._clock.now()
        room = self._width(now) - (IN_HAND - limit)
        if room <= 0:
            return ()
        self._closed = {channel: until for channel, until in self._closed.items() if until > now}
        async with self._store.work() as work:
            departures = await work.outbox.claim(self._owner, now, LEASE, room, self._closed)
            admitted = await work.slots.take(departures, self._limits, now)
            await self._tidy(work, now, found=bool(departures))
            await work.commit()
        self._since = self._since or now
        self._closed.update(admitted.closed)
        return admitted.departures

    def _width(self, now: datetime) -> int:
        """How many may be in hand: one more with each round that ended, and with each second where sends hang."""
        seconds = (now - self._since).total_seconds() if self._since else 0.0
        return min(IN_HAND, int(max(self._room, seconds)))

    async def _tidy(self, work: UnitOfWork, now: datetime, *, found: bool) -> None:
        self._claims += found
        if self._limits and self._claims >= TIDY_EVERY:
            self._claims = 0
            await work.slots.tidy(now)

    async def _handle(self, departure: Departure) -> None:
        try:
            await self._send(departure)
        except StoreUnavailable:
            # the message may be with the citizen: the lease ends and it is sent again (at least once)
            log.warning("store_unavailable", outbound=departure.id)
        self._room += 1 / self._room

    async def _send(self, departure: Departure) -> None:
        channel = self._channels.get(departure.outbound.recipient.channel)
        if channel is None:
            await self._give_up(departure, Reason.CHANNEL_OFF)
        elif self._too_old.is_past(departure, self._clock.now()):
            await self._give_up(departure, Reason.TOO_OLD)
        else:
            await self._try(departure, channel)

    async def _try(self, departure: Departure, channel: Channel) -> None:
        try:
            went = await self._hand_over(departure, channel)
        except StoreUnavailable:
            raise
        except Rejected as refusal:
            await self._refused(departure, refusal)
        except Throttled as pause:
            await self._slow_down(departure, pause)
        except Unavailable as trouble:
            await self._again(departure, trouble, channel)
        except Exception as error:  # noqa: BLE001 - the last fence: one message must not stop the others
            log.error("sending_failed", outbound=departure.id, error=type(error).__name__)
            await self._again(departure, Unavailable(Reason.INTERNAL_ERROR, uncertain=True), channel)
        else:
            if went:
                await self._went(departure, went)

    async def _hand_over(self, departure: Departure, channel: Channel) -> str | None:
        """The provider's id, or None: it is parked, or has nothing to say any more."""
        prepared = await self._window.prepare(departure) if self._window else departure
        if prepared is None:
            return None
        outbound = await self._mail.below(prepared) if self._mail else prepared.outbound
        return await _accepted(channel, await pictured(outbound, channel.traits, self._files))

    async def _refused(self, departure: Departure, refusal: Rejected) -> None:
        if not self._window or refusal.reason != Reason.OUTSIDE_WINDOW:
            await self._give_up(departure, refusal.reason)
        elif await self._window.refused(departure):
            self._count(departure, "later", refusal.reason)
        else:
            self._lost(departure, refusal.reason)

    async def _went(self, departure: Departure, external_id: str) -> None:
        await self._sent.keep([(departure, external_id)])
        self._count(departure, "sent")
        await self._outages.sent(departure)

    async def _mark(self, sent: Sequence[tuple[Departure, str]]) -> None:
        """What was sent, all that waits in one unit of work. A kill between a send and its note doubles the message:
        what shortens that time is that nobody's note waits behind another's commit."""

        async def write(work: UnitOfWork) -> None:
            for departure, external_id in sent:
                await work.outbox.sent(departure, external_id, self._clock.now())

        await noted(self._store, write)

    async def _slow_down(self, departure: Departure, pause: Throttled) -> None:
        """A provider may ask for nothing or for years: neither a storm of tries nor silence follows."""
        now, channel = self._clock.now(), departure.outbound.recipient.channel
        until = now + timedelta(seconds=max(SHORTEST_PAUSE, min(pause.seconds, LONGEST_PAUSE)))
        for_all = self._pauses.is_for_all(departure, now, until) or pause.whole
        limit = self._limits.get(channel)

        async def write(work: UnitOfWork) -> None:
            await work.outbox.retry(departure, until, Reason.THROTTLED, counted=False)
            if for_all and limit:
                await work.slots.pause(channel, limit, until)

        await noted(self._store, write)
        if for_all:  # without a limit, other processes learn it for themselves
            self._closed[channel] = until
        self._count(departure, "later", Reason.THROTTLED)

    async def _again(self, departure: Departure, trouble: Unavailable, channel: Channel) -> None:
        """Until it is too old, where it surely did not arrive; else not so often that a citizen gets it for hours."""
        if trouble.uncertain and departure.attempts >= MAX_ATTEMPTS:
            await self._give_up(departure, trouble.reason)
            return
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(departure.attempts - 1, 20)) * self._random.uniform(0.8, 1.2)
        receipt = AWAIT_RECEIPT if trouble.uncertain and channel.traits.callbacks else 0.0
        now = self._clock.now()
        due, earliest = now + timedelta(seconds=max(wait, receipt)), now + timedelta(seconds=receipt)
        passes = earliest if trouble.reason in OUTAGE_LIKE else None
        await noted(self._store, lambda work: work.outbox.retry(departure, due, trouble.reason, earliest=passes))
        self._outages.failed(departure, trouble.reason)
        self._count(departure, "later", trouble.reason)

    async def _give_up(self, departure: Departure, reason: str) -> None:
        async def write(work: UnitOfWork) -> None:
            await work.outbox.failed(departure, reason, self._clock.now())
            await work.refusals.record(departure.citizen, reason)

        await noted(self._store, write)
        self._lost(departure, reason)

    def _lost(self, departure: Departure, reason: str) -> None:
        log.warning("undeliverable", outbound=departure.id, reason=reason)
        self._count(departure, "failed", reason)

    def _count(self, departure: Departure, outcome: str, reason: str = "") -> None:
        channel = departure.outbound.recipient.channel
        self.counters.count("outbound", channel=channel, outcome=outcome, reason=reason)


async def _accepted(channel: Channel, outbound: Outbound) -> str:
    """The provider's id of the message, in a plainer form where it refuses this one; raises as `send` does."""
    try:
        return await channel.send(outbound)
    except Rejected as refusal:
        plain = plainer(outbound, refusal.reason, channel.traits)
        if plain is None:
            raise
    return await channel.send(plain)
