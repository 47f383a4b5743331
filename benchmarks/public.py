"""How many visitors the public pages bear after a storm, and how long the first of them waits.

    python -m benchmarks.public [--database sqlite,postgresql] [--tickets 100000] [--seconds 10] [--connections 32]
        [--kept FOLDER]

Works on a copy of a database of `benchmarks.kept`. The web is one process, as `serve` wires it; the visitors are
another (this one) on the same machine, each on a connection that is kept, over which they ask for one page after the
other, packed as browsers ask for it. First each page is asked for once in each language in which nobody asked before
(`first`), then for so many seconds by all (`kept`), then by visitors who have it already (`304`).
"""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import quantiles
from time import perf_counter

from sqlalchemy import select

from benchmarks.deskserver import memory, serving, worked
from benchmarks.hostility.run import KEY
from benchmarks.kept import Copy, load, on_each, options
from bot.clock import SystemClock
from bot.commands.numbers import whole
from store.database import Database
from store.seal import Seal
from store.tables import tickets

PAGES = ("/", "/?area=centro", "/?near=14.6,-66.5", "/figures", "/report", "/feeds/all.atom", "/widget", "/r/{number}")
_FIRST = ("pt", "en", "fr")  # languages in which each page is asked for once


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Its status, its ETag, its bytes on the line, and the seconds until the last of them."""

    status: int
    tag: str
    size: int
    took: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rush:
    """What all visitors got of a page in so many seconds, and the CPU that it cost the web, in seconds."""

    answers: Sequence[Answer]
    seconds: float
    worked: float

    @property
    def rate(self) -> float:
        return len(self.answers) / self.seconds


Row = tuple[str, list[float], Rush, Rush]  # a page, the first waits in seconds, the rush, and of those who have it


class Visitor:
    """One connection, as thin as it can be: with more of a client, the client would be what is measured."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def come(cls, port: int) -> "Visitor":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, path: str, language: str = "es", tag: str = "") -> Answer:
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip", f"Accept-Language: {language}"]
        begun = perf_counter()
        self._writer.write("\r\n".join([*lines, *([f"If-None-Match: {tag}"] if tag else []), "", ""]).encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        first, *fields = head.decode("latin-1").split("\r\n")
        named = dict(field.split(": ", 1) for field in fields if ": " in field)
        size = int(named.get("Content-Length", 0))
        await self._reader.readexactly(size)
        took = perf_counter() - begun
        return Answer(status=int(first.split()[1]), tag=named.get("ETag", ""), size=len(head) + size, took=took)

    async def go(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def measured(
    url: str, seconds: float, connections: int
) -> tuple[list[tuple[str, list[float], Rush, Rush]], float]:
    """Of each page the first waits, the rush and the rush of those who have it; and the web's most memory in MiB."""
    number = await _number(url)
    with serving(url, 0) as (port, process):
        found = []
        for page in PAGES:
            path = page.format(number=number)
            visitor = await Visitor.come(port)
            first = [(await visitor.ask(path, language)).took for language in _FIRST]
            tag = (await visitor.ask(path)).tag
            await visitor.go()
            kept = await _rush(port, process, path, seconds, connections)
            known = await _rush(port, process, path, seconds / 2, connections, tag)
            found.append((page, first, kept, known))
        return found, memory(process)


async def _rush(port: int, process: int, path: str, seconds: float, connections: int, tag: str = "") -> Rush:
    visitors = [await Visitor.come(port) for _ in range(connections)]
    answers: list[Answer] = []
    expected = 304 if tag else 200
    before, begun = worked(process), perf_counter()

    async def stay(visitor: Visitor) -> None:
        while perf_counter() - begun < seconds:
            answer = await visitor.ask(path, tag=tag)
            if answer.status != expected:
                raise SystemExit(f"{path}: {answer.status} instead of {expected}")
            answers.append(answer)
        await visitor.go()

    await asyncio.gather(*map(stay, visitors))
    return Rush(answers=answers, seconds=perf_counter() - begun, worked=worked(process) - before)


async def _number(url: str) -> str:
    store = await Database.open(url, Seal(KEY), clock=SystemClock())
    try:
        async with store.view() as view:
            newest = select(tickets.c.number).order_by(tickets.c.filed_at.desc()).limit(1)
            return str((await view._tx.execute(newest)).scalar_one())
    finally:
        await store.close()


def _table(found: Sequence[Row]) -> Iterator[str]:
    yield "| page | first, ms | kept, pages/s | p95, ms | CPU | KiB | 304, answers/s | p95, ms |"
    yield f"| --- {'| ---: ' * 7}|"
    for page, first, kept, known in found:
        waits = " ".join(f"{1000 * took:.0f}" for took in first)
        size = kept.answers[0].size / 1024
        yield (
            f"| `{page}` | {waits} | {kept.rate:,.0f} | {_p95(kept):.0f} | {100 * kept.worked / kept.seconds:.0f} % "
            f"| {size:.1f} | {known.rate:,.0f} | {_p95(known):.0f} |"
        )


def _p95(rush: Rush) -> float:
    return 1000 * quantiles([answer.took for answer in rush.answers], n=20, method="inclusive")[18]


def _show(given: argparse.Namespace, database: str, copy: Copy) -> None:
    print(f"\nload before: {load()}", flush=True)
    found, most = asyncio.run(measured(copy.url, given.seconds, given.connections))
    print(
        f"\n{database}, {given.tickets:,} tickets, {given.connections} visitors at once; the web used {most:.0f} MiB\n"
    )
    print(*_table(found), sep="\n")
    print(f"\nload after: {load()}", flush=True)


def main() -> None:
    given = _options()
    on_each(given, partial(_show, given))


def _options() -> argparse.Namespace:
    parser = options(__doc__, tickets=100_000)
    parser.add_argument("--seconds", type=whole(1, 600), default=10, help="of each page (default 10)")
    parser.add_argument("--connections", type=whole(1, 500), default=32)
    return parser.parse_args()


if __name__ == "__main__":
    main()
