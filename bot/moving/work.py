"""The import itself: cases by the hundred, each part in one unit of work.

Whenever it is stopped, what was committed stays, and the next run finds it by its number in the source: nothing comes
twice. A ticket that somebody works on here is theirs, and what was deleted here does not come again. Nobody is told of
anything: no message is queued, and whoever reported it elsewhere is not known.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from time import monotonic
from typing import Final

from bot.moving.filing import arrived, changed
from bot.moving.mapping import Plan
from bot.moving.reading import Case, Reading
from bot.moving.report import Outcome, Report
from bot.moving.rows import Item, Reached, Refused, Row, Why
from bot.ports import Clock, Places, Stale, Store, Taken, UnitOfWork
from bot.ports.moving import IMPORT, Moved, Newcomer
from channels.message import Contact
from tickets.city import City
from tickets.model import SYSTEM, Event
from tickets.number import new_number

PART = 500  # cases of one unit of work
_TELLS = 5.0  # seconds between lines of progress
_TRIES: Final = 5  # of a part that somebody else was in the way of
_NO_CURSOR: Final = 0


class InTheWay(Exception):
    """Somebody else imports from this source now, or changes these tickets all the time: run it again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One run. `dry`: nothing is written; `show` tells how far it is."""

    store: Store
    city: City
    places: Places
    clock: Clock
    random: Random
    plan: Plan
    show: Callable[[str], None]
    dry: bool = False

    async def run(self, items: AsyncIterator[Item], report: Report) -> None:
        """All of it. Raises StoreUnavailable or InTheWay; what was done until then stays."""
        reading = Reading(self.plan, self.places, self.city.languages, self.clock.now())
        reporter, told = 0 if self.dry else await self._reporter(), _Progress(self.show)
        seen: set[str] = set()
        part: list[Case] = []
        async for item in items:
            reached = item.until if isinstance(item, Reached) else None
            case = None if isinstance(item, Reached) else _taken(item, reading, seen, report)
            part += [case] if case else []
            if reached or len(part) >= PART:
                await self._part(part, reporter, report)
                part = []
                told(report.rows)
            if reached:
                await self._keep(int(reached.timestamp()))
        await self._part(part, reporter, report)

    async def begun(self) -> int:
        """Until when (seconds since 1970) a run that did not end had read an Open311 server; 0: there is none."""
        async with self.store.view() as view:
            return await view.cursors.get(self._cursor)

    async def ended(self) -> None:
        """The next run begins from the beginning: what was changed since is to be seen."""
        await self._keep(_NO_CURSOR)

    async def _keep(self, value: int) -> None:
        if self.dry:
            return
        async with self.store.work() as work:
            await work.cursors.set(self._cursor, value)
            await work.commit()

    @property
    def _cursor(self) -> str:
        return f"moving:{self.plan.source}"

    async def _reporter(self) -> int:
        """Of all that comes from this source: nobody, to whom nothing is ever sent."""
        contact = Contact(channel=IMPORT, address=self.plan.source)
        async with self.store.work() as work:
            lane = (await work.citizens.lanes([contact]))[contact]
            citizen = await work.citizens.get(lane)
            if citizen and not citizen.opted_out:
                await work.citizens.save(replace(citizen, opted_out=True))
            await work.commit()
        return lane

    async def _part(self, cases: Sequence[Case], reporter: int, report: Report) -> None:
        if not cases:
            return
        for case in cases:
            report.cut += case.cut
            report.unplaced += case.place.point is None
        for attempt in range(1, _TRIES + 1):
            try:
                report.outcomes.update(await self._written(cases, reporter))
            except (Taken, Stale):
                if attempt == _TRIES:
                    raise InTheWay(InTheWay.__doc__) from None
            else:
                return

    async def _written(self, cases: Sequence[Case], reporter: int) -> Sequence[Outcome]:
        now = self.clock.now()
        async with self.store.view() if self.dry else self.store.work() as work:
            known = await work.moving.known(self.plan.source, {case.external: case.content for case in cases})
            new = [case for case in cases if case.external not in known]
            outcomes = [Outcome.FILED] * len(new)
            if new and not self.dry:
                await self._file(work, new, reporter, now)
            for case in cases:
                if case.external in known:
                    outcomes.append(await self._again(work, case, known, now))
            await work.commit()
        return outcomes

    async def _file(self, work: UnitOfWork, cases: Sequence[Case], reporter: int, now: datetime) -> None:
        newcomers = []
        for case, number in zip(cases, await self._numbers(work, len(cases)), strict=True):
            ticket, updates = arrived(case, number, reporter, self.city, now)
            newcomers.append(
                Newcomer(external=case.external, content=case.content, ticket=ticket, updates=updates)
            )  # fmt: skip
        await work.moving.file(self.plan.source, newcomers, now)

    async def _numbers(self, work: UnitOfWork, count: int) -> Sequence[str]:
        """So many that no ticket has, each once."""
        found: dict[str, None] = {}
        while len(found) < count:
            some = {new_number(self.random) for _ in range(count - len(found))}
            found |= dict.fromkeys(sorted(some - await work.moving.taken(some)))
        return list(found)

    async def _again(self, work: UnitOfWork, case: Case, known: Mapping[str, Moved], now: datetime) -> Outcome:
        before = known[case.external]
        if before.same:
            return Outcome.SAME
        if not self.dry:
            await work.tickets.lock([before.number])
        ticket = await work.tickets.get(before.number)
        if ticket is None:
            return Outcome.GONE
        if ticket.version != before.version and await _worked(work, before):
            return Outcome.WORKED
        version = ticket.version
        steps = list(changed(ticket, case, self.city, now))
        for ticket, update in steps:
            version = ticket.version
            if not self.dry:
                await work.tickets.change(ticket, update)
        if not self.dry:
            await work.moving.keep(self.plan.source, case.external, case.content, version, now)
        return Outcome.CHANGED if steps else Outcome.SAME


async def _worked(work: UnitOfWork, before: Moved) -> bool:
    """Whether anybody had a hand in it since then: that a date was missed, and a new one given, is nobody's work."""
    since = [one for one in await work.tickets.history(before.number) if one.version > before.version]
    return any(one.event is not Event.POSTPONED or one.actor != SYSTEM for one in since)


def _taken(item: Row | Refused, reading: Reading, seen: set[str], report: Report) -> Case | None:
    """The case that it is; what is none is noted."""
    read = reading.case(item) if isinstance(item, Row) else item
    if isinstance(read, Case) and read.external in seen:
        read = Refused(at=read.at, external=read.external, why=Why.TWICE)
    if isinstance(read, Refused):
        report.refuse(read)
        return None
    seen.add(read.external)
    return read


class _Progress:
    """Tells now and then how many rows are done."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show, self._begin = show, monotonic()
        self._told = self._begin

    def __call__(self, rows: int) -> None:
        now = monotonic()
        if now - self._told > _TELLS:
            self._told = now
            self._show(f"{rows:,} rows, {rows / (now - self._begin):,.0f} a second")
