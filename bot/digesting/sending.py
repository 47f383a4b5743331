"""Sends the digest: each subscriber the one of each week once, however many processes look and whatever is killed.

What makes it once is a row of `cursors` for subscriber and week, written in the unit of work that queues the message
and never deleted, while the subscriber's row is locked: no clock that is set back, no message that is forgotten, and no
chat whose data is erased gets it again. It names a keyed hash of their contact, for who was erased is a newcomer. One
process prints at a time, by a lease, for it is a minute's work for all; that lease is no part of what makes it once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.digesting.child import NotPrinted, Order, Printed
from bot.digesting.due import Due, due, latest
from bot.digesting.listing import BOUNCED, states
from bot.digesting.mail import outbound
from bot.digesting.subscriber import Sending, Subscriber, write_scope
from bot.digesting.troubles import Troubles, cause
from bot.metrics import Counters
from bot.ports import Clock, Kind, Queued, Store, StoreUnavailable, UnitOfWork
from tickets.city import Cities
from tickets.figures import Scope
from tickets.period import Period

LOOK = 60.0  # seconds between looks
PACE = 1.0  # seconds between two subscribers: forty mails of a megabyte at once take 40 MB, and hold up citizens
KEPT = timedelta(days=14)  # the queue keeps what it sent for so long: a megabyte each
LINKS = timedelta(days=400)  # for so long the link to unsubscribe works
_LEASE = timedelta(minutes=20)  # longer than a child may take
_COUNTED = timedelta(minutes=10)  # between two counts of who cannot be reached
_NAME = "digest"
log = structlog.get_logger()
Print = Callable[[Order], Awaitable[Printed]]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edition:
    """What is printed once for all who get it."""

    period: Period
    scope: Scope
    language: str


@dataclass(slots=True, kw_only=True)
class Digesting:
    """The work of one process. `order` makes an order for an edition."""

    store: Store
    clock: Clock
    owner: str
    city: Cities
    sending: Sending
    public_url: str
    url: str = field(repr=False)
    secret_keys: str = field(repr=False)
    var: Path
    print: Print
    counters: Counters = field(default_factory=Counters)
    pace: float = PACE
    _settled: set[Due] = field(default_factory=set)
    _troubles: Troubles = field(default_factory=Troubles)
    _counted: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._look()
            await asyncio.sleep(LOOK)

    async def _look(self) -> None:
        if not self._troubles.may_try(_NAME, self.clock.now()):
            return
        try:
            await self.look()
        except Exception as error:  # noqa: BLE001 - a later look may fare better; citizens are served meanwhile
            self._say("job_failed", cause(error), job=_NAME)
            self._troubles.put_off(_NAME, self.clock.now())
        else:
            self._troubles.over(_NAME)

    async def look(self) -> None:
        """Send what is due and was not sent."""
        now = self.clock.now()
        all_due = due(self.sending, now, ZoneInfo(self.city.now.timezone))
        self._settled &= set(all_due)
        self._troubles.forget_all_but({_NAME, *map(_edition, all_due)})
        try:
            await self._count(now)
            await self._send([one for one in all_due if one not in self._settled], now)
        except StoreUnavailable:
            pass  # the next look, of whichever process, goes on

    async def _send(self, pending: Sequence[Due], now: datetime) -> None:
        pending = [one for one in await self._unsent(pending) if self._troubles.may_try(_edition(one), now)]
        if not pending or not await self._hold(now):
            return
        try:
            for edition, group in groupby(sorted(pending, key=_edition), key=_edition):
                await self._hold(self.clock.now())
                await self._publish(edition, list(group))
        finally:
            await self._let_go()

    async def _publish(self, edition: Edition, group: Sequence[Due]) -> None:
        """Print it, and queue it for each of them. One edition stops no other."""
        order = Order(
            url=self.url, secret_keys=self.secret_keys, city=self.city.now, period=edition.period, scope=edition.scope,
            language=edition.language, var=self.var,
        )  # fmt: skip
        try:
            printed = await self.print(order)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no reason to print it anew each minute
            self._failed(edition, "not_printed", error)
            self._troubles.put_off(edition, self.clock.now())
            return
        if all([await self._gets(one, edition, printed) for one in group]):
            self._troubles.over(edition)
        else:
            self._troubles.put_off(edition, self.clock.now())

    async def _gets(self, one: Due, edition: Edition, printed: Printed) -> bool:
        """In a unit of work of its own. False where that failed: the others get theirs."""
        try:
            queued = await self._queue(one, printed)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(edition, "not_queued", error)
            return False
        self._settled.add(one)
        if queued:
            self.counters.count("digests", outcome="queued")
            await asyncio.sleep(self.pace)
        return True

    def _failed(self, edition: Edition, outcome: str, error: Exception) -> None:
        self.counters.count("digests", outcome=outcome)
        why = str(error) if isinstance(error, NotPrinted) else cause(error)
        self._say(f"digest_{outcome}", why, week=edition.period.week, scope=write_scope(edition.scope))

    def _say(self, event: str, why: str, **about: str | None) -> None:
        if self._troubles.is_news(f"{event}: {why}", self.clock.now()):
            log.error(event, why=why, **about)

    async def _queue(self, one: Due, printed: Printed) -> bool:
        """False where somebody was quicker, or they want or get none."""
        now, subscriber = self.clock.now(), one.subscriber
        async with self.store.work() as work:
            lane = (await work.citizens.lanes([subscriber.contact]))[subscriber.contact]
            if await _is_sent(work, one) or (await states(work, [subscriber]))[subscriber]:
                return False
            name = _names(work, one)[0]
            await work.cursors.set(name, 1)
            message = outbound(name, one, printed, self.sending.attach, self._link(work, subscriber, now))
            await work.outbox.enqueue([Queued(outbound=message, citizen=lane, kind=Kind.DIGEST, bulk=True)], now)
            await work.erasure.fleeting(name, now + KEPT)
            await work.commit()
        return True

    def _link(self, work: UnitOfWork, subscriber: Subscriber, now: datetime) -> str:
        """By which an e-mail's reader wants no more; "" where the city has no address on the web."""
        if not self.public_url or not subscriber.by_email:
            return ""
        token = work.unsubscribed.token(subscriber.contact.address, now + LINKS)
        return f"{self.public_url}/digest/unsubscribe/{token}?language={subscriber.language}"

    async def _unsent(self, pending: Sequence[Due]) -> Sequence[Due]:
        """Those who are to get it and have not. Who wants none, or cannot be reached, is settled until the next one."""
        if not pending:
            return ()
        unsent = []
        async with self.store.view() as view:
            out_of_it = await states(view, [one.subscriber for one in pending])
            for one in pending:
                if out_of_it[one.subscriber] or await _is_sent(view, one):
                    self._settled.add(one)
                else:
                    unsent.append(one)
        return unsent

    async def _count(self, now: datetime) -> None:
        """How many cannot be reached, for those who watch."""
        if not self.sending.subscribers or (self._counted and self._counted <= now < self._counted + _COUNTED):
            return
        async with self.store.view() as view:
            found = await states(view, self.sending.subscribers)
        self.counters.state("digest_bounced", sum(state == BOUNCED for state in found.values()))
        self._counted = now

    async def _hold(self, now: datetime) -> bool:
        async with self.store.work() as work:
            held = await work.leases.hold(_NAME, self.owner, now, now + _LEASE)
            await work.commit()
        return held

    async def _let_go(self) -> None:
        """What is kept by a database that is away now ends by itself."""
        with suppress(StoreUnavailable):
            async with self.store.work() as work:
                await work.leases.give_up(_NAME, self.owner)
                await work.commit()


async def pass_over(store: Store, sending: Sending, since: datetime, now: datetime, zone: ZoneInfo) -> int:
    """What came due after `since` may have been sent from a database that was lost: it is not sent from this one; how
    many. Raises StoreUnavailable."""
    passed = 0
    async with store.work() as work:
        for one in due(sending, now, zone):
            at = latest(now, sending.day, one.subscriber.hour, zone)
            if at > since and not await _is_sent(work, one):
                await work.cursors.set(_names(work, one)[0], 1)
                passed += 1
        await work.commit()
    return passed


def _names(work: UnitOfWork, one: Due) -> Sequence[str]:
    """The name of what makes it once, and the key of its message: neither holds an address. Behind it those by keys
    that were newest before."""
    marks = work.citizens.marks_of(one.subscriber.contact)
    return [f"digest:{one.period.week}:{write_scope(one.subscriber.scope)}:{mark}" for mark in marks]


def _edition(one: Due) -> Edition:
    return Edition(period=one.period, scope=one.subscriber.scope, language=one.subscriber.language)


async def _is_sent(work: UnitOfWork, one: Due) -> bool:
    return any([await work.cursors.get(name) for name in _names(work, one)])
