"""Tells subscribers what happened. The ticket is read when it is told: what a clerk took back meanwhile, or somebody
had deleted, is not told any more."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.hooks import payload
from bot.hooks.patience import setback
from bot.hooks.payload import Tell
from bot.hooks.sending import Answer, Sender
from bot.hooks.signing import headers, valid
from bot.loop import Loop, Workplace, noted
from bot.metrics import Counters
from bot.ports import StoreUnavailable, UnitOfWork
from bot.ports.hooks import Happened, Hook, State
from tickets.city import Cities
from tickets.public import PublicTicket

QUEUE: Final = "hook_events"
LOOK: Final = 1.0  # seconds between looks: new events ring, what is tried again does not
LEASE: Final = timedelta(seconds=90)  # far longer than a POST and the note of it
AT_ONCE, EACH = 16, 4  # events in hand: of all subscribers, and of each, so that a slow one leaves hands for others
FORGOTTEN: Final = timedelta(days=30)  # what waits for one that is paused, or was set aside
log = structlog.get_logger()


class HookWorker:
    """One of any number on the same store. `source` names the city in events; `tell` writes a ticket."""

    def __init__(
        self, at: Workplace, *, city: Cities, send: Sender, tell: Tell, source: str, counters: Counters
    ) -> None:  # fmt: skip
        self._at, self._city, self._send, self._tell = at, city, send, tell
        self._source, self._counters = source, counters
        self._busy: Counter[int] = Counter()
        self.loop = Loop(self._claim, self._handle, at.wake, QUEUE, limit=AT_ONCE, poll=LOOK)

    async def _claim(self, limit: int) -> Sequence[Happened]:
        now = self._at.clock.now()
        await self._refill(now)
        async with self._at.store.view() as view:
            ready = await view.hooks.ready(now)
        free = {one.id: (1 if one.broken else EACH) - self._busy[one.id] for one in ready}
        ready = [one for one in ready if free[one.id] > 0]
        if not ready:
            return ()
        claimed: list[Happened] = []
        async with self._at.store.work() as work:
            for one in ready:
                some = min(free[one.id], limit - len(claimed))
                if some > 0:
                    claimed += await work.hooks.claim(one, self._at.owner, now, now + LEASE, some)
            await work.commit()
        self._busy.update(one.hook.id for one in claimed)
        return claimed

    async def _refill(self, now: datetime) -> None:
        """What is told again is queued by and by."""
        async with self._at.store.view() as view:
            under_way = any(one.replaying for one in await view.hooks.all())
        if under_way:
            async with self._at.store.work() as work:
                await work.hooks.refill(now)
                await work.commit()

    async def _handle(self, one: Happened) -> None:
        try:
            await self._told(one)
        except StoreUnavailable:  # its claim ends by itself; it comes twice with the same id
            log.warning("hook_not_noted", hook=one.hook.id)
        finally:
            self._busy[one.hook.id] -= 1

    async def _told(self, one: Happened) -> None:
        city = self._city.now
        async with self._at.store.view() as view:
            ticket = await view.public.get(one.number, city)
        if ticket is None or not wanted(one.hook, ticket):
            await noted(self._at.store, lambda work: _dropped(work, one))
            return
        now, body = self._at.clock.now(), payload.event(one, self._tell(ticket, city), self._source)
        answer = await self._send(one.hook.url, body, sent_with(one.hook, payload.id_of(one), now, body))
        await self._note(one, answer)

    async def _note(self, one: Happened, answer: Answer) -> None:
        now = self._at.clock.now()
        if answer.trouble is None:
            await noted(self._at.store, lambda work: _delivered(work, one, answer.status, now))
            self._counters.count("hooks", outcome="delivered", reason="")
            return
        back = setback(one, answer, now, self._at.random)

        async def failed(work: UnitOfWork) -> None:
            await work.hooks.failed(one, back, now)

        await noted(self._at.store, failed)
        self._counters.count("hooks", outcome="later" if back.again else "aside", reason=back.trouble)
        if back.state is not State.ON or back.again is None:
            log.warning("hook_gave_up", hook=one.hook.id, state=back.state, reason=back.trouble, status=back.status)


def wanted(hook: Hook, ticket: PublicTicket) -> bool:
    """By the area as anybody may know it: who asks for one must not learn what is told of none."""
    return not hook.areas or ticket.area in hook.areas


def sent_with(hook: Hook, name: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of a POST."""
    fixed = {"Content-Type": "application/json", "User-Agent": "Vecino", "Accept": "*/*"}
    return {**fixed, **headers(name, now, body, valid(hook, now))}


async def _dropped(work: UnitOfWork, one: Happened) -> None:
    await work.hooks.dropped(one)


async def _delivered(work: UnitOfWork, one: Happened, status: int, now: datetime) -> None:
    await work.hooks.delivered(one, status, now)


async def forget(work: UnitOfWork, now: datetime, after: int) -> int | None:  # noqa: ARG001 - one part
    """A job of the schedule: what has waited too long."""
    await work.hooks.forget(now - FORGOTTEN)
    return None
