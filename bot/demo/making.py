"""Makes the rows of invented tickets, in processes beside the one that writes them."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random
from signal import SIG_IGN, SIGINT, signal

from bot.demo.history import History
from bot.demo.reports import Report, Reporter
from channels.message import Contact
from store.bulk import Newcomer, Sheets
from store.bulk_drivers import Rows

_OVER = None  # asked and answered when there is no more to make


class MakerDied(Exception):
    """A process that makes rows has ended before its time; if it said why, that stands above. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`newcomers` write for the first time. The same `seed` makes the same rows, whichever process makes them."""

    seed: str
    newcomers: Sequence[Reporter]
    reports: Sequence[Report]


Make = Callable[[Iterable[Batch]], Iterator[Sequence[Rows]]]


class Maker:
    """`history` draws from `random`, as do the places in it."""

    def __init__(self, random: Random, history: History, sheets: Sheets) -> None:
        self._random, self._history, self._sheets = random, history, sheets

    def rows(self, batch: Batch) -> Sequence[Rows]:
        self._random.seed(batch.seed)
        since = datetime.fromtimestamp(batch.reports[0].at, UTC)
        newcomers = [_newcomer(one, since) for one in batch.newcomers]
        return self._sheets.made(newcomers, [self._history.case(report) for report in batch.reports])


@contextmanager
def making(maker: Maker, processes: int) -> Iterator[Make]:
    """What makes the rows of each batch, in order; with no processes this one does. They are forked and know what
    `maker` knows, so no database may be open yet. What is made raises MakerDied."""
    with ExitStack() as stack:
        lines = [stack.enter_context(_process(maker)) for _ in range(processes)]
        yield partial(_made, lines) if lines else partial(map, maker.rows)


def _made(lines: Sequence[Connection], batches: Iterable[Batch]) -> Iterator[Sequence[Rows]]:
    """Each process has one batch in hand; it gets the next before its last one is written."""
    rest = iter(batches)
    for line in lines:
        _give(line, next(rest, _OVER))
    for line in cycle(lines):
        if (made := _taken(line)) is _OVER:
            return  # the others have nothing in hand either, for they take turns
        _give(line, next(rest, _OVER))
        yield made


@contextmanager
def _process(maker: Maker) -> Iterator[Connection]:
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(maker, ours, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join()


def _work(maker: Maker, ours: Connection, theirs: Connection) -> None:
    """Until the other side ends, however it does: hence it must not be held open from here."""
    ours.close()
    signal(SIGINT, SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the other side ends us
    gc.disable()  # rows have no cycles, and looking for some takes a seventh of the time
    try:
        while True:
            batch = theirs.recv()
            theirs.send(maker.rows(batch) if batch else _OVER)
    except (EOFError, ConnectionError):
        return


def _give(line: Connection, batch: Batch | None) -> None:
    with _alive():
        line.send(batch)


def _taken(line: Connection) -> Sequence[Rows] | None:
    with _alive():
        made: Sequence[Rows] | None = line.recv()
    return made


@contextmanager
def _alive() -> Iterator[None]:
    """Raises MakerDied where the other side has ended."""
    try:
        yield
    except (EOFError, OSError):  # at the end of what it sent, or in the midst of it
        raise MakerDied(str(MakerDied.__doc__)) from None


def _newcomer(reporter: Reporter, since: datetime) -> Newcomer:
    """Of a simulated channel: nothing is ever sent to them. The address holds the id, so no two are the same."""
    contact = Contact(channel=reporter.channel, address=f"neighbour-{reporter.id}")
    return Newcomer(id=reporter.id, contact=contact, language=reporter.language, since=since)
