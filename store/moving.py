"""Tickets that come from another system, many at once. What their source said of them is kept as a keyed hash only."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.ports import Taken
from bot.ports.moving import Moved, Newcomer
from store.statement import Statement, listed, many, places
from store.tables import moved_in, tickets, tombstones, updates
from store.tickets import ticket_row, update_row
from store.transaction import Transaction
from store.words import Words

_AT_ONCE = 500  # values of one IN
_KNOWN = Statement(
    lambda _insert, size: select(moved_in.c.external, moved_in.c.number, moved_in.c.version, moved_in.c.mark).where(
        moved_in.c.source == bindparam("source_"), moved_in.c.external.in_(places("external", size))
    )
)
_ADD = many(
    tuple(moved_in.c.keys()),
    lambda insert: insert.on_conflict_do_nothing().returning(moved_in.c.number),
    moved_in,
)
_FILE = many(
    tuple(tickets.c.keys()),
    lambda insert: insert.on_conflict_do_nothing(index_elements=[tickets.c.number]).returning(tickets.c.number),
    tickets,
)
_APPEND = many(tuple(updates.c.keys()), lambda insert: insert, updates)


class Moving:
    """Keeps `bot.ports.moving.Moving`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def known(self, source: str, contents: Mapping[str, str]) -> Mapping[str, Moved]:
        found: dict[str, Moved] = {}
        for some in _slices(list(contents)):
            values, size = listed("external", some)
            for row in await self._tx.run(_KNOWN, {"source_": source} | values, size):
                same = row.mark in self._marks(source, row.external, contents[row.external])
                found[row.external] = Moved(number=row.number, version=row.version, same=same)
        return found

    async def taken(self, numbers: Collection[str]) -> frozenset[str]:
        found: set[str] = set()
        for some in _slices(list(numbers)):
            for column in (tickets.c.number, moved_in.c.number, tombstones.c.number):
                found |= set((await self._tx.execute(select(column).where(column.in_(some)))).scalars())
        return frozenset(found)

    async def file(self, source: str, newcomers: Sequence[Newcomer], at: datetime) -> None:
        rows = [self._row(source, one, at) for one in newcomers]
        if len(await self._tx.put(_ADD, rows)) < len(rows):
            raise Taken(f"A case of {source} came meanwhile")
        codec = self._tx.codec
        filed = [ticket_row(one.ticket, codec, one.updates[-1].at) for one in newcomers]
        if len(await self._tx.put(_FILE, filed)) < len(filed):
            raise Taken("A number is taken")
        await self._tx.put(_APPEND, [update_row(each, codec) for one in newcomers for each in one.updates])
        await Words(self._tx).of_tickets((one.ticket, one.updates) for one in newcomers)

    async def keep(self, source: str, external: str, content: str, version: int, at: datetime) -> None:
        same = (moved_in.c.source == source) & (moved_in.c.external == external)
        new = {"mark": self._marks(source, external, content)[0], "version": version, "at": at}
        await self._tx.execute(update(moved_in).where(same).values(new))

    def _row(self, source: str, one: Newcomer, at: datetime) -> dict[str, Any]:
        return {
            "source": source,
            "external": one.external,
            "number": one.ticket.number,
            "version": one.ticket.version,
            "mark": self._marks(source, one.external, one.content)[0],
            "at": at,
        }

    def _marks(self, source: str, external: str, content: str) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("moved_in", source, external, content)


def _slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(values), _AT_ONCE):
        yield values[first : first + _AT_ONCE]
