"""Makes the rows of invented tickets, in processes beside the one that writes them."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random
from signal import SIG_IGN, SIGINT, signal

from bot.demo.case import Case
from bot.demo.failures import Failures, address
from bot.demo.history import History
from bot.demo.reports import Report, Reporter
from store.bulk_sheets import Rows, Sheet, Sheets

_OVER = None  # asked and answered when there is no more to make


class MakerDied(Exception):
    """A process that makes rows has ended before its time; if it said why, that stands above. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`newcomers` write for the first time; `neighbours`: ids of people who may join what is reported. The same `seed`
    makes the same rows, whichever process makes them."""

    seed: str
    newcomers: Sequence[Reporter]
    reports: Sequence[Report]
    neighbours: Sequence[int] = ()


Made = Sequence[Sheet]  # of each table of LAYOUT
Make = Callable[[Iterable[Batch]], Iterator[Made]]


class Maker:
    """`history` and `failures` draw from `random`."""

    def __init__(self, random: Random, history: History, failures: Failures, sheets: Sheets) -> None:
        self._random, self._history, self._failures, self._sheets = random, history, failures, sheets

    def made(self, batch: Batch) -> Made:
        self._random.seed(batch.seed)
        cases = [self._history.case(report, batch.neighbours) for report in batch.reports]
        citizens = [self._citizen(one, batch.reports[0].at) for one in batch.newcomers]
        failed = [row for case in cases for row in self._failures.of(case)]
        return self._sheets.made({"citizens": citizens, **rows(cases), "outbox": failed})

    def _citizen(self, one: Reporter, since: int) -> tuple[object, ...]:
        name = address(one.id)
        found = self._sheets.contact_hash(one.channel, name)
        return (one.id, one.channel, found, name, one.language, False, False, None, True, since, None, None)


def rows(cases: Iterable[Case]) -> dict[str, Rows]:
    """Of the tables that are about tickets, by their columns in LAYOUT."""
    cases = list(cases)
    return {
        "tickets": [case.row() for case in cases],
        "updates": list(chain.from_iterable(case.updates for case in cases)),
        "ticket_words": [case.words() for case in cases],
        "followers": [(case.number, *joined) for case in cases for joined in case.neighbours.items()],
        "ratings": [(case.number, *given, *rating) for case in cases for given, rating in case.ratings.items()],
        "closures": [
            (case.number, *question, None, asked, answer)
            for case in cases for question, (asked, answer) in case.closures.items()
        ],
    }  # fmt: skip


@contextmanager
def making(maker: Maker, processes: int) -> Iterator[Make]:
    """What makes the rows of each batch, in order; with no processes this one does. They are forked and know what
    `maker` knows, so no database may be open yet. What is made raises MakerDied."""
    with ExitStack() as stack:
        lines = [stack.enter_context(_process(maker)) for _ in range(processes)]
        yield partial(_made, lines) if lines else partial(map, maker.made)


def _made(lines: Sequence[Connection], batches: Iterable[Batch]) -> Iterator[Made]:
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
            theirs.send(maker.made(batch) if batch else _OVER)
    except (EOFError, ConnectionError):
        return


def _give(line: Connection, batch: Batch | None) -> None:
    with _alive():
        line.send(batch)


def _taken(line: Connection) -> Made | None:
    with _alive():
        made: Made | None = line.recv()
    return made


@contextmanager
def _alive() -> Iterator[None]:
    """Raises MakerDied where the other side has ended."""
    try:
        yield
    except (EOFError, OSError):  # at the end of what it sent, or in the midst of it
        raise MakerDied(str(MakerDied.__doc__)) from None
