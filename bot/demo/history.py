"""What becomes of invented reports: each a ticket as it stands now, with all that happened to it.

Offices answer in their opening hours; most tickets are solved in time, some late, a few never. Neighbours join, dates
are missed and told anew by the same clock as in `bot/promises.py`, citizens answer whether it is fixed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from bot.demo.answers import Answers
from bot.demo.case import DECLINED, EMERGENCY, IN_PROGRESS, NORMAL, RESOLVED, URGENT, WAITING, Case
from bot.demo.course import course
from bot.demo.dates import Dates
from bot.demo.departments import Departments
from bot.demo.reports import Chance, Report
from bot.demo.seasons import Seasons
from bot.demo.spots import Spots
from bot.demo.words import DONE, NEIGHBOUR, STILL, THIS, WHICH, WHY_NOT, some
from bot.ports import Places
from bot.promises import EVERY
from tickets.city import City

_DAY, _WEEK = 86_400, 7 * 86_400
_PRIORITIES = Chance({NORMAL: 0.94, URGENT: 0.05, EMERGENCY: 0.01})
_BACKLOG = 1.35  # times as long as usual for what a storm brings
_FROM_MENU = 0.04  # share that chose the service themselves, so that nothing was guessed
_ASKS_AGAIN, _ANSWERS, _OPENED_BY_CLERK = 0.06, 0.85, 0.004  # shares
_JOINED, _JOINED_IN_STORM, _LEAVES = 0.07, 0.3, 0.03
_MOST_JOIN = 9
_LOOKS = int(EVERY.total_seconds())  # the job that finds missed dates
_JOIN, _LEAVE, _COMMENT = range(3)

Ahead = tuple[int, int, int]  # when, what, who: what citizens do while the ticket is open


class History:
    """`said`: what people write, by language and service. The town's own secrets (storms, slow departments, spots) are
    drawn from `random` here, all the rest later."""

    def __init__(
        self, city: City, places: Places, said: Mapping[tuple[str, str], Sequence[str]], random: Random, *,
        now: datetime, weeks: int,
    ) -> None:  # fmt: skip
        begin = now - timedelta(weeks=weeks)
        self.now, self._begin = int(now.timestamp()), int(begin.timestamp())
        self.seasons = Seasons(city, random, self._begin, self.now)
        self.departments = Departments(city, random, self.now)
        self._spots = Spots(city, places, random, self.seasons.storms, weeks)
        self._dates = Dates(city, begin - timedelta(weeks=1), now)
        self._answers = Answers(random, self._dates, self.now)
        self._city, self._said, self._random = city, said, random

    def case(self, report: Report, neighbours: Sequence[int] = ()) -> Case:
        """`neighbours`: ids of those who may join it."""
        case = self._filed(report)
        ahead = sorted(self._ahead(case, report, neighbours), reverse=True)
        for at, status in self._steps(case, report):
            if status == IN_PROGRESS and case.status == WAITING:
                self._told(case, at, ahead)
            self._until(case, at, ahead)
            case.move(status, self._dates, at, self._note(case, status))
        if case.status == RESOLVED:
            self._closed(case, ahead)
        if case.is_open:
            self._until(case, self.now, ahead)
        return case

    def _steps(self, case: Case, report: Report) -> Iterator[tuple[int, str]]:
        """What offices do, until now."""
        pace = self.departments.pace(case.department, report.at) * (1.0 if report.storm is None else _BACKLOG)
        promised = self._dates.worked(report.at, case.due_at)
        for seconds, status in course(self._random, promised, pace, case.priority):
            moment = self._dates.working(report.at, seconds)
            if moment is None or moment > self.now:
                return
            yield moment, status

    def _until(self, case: Case, end: int, ahead: list[Ahead]) -> None:
        """All that happens without the offices, until then."""
        while True:
            missed = self._missed(case)
            at = ahead[-1][0] if ahead else missed
            if min(at, missed) > end:
                return
            if missed <= at:
                case.postpone(self._due(case, missed), missed)
            else:
                self._happens(case, *ahead.pop())

    def _missed(self, case: Case) -> int:
        """When the job finds that its date is past, at its next look."""
        last = case.updates[-1][2]
        return (max(case.due_at, last) // _LOOKS + 1) * _LOOKS if case.runs else self.now + 1

    def _happens(self, case: Case, at: int, what: int, citizen: int) -> None:
        if what == _JOIN:
            note = some(NEIGHBOUR, case.language, self._random)
            case.follow(citizen, at, note, self._city.talk.urgent_from, self._dates)
        elif what == _LEAVE:
            case.leave(citizen, at)
        else:
            case.comment(at, some(STILL, case.language, self._random), citizen)

    def _told(self, case: Case, until: int, ahead: list[Ahead]) -> None:
        """The citizen answers what was asked; some never do, and the work goes on all the same."""
        if self._random.random() < _ANSWERS:
            at = (case.waiting_since or until) + int((until - (case.waiting_since or until)) * 0.7)
            self._until(case, at, ahead)
            case.comment(at, some(THIS, case.language, self._random), case.reporter)

    def _closed(self, case: Case, ahead: list[Ahead]) -> None:
        """Some of them are opened again, by a citizen or by a clerk, and done once more."""
        ahead.clear()
        while self._answers.to(case) or self._opened_by_clerk(case):
            again = self._dates.working(case.updates[-1][2], 3600 * self._random.uniform(1, 14))
            if again is None or again > self.now:
                return
            self._until(case, again, ahead)
            case.move(RESOLVED, self._dates, again, some(DONE, case.language, self._random))

    def _opened_by_clerk(self, case: Case) -> bool:
        if self._random.random() >= _OPENED_BY_CLERK:
            return False
        at = self._dates.working(case.updates[-1][2], 3600 * self._random.uniform(1, 9))
        if at is None or at > self.now:
            return False
        case.move(IN_PROGRESS, self._dates, at, due=self._due(case, at))
        return True

    def _ahead(self, case: Case, report: Report, neighbours: Sequence[int]) -> Iterator[Ahead]:
        dice = self._random.random
        if dice() < _ASKS_AGAIN:
            yield report.at + 3600 + int(self._random.expovariate(1 / (3 * _DAY))), _COMMENT, case.reporter
        found = case.street and neighbours and self._city.services[report.service].nearby.metres
        if not found or dice() >= (_JOINED if report.storm is None else _JOINED_IN_STORM):
            return
        for citizen in set(self._random.choices(neighbours, k=min(_MOST_JOIN, 1 + int(self._random.expovariate(0.7))))):
            if citizen != case.reporter:
                at = report.at + 600 + int(self._random.expovariate(1 / _DAY))
                yield at, _JOIN, citizen
                if dice() < _LEAVES:
                    yield at + 1 + int(dice() * _DAY), _LEAVE, citizen

    def _filed(self, report: Report) -> Case:
        random, case, reporter = self._random, Case(), report.reporter
        service = self._city.services[report.service]
        case.number, case.filed_at, case.service = report.number, report.at, service.code
        case.department, case.priority = service.department, _PRIORITIES.draw(random)
        case.rank = 0 if case.priority == EMERGENCY else 1
        week = (report.at - self._begin) // _WEEK
        place = self._spots.any(reporter.language, random, report.service, week, report.storm)
        case.place_words, case.latitude, case.longitude, case.street, case.area = place
        texts = self._said.get((reporter.language, service.code)) or (service.names[reporter.language],)
        case.description = texts[int(random.random() * len(texts))]
        case.reporter, case.channel, case.language = reporter.id, reporter.channel, reporter.language
        case.confidence = None if random.random() < _FROM_MENU else round(1 - random.random() ** 2 / 2, 2)
        options = [(question.code, question.options) for question in service.questions if question.options]
        case.answers = tuple((code, random.choice(offered).code) for code, offered in options) or None
        case.due_at = self._due(case, report.at)
        case.file()
        return case

    def _due(self, case: Case, at: int) -> int:
        return self._dates.due(case.service, case.priority, case.area, at)

    def _note(self, case: Case, status: str) -> str:
        words = {DECLINED: WHY_NOT, WAITING: WHICH, RESOLVED: DONE}.get(status)
        return some(words, case.language, self._random) if words else ""
