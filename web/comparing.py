"""The digest page's tables of departments and of areas: compared by one measure, in an order that the reader chose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from digest.measures import Measure, Rate
from tickets.figures import Digest, Kind, Scope, Series
from web.measures import COMPARED, Row, compared, named, ordered

_HIGHEST: Mapping[Measure, float] = {Rate.ON_TIME: 1, Rate.SATISFACTION: 5}
COLUMNS = ("name", "now", "before", "change", "mean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the reader chose: the measure, the column that the order follows, and which way."""

    measure: Measure
    by: str
    falling: bool

    def query(self, **changed: str) -> dict[str, str]:
        """How an address asks for it, with some of it changed."""
        return {"by": self.measure.value, "sort": self.by, "order": "down" if self.falling else "up", **changed}

    def sorted_by(self, column: str) -> dict[str, str]:
        """The same ordered by this column; by the one that it is ordered by, the other way round."""
        falling = not self.falling if column == self.by else column != "name"
        return self.query(sort=column, order="down" if falling else "up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The parts of one kind. `most`: what the bars are measured by, the highest value of now or that there can be."""

    kind: Kind
    rows: Sequence[Row]
    most: float


def chosen(query: Mapping[str, str]) -> Comparison:
    """What an address asks for; what makes no sense in it counts as not asked."""
    measure, by, order = named(query.get("by", "")), query.get("sort", ""), query.get("order", "")
    by = by if by in COLUMNS else "now"
    falling = order == "down" if order in {"up", "down"} else by != "name"
    return Comparison(measure=measure if measure in COMPARED else COMPARED[0], by=by, falling=falling)


def tables(digest: Digest, comparison: Comparison, name: Callable[[Scope], str]) -> Sequence[Table]:
    """One for each kind of parts that the digest has."""
    return [_table(kind, parts, comparison, name) for kind in Kind if (parts := _parts(digest, kind))]


def _table(kind: Kind, parts: Sequence[Series], comparison: Comparison, name: Callable[[Scope], str]) -> Table:
    rows = [compared(series, comparison.measure) for series in parts]
    most = _HIGHEST.get(comparison.measure) or max((one.now for one in rows if one.now is not None), default=0)
    return Table(kind=kind, rows=ordered(rows, comparison.by, name, falling=comparison.falling), most=most)


def _parts(digest: Digest, kind: Kind) -> Sequence[Series]:
    return [series for series in digest.parts if series.scope.kind is kind]
