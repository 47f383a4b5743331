"""Writing an export: month by month, those that did not change taken from the last one, then the whole files from the
months. One sheet of tickets is in memory at a time."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from bot.opendata import catalogue, shelf
from bot.opendata.book import Book
from bot.opendata.book import Month as Made
from bot.opendata.counts import counts
from bot.opendata.months import Month, between, month_of
from bot.opendata.packing import Written
from bot.opendata.part import (
    PARQUET,
    MonthWriter,
    Wanted,
    file_of,
    key,
    parquet_of,
    whole_parquet,
    whole_text,
)
from bot.opendata.rows import CSV, GEOJSON, open311
from bot.opendata.table import Names, arrays
from bot.opendata.written import write
from bot.ports import Store
from bot.ports.opendata import Mark, Sheet
from tickets.city import City

PATH = "/data/"
FORMATS = ("csv", "geojson", "parquet", "open311")
_VERSION = 2  # of the files' layout, and of what is told of whom: another one, and all months are written anew
_SIZE = 8_192  # tickets of a sheet
_NOTHING = Mark(tickets=0, changed=0, versions=0, words=0, photos=0)
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be exported, where to. `months` empty: all; `notes`: what Open311 is told of each status; `public_url`
    stands before the addresses of files and photos, empty: they are relative. `fresh`: no month is taken over."""

    city: City
    root: Path
    notes: Mapping[str, str]
    public_url: str = ""
    months: tuple[Month, ...] = ()
    formats: tuple[str, ...] = FORMATS
    fresh: bool = False

    @property
    def wanted(self) -> Wanted:
        forms = {"csv": (CSV,), "geojson": (GEOJSON,), "open311": open311(self.city.name, self.notes)}
        some = tuple(form for name in self.formats for form in forms.get(name, ()))
        return Wanted(forms=some, parquet=PARQUET in self.formats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What came of it: how many tickets, of how many months, how many of which were taken over unchanged."""

    folder: Path
    tickets: int
    months: int
    same: int
    files: Mapping[str, Written]


async def export(store: Store, order: Order, now: datetime, told: Told = lambda _: None) -> Exported:
    """Raises shelf.Busy, OSError or StoreUnavailable; then the last export is as it was."""
    with shelf.held(order.root):
        before, folder = shelf.read(order.root), shelf.begin(order.root, now)
        rules = await _rules(store, order)
        usable = before if before and before.rules == rules and not order.fresh else None
        writing = _Writing(store, order, folder, usable)
        months = await writing.months(told)
        book = await asyncio.to_thread(_finished, order, folder, months, rules, now)
        shelf.publish(order.root, folder, book)
    return Exported(
        folder=order.root / shelf.CURRENT, tickets=book.tickets, months=len(months), same=writing.same, files=book.files
    )


class _Writing:
    def __init__(self, store: Store, order: Order, folder: Path, before: Book | None) -> None:
        self._store, self._order, self._folder, self._before = store, order, folder, before
        self._wanted, self.same = order.wanted, 0
        self._names = Names(city=order.city, base=order.public_url)

    async def months(self, told: Told) -> dict[str, Made]:
        """In order, those in which something was filed."""
        found: dict[str, Made] = {}
        count = 0
        for month in await self._asked():
            made = await self._month(month)
            if made.mark.tickets:
                found[str(month)] = made
                count += made.mark.tickets
                told(f"{month}: {made.mark.tickets:,} requests, {count:,} in all")
        return found

    async def _asked(self) -> Sequence[Month]:
        if self._order.months:
            return self._order.months
        async with self._store.view() as view:
            span = await view.open_data.span()
        zone = self._order.city.calendar.zone
        return list(between(month_of(span[0], zone), month_of(span[1], zone))) if span else []

    async def _month(self, month: Month) -> Made:
        since, until = month.instants(self._order.city.calendar.zone)
        async with self._store.view() as view:
            mark = await view.open_data.mark(since, until)
            old = self._before.months.get(str(month)) if self._before else None
            if not mark.tickets:
                return Made(mark=_NOTHING, files={}, parts={}, counts=[])
            if old and old.mark == mark and self._taken(str(month)):
                self.same += 1
                return old
            sheets = view.open_data.sheets(self._order.city, since, until, _SIZE)
            return await self._written(str(month), mark, sheets)

    async def _written(self, name: str, mark: Mark, sheets: AsyncIterator[Sheet]) -> Made:
        """While a sheet is written, the database goes on with the next one."""
        count = 0
        with MonthWriter(self._folder, name, self._wanted) as writer:
            sheet = await anext(sheets, None)
            while sheet is not None:
                count += len(sheet.number)
                ahead = asyncio.ensure_future(_next(sheets))
                try:
                    await asyncio.to_thread(self._add, writer, sheet)
                finally:
                    sheet = await ahead
            return writer.done(replace(mark, tickets=count))

    def _add(self, writer: MonthWriter, sheet: Sheet) -> None:
        writer.add(arrays(sheet, self._names))

    def _taken(self, month: str) -> bool:
        """Whether the last export's files of this month could be linked into this one."""
        last = self._order.root / shelf.CURRENT
        with suppress(OSError):
            for name in _names(self._wanted, month):
                os.link((last / name).resolve(), self._folder / name)
            return True
        for name in _names(self._wanted, month):
            (self._folder / name).unlink(missing_ok=True)
        return False


async def _next(sheets: AsyncIterator[Sheet]) -> Sheet | None:
    return await anext(sheets, None)


def _names(wanted: Wanted, month: str = "") -> Iterator[str]:
    yield from (file_of(form, month) for form in wanted.forms)
    if wanted.parquet:
        yield parquet_of(month)


def _finished(order: Order, folder: Path, months: dict[str, Made], rules: str, now: datetime) -> Book:
    """The whole files, and all that stands beside them."""
    wanted, files = order.wanted, dict[str, Written]()
    for form in wanted.forms:
        files[file_of(form)] = whole_text(form, folder, months)
    if wanted.parquet:
        files[parquet_of()] = whole_parquet(folder, months)
    files[catalogue.COUNTED] = write(folder / catalogue.COUNTED, counts(months, order.city.openness))
    for month, made in months.items():
        files |= {file_of(form, month): made.files[key(form)] for form in wanted.forms}
        if wanted.parquet:
            files[parquet_of(month)] = made.files[PARQUET]
    tickets = sum(made.mark.tickets for made in months.values())
    described = catalogue.Described(
        city=order.city, made_at=now, tickets=tickets, files=files, base=order.public_url and order.public_url + PATH
    )
    besides = {name: write(folder / name, content) for name, content in catalogue.documents(described).items()}
    sums = catalogue.sums(files | besides)
    besides[catalogue.SUMS] = write(folder / catalogue.SUMS, sums)
    return Book(made_at=now, rules=rules, tickets=tickets, months=months, files=files | besides)


async def _rules(store: Store, order: Order) -> str:
    """A hash of all that decides how a ticket is told, beside the ticket itself."""
    city = order.city
    async with store.view() as view:
        crowded = await view.public.crowded(city)
    said: list[Any] = [
        _VERSION, sorted(order.formats), order.public_url, sorted(order.notes.items()), city.name, city.timezone,
        city.languages[0], city.openness, city.departments, city.areas, city.streets, sorted(crowded),
        [(service.code, service.names, service.department) for service in city.services],
    ]  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
