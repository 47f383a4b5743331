"""What becomes of invented reports: each a ticket as it stands now, with all its updates.

Offices answer in their opening hours; most tickets are solved in time, some late, a few never.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from random import Random

from bot.demo.course import course
from bot.demo.hours import WorkingTime
from bot.demo.reports import Chance, Report
from bot.demo.spots import Spots
from tickets.calendar import due_at
from tickets.city import City, Service
from tickets.model import CITIZEN, Actor, Author, Priority, Status, Ticket, Update
from tickets.workflow import comment, filed, move

_SERVICES = {"waste": 21, "lighting": 15, "pothole": 14, "water": 11, "tree": 7, "animal": 6, "noise": 6}  # others: 4
_PRIORITIES = Chance({Priority.NORMAL: 0.94, Priority.URGENT: 0.05, Priority.EMERGENCY: 0.01})
_HURRY = {Priority.NORMAL: 1.0, Priority.URGENT: 0.5, Priority.EMERGENCY: 0.15}
_ASKS_AGAIN = 0.06  # share of tickets on which their reporter comments
_BEYOND = timedelta(days=400)  # until which working time is known; what is promised for later is rare, and walked to
_CLERK = Actor(author=Author.CLERK, name="demo")
_WHY_NOT = {
    "es": "Es propiedad privada.", "pt": "É propriedade particular.", "en": "It is private property.",
    "fr": "C'est une propriété privée.",
}  # fmt: skip
_STILL = {"es": "sigue igual", "pt": "continua igual", "en": "still the same", "fr": "c'est toujours pareil"}


class History:
    """`said`: what people write, by language and service; `spots` draw from the same `random`."""

    def __init__(
        self, city: City, spots: Spots, said: Mapping[tuple[str, str], Sequence[str]], random: Random, *,
        now: datetime, weeks: int,
    ) -> None:  # fmt: skip
        self._spots, self._said, self._random, self._now = spots, said, random, now.timestamp()
        self._calendar, zone = city.calendar, city.calendar.zone
        first, last = now - timedelta(weeks=weeks + 1), now + _BEYOND
        self._time = WorkingTime(city.calendar, first.astimezone(zone).date(), last.astimezone(zone).date())
        self._promises: dict[tuple[date, str], datetime] = {}
        self._services = city.services
        self._which = Chance({n: _SERVICES.get(service.code, 4) for n, service in enumerate(city.services)})

    def case(self, report: Report) -> tuple[Ticket, list[Update]]:
        """The ticket as it stands now, and its history."""
        ticket = self._filed(report)
        history = [filed(ticket, actor=CITIZEN)]
        for moment, status in self._steps(report.at, ticket):
            note = _WHY_NOT.get(ticket.language, _WHY_NOT["en"]) if status is Status.DECLINED else ""
            ticket, update = move(ticket, status, actor=_CLERK, at=datetime.fromtimestamp(moment, UTC), note=note)
            history.append(update)
        return self._asked_again(ticket, history)

    def _steps(self, at: float, ticket: Ticket) -> Iterator[tuple[float, Status]]:
        promised = self._time.until(ticket.due_at.timestamp()) - self._time.until(at)
        hurry = _HURRY[ticket.priority]
        for seconds, status in course(self._random, promised):
            moment = self._time.after(at, seconds * hurry)
            if not isfinite(moment) or moment > self._now:
                return
            yield moment, status

    def _asked_again(self, ticket: Ticket, history: list[Update]) -> tuple[Ticket, list[Update]]:
        """Some ask once more, after the last step and before now."""
        since = history[-1].at.timestamp()
        if self._random.random() >= _ASKS_AGAIN:
            return ticket, history
        at = datetime.fromtimestamp(min(self._now, since + self._random.expovariate(1 / 90_000)), UTC)
        note = _STILL.get(ticket.language, _STILL["en"])
        ticket, update = comment(ticket, actor=CITIZEN, at=at, note=note, public=True)
        return ticket, [*history, update]

    def _filed(self, report: Report) -> Ticket:
        at, reporter = datetime.fromtimestamp(report.at, UTC), report.reporter
        service = self._services[self._which.draw(self._random)]
        place = self._spots.any(reporter.language)
        texts = self._said.get((reporter.language, service.code)) or (service.names[reporter.language],)
        return Ticket(
            number=report.number, service=service.code, department=service.department, status=Status.RECEIVED,
            priority=_PRIORITIES.draw(self._random), place=place,
            description=self._random.choice(texts), reporter=reporter.id, channel=reporter.channel,
            language=reporter.language, confidence=round(1 - self._random.random() ** 2 / 2, 2), filed_at=at,
            due_at=self._due(at, service),
        )  # fmt: skip

    def _due(self, at: datetime, service: Service) -> datetime:
        """Days are counted from the day of filing, whatever its hour: one answer for all of it."""
        if service.target.unit != "days":
            due = self._time.after(at.timestamp(), service.target.amount * 3600.0)
            return datetime.fromtimestamp(due, UTC) if isfinite(due) else due_at(at, service.target, self._calendar)
        key = at.astimezone(self._calendar.zone).date(), service.code
        if key not in self._promises:
            self._promises[key] = due_at(at, service.target, self._calendar)
        return self._promises[key]
