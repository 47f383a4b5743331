"""`python -m bot demo`: fills a demo's database with an invented history, for a look at the desk or for a bench."""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import count
from random import Random
from time import monotonic

from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.demo.case import LAYOUT
from bot.demo.failures import Failures
from bot.demo.history import History
from bot.demo.making import Batch, Made, Maker, MakerDied, making
from bot.demo.reports import Reports
from bot.i18n import Words
from bot.opening import open_store
from nlu.contract import service_of
from nlu.dataset import load
from nlu.places import Gazetteer
from nlu.train import FOLDER
from store.bulk import Bulk, opened
from store.bulk_sheets import Sheets
from store.possession import sole
from store.seal import Seal
from tickets.city import City

_BATCH = 5_000  # tickets that are made at once
_PROCESSES = 2  # that make them, where there are many: the one that writes keeps up with no more
_MAY_JOIN = 500  # people of whom some join what is reported in a batch
_YOUNG = 1  # the generation of what came since the last look
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


async def fill(
    url: str, seal: Seal, city: City, *, tickets: int, weeks: int, seed: int, now: datetime | None = None
) -> None:  # fmt: skip
    """The same for any migrated database, all or nothing; tells how far it is. The history ends at `now`: the same one
    each time for the same seed and the same instant."""
    show("reading what people write ...")
    random, now = Random(seed), (now or SystemClock().now()).replace(microsecond=0)  # noqa: S311 - nothing is guessed
    gazetteer = Gazetteer(city.areas, city.streets, city.landmarks)
    history = History(city, gazetteer, _said(), random, now=now, weeks=weeks)
    processes = _PROCESSES if tickets > _PROCESSES * _BATCH else 0
    failures = Failures(Words(city), random, history.now)
    with making(Maker(random, history, failures, Sheets(url, seal, LAYOUT)), processes) as make:
        async with opened(url, LAYOUT, expected=tickets, told=_Told()) as bulk:
            taken, own = await bulk.numbers(), Random(seed)  # noqa: S311
            reports = Reports(city, history.seasons, own, now=history.now, taken=taken)
            ids = await bulk.reserve(int(tickets / _EACH_WRITES) + 1)
            with _no_cycles():
                await _write(bulk, make(_batches(reports, tickets, ids, seed)), tickets)


@contextmanager
def _no_cycles() -> Iterator[None]:
    """None is looked for among all that there is, again and again: those of a batch are found at its end."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _batches(reports: Reports, tickets: int, ids: Sequence[int], seed: int) -> Iterator[Batch]:
    """Neighbours come as time goes by."""
    moments = reports.moments(tickets)
    for first in range(0, tickets, _BATCH):
        last = min(first + _BATCH, tickets)
        met = reports.meet(ids[first * len(ids) // tickets : last * len(ids) // tickets])
        told = reports.of(moments[first:last])
        yield Batch(seed=f"{seed}/{first}", newcomers=met, reports=told, neighbours=reports.some(_MAY_JOIN))


async def _write(bulk: Bulk, made: Iterable[Made], tickets: int) -> None:
    begin = told = monotonic()
    for done, rows in zip(count(_BATCH, _BATCH), made, strict=False):
        await bulk.add(rows)
        gc.collect(_YOUNG)  # a driver's cycle may hold what it has sent
        if monotonic() - told > _TELLS:
            told = monotonic()
            show(f"{min(done, tickets):,} of {tickets:,} tickets, {done / (told - begin):,.0f} a second")
    show(f"{tickets:,} of {tickets:,} tickets in {monotonic() - begin:.0f} s; making them findable ...")


class _Told:
    """Tells now and then how many of the last steps are done."""

    def __init__(self) -> None:
        self._last = monotonic()

    def __call__(self, done: int, steps: int) -> None:
        if monotonic() - self._last > _TELLS:
            self._last = monotonic()
            show(f"{done} of {steps} steps")


@cache
def _said() -> Mapping[tuple[str, str], Sequence[str]]:
    """The training sentences of each service: nobody's words, but as people write."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in load(FOLDER / "data"):
        service = service_of(example.intent)
        if service and len(example.text) <= _LONGEST:
            found[example.language, service].append(example.text)
    return found
