"""How many were reported of each service, in each area and month. Of sensitive services what is below the city's `few`
is not told, nor what it would follow from; there are no sums in the file that would give it away."""

from collections.abc import Iterator, Mapping

from bot.opendata.book import Month
from bot.opendata.columns import COUNTS
from bot.opendata.rows import LINE, quoted
from tickets.openness import Openness


def counts(months: Mapping[str, Month], openness: Openness) -> bytes:
    """As CSV."""
    rows = (row for name, month in months.items() for row in _rows(name, month, openness))
    return "".join(",".join(row) + LINE for row in (tuple(column.name for column in COUNTS), *rows)).encode()


def _rows(name: str, month: Month, openness: Openness) -> Iterator[tuple[str, ...]]:
    for service, area, filed, closed in month.counts:
        few = openness.few if openness.sensitive(service) else 0
        yield name, quoted(service), quoted(area), *told(filed, closed, few)


def told(filed: int, closed: int, few: int) -> tuple[str, str, str]:
    """What is said of how many were filed, are closed and are open: none of them tells one that is not told."""
    if 0 < filed < few:
        return f"<{few}", "", ""
    if any(0 < count < few for count in (closed, filed - closed)):
        return str(filed), "", ""
    return str(filed), str(closed), str(filed - closed)
