"""Seals anew, with the newest key, what older keys sealed, table by table in the order of the primary key.

Every `Sealed` column of the metadata, so that a column that comes later is not forgotten. A value is written only over
the very bytes that were read: whoever changed the row meanwhile did so with the newest key. Where it was stopped it
goes on by itself: what is sealed with the newest key is passed over by its mark.

Of hashes only those can be made anew whose address stands somewhere: a citizen's, what STOP holds of them with it, and
of who unsubscribed from the digest. Those of sessions and messages end by themselves; those of API keys, links, second
factors' codes and STOPs of erased people have nothing they could be made from, and are looked up by each key
(docs/operations.md, "Change the secret key").
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, and_, delete, func, literal, or_, select, tuple_, update

from bot.ports.rotation import Marks, Part, Step
from channels.mailbox import CHANNEL as EMAIL
from channels.message import Contact
from store.codec import Codec
from store.seal import MARK, Unsealable
from store.tables import citizens, metadata, silenced, unsubscribed
from store.transaction import Transaction
from store.types import Sealed
from store.unsubscribed import hashes

REHASHED: Final = frozenset({citizens.c.contact_hash, silenced.c.contact_hash, unsubscribed.c.address_hash})
_AT_ONCE = 500  # rows of citizens that are looked through for addresses


class Rotation:
    """Keeps `bot.ports.rotation.Rotation`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def tables(self) -> Sequence[str]:
        named = [table.name for table in metadata.sorted_tables if _sealed(table)]
        return sorted(named, key=lambda name: name != citizens.name)  # the others as they were

    async def step(self, part: Part, limit: int) -> Step:
        table = metadata.tables[part.table]
        rows = await self._rows(table, part.after, limit)
        done = [await self._renew(table, row) for row in rows]
        last = part if len(rows) == limit else None
        return Step(
            looked=len(rows), sealed=sum(n for n, _ in done), lost=sum(n for _, n in done),
            next=last and Part(table=part.table, after=tuple(rows[-1]._mapping[c] for c in _key(table))),
        )  # fmt: skip

    async def old(self) -> Mapping[str, int]:
        found = {}
        for table in metadata.sorted_tables:
            for column in _sealed(table):
                many = await self._tx.execute(select(func.count()).select_from(table).where(self._is_old(column)))
                if count := many.scalar_one():
                    found[str(column)] = int(count)
        return found

    async def marks(self, addresses: Sequence[str]) -> Marks:
        """Few unsubscribe, so that all their hashes are held here; the citizens are walked only while some are open."""
        seal = self._tx.codec.seal
        open_ = {bytes(one) for one in (await self._tx.execute(select(unsubscribed.c.address_hash))).scalars()}
        older: dict[bytes, bytes] = {}
        if seal.keys == 1 or not open_:
            return Marks(older={}, unknown=0)
        async for address in self._addresses(addresses):
            newest, *others = hashes(seal, address)
            older |= dict.fromkeys(open_.intersection(others), newest)
            open_ -= {newest, *others}
            if not open_:
                break
        return Marks(older=older, unknown=len(open_))

    async def move(self, marks: Marks) -> int:
        moved = 0
        for old, new in marks.older.items():
            gone = delete(unsubscribed).where(unsubscribed.c.address_hash == old).returning(unsubscribed.c.at)
            if (at := (await self._tx.execute(gone)).scalar()) is not None:
                row = self._tx.insert(unsubscribed).values(address_hash=new, at=at)
                await self._tx.execute(row.on_conflict_do_nothing(index_elements=[unsubscribed.c.address_hash]))
                moved += 1
        return moved

    async def _addresses(self, given: Sequence[str]) -> AsyncIterator[str]:
        """These, and those of e-mail that any citizen has."""
        for address in given:
            yield address
        after, codec = 0, self._tx.codec
        some = select(citizens.c.id, citizens.c.address).where(citizens.c.channel == EMAIL).order_by(citizens.c.id)
        while rows := (await self._tx.execute(some.where(citizens.c.id > after).limit(_AT_ONCE))).all():
            after = rows[-1].id
            for row in rows:
                found = codec.readable(citizens.c.address, row.address, str)
                if found is not None:
                    yield found

    async def _rows(self, table: Table, after: Sequence[object], limit: int) -> Sequence[Row[Any]]:
        """The next ones that hold something old."""
        key = _key(table)
        some = select(table).where(or_(*map(self._is_old, _sealed(table)))).order_by(*key).limit(limit)
        if after:
            begin = [literal(value, column.type) for value, column in zip(after, key, strict=True)]
            some = some.where(tuple_(*key) > tuple_(*begin))
        return (await self._tx.execute(some)).all()

    def _is_old(self, column: ColumnElement[bytes]) -> ColumnElement[bool]:
        newest = self._tx.codec.seal.newest
        return and_(column.is_not(None), func.substr(column, 1, MARK) != newest)

    async def _renew(self, table: Table, row: Row[Any]) -> tuple[int, int]:
        """How many of its values were sealed anew, and how many no key opens."""
        values: dict[str, bytes] = {}
        lost, before = 0, row._mapping
        for column in _sealed(table):
            fresh = _fresh(self._tx.codec, str(column), before[column])
            lost += fresh == b""
            values |= {column.name: fresh} if fresh else {}
        if not values:
            return 0, lost
        same = [table.c[name] == before[table.c[name]] for name in values]
        here = [column == before[column] for column in _key(table)]
        found = await self._found(row) if table is citizens else {}
        changed = await self._tx.changed(update(table).where(*here, *same).values({**values, **found}))
        return len(values) if changed else 0, lost

    async def _found(self, row: Row[Any]) -> Mapping[str, bytes]:
        """The hash by which this citizen is found from now on; their STOP with it. None where somebody is found by the
        new one already: two processes that had different keys met the same person."""
        address = self._tx.codec.readable(citizens.c.address, row.address, str)
        if address is None:
            return {}
        contact = Contact(channel=row.channel, address=address)
        newest, *older = self._tx.codec.seal.lookups("contact", contact.channel, contact.address)
        taken = select(citizens.c.id).where(citizens.c.contact_hash == newest)
        if row.contact_hash == newest or (await self._tx.execute(taken)).first():
            return {}
        moved = update(silenced).where(silenced.c.contact_hash.in_(older)).values(contact_hash=newest)
        if not (await self._tx.execute(select(silenced).where(silenced.c.contact_hash == newest))).first():
            await self._tx.execute(moved)
        return {"contact_hash": newest}


def _fresh(codec: Codec, purpose: str, sealed: bytes | None) -> bytes | None:
    """Sealed anew; None where it need not be, nothing where no key opens it."""
    if sealed is None or codec.seal.is_newest(sealed):
        return None
    try:
        return codec.seal.seal(codec.seal.open(sealed, purpose), purpose)
    except Unsealable:
        return b""


def _sealed(table: Table) -> list[Any]:
    return [column for column in table.c if isinstance(column.type, Sealed)]


def _key(table: Table) -> list[Any]:
    return list(table.primary_key.columns)
