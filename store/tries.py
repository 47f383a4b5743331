"""Tries that did not succeed. Only keyed hashes of logins and addresses are stored, and of them only so many."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.ports.tries import Key, Tally
from store.tables import tries
from store.transaction import Transaction

MOST = 20_000  # rows


class Tries:
    """Keeps `bot.ports.tries.Tries`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def held(self, keys: Sequence[Key], now: datetime) -> Mapping[Key, Tally]:
        """In the order of their hashes: two who hold the same keys never wait for each other."""
        hashes = {self._hash(key): key for key in keys}
        fresh = [{"hash": one, "tries": 0, "free_at": now, "last": now} for one in sorted(hashes)]
        if await self._tx.changed(self._tx.insert(tries).values(fresh).on_conflict_do_nothing(index_elements=["hash"])):
            await self._bound(len(fresh))
        mine = select(tries).where(tries.c.hash.in_(hashes)).order_by(tries.c.hash).with_for_update()
        rows = await self._tx.execute(mine)
        return {hashes[row.hash]: Tally(row.tries, row.free_at, row.last) for row in rows}

    async def keep(self, key: Key, tally: Tally) -> None:
        values = {"tries": tally.tries, "free_at": tally.free_at, "last": tally.last}
        await self._tx.execute(update(tries).where(tries.c.hash == self._hash(key)).values(values))

    async def forget(self, key: Key) -> None:
        await self._tx.execute(tries.delete().where(tries.c.hash == self._hash(key)))

    async def _bound(self, more: int) -> None:
        """The ones untouched for longest; what somebody else holds stays for now."""
        oldest = select(tries.c.hash).order_by(tries.c.last.desc(), tries.c.hash).offset(MOST)
        gone = list((await self._tx.execute(oldest.limit(10 * more).with_for_update(skip_locked=True))).scalars())
        if gone:
            await self._tx.execute(tries.delete().where(tries.c.hash.in_(gone)))

    def _hash(self, key: Key) -> bytes:
        return self._tx.codec.seal.lookup("tries", *key)
