"""`python -m bot demo`: fills a demo's database with an invented history, for a look at the desk or for a bench."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from random import Random
from time import monotonic

from bot.app import open_store
from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.demo.history import History
from bot.demo.making import Batch, Maker, MakerDied, making
from bot.demo.reports import Reports
from bot.demo.spots import Spots
from nlu.contract import service_of
from nlu.dataset import load
from nlu.places import Gazetteer
from nlu.train import FOLDER
from store.bulk import Bulk, Sheets, opened
from store.bulk_drivers import Rows
from store.possession import sole
from store.seal import Seal
from tickets.city import City

_BATCH = 5_000  # tickets that are made at once
_PROCESSES = 2  # that make them, where there are many: the one that writes keeps up with no more
_EACH_WRITES = 2.5  # tickets of one citizen, on average
_TELLS = 5.0  # seconds between lines of progress
_LONGEST = 400  # characters of a description
_ONLY_DEMO = (
    "Invented tickets are for the demo: config.yml says `mode: live`, where each ticket is somebody's. Use another one"
)


async def demo(config: Config, tickets: int, weeks: int, seed: int) -> None:
    """Add so many invented tickets to the demo's database. Raises Unfit, InUse, BadUrl or StoreUnavailable."""
    if not config.settings.demo:
        raise Unfit(_ONLY_DEMO)
    with sole(config.settings.database_url):
        store, seal = await open_store(config, SystemClock())
        await store.close()
        try:
            await fill(config.settings.database_url, seal, config.city, tickets=tickets, weeks=weeks, seed=seed)
        except MakerDied as died:
            raise Unfit(str(died)) from None


async def fill(url: str, seal: Seal, city: City, *, tickets: int, weeks: int, seed: int) -> None:
    """The same for any migrated database, all or nothing; tells how far it is."""
    show("reading what people write ...")
    random, now = Random(seed), SystemClock().now()  # noqa: S311 - the same history each time
    spots = Spots(city, Gazetteer(city.areas, city.streets, city.landmarks), random)
    history = History(city, spots, _said(), random, now=now, weeks=weeks)
    processes = _PROCESSES if tickets > _PROCESSES * _BATCH else 0
    with making(Maker(random, history, Sheets(url, seal)), processes) as make:
        async with opened(url, expected=tickets) as bulk:
            taken = await bulk.numbers()
            reports = Reports(city, Random(seed), now=now, weeks=weeks, taken=taken)  # noqa: S311
            ids = await bulk.reserve(int(tickets / _EACH_WRITES) + 1)
            await _write(bulk, make(_batches(reports, tickets, ids, seed)), tickets)


def _batches(reports: Reports, tickets: int, ids: Sequence[int], seed: int) -> Iterator[Batch]:
    """Neighbours come as time goes by."""
    times = reports.times(tickets)
    for first in range(0, tickets, _BATCH):
        last = min(first + _BATCH, tickets)
        met = reports.meet(ids[first * len(ids) // tickets : last * len(ids) // tickets])
        yield Batch(seed=f"{seed}/{first}", newcomers=met, reports=reports.of(times[first:last]))


async def _write(bulk: Bulk, made: Iterable[Sequence[Rows]], tickets: int) -> None:
    begin = told = monotonic()
    for done, rows in zip(count(_BATCH, _BATCH), made, strict=False):
        await bulk.add(rows)
        if monotonic() - told > _TELLS:
            told = monotonic()
            show(f"{min(done, tickets):,} of {tickets:,} tickets, {done / (told - begin):,.0f} a second")
    show(f"{tickets:,} of {tickets:,} tickets in {monotonic() - begin:.0f} s; making them findable ...")


def _said() -> Mapping[tuple[str, str], Sequence[str]]:
    """The training sentences of each service: nobody's words, but as people write."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in load(FOLDER / "data"):
        service = service_of(example.intent)
        if service and len(example.text) <= _LONGEST:
            found[example.language, service].append(example.text)
    return found
