"""Staff are told of dates that are near, and of those that were missed: level by level, each once.

Only while offices are open, for time that nobody works does not count. Of a ticket that has reached several levels at
once, as after a long stop, the highest is told alone. A missed date is the citizen's to hear of first: its levels begin
once a new one was promised (bot/promises.py). Whatever a part tells is written down in the same unit of work, so that
a kill leaves neither half of it, and a second process finds it told.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.outgoing import compose
from bot.ports import Kind, Pressing, Queued, Reached, Render, Rung, UnitOfWork
from channels.message import Contact
from handlers.say import Moment, Reply, Say, ServiceName, Value, Wording, Working, say
from handlers.turn import Citizen
from tickets.calendar import Calendar, NeverOpen, Target, due_at, opening_after
from tickets.city import Cities, City
from tickets.escalation import is_within, missed, promised_at
from tickets.staff import Level, Side, side_of, span_of

EVERY = timedelta(minutes=5)
PART = 5000  # tickets: so many of one level and role are one message
BEHIND = 500  # missed dates: more than are told in one look (bot/promises.py)
_NAMED = 3  # of many, the longest due
_ONE: Final = {Side.BEFORE: Say.NEARLY_DUE, Side.AFTER: Say.LATE}
_MANY: Final = {Side.BEFORE: Say.NEARLY_DUE_MANY, Side.AFTER: Say.LATE_MANY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """The scheduled job `escalation`. `public_url`: where the desk is; empty: messages carry no link."""

    city: Cities
    render: Render
    public_url: str = ""

    async def step(self, work: UnitOfWork, now: datetime, after: int) -> int | None:
        """`after` counts the tickets of this run that were looked at and had nothing to tell yet: those that had are
        not found again."""
        rungs: Sequence[Rung] = ()
        with suppress(NeverOpen):
            rungs = ladder(self.city.now, now) if opening_after(now, self.city.now.calendar) <= now else ()
        if rungs and await _many_are_behind(work, now):
            rungs = [rung for rung in rungs if rung.level.side is Side.BEFORE]
        numbers = await work.escalations.near(rungs, now, after, PART) if rungs else ()
        if not numbers:
            return None
        await work.tickets.lock(numbers)
        pressing = {one.number: one for one in await work.escalations.pressing(numbers)}
        reached = [level for one in pressing.values() if (level := self._reached(one, rungs, now))]
        told = {one.number for one in await work.escalations.tell(reached)}
        await self._tell(work, [one for one in reached if one.number in told], pressing, now)
        return after + len(numbers) - len(told) if len(numbers) == PART else None

    def _reached(self, ticket: Pressing, rungs: Sequence[Rung], now: datetime) -> Reached | None:
        """What is to be told of it now."""
        own = [rung for rung in rungs if rung.level.concerns(ticket.department, ticket.service)]
        found = self._after(ticket, own) or self._before(ticket, own, now)
        return Reached(number=ticket.number, due_at=found[1], level=found[0].code, at=now) if found else None

    def _after(self, ticket: Pressing, rungs: Sequence[Rung]) -> tuple[Level, datetime] | None:
        date = missed(ticket.course, ticket.first_due_at, self.city.now.calendar)
        level = _highest(rungs, Side.AFTER, date.late_from) if date else None
        if date is None or level is None:
            return None
        known = {one.level for one in ticket.told if one.due_at == date.promised}
        return None if level.code in known else (level, date.promised)

    def _before(self, ticket: Pressing, rungs: Sequence[Rung], now: datetime) -> tuple[Level, datetime] | None:
        """Nothing of a date that was promised when this level was reached already: it would be told of each such ticket
        as it is filed. And nothing where staff heard of the ticket since then, be it by another level."""
        calendar, date = self.city.now.calendar, ticket.due_at
        level = _highest(rungs, Side.BEFORE, date) if now <= date else None
        if level is None or is_within(level, promised_at(ticket.course, ticket.filed_at), date, calendar):
            return None
        heard = any(is_within(level, one.at, date, calendar) for one in ticket.told)
        return None if heard else (level, date)

    async def _tell(
        self, work: UnitOfWork, told: Sequence[Reached], pressing: Mapping[str, Pressing], now: datetime
    ) -> None:  # fmt: skip
        heaps, languages = self._heaps(told, pressing)
        if not heaps:
            return
        lanes = await work.citizens.lanes({contact for contact, _ in heaps})
        rows = []
        for (contact, _), heap in sorted(heaps.items(), key=lambda one: (lanes[one[0][0]], one[0][1])):
            staff = await work.citizens.get(lanes[contact])
            if staff is not None:
                rows.append(self._row(heap, pressing[heap[0].number], staff, languages[contact]))
        await work.outbox.enqueue(rows, now)

    def _heaps(
        self, told: Sequence[Reached], pressing: Mapping[str, Pressing]
    ) -> tuple[Mapping[tuple[Contact, int], list[Reached]], Mapping[Contact, str]]:  # fmt: skip
        """What each contact hears of each level, and in which language; who has two roles hears it once."""
        heaps: dict[tuple[Contact, int], list[Reached]] = defaultdict(list)
        languages: dict[Contact, str] = {}
        for one in told:
            contacts = dict(self._contacts(pressing[one.number], one.level))
            languages = contacts | languages
            for contact in contacts:
                heaps[contact, one.level].append(one)
        return heaps, languages

    def _contacts(self, ticket: Pressing, code: int) -> Iterator[tuple[Contact, str]]:
        levels = [one for one in self.city.now.escalation if one.code == code]
        roles = {role for one in levels if one.concerns(ticket.department, ticket.service) for role in one.to}
        for person in [person for role in self.city.now.staff if role.code in roles for person in role.people]:
            yield Contact(channel=person.channel, address=person.address), person.language

    def _row(self, heap: Sequence[Reached], ticket: Pressing, staff: Citizen, language: str) -> Queued:
        """One message of all these, of one level; `ticket` is the first of them."""
        first = heap[0]
        reply = self._one(ticket, first, language) if len(heap) == 1 else self._many(heap)
        subject = self.render(reply, language)
        path = f"/desk/tickets/{first.number}" if len(heap) == 1 else "/desk"
        link = (say(Say.AT_DESK, url=self.public_url + path),) if self.public_url else ()
        key = f"escalation:{first.number}/{int(first.due_at.timestamp())}/{first.level}:{staff.id}"
        outbound = compose(replace(reply, lines=link), staff, language, self.render, key=key)
        # behind all replies, and behind the notice by which its citizen was told of a missed date
        return Queued(outbound=replace(outbound, subject=subject), citizen=staff.id, kind=Kind.ESCALATION, bulk=True)

    def _one(self, ticket: Pressing, reached: Reached, language: str) -> Reply:
        """No word of its citizen: the street and the area are what we made of their words."""
        side = side_of(reached.level)
        area = next((area.name for area in self.city.now.areas if area.code == ticket.area), ticket.area)
        where = ", ".join(name for name in (ticket.street, area) if name)
        return say(
            _ONE[side], number=ticket.number, service=ServiceName(ticket.service),
            where=where or self.render(say(Say.NO_STREET), language), department=self._department(ticket.department),
            span=Working(span_of(reached.level)),
            due=Moment(reached.due_at) if side is Side.BEFORE else reached.due_at,
        )  # fmt: skip

    def _many(self, heap: Sequence[Reached]) -> Reply:
        code, numbers = heap[0].level, ", ".join(one.number for one in heap[:_NAMED])
        more = " ..." if len(heap) > _NAMED else ""
        return say(_MANY[side_of(code)], count=len(heap), numbers=numbers + more, span=Working(span_of(code)))

    def _department(self, code: str) -> Value:
        return next((Wording(one.names) for one in self.city.now.departments if one.code == code), code)


async def _many_are_behind(work: UnitOfWork, now: datetime) -> bool:
    """After a long stop so many citizens wait for their new dates that it takes hours: what staff hear of those dates
    comes at the end, together, not in pieces as it goes on."""
    return len(await work.tickets.overdue(now, BEHIND + 1)) > BEHIND


def ladder(city: City, now: datetime) -> Sequence[Rung]:
    """Which tickets have reached which level by now. Raises NeverOpen."""
    until = [(level, _until(level, city.calendar, now)) for level in city.escalation]
    return [
        Rung(level=level, until=date, codes=tuple(sorted(_as_high(until, level, date)))) for level, date in until
    ]  # fmt: skip


def _as_high(until: Sequence[tuple[Level, datetime]], level: Level, date: datetime) -> set[int]:
    """On either side of the date the one that fewer tickets have reached is the higher one."""
    return {one.code for one, other in until if one.side is level.side and other <= date}


def _highest(rungs: Sequence[Rung], side: Side, date: datetime) -> Level | None:
    reached = [rung for rung in rungs if rung.level.side is side and date <= rung.until]
    return min(reached, key=lambda rung: rung.until).level if reached else None


def _until(level: Level, calendar: Calendar, now: datetime) -> datetime:
    """Before: the latest date that is so near; after: the latest that was missed so long ago."""
    if level.side is Side.BEFORE:
        return due_at(now, level.span, calendar)
    return _so_long_ago(level.span, calendar, now)


def _so_long_ago(span: Target, calendar: Calendar, now: datetime) -> datetime:
    """Since when this span was worked until now: what is counted forward from there is over, and from later is not."""
    near, far = timedelta(), timedelta(days=1)
    while due_at(now - far, span, calendar) > now:
        near, far = far, far * 2
    while far - near > timedelta.resolution:
        middle = (near + far) / 2
        near, far = (near, middle) if due_at(now - middle, span, calendar) <= now else (middle, far)
    return now - far
