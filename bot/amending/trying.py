"""A dry run: which tickets of the last days other rules would have led elsewhere. Writes nothing.

Where service and area tell it, all tickets are counted by the database, however many; where words decide, the newest
are opened here, so many and for so long as a clerk waits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from bot.ports import Store, UnitOfWork
from bot.ports.routes import Filed, Kind, Sort
from handlers.phrases.stems import stems
from tickets.routing import Report, Tables

DAYS: Final = 30
READ: Final = 5_000  # tickets whose words are read
SECONDS: Final = 3.0  # for which they are
SHOWN: Final = 50
_BATCH = 50  # so that whoever else waits for the loop waits for some ms
_Leg = tuple[str, str]  # from a department to another, by their codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A ticket that would have gone elsewhere."""

    ticket: Filed
    old: str
    new: str


@dataclass(slots=True, kw_only=True)
class Trial:
    """`legs`: how many would go from which department to which; `looked`: how many tickets were looked at, of `filed`;
    where that is fewer, these were the newest, and of the others only those counted of which no words are needed."""

    filed: int = 0
    looked: int = 0
    legs: Counter[_Leg] = field(default_factory=Counter)
    moved: list[Moved] = field(default_factory=list)
    since: datetime | None = None  # the oldest whose words were read, where not all were

    @property
    def total(self) -> int:
        return sum(self.legs.values())

    @property
    def whole(self) -> bool:
        return self.looked >= self.filed


async def tried(store: Store, tables: Tables, now: datetime) -> Trial:
    """Raises StoreUnavailable."""
    since, trial = now - timedelta(days=DAYS), Trial()
    async with store.view() as view:
        by_words, certain = _counted(trial, await view.routes.sorts(since), tables)
        await _read(trial, view, by_words, tables, since)
        await _sampled(trial, view, certain, since)
    trial.moved = sorted(trial.moved, key=lambda one: one.ticket.filed_at, reverse=True)[:SHOWN]
    return trial


def _counted(trial: Trial, sorts: Sequence[Sort], tables: Tables) -> tuple[list[Kind], Mapping[Kind, _Leg]]:
    """Those that words decide, and those that go elsewhere whatever they say."""
    by_words, certain = [], {}
    for sort in sorts:
        trial.filed += sort.tickets
        known = tables.known(sort.service, sort.area)
        if known is None:
            by_words.append((sort.service, sort.area))
            continue
        trial.looked += sort.tickets
        if known[0] != known[1]:
            certain[sort.service, sort.area] = known
            trial.legs[known] += sort.tickets
    return by_words, certain


async def _read(trial: Trial, view: UnitOfWork, kinds: Sequence[Kind], tables: Tables, since: datetime) -> None:
    """The loop goes on between two batches: others are served meanwhile."""
    before, left, end = None, READ, monotonic() + SECONDS
    while kinds and left > 0 and monotonic() < end:
        some, before = await view.routes.filed(kinds, since, before, min(_BATCH, left))
        for one in some:
            _judge(trial, one, tables)
        trial.looked += len(some)
        left -= _BATCH
        if before is None:
            trial.looked = trial.filed  # also where some could not be opened any more
            return
    trial.since = before[0] if before else None


def _judge(trial: Trial, one: Filed, tables: Tables) -> None:
    report = Report(service=one.service, usual=tables.usual[one.service], area=one.area, text=one.words)
    leg = tables.apart(report, stems)
    if leg:
        trial.legs[leg] += 1
        if len(trial.moved) < SHOWN:
            trial.moved.append(Moved(ticket=one, old=leg[0], new=leg[1]))


async def _sampled(trial: Trial, view: UnitOfWork, certain: Mapping[Kind, _Leg], since: datetime) -> None:
    if not certain:
        return
    some, _ = await view.routes.filed(list(certain), since, None, SHOWN)
    for one in some:
        old, new = certain[one.service, one.area]
        trial.moved.append(Moved(ticket=one, old=old, new=new))
