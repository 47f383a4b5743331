"""How long the desk's pages take in a city with very many tickets, for twenty clerks at once.

    python -m benchmarks.desk [--database sqlite,postgresql] [--tickets 100000] [--clerks 20] [--seconds 60]
        [--think 2] [--kept FOLDER]

Works on a copy of a database of `benchmarks.kept`. The web is a process of its own, as `serve` wires it (packing,
middleware and all); clerks ask over loopback, each with their own log-in and two lists of their own. Their day is a
mix (MIX) by a fixed seed. First each reads what they got for `think` seconds on average (exponential), as people do,
and then nobody does: that is all the process can do.

`server` is the time from when the process took up a question until its page was made; `in all` is the clerk's, from
the question to the last byte, with whatever waited for its turn. Both databases and the clerks share the machine.
"""

import argparse
import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from statistics import quantiles
from time import perf_counter
from urllib.parse import quote_plus

from aiohttp import ClientSession
from sqlalchemy import func, select

from benchmarks.deskserver import COOKIE, STOOD, TOOK, memory, serving, token, worked, worked_below
from benchmarks.hostility.run import KEY
from benchmarks.kept import Copy, load, on_each, options
from bot.clock import SystemClock
from bot.commands.numbers import whole
from bot.commands.reindex import renewed
from bot.ports import Query
from store.database import Database
from store.seal import Seal
from store.tables import ticket_words
from tickets.model import Ticket

REFUSED = "refused: no connection was free for 4 s"
_WARM = 10.0  # seconds
_SAMPLE = 300  # tickets that are opened, and whose words are looked for
Ask = Callable[[Random, "Town"], str]


@dataclass(frozen=True, slots=True)
class Town:
    """What clerks of this city ask for: numbers, words that citizens wrote, streets."""

    numbers: Sequence[str]
    words: Sequence[str]
    streets: Sequence[str]
    box: str  # in which its tickets lie: south, west, north, east


@dataclass(frozen=True, slots=True)
class Answer:
    """Milliseconds: at the server, in all, and the longest that the server's loop stood still before it."""

    server: float
    whole: float
    stood: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The answers of each kind, and what they cost: seconds of CPU of the web and of PostgreSQL, MiB of the web."""

    answers: Mapping[str, Sequence[Answer]]
    refused: int
    seconds: float
    web: float
    database: float
    memory: float

    @property
    def every(self) -> Sequence[Answer]:
        return [one for some in self.answers.values() for one in some]


def _list(query: str) -> Ask:
    return lambda _, __: f"?{query}"


# What is asked -> how often among a hundred pages, and its address under /desk.
MIX: Mapping[str, tuple[int, Ask]] = {
    "ticket": (30, lambda r, town: f"/tickets/{r.choice(town.numbers)}"),
    "queue: open": (12, _list("status=open")),
    "queue: a department's own": (
        12, lambda r, _: f"?status=open&department={r.choice(('roads', 'cleaning', 'electric'))}"
    ),
    "queue: open, page 2 or 3": (5, lambda r, _: f"?status=open&page={r.randint(2, 3)}"),
    "queue: late, two services": (5, _list("status=open&late=1&service=pothole&service=waste")),
    "queue: unlocated and unsure": (2, _list("status=open&unlocated=1&unsure=1")),
    "queue: undelivered": (2, _list("status=any&undelivered=1")),
    "queue: closed, any page": (3, lambda r, _: f"?status=closed&page={r.randint(1, 20)}"),
    "queue: closed, an area and a language": (
        2, lambda r, _: f"?status=closed&area=centro&spoken={r.choice(('es', 'fr'))}"
    ),
    "queue: all, filed in some months": (
        3, lambda r, _: f"?status=any&since=2026-{r.randint(1, 9):02}-01&until=2026-10-01"
    ),
    "search: a whole number": (3, lambda r, town: f"?q={r.choice(town.numbers)}"),
    "search: part of a number": (3, lambda r, town: f"?q={r.choice(town.numbers)[:5]}"),
    "search: two words": (4, lambda r, town: f"?q={quote_plus(' '.join(r.sample(town.words, 2)))}"),
    "search: a common word": (3, lambda r, _: f"?q={r.choice(('calle', 'bache', 'street', 'agua'))}"),
    "search: a street and a word": (
        4, lambda r, town: f"?q={quote_plus(f'{r.choice(town.streets)} {r.choice(town.words)}')}"
    ),
    "map": (3, lambda _, __: "/map?status=open"),
    "map: closed too": (1, lambda _, __: "/map?status=any"),
    "map: what stands there": (
        3, lambda r, town: f"/map/cells?status={r.choice(('open', 'any'))}&zoom=14&box={town.box}"
    ),
}  # fmt: skip


async def measured(url: str, given: argparse.Namespace, server: int) -> Mapping[str, Day]:
    """With think times and without; `server` is PostgreSQL's process, 0 where there is none."""
    town = await _town(url)
    with serving(url, given.clerks) as (port, process):
        await _lived(port, town, given, seconds=_WARM, think=0)  # the first questions prepare what later ones find
        found = {}
        for way, think in ((f"{given.think:g} s between two pages", given.think), ("no time between two pages", 0)):
            web, database = worked(process), worked_below(server) if server else 0.0
            answers = await _lived(port, town, given, given.seconds, think)
            refused = len(answers.pop(REFUSED, ()))
            found[way] = Day(
                answers=answers, refused=refused, seconds=given.seconds, web=worked(process) - web,
                database=worked_below(server) - database if server else 0.0, memory=memory(process),
            )  # fmt: skip
    return found


