"""A row of the other system as a case, by the mapping; or why it is none. Whatever stands in it, reading it ends."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import isfinite
from typing import Final

from bot.moving.mapping import ISO, Column, Plan, plain
from bot.moving.rows import Refused, Row, Why
from bot.ports import Places
from tickets.model import Place, Point, Status
from tickets.workflow import CLOSED

LONGEST = 4_000  # characters of a description; what is behind them is cut off
_LONGEST_PLACE, _LONGEST_NUMBER = 500, 100
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD: Final = timedelta(days=1)  # that another clock may be
_FARTHEST: Final = timedelta(days=3650)  # of a promised date
_PLACES = 20_000  # addresses whose place is remembered
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Bad(Exception):
    def __init__(self, why: Why, word: str = "") -> None:
        super().__init__(why)
        self.why, self.word = why, word


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of the other system, read. `content`: all that was read, to see later whether it changed; `cut`: its
    description was longer than LONGEST."""

    at: int
    external: str
    service: str
    status: Status
    filed_at: datetime
    changed_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    place: Place
    description: str = field(repr=False)
    language: str
    content: str = field(repr=False)
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dates:
    filed: datetime
    changed: datetime | None
    closed: datetime | None
    due: datetime | None


class Reading:
    """Reads rows by a plan, up to `now`."""

    def __init__(self, plan: Plan, places: Places, languages: tuple[str, ...], now: datetime) -> None:
        self._plan, self._languages, self._now = plan, languages, now
        self._located = places.locate
        self._resolved: Callable[[str], Place] = lru_cache(_PLACES)(places.resolve)

    def case(self, row: Row) -> Case | Refused:
        """Never raises, whatever the row holds."""
        external = self._first(row, Column.NUMBER)
        try:
            return self._case(row, external)
        except _Bad as bad:
            return Refused(at=row.at, external=external[:_LONGEST_NUMBER], why=bad.why, word=bad.word)

    def _case(self, row: Row, external: str) -> Case:
        if not external or len(external) > _LONGEST_NUMBER:
            raise _Bad(Why.NO_NUMBER)
        service, status = self._service(row), self._status(row)
        dates = self._dates(row, status)
        point, address = self._point(row), self._first(row, Column.ADDRESS)[:_LONGEST_PLACE]
        said = self._said(row)
        language = self._first(row, Column.LANGUAGE).casefold()[:2]
        return Case(
            at=row.at, external=external, service=service, status=status, filed_at=dates.filed,
            changed_at=dates.changed, closed_at=dates.closed, due_at=dates.due, place=self._place(point, address),
            description=said[:LONGEST], language=language if language in self._languages else self._plan.language,
            content=_content(service, status, dates, point, address, said), cut=len(said) > LONGEST,
        )  # fmt: skip

    def _service(self, row: Row) -> str:
        words = [plain(word) for word in self._all(row, Column.SERVICE)]
        if not self._plan.skipped.isdisjoint(words):
            raise _Bad(Why.LEFT)
        known = next((code for word in words if (code := self._plan.services.get(word))), self._plan.unknown.service)
        if known is None:
            raise _Bad(Why.SERVICE, next(iter(self._all(row, Column.SERVICE)), ""))
        return known

    def _status(self, row: Row) -> Status:
        words = self._all(row, Column.STATUS)
        status = next((known for word in words if (known := self._plan.statuses.get(plain(word)))), None)
        status = status or self._plan.unknown.status
        if status is None:
            raise _Bad(Why.STATUS, next(iter(words), ""))
        return status

    def _dates(self, row: Row, status: Status) -> _Dates:
        filed = self._date(row, Column.FILED, Why.FILED)
        if filed is None:
            raise _Bad(Why.FILED)
        if filed < _EARLIEST:
            raise _Bad(Why.EARLY)
        changed = self._date(row, Column.CHANGED, Why.CHANGED)
        closed = self._closed(row, status, filed, changed)
        if max(filed, closed or filed) > self._now + _AHEAD:
            raise _Bad(Why.FUTURE)
        due = self._date(row, Column.DUE, Why.DUE)
        if due and not filed <= due <= self._now + _FARTHEST:
            due = None  # a year 9999 that stands for "never": counted as if none was told
        changed = min(max(changed, filed), self._now) if changed else None
        return _Dates(filed=filed, changed=changed, closed=closed, due=due)

    def _closed(self, row: Row, status: Status, filed: datetime, changed: datetime | None) -> datetime | None:
        """A day without an hour is its first instant, so what was closed on the day of filing may seem to come
        before."""
        told = self._date(row, Column.CLOSED, Why.CLOSED)
        if status not in CLOSED:
            return None
        closed = told or changed or (filed if self._plan.unknown.undated else None)
        if closed is None:
            raise _Bad(Why.UNDATED)
        zone = self._plan.zone
        if closed < filed and closed.astimezone(zone).date() != filed.astimezone(zone).date():
            raise _Bad(Why.ORDER)
        return max(closed, filed)

    def _date(self, row: Row, column: Column, why: Why) -> datetime | None:
        said = self._first(row, column)
        if not said:
            return None
        for form in self._plan.dates:
            try:
                read = datetime.fromisoformat(said) if form == ISO else datetime.strptime(said, form)  # noqa: DTZ007 - below
                local = read if read.tzinfo else read.replace(tzinfo=self._plan.zone)
                return local.astimezone(UTC)
            except (ValueError, OverflowError):
                continue
        raise _Bad(why)

    def _point(self, row: Row) -> Point | None:
        """None where nothing is said, or the 0, 0 that stands for nothing."""
        said = [self._first(row, column) for column in (Column.LATITUDE, Column.LONGITUDE)]
        if not any(said):
            return None
        try:
            latitude, longitude = (float(one.replace(",", ".")) for one in said)
        except ValueError:
            raise _Bad(Why.POINT) from None
        if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
            raise _Bad(Why.POINT)
        return Point(latitude=latitude, longitude=longitude) if latitude or longitude else None

    def _place(self, point: Point | None, address: str) -> Place:
        if point:
            return self._located(point, address)
        return self._resolved(address) if address else Place()

    def _said(self, row: Row) -> str:
        """All columns of the description, each on its own line."""
        return "\n".join(self._all(row, Column.DESCRIPTION))

    def _all(self, row: Row, column: Column) -> list[str]:
        cells = (row.cells.get(name, "") for name in self._plan.columns.get(column, ()))
        return [said for cell in cells if (said := _CONTROL.sub("", cell).strip())]

    def _first(self, row: Row, column: Column) -> str:
        return next(iter(self._all(row, column)), "")


def _content(service: str, status: Status, dates: _Dates, point: Point | None, *said: str) -> str:
    times = [at.isoformat() if at else "" for at in (dates.filed, dates.changed, dates.closed, dates.due)]
    where = f"{point.latitude!r},{point.longitude!r}" if point else ""
    return "\x1f".join((service, status, *times, where, *said))
