"""The rows of the digest's table once more, from every ticket's whole history: nothing of `digest/`, `store/figures.py`,
`store/tallies.py` or `tickets/counting.py` is used, only the slow recount of tests/store/recount.py and this arithmetic.

Rows are `(scope, code, first day, figure, by, key) -> (value, cases)`, both as numbers or None.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import fmean, median, quantiles
from zoneinfo import ZoneInfo

from tests.store.recount import Town, hours, recounted, replayed, scores
from tickets.city import City
from tickets.figures import Figure, Kind, Scope
from tickets.model import Ticket

Key = tuple[str, str, str, str, str, str]
Rows = dict[Key, tuple[float | None, int | None]]
WEEKS_BEFORE = 8
AGES = {"up to 7 days": 7, "up to 30 days": 30, "up to 90 days": 90, "over 90 days": 10**6}


def rows(town: Town, city: City, monday: date) -> Rows:
    found: Rows = {}
    for scope in scopes(town):
        for back in range(WEEKS_BEFORE, -1, -1):
            begin = monday - timedelta(weeks=back)
            head = scope.kind.value, scope.code, begin.isoformat()
            cells = dict(_figures(town, scope, *_week(city, begin)))
            found |= {(*head, figure, "", ""): cell for figure, cell in cells.items()}
    head = "city", "", monday.isoformat()
    return found | {(*head, *row[:3]): (row[3], None) for row in _split(town, *_week(city, monday))}


def scopes(town: Town) -> list[Scope]:
    """The city, and every department and area that has a ticket."""
    tickets = [ticket for ticket, _ in town.cases]
    departments = sorted({ticket.department for ticket in tickets})
    areas = sorted({ticket.place.area or "" for ticket in tickets})
    return [
        Scope(),
        *(Scope(kind=Kind.DEPARTMENT, code=code) for code in departments),
        *(Scope(kind=Kind.AREA, code=code) for code in areas),
    ]


def usual(found: Rows, scope: Scope, monday: date, figure: str) -> float | None:
    """The mean of the weeks before: shares and ratings as if their cases stood in one heap."""
    mondays = (monday - timedelta(weeks=back) for back in range(1, WEEKS_BEFORE + 1))
    cells = [found[scope.kind.value, scope.code, day.isoformat(), figure, "", ""] for day in mondays]
    known = [(number, cases or 0) for number, cases in cells if number is not None]
    if figure in ("on_time_share", "satisfaction"):
        heap = sum(cases for _, cases in known)
        return sum(number * cases for number, cases in known) / heap if heap else None
    return fmean(number for number, _ in known) if known else None


def _week(city: City, monday: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(city.timezone)
    return tuple(datetime.combine(day, time(), zone) for day in (monday, monday + timedelta(days=7)))  # type: ignore[return-value]


def _figures(
    town: Town, scope: Scope, begin: datetime, end: datetime
) -> Iterator[tuple[str, tuple[float | None, int | None]]]:
    found = recounted(town, scope, begin, end)
    yield from ((figure.value, (len(numbers), None)) for figure, numbers in found.items())
    due, kept, given = len(found[Figure.DUE]), len(found[Figure.ON_TIME]), scores(town, scope, begin, end)
    yield "on_time_share", (kept / due if due else None, due)
    yield "satisfaction", (fmean(given) if given else None, len(given))
    for name, figure, closing in (("answer", Figure.ANSWERED, False), ("resolution", Figure.RESOLVED, True)):
        spent = hours(town, found[figure], end, closing=closing)
        yield f"{name}_median", (median(spent) if spent else None, len(spent))
        yield f"{name}_p90", (_ninth(spent), len(spent))


def _ninth(spent: Sequence[float]) -> float | None:
    """Of ten."""
    if len(spent) < 2:
        return spent[0] if spent else None
    return quantiles(spent, n=10, method="inclusive")[8]


def _split(town: Town, begin: datetime, end: datetime) -> Iterator[tuple[str, str, str, float]]:
    """(figure, by, key, value) of the city's week."""
    found = recounted(town, Scope(), begin, end)
    filed, still = ([town.of(number)[0] for number in found[each]] for each in (Figure.FILED, Figure.OPEN))
    for by in ("service", "channel", "language"):
        yield from (("filed", by, code, n) for code, n in Counter(getattr(each, by) for each in filed).items())
    yield from (("open", "age", group, n) for group, n in _ages(still, end).items())
    opened = {ticket.number for ticket in still}
    for key, pile in _piles(filed):
        yield "filed", "cluster", key, len(pile)
        yield "open", "cluster", key, sum(ticket.number in opened for ticket in pile)
    for ticket in sorted(still, key=lambda ticket: (ticket.filed_at, ticket.number))[:10]:
        yield "followers", "ticket", ticket.number, max(0, replayed(*town.of(ticket.number), end).followers)


def _ages(still: Sequence[Ticket], end: datetime) -> Mapping[str, int]:
    days = [(end - ticket.filed_at) / timedelta(days=1) for ticket in still]
    bounds = [0, *AGES.values()]
    return {group: sum(low <= day < high for day in days) for group, low, high in zip(AGES, bounds, bounds[1:])}  # noqa: B905


def _piles(filed: Sequence[Ticket]) -> list[tuple[str, list[Ticket]]]:
    """Three and more of a service, in a street or, where none is known, within 150 m: the eight largest."""
    piles: dict[tuple[str, ...], list[Ticket]] = defaultdict(list)
    heads: list[Ticket] = []
    for ticket in sorted(filed, key=lambda ticket: ticket.number):
        place = ticket.place
        if place.street:
            piles[ticket.service, place.area or "", place.street].append(ticket)
        elif place.point:
            near = (head for head in heads if head.service == ticket.service and _metres(head, ticket) <= 150)
            if (head := next(near, None)) is None:
                heads.append(head := ticket)
            piles[ticket.service, "", "", head.number].append(ticket)
    large = [(key, pile) for key, pile in piles.items() if len(pile) >= 3]
    named = [(" / ".join((key[0], _area(pile), key[2])), pile) for key, pile in large]
    return sorted(named, key=lambda each: -len(each[1]))


def _area(pile: Sequence[Ticket]) -> str:
    return min((ticket.place.area for ticket in pile if ticket.place.area), default="")


def _metres(one: Ticket, other: Ticket) -> float:
    """By the haversine formula."""
    a, b = one.place.point, other.place.point
    assert a and b
    south, north = math.radians(a.latitude), math.radians(b.latitude)
    up, right = north - south, math.radians(b.longitude - a.longitude)
    half = math.sin(up / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(right / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(half))
