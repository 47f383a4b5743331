"""How long the public's questions by Open311 take in a city with very many tickets.

    python -m benchmarks.open311 [--database sqlite,postgresql] [--tickets 1000000] [--times 60] [--kept FOLDER]

Works on a copy of a database of `benchmarks.kept`. The web is a process of its own, as `serve` wires it; one caller
asks over loopback, one question after the other, each around another ticket by a fixed seed, each kind (KINDS) so many
times. Parts have 100 requests where it says nothing else. The first five of each kind are not counted.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import cos, radians
from random import Random
from statistics import fmean, quantiles
from time import perf_counter
from urllib.parse import urlencode

from aiohttp import ClientSession, TCPConnector
from sqlalchemy import func, select

from benchmarks.deskserver import memory, serving
from benchmarks.hostility.run import KEY
from benchmarks.kept import Copy, load, on_each, options
from bot.clock import SystemClock
from bot.commands.numbers import whole
from store.database import Database
from store.seal import Seal
from store.tables import tickets
from tickets.model import Point

_SAMPLE = 300  # tickets around which is asked
_WARM = 5
_METRES = 111_320.0  # a degree of latitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Where its tickets lie, what they are called, and when the newest was filed."""

    points: Sequence[Point]
    numbers: Sequence[str]
    newest: datetime

    def around(self, random: Random, metres: float) -> str:
        """A box of so many metres each way, with a ticket in its middle."""
        middle = random.choice(self.points)
        high = metres / 2 / _METRES
        wide = high / cos(radians(middle.latitude))
        west, south = middle.longitude - wide, middle.latitude - high
        return f"{west:.5f},{south:.5f},{middle.longitude + wide:.5f},{middle.latitude + high:.5f}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Milliseconds until its last byte; how many it tells of; its bytes, unpacked."""

    took: float
    rows: int
    size: int


Ask = Callable[[Random, Town], str]


def _list(form: str = "json", **query: str) -> Ask:
    return lambda random, town: f"requests.{form}?{_query(random, town, query)}"


def _query(random: Random, town: Town, query: dict[str, str]) -> str:
    """`box` says how many metres each way."""
    asked = {"page_size": "100"} | query
    if metres := asked.pop("box", ""):
        asked["bbox"] = town.around(random, float(metres))
    if days := asked.pop("changed", ""):
        asked["updated_after"] = f"{town.newest - timedelta(days=float(days)):%Y-%m-%dT%H:%M:%SZ}"
    else:
        asked["end_date"] = f"{town.newest:%Y-%m-%dT%H:%M:%SZ}"
    return urlencode(asked)


def _circle(random: Random, town: Town) -> str:
    at = random.choice(town.points)
    where = {"lat": f"{at.latitude:.5f}", "long": f"{at.longitude:.5f}", "radius": "500"}
    return f"requests.json?{_query(random, town, where)}"


def _updates(_: Random, town: Town) -> str:
    return f"servicerequestupdates.json?page_size=100&end_date={town.newest:%Y-%m-%dT%H:%M:%SZ}"


KINDS: dict[str, Ask] = {
    "box, 200 m": _list(box="200"),
    "box, 1 km": _list(box="1000"),
    "box, 1 km, one service": _list(box="1000", service_code="lighting"),
    "box, 1 km, closed": _list(box="1000", status="closed"),
    "box, 1 km, open": _list(box="1000", status="open"),
    "box, 1 km, changed in a week": _list(box="1000", changed="7"),
    "box, 1 km, XML": _list("xml", box="1000"),
    "box, 1 km, 1,000 of them": _list(box="1000", page_size="1000"),
    "box, 3 km": _list(box="3000"),
    "box, the whole city": _list(box="50000"),
    "circle, 500 m": _circle,
    "one service": _list(service_code="waste"),
    "changed in an hour": _list(changed="0.04"),
    "one request": lambda random, town: f"requests/{random.choice(town.numbers)}.json",
    "updates of 90 days": _updates,
}


async def measured(url: str, times: int) -> tuple[dict[str, list[Answer]], float]:
    """Answers by kind, and the server's most memory in MiB."""
    town = await _town(url)
    with serving(url, 0) as (port, process):
        found = {name: await _kind(port, n, ask, town, times) for n, (name, ask) in enumerate(KINDS.items(), 2)}
        return found, memory(process)


async def _kind(port: int, n: int, ask: Ask, town: Town, times: int) -> list[Answer]:
    """From an address of its own, so that no kind uses up what another one may ask."""
    random = Random(n)
    connector = TCPConnector(local_addr=(f"127.0.0.{n}", 0))
    async with ClientSession(f"http://127.0.0.1:{port}", connector=connector) as session:
        answers = [await _asked(session, f"/open311/v2/{ask(random, town)}") for _ in range(times + _WARM)]
    return answers[_WARM:]


async def _asked(session: ClientSession, address: str) -> Answer:
    start = perf_counter()
    async with session.get(address) as answer:
        body = await answer.read()
    took = (perf_counter() - start) * 1000
    if answer.status != 200:
        raise SystemExit(f"{address}: {answer.status} {body[:200]!r}")
    return Answer(took, body.count(b"<requested_datetime>") or body.count(b'"service_request_id"'), len(body))


async def _town(url: str) -> Town:
    store = await Database.open(url, Seal(KEY), clock=SystemClock())
    try:
        async with store.view() as view:
            newest = (await view._tx.execute(select(func.max(tickets.c.filed_at)))).scalar_one()
            told = select(tickets.c.number, tickets.c.latitude, tickets.c.longitude)
            some = told.where(tickets.c.latitude.is_not(None)).order_by(tickets.c.number).limit(_SAMPLE)
            rows = (await view._tx.execute(some)).all()
    finally:
        await store.close()
    points = [Point(latitude=row.latitude, longitude=row.longitude) for row in rows]
    return Town(points=points, numbers=[row.number for row in rows], newest=newest.astimezone(UTC))


def _table(found: dict[str, list[Answer]]) -> Iterator[str]:
    yield "| ms | p50 | p95 | p99 | rows | KiB | questions |"
    yield f"| --- {'| ---: ' * 6}|"
    for name, answers in found.items():
        cuts = quantiles([answer.took for answer in answers], n=100, method="inclusive")
        times = " | ".join(f"{cuts[n - 1]:.0f}" for n in (50, 95, 99))
        rows, size = fmean(answer.rows for answer in answers), fmean(answer.size for answer in answers) / 1024
        yield f"| {name} | {times} | {rows:.0f} | {size:.0f} | {len(answers)} |"


def _show(given: argparse.Namespace, database: str, copy: Copy) -> None:
    print(f"\nload before: {load()}", flush=True)
    found, most = asyncio.run(measured(copy.url, given.times))
    print(f"\n{database}, {given.tickets:,} tickets; the web used {most:.0f} MiB\n")
    print(*_table(found), sep="\n")
    print(f"\nload after: {load()}", flush=True)


def main() -> None:
    given = _options()
    on_each(given, partial(_show, given))


def _options() -> argparse.Namespace:
    parser = options(__doc__, tickets=1_000_000)
    parser.add_argument("--times", type=whole(2, 500), default=60, help="of each kind (default 60)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
