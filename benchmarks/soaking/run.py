"""One soak: the whole bot with its own Rasa, everybody who has to do with it, and looks at it every few seconds."""

import asyncio
import io
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic, perf_counter
from typing import Any, Final

import yaml
from aiohttp import ClientSession
from PIL import Image
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from benchmarks.city import write_config
from benchmarks.fleet import ROOT, Bot, NotStarted, free_port
from benchmarks.hostility.run import KEY
from benchmarks.rush.load import Measured, at_rate, percentiles
from benchmarks.rush.place import Place
from benchmarks.rush.run import open_session
from benchmarks.rush.world import World
from benchmarks.soaking.hasty import FORGETS_AFTER
from benchmarks.soaking.journal import Journal
from benchmarks.soaking.looking import Looker, errors
from benchmarks.soaking.people import JOINED_SERVICE, Crowd
from benchmarks.soaking.sample import Sample
from benchmarks.soaking.verdict import Ending
from benchmarks.soaking.visitors import Visitors, admit
from store.engine import parse_url
from store.migrate import migrate
from store.tables import inbox, outbox, tickets

PROGRAM: Final = "benchmarks.soaking.hasty"
_UNDERSTOOD = b"ready: messages are understood"
_LOADS = 120  # looks, a second apart, until the model is there
_HOPELESS = 3  # ends of the bot before it ever worked
_DRAINS_WITHIN = 60.0  # seconds, from the last message on
_SAMPLES = 180  # in a run
_SHORTEST = 2.0  # seconds between two looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Messages, pages read and moves at the desk a second; seconds of it all; `forgets`: seconds after which answered
    messages are forgotten."""

    rate: float
    seconds: float
    forgets: float
    seed: int
    pages: float = 2.0
    moves: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """`came`: citizens by what they came for; `asked`: pages and moves by kind."""

    samples: Sequence[Sample]
    ending: Ending
    took: float
    came: dict[str, int]
    asked: dict[str, int]


async def soak(place: Place, plan: Plan) -> Soaked:
    """On this database, empty or with a history. Raises NotStarted."""
    await migrate(place.url)
    begun = datetime.now(UTC)
    crowd = Crowd(plan.seed)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session())
        port, scraped = free_port(), free_port()
        world = crowd.world = await stack.enter_async_context(World(session, [port], crowd.hear, photo()))
        bot = _bot(place, port, scraped, world, plan)
        bot.start()
        stack.push_async_callback(bot.stop)
        if not await _ready(bot, session, place.folder / "bot.log"):
            raise NotStarted(f"The bot did not start; its log is in {place.folder} (--keep)")
        await admit(place.url)
        engine = create_async_engine(parse_url(place.url))
        stack.push_async_callback(engine.dispose)
        looker = Looker(
            pid=bot.pid, metrics=f"http://127.0.0.1:{scraped}/metrics", engine=engine, session=session,
            file=place.folder / "vecino.db" if place.url.startswith("sqlite") else None,
        )  # fmt: skip
        visitors = Visitors(session, port, crowd.filed, Random(f"{plan.seed} what is read"))
        measured, samples = await _lived(crowd, visitors, looker, plan)
        left = await _drained(engine)
        failed = await _count(engine, outbox, _given_up(begun))
    return Soaked(
        samples=samples, took=measured.took, came={str(kind): times for kind, times in crowd.came.items()},
        asked=dict(visitors.asked), ending=_ending(measured, crowd, bot, visitors, place, left=left, failed=failed),
    )  # fmt: skip


async def _ready(bot: Bot, session: ClientSession, log: Path) -> bool:
    """Whether it works and understands; one that ends as often as it is begun is not waited for."""
    ready = asyncio.create_task(_understands(bot, session, log))
    while not ready.done() and bot.crashes < _HOPELESS:
        await asyncio.wait([ready], timeout=0.5)
    if ready.cancel():
        return False
    return ready.result()


async def _understands(bot: Bot, session: ClientSession, log: Path) -> bool:
    ready = await bot.ready(session)
    for _ in range(_LOADS if ready else 0):
        if await asyncio.to_thread(_says_so, log):
            return True
        await asyncio.sleep(1)
    return False


def _says_so(log: Path) -> bool:
    return _UNDERSTOOD in log.read_bytes()


async def _lived(crowd: Crowd, visitors: Visitors, looker: Looker, plan: Plan) -> tuple[Measured, list[Sample]]:
    journal, samples = Journal(perf_counter), list[Sample]()
    begun, every = perf_counter(), max(_SHORTEST, plan.seconds / _SAMPLES)

    async def look() -> None:
        while True:
            samples.append(await looker.look(perf_counter() - begun, journal.sent, journal.taken()))
            await asyncio.sleep(every)

    beside = [asyncio.create_task(one) for one in (look(), visitors.read(plan.pages), visitors.work(plan.moves))]
    try:
        measured = await at_rate(journal.watched(crowd.begin), plan.rate, plan.seconds)
    finally:
        for task in beside:
            task.cancel()
        await _ended(beside)
    return measured, samples


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Raises what one of them ended by, unless it was cancelled."""
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def _ending(
    measured: Measured, crowd: Crowd, bot: Bot, visitors: Visitors, place: Place, *, left: int, failed: int
) -> Ending:  # fmt: skip
    p50, p95, p99 = percentiles(measured.replied, 50, 95, 99) or (0.0, 0.0, 0.0)
    late = percentiles(measured.late, 99) or [0.0]
    return Ending(
        sent=measured.sent, unanswered=measured.sent - measured.refused - len(measured.replied),
        refused=measured.refused, astray=crowd.astray, left=left, failed=failed, crashes=bot.crashes,
        errors=errors(place.folder / "bot.log"), pages=dict(visitors.failed), p50=p50, p95=p95, p99=p99,
        late=late[0] / 1000,
    )  # fmt: skip


