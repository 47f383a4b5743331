"""The three sentences at the top, as values: what changed most, chosen by rule; `digest/sentences.py` words them.

Every figure of `_SUBJECTS` of the whole and of its parts is measured (`digest/changes.py`); what is for the worse
weighs more, so does the whole against its parts. The strongest comes first; each subject is told once, and of each part
one thing. Places where reports pile up compete with them. Fewer than three: it is said that nothing (else) changed,
and the sentences that are left tell how things stand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from digest.changes import NOTABLE, distance, small, worse
from digest.measures import Measure, Rate, compared, usual, value
from tickets.figures import Cluster, Digest, Figure, Kind, Scope, Series

SENTENCES = 3
_PILE = 5  # reports in one place
_WORSE = 1.5  # times as strong as what is better
_WHOLE = 1.2  # times as strong as a part's
_PART = 0.25  # of the whole's change, from which a part is named


class Fact(StrEnum):
    """What is said where no change is."""

    EMPTY = "empty"  # nothing was filed
    FIRST = "first"  # nothing to compare with
    STEADY = "steady"  # nothing changed
    STEADY_ELSE = "steady_else"  # nothing else did
    OPEN = "open"  # how many are, and how many of them late
    ON_TIME = "on_time"  # how many promises were kept
    WORK = "work"  # filed and closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`series` of the scope that changed; `where`: of the part that most of it comes from."""

    measure: Measure
    series: Series
    far: float
    small: bool
    where: Series | None = None


Headline = Change | Cluster | Fact

_SUBJECTS: tuple[tuple[Measure, ...], ...] = (
    (Figure.FILED,),
    (Figure.CLOSED,),
    (Figure.OPEN, Figure.LATE),
    (Rate.ON_TIME, Figure.BROKEN),
    (Rate.ANSWER, Rate.RESOLUTION),
    (Figure.REOPENED, Figure.DISPUTED, Rate.SATISFACTION),
    (Figure.UNDELIVERED,),
)
_ONLY_MORE: frozenset[Measure] = frozenset({Figure.UNDELIVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    strength: float
    subject: int  # of _SUBJECTS
    part: Scope | None
    headline: Headline


def headlines(digest: Digest) -> tuple[Headline, ...]:
    """Exactly three, the strongest first."""
    known = compared(digest.whole)
    changes = _changes(digest) if known else []
    told: list[Headline] = [*_empty(digest), *([] if known else [Fact.FIRST])]
    told = [*told, *_chosen([*changes, *_piles(digest)])][:SENTENCES]
    if len(told) < SENTENCES and known:
        told.append(Fact.STEADY_ELSE if told else Fact.STEADY)
    standing = [fact for fact in (Fact.OPEN, Fact.ON_TIME, Fact.WORK) if fact not in told]
    return tuple([*told, *standing][:SENTENCES])


def _chosen(candidates: list[_Candidate]) -> Iterator[Headline]:
    """Each subject once, each part once, the strongest first."""
    told: set[object] = set()
    for candidate in sorted(candidates, key=lambda each: -each.strength):
        about = {candidate.subject} | ({candidate.part} if candidate.part else set())
        if told.isdisjoint(about):
            told |= about
            yield candidate.headline


def _empty(digest: Digest) -> list[Headline]:
    return [] if digest.whole.now.count(Figure.FILED) else [Fact.EMPTY]


def _changes(digest: Digest) -> list[_Candidate]:
    """An empty week says so in a sentence of its own."""
    filed = digest.whole.now.count(Figure.FILED)
    subjects = [each for each in enumerate(_SUBJECTS) if filed or Figure.FILED not in each[1]]
    return [found for at, subject in subjects for found in _candidates(digest, at, subject)]


def _candidates(digest: Digest, at: int, subject: Sequence[Measure]) -> Iterator[_Candidate]:
    for series in (digest.whole, *digest.parts):
        part = None if series is digest.whole else series.scope
        for measure in subject:
            far = distance(series, measure)
            if abs(far) < NOTABLE or (measure in _ONLY_MORE and far < 0):
                continue
            strength = abs(far) * (_WORSE if worse(measure, far) else 1) * (1 if part else _WHOLE)
            told = _change(digest, series, measure, far)
            yield _Candidate(strength=strength, subject=at, part=part, headline=told)


def _change(digest: Digest, series: Series, measure: Measure, far: float) -> Change:
    where = _where(digest, measure, far) if series is digest.whole else None
    return Change(measure=measure, series=series, far=far, small=small(series, measure), where=where)


def _where(digest: Digest, measure: Measure, far: float) -> Series | None:
    """The part that moved the same way the most, seen by itself; of counts one that a good part of it comes from."""
    way = 1 if far > 0 else -1
    least = 0.0 if isinstance(measure, Rate) else _PART * _moved(digest.whole, measure) * way
    parts = [part for part in digest.parts if part.scope != Scope(kind=Kind.AREA)]
    moved = [part for part in parts if isinstance(measure, Rate) or _moved(part, measure) * way >= least]
    most = max(moved, key=lambda part: distance(part, measure) * way, default=None)
    return most if most and distance(most, measure) * way >= NOTABLE else None


def _moved(series: Series, measure: Measure) -> float:
    """From what is usual; 0 where it is not known."""
    now, mean = value(series.now, measure), usual(series, measure)
    return 0.0 if now is None or mean is None else now - mean


def _piles(digest: Digest) -> list[_Candidate]:
    """The place where the most were filed; it has no past, so its number speaks."""
    most = max(digest.clusters, key=lambda cluster: cluster.filed, default=None)
    if not most or most.filed < _PILE:
        return []
    return [_Candidate(strength=_WORSE * most.filed**0.5, subject=len(_SUBJECTS), part=None, headline=most)]
