"""Drains the outbox through the channels. The only caller of `send`; never inside a unit of work."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from bot.loop import Loop, Workplace, insist
from bot.ports import Departure, StoreUnavailable
from channels import Channel, Rejected, Throttled, Unavailable

LEASE = 60.0  # seconds
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0  # seconds between tries
MAX_ATTEMPTS = 30  # with the waits above about two hours
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 3600.0  # seconds that a provider's "slow down" may last
AWAIT_RECEIPT = 30.0  # seconds: a send whose answer was lost may have arrived; its receipt would tell
log = structlog.get_logger()


class DeliveryWorker:
    """One of any number of workers on the same store."""

    def __init__(self, at: Workplace, *, channels: Mapping[str, Channel]) -> None:
        self._store, self._clock, self._random, self._owner = at.store, at.clock, at.random, at.owner
        self._channels = channels
        self.loop = Loop(self._claim, self._handle, at.wake, "outbox")

    async def _claim(self, limit: int) -> Sequence[Departure]:
        async with self._store.work() as work:
            departures = await work.outbox.claim(self._owner, self._clock.now(), LEASE, limit)
            await work.commit()
        return departures

    async def _handle(self, departure: Departure) -> None:
        try:
            await self._send(departure)
        except StoreUnavailable:
            # the message may be with the citizen: the lease ends and it is sent again (at least once)
            log.warning("store_unavailable", outbound=departure.id)

    async def _send(self, departure: Departure) -> None:
        channel = self._channels.get(departure.outbound.recipient.channel)
        if channel is None:
            await self._give_up(departure, "channel_off")
            return
        try:
            external_id = await channel.send(departure.outbound)
        except Rejected as refusal:
            await self._give_up(departure, refusal.reason)
        except Throttled as pause:
            # a provider may ask for nothing or for years: neither a storm of tries nor silence follows
            wait = max(SHORTEST_PAUSE, min(pause.seconds, LONGEST_PAUSE))
            await self._later(departure, wait, "throttled", counted=False)
        except Unavailable as trouble:
            await self._again(departure, trouble, channel)
        except Exception as error:  # noqa: BLE001 - the last fence: one message must not stop the others
            log.error("sending_failed", outbound=departure.id, error=type(error).__name__)
            await self._again(departure, Unavailable("internal_error"), channel)
        else:
            await insist(lambda: self._sent(departure, external_id))

    async def _sent(self, departure: Departure, external_id: str) -> None:
        async with self._store.work() as work:
            await work.outbox.sent(departure, external_id, self._clock.now())
            await work.commit()

    async def _again(self, departure: Departure, trouble: Unavailable, channel: Channel) -> None:
        if departure.attempts >= MAX_ATTEMPTS:
            await self._give_up(departure, trouble.reason)
            return
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (departure.attempts - 1)) * self._random.uniform(0.8, 1.2)
        if trouble.uncertain and channel.traits.callbacks:
            wait = max(wait, AWAIT_RECEIPT)
        await self._later(departure, wait, trouble.reason)

    async def _later(self, departure: Departure, seconds: float, reason: str, *, counted: bool = True) -> None:
        async with self._store.work() as work:
            due = self._clock.now() + timedelta(seconds=seconds)
            await work.outbox.retry(departure, due, reason, counted=counted)
            await work.commit()

    async def _give_up(self, departure: Departure, reason: str) -> None:
        log.warning("undeliverable", outbound=departure.id, reason=reason)
        async with self._store.work() as work:
            await work.outbox.failed(departure, reason, self._clock.now())
            await work.commit()
