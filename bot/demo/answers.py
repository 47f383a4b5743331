"""What citizens say to the end of an invented ticket: is it fixed, how was it, or that it is not."""

from collections.abc import Iterator
from math import exp, log
from random import Random
from typing import Any

from bot.demo.case import Case
from bot.demo.dates import Dates
from bot.demo.words import NOT_FIXED, THANKS, some

_LATER, _NEVER_ASKED = 0.1, 0.05  # shares: asked by and by, for something else was being talked about; not at all
_NO, _YES, _NEIGHBOUR_YES = 0.035, 0.33, 0.15  # of those who are asked
_RATES, _TELLS, _SAYS_WHAT = 0.6, 0.2, 0.6
_HOUR, _DAY = 3600, 86_400
_HABIT = log(3 * _HOUR)  # median until they answer
_WINDOW = 71 * _HOUR  # after which a question counts no more
_IN_TIME, _LATE = (3, 4, 12, 33, 48), (14, 20, 28, 25, 13)  # how many give 1 to 5
_CONFIRMS, _SCORES = range(2)
Questions = dict[int, list[Any]]  # of one resolution, by citizen: [asked, answer]


class Answers:
    """Of people who answer before `now`, in seconds since 1970."""

    def __init__(self, random: Random, dates: Dates, now: int) -> None:
        self._random, self._dates, self._now = random, dates, now

    def to(self, case: Case) -> bool:
        """Everybody is asked whether it is fixed, and some answer. True where the reporter says that it is not: then
        it is open again."""
        resolved, dice = case.closed_at or self._now, self._random.random
        asked: Questions = {citizen: [self._asked(resolved), None] for citizen in (case.reporter, *case.neighbours)}
        case.closures |= {(citizen, resolved): question for citizen, question in asked.items()}
        no = self._answered(asked[case.reporter][0]) if dice() < _NO else None
        said = sorted(one for citizen in asked for one in self._content(case, citizen, asked[citizen][0]))
        for at, what, citizen in said:
            if no is None or (at < no and citizen != case.reporter):
                self._says(case, at, what, citizen, asked[citizen])
        return no is not None and self._disputes(case, no, asked)

    def _asked(self, resolved: int) -> int | None:
        dice = self._random.random()
        if dice < _NEVER_ASKED:
            return None
        at = resolved + (int(self._random.random() * _DAY) if dice < _NEVER_ASKED + _LATER else 0)
        return at if at <= self._now else None

    def _answered(self, asked: int | None) -> int | None:
        """When somebody who answers does so; None where that is still to come, or too late."""
        if asked is None:
            return None
        wait = int(exp(self._random.gauss(_HABIT, 1.2))) + 60
        return asked + wait if wait < _WINDOW - _DAY and asked + wait <= self._now else None

    def _content(self, case: Case, citizen: int, asked: int | None) -> Iterator[tuple[int, int, int]]:
        """When who says that it is fixed, and rates it."""
        dice, likely = self._random.random, _YES if citizen == case.reporter else _NEIGHBOUR_YES
        at = self._answered(asked) if dice() < likely else None
        if at:
            yield at, _CONFIRMS, citizen
            rated = at + 20 + int(dice() * 100)
            if dice() < _RATES and rated <= self._now:
                yield rated, _SCORES, citizen

    def _says(self, case: Case, at: int, what: int, citizen: int, question: list[Any]) -> None:
        if what == _CONFIRMS:
            question[1] = "yes"
            told = self._random.random() < _TELLS
            case.confirm(citizen, at, some(THANKS, case.language, self._random) if told else "")
        else:
            [score] = self._random.choices((1, 2, 3, 4, 5), _LATE if case.postponed else _IN_TIME)
            case.rate(citizen, at, f"{score}/5")
            case.ratings[citizen, at] = score, None

    def _disputes(self, case: Case, at: int, questions: Questions) -> bool:
        """Nobody is asked any more from then on."""
        questions[case.reporter][1] = "no"
        for question in questions.values():
            question[0] = question[0] if question[0] and question[0] <= at else None
        due = self._dates.due(case.service, case.priority, case.area, at)
        case.reopen(case.reporter, at, due)
        if self._random.random() < _SAYS_WHAT:
            case.comment(min(at + 30, self._now), some(NOT_FIXED, case.language, self._random), case.reporter)
        return True
