"""`python -m bot demo`: fills a demo's database with an invented history, for a look at the desk or for a bench."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from time import monotonic

from bot.app import open_store
from bot.clock import SystemClock
from bot.config import Config
from bot.demo_history import History, Reporter, anyone
from bot.demo_spots import Spots
from bot.serving import Unfit, show
from channels.message import Contact
from nlu.contract import service_of
from nlu.dataset import load
from nlu.places import Gazetteer
from nlu.train import FOLDER
from store.bulk import Bulk, Newcomer, opened
from store.possession import sole
from store.seal import Seal
from tickets.city import City

_BATCH = 5_000  # tickets of one transaction
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
    if tickets < 1 or weeks < 1:
        raise Unfit("--tickets and --weeks count from 1")
    with sole(config.settings.database_url):
        store, seal = await open_store(config, SystemClock())
        await store.close()
        await fill(config.settings.database_url, seal, config.city, tickets=tickets, weeks=weeks, seed=seed)


async def fill(url: str, seal: Seal, city: City, *, tickets: int, weeks: int, seed: int) -> None:
    """The same for any migrated database; tells how far it is."""
    show("reading what people write ...")
    said, random, now = _said(), Random(seed), SystemClock().now()  # noqa: S311 - the same history each time
    spots = Spots(city, Gazetteer(city.areas, city.streets, city.landmarks), random)
    async with opened(url, seal) as bulk:
        history = History(city, spots, said, random, now=now, weeks=weeks, taken=await bulk.numbers())
        await _written(bulk, history, random, history.times(tickets))


async def _written(bulk: Bulk, history: History, random: Random, times: Sequence[float]) -> None:
    begin, told, reporters = monotonic(), monotonic(), list[Reporter]()
    for first in range(0, len(times), _BATCH):
        some = times[first : first + _BATCH]
        new = [history.reporter(id_) for id_ in await bulk.reserve(int(len(some) / _EACH_WRITES) + 1)]
        reporters += new
        cases = [history.case(at, anyone(random, reporters)) for at in some]
        await bulk.add([_newcomer(one, datetime.fromtimestamp(some[0], UTC)) for one in new], cases)
        if monotonic() - told > _TELLS or first + _BATCH >= len(times):
            told, done = monotonic(), first + len(some)
            show(f"{done:,} of {len(times):,} tickets, {done / (told - begin):,.0f} a second")


def _newcomer(reporter: Reporter, since: datetime) -> Newcomer:
    """Of a simulated channel: nothing is ever sent to them. The address holds the id, so no two are the same."""
    contact = Contact(channel=reporter.channel, address=f"neighbour-{reporter.id}")
    return Newcomer(id=reporter.id, contact=contact, language=reporter.language, since=since)


def _said() -> Mapping[tuple[str, str], Sequence[str]]:
    """The training sentences of each service: nobody's words, but as people write."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in load(FOLDER / "data"):
        service = service_of(example.intent)
        if service and len(example.text) <= _LONGEST:
            found[example.language, service].append(example.text)
    return found
