"""Which figures a ticket counts to in a period: the definitions of `tickets/figures.py`, once, for all that counts."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tickets.asof import Case, Stand, followers, stand
from tickets.figures import Figure, Figures, Spread
from tickets.instant import HOUR, Instant
from tickets.model import Event
from tickets.period import Period

_OPEN, _LATE = (Figure.OPEN,), (Figure.OPEN, Figure.LATE)
_CLOSED, _RESOLVED = (Figure.CLOSED,), (Figure.CLOSED, Figure.RESOLVED)
_DUE, _ON_TIME = (Figure.DUE,), (Figure.DUE, Figure.ON_TIME)
_UNKNOWN = (Figure.UNLOCATED, Figure.UNSURE)
_TURNS = {Event.FOLLOWED: Figure.SPARED, Event.POSTPONED: Figure.BROKEN}


class Counted(NamedTuple):
    """A figure as often as the ticket counts to it, and how it stood at the end."""

    figures: tuple[Figure, ...]
    stood: Stand


def counted(case: Case, begin: Instant, end: Instant) -> Counted | None:
    """None before it was filed."""
    if case.filed >= end:
        return None
    stood = stand(case, end)
    closed, resolved, due, _ = stood
    found = [Figure.FILED, *_unknown(case)] if case.filed >= begin else []
    if case.answered is not None and begin <= case.answered < end:
        found.append(Figure.ANSWERED)
    if closed is None:
        found += _open(case, stood, end)
    elif closed >= begin:
        found += _RESOLVED if resolved else _CLOSED
    if due is not None and begin <= due < end:
        found += _DUE if closed is None or closed > due else _ON_TIME
    if case.turns and case.turns[-1].at >= begin and case.turns[0].at < end:
        found += _turned(case, begin, end)
    return Counted(tuple(found), stood)


def _unknown(case: Case) -> Sequence[Figure]:
    if not (case.unlocated or case.unsure):
        return ()
    return [figure for figure, so in zip(_UNKNOWN, (case.unlocated, case.unsure), strict=True) if so]


def _open(case: Case, stood: Stand, end: Instant) -> Sequence[Figure]:
    late = stood.late(end)
    if not (case.followers or case.turns):
        return _LATE if late else _OPEN
    return [*(_LATE if late else _OPEN), *[Figure.FOLLOWERS] * followers(case, end)]


def _turned(case: Case, begin: Instant, end: Instant) -> Iterator[Figure]:
    turns = case.turns[bisect_left(case.turns, (begin,)) : bisect_left(case.turns, (end,))]
    yield from (_TURNS[turn.event] for turn in turns if turn.event in _TURNS)
    if any(turn.opened for turn in turns):
        yield Figure.REOPENED


@dataclass(slots=True, kw_only=True)
class Tally:
    """Grows while one scope in one period is counted. Hours; scores 1-5. `lasting` counts from this period on;
    `kinds` are tickets that count to the same figures, which are few."""

    kinds: dict[tuple[Figure, ...], int] = field(default_factory=dict)
    counts: dict[Figure, int] = field(default_factory=dict)
    lasting: dict[Figure, int] = field(default_factory=dict)
    answers: list[float] = field(default_factory=list)
    resolutions: list[float] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)

    def alike(self, figures: tuple[Figure, ...], tickets: int) -> None:
        self.kinds[figures] = self.kinds.get(figures, 0) + tickets

    def lasts(self, figures: Sequence[Figure], tickets: int) -> None:
        for figure in figures:
            self.lasting[figure] = self.lasting.get(figure, 0) + tickets

    def figures(self, period: Period, unknown: Collection[Figure], lasting: Mapping[Figure, int]) -> Figures:
        """Every figure, zero where there was nothing, save those that are not known; `lasting`: of this period and all
        before it."""
        counts, known = self.counts, (figure for figure in Figure if figure not in unknown)
        return Figures(
            period=period,
            counts={figure: counts.get(figure, 0) + lasting.get(figure, 0) for figure in known},
            answer=spread(self.answers),
            resolution=spread(self.resolutions),
            satisfaction=sum(self.scores) / len(self.scores) if self.scores else None,
        )


def together(tallies: Iterable[Tally]) -> Tally:
    """Of a scope that has these parts."""
    whole = Tally()
    for one in tallies:
        add(whole.counts, one.counts)
        for figures, tickets in one.kinds.items():
            for figure in figures:
                whole.counts[figure] = whole.counts.get(figure, 0) + tickets
        add(whole.lasting, one.lasting)
        whole.answers += one.answers
        whole.resolutions += one.resolutions
        whole.scores += one.scores
    return whole


def add(counts: dict[Figure, int], more: Mapping[Figure, int]) -> None:
    for figure, count in more.items():
        counts[figure] = counts.get(figure, 0) + count


def spread(hours: Sequence[float]) -> Spread | None:
    ordered = sorted(hours)
    if not ordered:
        return None
    return Spread(n=len(ordered), median=_percentile(ordered, 0.5), p90=_percentile(ordered, 0.9))


def _percentile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def hours(begin: Instant, end: Instant) -> float:
    """None of them negative, though a clock that was set back may say so."""
    return max(0.0, (end - begin) / HOUR)
