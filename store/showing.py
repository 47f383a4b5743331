"""Rows of `tickets` -> what may be told of them. Of sealed columns only cleared words are opened."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, select

from store.crowd import Sight
from store.tables import cleared, cleared_photos, photos, tickets, updates
from store.transaction import Transaction
from tickets.city import City
from tickets.model import Author, Point, Status
from tickets.openness import Pair
from tickets.public import PublicTicket

_T, _C = tickets.c, cleared.c
_COLUMNS = (
    _T.number, _T.service, _T.department, _T.status, _T.filed_at, _T.changed_at, _T.due_at, _T.closed_at,
    _T.first_due_at, _T.latitude, _T.longitude, _T.street, _T.area, _T.followers, _T.reopened, _T.outside,
    _T.merged_into, _C.words, _C.news, _C.news_version,
)  # fmt: skip
_SERVICE, _AREA, _MERGED, _NEWS_VERSION = 1, 12, 16, 19
_AT_ONCE = 1_000  # numbers of one statement
Row = Sequence[Any]  # of these columns


def chosen() -> Select[Any]:
    """Of tickets, all that is needed to tell them."""
    return select(*_COLUMNS).select_from(tickets.outerjoin(cleared, _C.number == _T.number))


async def others(tx: Transaction, numbers: Sequence[str]) -> Mapping[str, Pair]:
    """Service and area of the tickets in which others go on, by their numbers."""
    found: dict[str, Pair] = {}
    for first in range(0, len(numbers), _AT_ONCE):
        some = sorted(set(numbers[first : first + _AT_ONCE]))
        rows = await tx.execute(select(_T.number, _T.service, _T.area).where(_T.number.in_(some)))
        found |= {row.number: (row.service, row.area or None) for row in rows}
    return found


class Showing:
    """Tells rows of `chosen`."""

    def __init__(self, tx: Transaction, sight: Sight, city: City) -> None:
        self._tx, self._sight, self._city = tx, sight, city

    async def told(self, rows: Sequence[Row]) -> list[PublicTicket]:
        """In the order of the rows."""
        guarded = frozenset(self._city.openness.guarded)
        pairs = {(row[_SERVICE], row[_AREA]) for row in rows if row[_AREA] and row[_SERVICE] in guarded}
        crowded = await self._sight.crowded(self._tx, pairs, self._city.openness.few) if pairs else frozenset()
        there = await others(self._tx, [row[_MERGED] for row in rows if row[_MERGED]]) if guarded else {}
        found = [self._ticket(row, crowded, there) for row in rows]
        return await self._with_cleared(found, rows)

    def _ticket(self, row: Row, crowded: frozenset[tuple[str, str]], there: Mapping[str, Pair]) -> PublicTicket:
        (
            number, service, department, status, filed_at, changed_at, due_at, closed_at, first_due_at, latitude,
            longitude, street, area, followers, reopened, outside, merged_into, *_,
        ) = row  # fmt: skip
        point = None if latitude is None else Point(latitude=latitude, longitude=longitude)
        blurring = self._sight.blurring(self._city)
        place = blurring.told(service, point, street, area, crowded=(service, area) in crowded)
        linked = merged_into not in there or self._city.openness.linked((service, area or None), there[merged_into])
        return PublicTicket(
            number=number, service=service, department=blurring.department(service, department, place.area),
            status=Status(status), filed_at=filed_at, changed_at=changed_at, due_at=due_at, closed_at=closed_at,
            first_due_at=first_due_at, point=place.point, street=place.street, area=place.area, followers=followers,
            reopened=reopened, outside=outside, merged_into=merged_into if linked else None,
        )  # fmt: skip

    async def _with_cleared(self, found: list[PublicTicket], rows: Sequence[Row]) -> list[PublicTicket]:
        """Most tickets have nothing cleared, and cost nothing here."""
        spots = {row[0]: n for n, row in enumerate(rows) if row[_NEWS_VERSION - 2] is not None}
        if not spots:
            return found
        names, newest = await self._photos(list(spots)), await self._newest(list(spots))
        for number, n in spots.items():
            words, news, version = rows[n][_NEWS_VERSION - 2 :]
            fresh = version is not None and newest.get(number, 0) <= version
            found[n] = replace(
                found[n], words=self._open(_C.words, words), news=self._open(_C.news, news) if fresh else None,
                photos=names.get(number, ()),
            )  # fmt: skip
        return found

    def _open(self, column: Any, sealed: bytes) -> str | None:
        return self._tx.codec.readable(column, sealed, str) or None

    async def _photos(self, numbers: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        there = cleared_photos.join(photos, photos.c.name == cleared_photos.c.name)
        asked = select(cleared_photos.c.number, cleared_photos.c.name).select_from(there)
        asked = asked.where(cleared_photos.c.number.in_(numbers), photos.c.number.in_(numbers)).order_by(photos.c.id)
        found: dict[str, tuple[str, ...]] = {}
        for row in await self._tx.execute(asked):
            found[row.number] = (*found.get(row.number, ()), row.name)
        return found

    async def _newest(self, numbers: Sequence[str]) -> Mapping[str, int]:
        """The last version in which a clerk told something: older news than that is out of date."""
        told = select(updates.c.number, func.max(updates.c.version).label("version")).where(
            updates.c.number.in_(numbers), updates.c.public.is_(True), updates.c.author == Author.CLERK
        )
        return {row.number: row.version for row in await self._tx.execute(told.group_by(updates.c.number))}
