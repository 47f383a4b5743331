"""An invented history of a whole city: any number of tickets over some weeks until now, each with all its updates.

People write in the morning and the evening, on Mondays more than on Sundays; offices answer in their opening hours;
most tickets are solved in time, some late, a few never. The same seed makes the same history.
"""

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import isfinite
from random import Random
from typing import TypeVar

from bot.demo_course import course
from bot.demo_hours import WorkingTime
from bot.demo_spots import Spots
from tickets.calendar import due_at
from tickets.city import City, Service
from tickets.model import CITIZEN, Actor, Author, Priority, Status, Ticket, Update
from tickets.number import new_number
from tickets.workflow import comment, filed, move

T = TypeVar("T")
# shares of services, channels, languages in the city's order, priorities; what people do when
_SERVICES = {"waste": 21, "lighting": 15, "pothole": 14, "water": 11, "tree": 7, "animal": 6, "noise": 6}  # others: 4
_CHANNELS = {"simulated_whatsapp": 44, "simulated_telegram": 31, "simulated_sms": 25}
_LANGUAGES = (50, 20, 18, 12)  # in the order of the city's languages; further ones: 5
_DAYS = (1.25, 1.15, 1.05, 1.0, 1.0, 0.7, 0.5)  # from Monday
_HOURS = (1, 1, 1, 1, 1, 2, 5, 9, 12, 12, 11, 10, 9, 8, 8, 8, 9, 10, 11, 11, 10, 8, 5, 2)
_PRIORITIES = {Priority.NORMAL: 0.94, Priority.URGENT: 0.05, Priority.EMERGENCY: 0.01}
_HURRY = {Priority.NORMAL: 1.0, Priority.URGENT: 0.5, Priority.EMERGENCY: 0.15}
_ASKS_AGAIN = 0.06  # share of tickets on which their reporter comments
_GROWTH = 0.3  # more at the end than at the beginning
_BEYOND = timedelta(days=400)  # until which open tickets may be promised
_CLERK = Actor(author=Author.CLERK, name="demo")
_WHY_NOT = {
    "es": "Es propiedad privada.", "pt": "É propriedade particular.", "en": "It is private property.",
    "fr": "C'est une propriété privée.",
}  # fmt: skip
_STILL = {"es": "sigue igual", "pt": "continua igual", "en": "still the same", "fr": "c'est toujours pareil"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Somebody who writes: `id` as the store gave it."""

    id: int
    channel: str
    language: str


class History:
    """`said`: what people write, by language and service; `taken`: numbers that are given already, and grows."""

    def __init__(
        self, city: City, spots: Spots, said: Mapping[tuple[str, str], Sequence[str]], random: Random, *,
        now: datetime, weeks: int, taken: set[str],
    ) -> None:  # fmt: skip
        self._city, self._spots, self._said, self._random, self._taken = city, spots, said, random, taken
        self._now, self._begin = now.timestamp(), (now - timedelta(weeks=weeks)).timestamp()
        zone = city.calendar.zone
        self._zone, first, last = zone, now - timedelta(weeks=weeks + 1), now + _BEYOND
        self._time = WorkingTime(city.calendar, first.astimezone(zone).date(), last.astimezone(zone).date())
        self._promises: dict[tuple[date, str], datetime] = {}
        self._weights = list(accumulate(_SERVICES.get(service.code, 4) for service in city.services))

    def reporter(self, id_: int) -> Reporter:
        languages = self._city.languages
        weights = [*_LANGUAGES, *[5] * len(languages)][: len(languages)]
        channel, language = self._one(_CHANNELS), self._random.choices(languages, weights)[0]
        return Reporter(id=id_, channel=channel, language=language)

    def times(self, count: int) -> list[float]:
        """When tickets are filed, oldest first, in seconds since 1970."""
        return sorted(self._moment() for _ in range(count))

    def case(self, at: float, reporter: Reporter) -> tuple[Ticket, list[Update]]:
        """A ticket filed at this time as it stands now, and its history."""
        ticket = self._filed(datetime.fromtimestamp(at, UTC), reporter)
        history = [filed(ticket, actor=CITIZEN)]
        for moment, status in self._steps(at, ticket):
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

    def _filed(self, at: datetime, reporter: Reporter) -> Ticket:
        service = self._city.services[bisect(self._weights, self._random.random() * self._weights[-1])]
        place = self._spots.any(reporter.language)
        texts = self._said.get((reporter.language, service.code)) or (service.names[reporter.language],)
        return Ticket(
            number=self._number(), service=service.code, department=service.department, status=Status.RECEIVED,
            priority=self._one(_PRIORITIES), place=place,
            description=self._random.choice(texts), reporter=reporter.id, channel=reporter.channel,
            language=reporter.language, confidence=round(1 - self._random.random() ** 2 / 2, 2), filed_at=at,
            due_at=self._due(at, service),
        )  # fmt: skip

    def _due(self, at: datetime, service: Service) -> datetime:
        """Days are counted from the day of filing, whatever its hour: one answer for all of it."""
        if service.target.unit != "days":
            return datetime.fromtimestamp(self._time.after(at.timestamp(), service.target.amount * 3600.0), UTC)
        key = at.astimezone(self._zone).date(), service.code
        if key not in self._promises:
            self._promises[key] = due_at(at, service.target, self._city.calendar)
        return self._promises[key]

    def _one(self, shares: Mapping[T, float]) -> T:
        """One of these, by chance."""
        left = self._random.random() * sum(shares.values())
        return next((what for what, share in shares.items() if (left := left - share) < 0), next(iter(shares)))

    def _number(self) -> str:
        while (number := new_number(self._random)) in self._taken:
            pass
        self._taken.add(number)
        return number

    def _moment(self) -> float:
        """More of them late than early, at the hours and on the days when people write."""
        dice, span = self._random.random, self._now - self._begin
        while True:
            at = self._begin + span * dice()
            local = datetime.fromtimestamp(at, self._zone)
            likely = _DAYS[local.weekday()] * _HOURS[local.hour] * (1 + _GROWTH * (at - self._begin) / span)
            if dice() * _DAYS[0] * max(_HOURS) * (1 + _GROWTH) < likely:
                return at


def anyone(random: Random, reporters: Sequence[Reporter]) -> Reporter:
    """Some write again and again, most of them once."""
    return reporters[int(len(reporters) * random.random() ** 1.7)]