async def _drained(engine: AsyncEngine) -> int:
    """Rows that are still to be answered or sent when patience ends."""
    end = monotonic() + _DRAINS_WITHIN
    while True:
        left = sum([await _count(engine, table, table.c.done_at.is_(None)) for table in (inbox, outbox)])
        if not left or monotonic() > end:
            return left
        await asyncio.sleep(0.5)


def _given_up(begun: datetime) -> ColumnElement[bool]:
    """What was to be sent about anything but a history's tickets, whose citizens have no phones."""
    old = select(tickets.c.number).where(tickets.c.number == outbox.c.number, tickets.c.filed_at < begun).exists()
    return (outbox.c.delivery == "failed") & ~old


async def _count(engine: AsyncEngine, table: Any, which: Any) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(table).where(which))).scalar_one())


def photo() -> bytes:
    """A JPEG of some 60 KB, as phones send them through a messenger."""
    drawn = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(drawn, "JPEG", quality=60)
    return drawn.getvalue()


def _bot(place: Place, port: int, scraped: int, world: World, plan: Plan) -> Bot:
    config = write_config(place.folder / "config.yml", port=port, nlu_port=0, apis=world.apis, public=True)
    _amended(config, scraped)
    models = place.folder / "models"
    if not models.exists():
        models.symlink_to(ROOT / "var" / "models")
    settings = world.secrets | {
        "VECINO_VAR": str(place.folder), "VECINO_SECRET_KEY": KEY, "VECINO_DATABASE_URL": place.url,
        FORGETS_AFTER: str(plan.forgets),
    }  # fmt: skip
    return Bot(port, config, settings, place.folder / "bot.log", PROGRAM)


def _amended(config: Path, scraped: int) -> None:
    """A Rasa of the bot's own, its metrics, and one service whose neighbours may join."""
    city = yaml.safe_load(config.read_text(encoding="utf-8"))
    city |= {"nlu_url": "", "metrics": {"host": "127.0.0.1", "port": scraped}}
    for service in city["services"]:
        if service["code"] == JOINED_SERVICE:
            service["nearby"] = {"metres": 60, "days": 30}
    config.write_text(yaml.safe_dump(city, allow_unicode=True), encoding="utf-8")
