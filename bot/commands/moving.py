"""`python -m bot import --mapping FILE SOURCE`: a city moves in with its history. docs/import.md"""

import csv
from asyncio import sleep
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import SystemRandom
from typing import Final, TextIO

import aiohttp

from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.inforce import InForce
from bot.moving.mapping import BadMapping, Plan, read_mapping
from bot.moving.open311 import NoServer, Server, address_of
from bot.moving.report import Report
from bot.moving.rows import Item
from bot.moving.table import BadTable, Form, form_of, rows
from bot.moving.work import Import, InTheWay
from bot.opening import open_store
from bot.ports import Clock
from nlu.places import Gazetteer
from tickets.city import City

_ONLINE: Final = ("http://", "https://")
_SINCE: Final = timedelta(days=3652)  # ten years


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed. `source`: a file, or the address of an Open311 server, of which whatever was filed since `since`
    is read (None: in ten years)."""

    mapping: Path
    source: str
    dry: bool = False
    errors: Path | None = None
    since: datetime | None = None

    @property
    def online(self) -> bool:
        return self.source.startswith(_ONLINE)


async def move_in(config: Config, asked: Asked, clock: Clock | None = None) -> Report:
    """Raises Unfit, BadUrl, WeakSecret, ForeignKey or StoreUnavailable; what was imported until then stays."""
    clock = clock or SystemClock()
    store, _ = await open_store(config, clock)
    try:
        force = InForce(config.city)
        await force.refresh(store)
        with _errors(asked.errors) as errors:
            report, plan = Report(errors=errors), _plan(asked, force.now)
            work = Import(
                store=store, city=force.now, places=_gazetteer(force.now), clock=clock, random=SystemRandom(),
                plan=plan, show=show, dry=asked.dry,
            )  # fmt: skip
            await _run(work, asked, report, clock.now())
    except (BadMapping, BadTable, NoServer, InTheWay) as refusal:
        raise Unfit(str(refusal)) from None
    finally:
        await store.close()
    for line in report.lines(dry=asked.dry):
        show(line)
    return report


async def _run(work: Import, asked: Asked, report: Report, now: datetime) -> None:
    if not asked.online:
        path, form = Path(asked.source), form_of(Path(asked.source), work.plan)
        show(f"{path}: {form.encoding}, cells separated by {form.delimiter!r}, {len(form.header)} columns")
        await work.run(_table(path, form), report)
        return
    since = asked.since or now - _SINCE
    before = 0 if asked.dry else await work.begun()
    if before and (reached := datetime.fromtimestamp(before, UTC)) > since:
        show(f"going on where the last run ended: at what was filed on {reached:%Y-%m-%d}")
        since = reached
    async with aiohttp.ClientSession(headers={"User-Agent": "Vecino"}) as session:
        server = Server(session=session, address=address_of(asked.source), plan=work.plan, wait=sleep)
        await work.run(server.items(since, now), report)
    await work.ended()


async def _table(path: Path, form: Form) -> AsyncIterator[Item]:
    for row in rows(path, form):
        yield row


def _plan(asked: Asked, city: City) -> Plan:
    try:
        text = asked.mapping.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unfit(f"{asked.mapping} cannot be read as UTF-8 text: {error.__class__.__name__}") from None
    return read_mapping(text, city, online=asked.online)


def _gazetteer(city: City) -> Gazetteer:
    return Gazetteer(city.areas, city.streets, city.landmarks)


@contextmanager
def _errors(path: Path | None) -> Iterator[TextIO | None]:
    """Where the refused rows are written: their row, number and reason, nothing else of them."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Unfit(f"{path} cannot be written: {error.strerror}") from None
    with file:
        csv.writer(file).writerow(("row", "number", "reason"))
        yield file
