"""Very many tickets as anybody may see them, a column at a time: a value for each ticket would take longer to make than
all that is done with it. Where each is said to be is `tickets.blurring`'s to decide, as for a single one."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from bot.ports.opendata import Mark, Sheet
from store.crowd import Pair, Sight
from store.showing import Showing, chosen, others
from store.tables import cleared, cleared_photos, photos, tickets
from store.transaction import Transaction
from store.types import Micros
from tickets.blurring import Blurring, Told
from tickets.city import City
from tickets.instant import moment
from tickets.openness import DIGITS
from tickets.openness import Pair as There
from tickets.public import PublicTicket

_T = tickets.c
_TIMES = tuple(
    Micros(_T[name]).label(name) for name in ("filed_at", "changed_at", "due_at", "first_due_at", "closed_at")
)
_READ = (
    _T.number, _T.service, _T.department, _T.status, *_TIMES, _T.latitude, _T.longitude, _T.street, _T.area,
    _T.followers, _T.reopened, _T.outside, _T.merged_into,
)  # fmt: skip
_NAMES = tuple(column.name for column in _READ)
_MOVED = frozenset({"latitude", "longitude", "street", "area", "department", "merged_into"})  # told by a rule
_SHOWN = cleared_photos.join(photos, photos.c.name == cleared_photos.c.name).join(
    tickets, cleared_photos.c.number == _T.number
)
_AT_ONCE = 1_000  # tickets of which something is cleared
_Cleared = Mapping[str, PublicTicket]  # by number


class OpenData:
    """Keeps `bot.ports.OpenData`."""

    def __init__(self, tx: Transaction, sight: Sight) -> None:
        self._tx, self._sight = tx, sight

    async def span(self) -> tuple[datetime, datetime] | None:
        row: Any = (await self._tx.execute(select(func.min(_T.filed_at), func.max(_T.filed_at)))).one()
        return (row[0], row[1]) if row[0] is not None else None

    async def mark(self, since: datetime, until: datetime) -> Mark:
        latest = func.max(Micros(_T.changed_at))
        asked = select(func.count(), func.coalesce(latest, 0), func.coalesce(func.sum(_T.version), 0))
        found: Any = (await self._tx.execute(asked.select_from(tickets).where(*_filed(since, until)))).one()
        words, shown = [
            (await self._tx.execute(_beside(table, since, until))).scalar_one() for table in (cleared, _SHOWN)
        ]
        return Mark(tickets=found[0], changed=found[1], versions=found[2], words=words, photos=shown)

    async def sheets(self, city: City, since: datetime, until: datetime, size: int) -> AsyncIterator[Sheet]:
        cleared, places = await self._cleared(city, since, until), Places(self._sight.blurring(city))
        behind: tuple[datetime, str] | None = None
        while rows := await self._tx.read(_part(since, until, behind, size)):
            columns = dict(zip(_NAMES, zip(*rows, strict=True), strict=True))
            behind = moment(columns["filed_at"][-1]), columns["number"][-1]
            new = places.pairs(columns)
            places.crowded |= await self._sight.crowded(self._tx, new, city.openness.few) if new else frozenset()
            into = [number for number in columns["merged_into"] if number] if city.openness.guarded else []
            yield _sheet(columns, places, cleared, await others(self._tx, into))
            if len(rows) < size:
                return

    async def _cleared(self, city: City, since: datetime, until: datetime) -> _Cleared:
        """Those of which something is cleared, as they are told one by one."""
        rows = (await self._tx.execute(chosen().where(cleared.c.number.is_not(None), *_filed(since, until)))).all()
        showing, found = Showing(self._tx, self._sight, city), dict[str, PublicTicket]()
        for first in range(0, len(rows), _AT_ONCE):
            found |= {one.number: one for one in await showing.told(rows[first : first + _AT_ONCE])}
        return found


def _filed(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return _T.filed_at >= since, _T.filed_at < until


def _beside(table: Any, since: datetime, until: datetime) -> Select[Any]:
    """How many rows of a table beside the tickets belong to those filed then."""
    there = table.join(tickets, table.c.number == _T.number) if table is cleared else table
    return select(func.count()).select_from(there).where(*_filed(since, until))


def _part(since: datetime, until: datetime, behind: tuple[datetime, str] | None, size: int) -> Select[Any]:
    """Twice bounded by the time of filing, so that its index alone finds where to go on."""
    chosen = select(*_READ).where(*_filed(behind[0] if behind else since, until))
    if behind:
        chosen = chosen.where(or_(_T.filed_at > behind[0], _T.number > behind[1]))
    return chosen.order_by(_T.filed_at, _T.number).limit(size)


def _sheet(
    columns: Mapping[str, Sequence[Any]], places: "Places", told: _Cleared, into: Mapping[str, There]
) -> Sheet:  # fmt: skip
    latitude, longitude, street, area = zip(*places.told(columns), strict=True)
    same = {name: columns[name] for name in _NAMES if name not in _MOVED}
    found = [told.get(number) for number in columns["number"]]
    return Sheet(
        **same,
        latitude=latitude, longitude=longitude, street=street, area=area,
        department=places.departments(columns, area), merged_into=places.linked(columns, into),
        words=[one.words if one else None for one in found],
        news=[one.news if one else None for one in found],
        photos=[one.photos if one else () for one in found],
    )  # fmt: skip


_Place = tuple[float | None, float | None, str | None, str | None]


class Places:
    """Where tickets are said to be, each service, street and area worked out once. `crowded` are the pairs known to be
    so, `_asked` all of which that is known."""

    def __init__(self, blurring: Blurring) -> None:
        self._blurring, self.crowded = blurring, frozenset[Pair]()
        self._asked: set[Pair] = set()
        self._moved: dict[tuple[str, str | None, str | None], _Place] = {}

    def pairs(self, columns: Mapping[str, Sequence[Any]]) -> set[Pair]:
        """Those of sensitive services among these tickets that were not asked for yet."""
        guarded = frozenset(self._blurring.city.openness.guarded)
        both = set(zip(columns["service"], columns["area"], strict=True))
        new = {(service, area) for service, area in both if service in guarded and area} - self._asked
        self._asked |= new
        return new

    def told(self, columns: Mapping[str, Sequence[Any]]) -> Iterator[_Place]:
        guarded, moved = frozenset(self._blurring.city.openness.guarded), self._moved
        rows = zip(*(columns[name] for name in ("service", "latitude", "longitude", "street", "area")), strict=True)
        for service, latitude, longitude, street, area in rows:
            if service in guarded:
                key = service, street, area
                yield moved.get(key) or self._move(key)
            elif latitude is None or longitude is None:
                yield None, None, street or None, area or None
            else:
                yield round(latitude, DIGITS), round(longitude, DIGITS), street or None, area or None

    def departments(self, columns: Mapping[str, Sequence[Any]], areas: Sequence[str | None]) -> Sequence[str]:
        """`areas` as they are told."""
        guarded, usual = frozenset(self._blurring.city.openness.guarded), self._blurring.department
        if not guarded:
            return columns["department"]
        return [
            own if area or service not in guarded else usual(service, own, area)
            for service, own, area in zip(columns["service"], columns["department"], areas, strict=True)
        ]

    def linked(self, columns: Mapping[str, Sequence[Any]], into: Mapping[str, There]) -> Sequence[str | None]:
        """In which ticket each goes on, where that may be told; `into`: what those are."""
        if not into:
            return columns["merged_into"]
        linked, rows = self._blurring.city.openness.linked, zip(columns["service"], columns["area"], strict=True)
        return [
            None if number in into and not linked((service, area or None), into[number]) else number
            for (service, area), number in zip(rows, columns["merged_into"], strict=True)
        ]

    def _move(self, key: tuple[str, str | None, str | None]) -> _Place:
        """What is told of a sensitive place follows from these three alone, so no point is given."""
        service, street, area = key
        crowded = (service, area) in self.crowded
        found = self._moved[key] = _flat(self._blurring.told(service, None, street, area, crowded=crowded))
        return found


def _flat(told: Told) -> _Place:
    if told.point is None:
        return None, None, told.street, told.area
    return told.point.latitude, told.point.longitude, told.street, told.area