async def _lived(
    port: int, town: Town, given: argparse.Namespace, seconds: float, think: float
) -> dict[str, list[Answer]]:
    answers: dict[str, list[Answer]] = defaultdict(list)
    end = perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for n in range(given.clerks):
            group.create_task(_clerk(port, n, town, end, think, answers))
    return answers


async def _clerk(
    port: int, n: int, town: Town, end: float, think: float, answers: dict[str, list[Answer]]
) -> None:  # fmt: skip
    random, names, often = Random(n), list(MIX), [often for often, _ in MIX.values()]
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip"}
    async with ClientSession(
        f"http://127.0.0.1:{port}", cookies={COOKIE: token(n)}, headers=headers, auto_decompress=False
    ) as session:
        await asyncio.sleep(random.random() * think)
        while perf_counter() < end:
            (name,) = random.choices(names, often)
            answer = await _asked(session, name, MIX[name][1](random, town))
            answers[name if answer else REFUSED].append(answer or Answer(0, 0, 0))
            await asyncio.sleep(random.expovariate(1 / think) if think else 0)


async def _asked(session: ClientSession, name: str, address: str) -> Answer | None:
    """None: refused."""
    start = perf_counter()
    async with session.get(f"/desk{address}", allow_redirects=False) as answer:
        await answer.read()
    whole = (perf_counter() - start) * 1000
    lead = answer.status == 303 and answer.headers["Location"].startswith("/desk/tickets/")
    if answer.status != 200 and not lead:
        if answer.status == 503:
            return None
        raise SystemExit(f"{name}: status {answer.status}, {answer.headers.get('Location', 'no way on')}")
    # an answer that leads on is raised, past the watch
    return Answer(float(answer.headers.get(TOOK, whole)), whole, float(answer.headers.get(STOOD, 0)))


async def _town(url: str) -> Town:
    """Every ticket has its words, also where it was filled before there were any."""
    store = await Database.open(url, Seal(KEY), clock=SystemClock())
    try:
        async with store.view() as view:
            known = (await view._tx.execute(select(func.count()).select_from(ticket_words))).scalar_one()
        if not known:
            await renewed(store, 2_000)
        return await _sampled(store)
    finally:
        await store.close()


async def _sampled(store: Database) -> Town:
    async with store.view() as view:
        page = await view.tickets.page(_everything())
    found = page.rows
    words = sorted({word for one in found for word in one.description.split() if len(word) > 4 and word.isalpha()})
    return Town(
        numbers=[one.number for one in found], words=words, box=_box(found),
        streets=sorted({one.place.street for one in found if one.place.street}),
    )  # fmt: skip


def _box(found: Sequence[Ticket]) -> str:
    points = [one.place.point for one in found if one.place.point]
    south, west = min(one.latitude for one in points), min(one.longitude for one in points)
    north, east = max(one.latitude for one in points), max(one.longitude for one in points)
    return f"{south:.5f},{west:.5f},{north:.5f},{east:.5f}"


def _everything() -> Query:
    return Query(open=None, limit=_SAMPLE)


def _show(given: argparse.Namespace, database: str, copy: Copy) -> None:
    print(f"\nload before: {load()}")
    for way, day in asyncio.run(measured(copy.url, given, copy.server)).items():
        print(f"\n{database}, {given.tickets:,} tickets, {given.clerks} clerks, {way}: {_cost(day)}\n")
        print(*_table(day), sep="\n", flush=True)
    print(f"\nload after: {load()}", flush=True)


def _cost(day: Day) -> str:
    count = len(day.every)
    told = f"{count / day.seconds:.1f} pages a second, {day.web / count * 1000:.0f} ms of CPU a page in the web"
    told += f" and {day.database / count * 1000:.0f} in PostgreSQL" if day.database else ""
    stood = sorted(one.stood for one in day.every)
    told += f"; its loop stood still for {stood[-1]:.0f} ms at most, {stood[int(count * 0.99)]:.0f} in 99 of 100 pages"
    return f"{told}; {day.memory:.0f} MiB; {day.refused} refused"


def _table(day: Day) -> Iterator[str]:
    yield "| ms | server p50 | p95 | p99 | in all p50 | p95 | p99 | pages |"
    yield f"| --- {'| ---: ' * 7}|"
    kinds = [(name, day.answers[name]) for name in MIX if len(day.answers.get(name, ())) > 1]
    for name, some in [*kinds, ("all", day.every)]:
        cells = [*_cuts([one.server for one in some]), *_cuts([one.whole for one in some]), str(len(some))]
        yield f"| {name} | {' | '.join(cells)} |"


def _cuts(some: Sequence[float]) -> list[str]:
    cuts = quantiles(some, n=100, method="inclusive")
    return [f"{cuts[n - 1]:.0f}" for n in (50, 95, 99)]


def main() -> None:
    given = _options()
    on_each(given, partial(_show, given))


def _options() -> argparse.Namespace:
    parser = options(__doc__, tickets=100_000)
    parser.add_argument("--clerks", type=whole(1, 500), default=20)
    parser.add_argument("--seconds", type=float, default=60.0, help="with think times, and again without (default 60)")
    parser.add_argument("--think", type=float, default=2.0, help="seconds between two pages, on average (default 2)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
