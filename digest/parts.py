"""Departments and areas, each against the period before and what is usual: what is late the most stands first."""

from collections.abc import Sequence

from digest.changes import NOTABLE, distance, small, worse
from digest.measures import Measure, Rate, base, before, compared, usual, value
from digest.report import Cell, Picture, Row, Section, Table, Tone
from digest.voice import DASH, Voice
from digest.words import (
    AREAS,
    DEPARTMENTS,
    HEADS,
    LEGEND,
    LEGEND_BOLD,
    LEGEND_DASH,
    LEGEND_PERIOD,
    LEGEND_RATING,
    LEGEND_SMALL,
    SPEED_OF,
    TRUST_OF,
    WORK_OF,
)
from tickets.figures import SMALL, Digest, Figure, Kind, Series

_TITLES = {Kind.DEPARTMENT: DEPARTMENTS, Kind.AREA: AREAS}
_COLUMNS: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    (WORK_OF, (Figure.FILED, Figure.SPARED, Figure.CLOSED, Figure.OPEN, Figure.LATE)),
    (SPEED_OF, (Rate.ON_TIME, Rate.ANSWER, Rate.ANSWER_9, Rate.RESOLUTION, Rate.RESOLUTION_9)),
    (TRUST_OF, (Figure.REOPENED, Figure.DISPUTED, Rate.SATISFACTION, Figure.FOLLOWERS, Figure.BROKEN)),
)


def by_parts(digest: Digest, kind: Kind, voice: Voice, pictures: tuple[Picture, ...] = ()) -> Section | None:
    """Its tables; None where the digest has no such parts."""
    parts = [part for part in digest.parts if part.scope.kind is kind]
    if not parts:
        return None
    parts.sort(key=_trouble)
    tables = tuple(_table(voice.say(title), columns, parts, voice) for title, columns in _COLUMNS)
    return Section(
        kind=kind.value, title=voice.say(_TITLES[kind]), tables=tables, pictures=pictures, notes=_legend(digest, voice)
    )


def cell(series: Series, measure: Measure, voice: Voice) -> Cell:
    """A number of a narrow column, with what it is compared with."""
    written = voice.value(measure, value(series.now, measure), brief=True)
    if measure is Rate.SATISFACTION and written != DASH:
        written += f"\u00a0({voice.number(base(series.now, measure) or 0)})"
    last, mean = before(series, measure), usual(series, measure)
    compares = mean is not None
    return Cell(
        now=written + ("*" if small(series, measure) else ""),
        before=voice.value(measure, last, brief=True) if compares else "",
        usual=voice.value(measure, mean, mean=True, brief=True) if compares else "",
        tone=tone(series, measure),
    )


def tone(series: Series, measure: Measure) -> Tone:
    """Whether it is worth a mark; a small sample is not, for it does not tell that all is as usual either."""
    if not compared(series) or value(series.now, measure) is None or usual(series, measure) is None:
        return Tone.NONE
    if small(series, measure):
        return Tone.NONE
    far = distance(series, measure)
    if abs(far) < NOTABLE:
        return Tone.SAME
    for_the_worse = worse(measure, far)
    return Tone.OTHER if for_the_worse is None else Tone.WORSE if for_the_worse else Tone.BETTER


def _trouble(part: Series) -> tuple[float, float, float, str]:
    late, still, filed = (part.now.count(figure) or 0 for figure in (Figure.LATE, Figure.OPEN, Figure.FILED))
    return -late, -still, -filed, part.scope.code


def _table(title: str, columns: tuple[Measure, ...], parts: Sequence[Series], voice: Voice) -> Table:
    rows = tuple(
        Row(name=voice.scope(part.scope), cells=tuple(cell(part, measure, voice) for measure in columns))
        for part in parts
    )
    return Table(title=title, heads=("", *(voice.say(HEADS[measure]) for measure in columns)), rows=rows)


def _legend(digest: Digest, voice: Voice) -> tuple[str, ...]:
    source = LEGEND if digest.period.week else LEGEND_PERIOD
    return (
        voice.say(source, n=voice.number(len(digest.whole.before))),
        voice.say(LEGEND_BOLD),
        voice.say(LEGEND_DASH, dash=DASH),
        voice.say(LEGEND_SMALL, n=voice.number(SMALL)),
        voice.say(LEGEND_RATING),
    )
