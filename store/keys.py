"""Keys of other programs, as keyed hashes, and what was sent by them, likewise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.ports import Taken
from bot.ports.keys import Key, Scope
from store.tables import api_keys, postings
from store.transaction import Transaction


class Keys:
    """Keeps `bot.ports.keys.Keys`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, key: Key, secret: str) -> None:
        row = {
            "name": key.name,
            "hash": self._hashes(secret)[0],
            "scopes": " ".join(sorted(key.scopes)),
            "rate": key.rate,
            "made_at": key.made_at,
            "made_by": key.made_by,
            "expires_at": key.expires_at,
        }
        fresh = self._tx.insert(api_keys).values(row).on_conflict_do_nothing(index_elements=["name"])
        if not await self._tx.changed(fresh):
            raise Taken(f"There is a key {key.name} already")

    async def find(self, secret: str) -> Key | None:
        rows = await self._tx.execute(select(api_keys).where(api_keys.c.hash.in_(self._hashes(secret))))
        return next((_key(row) for row in rows), None)

    async def all(self) -> Sequence[Key]:
        return [_key(row) for row in await self._tx.execute(select(api_keys).order_by(api_keys.c.name))]

    async def revoke(self, name: str, at: datetime) -> bool:
        meant = (api_keys.c.name == name) & api_keys.c.revoked_at.is_(None)
        return await self._tx.changed(update(api_keys).where(meant).values(revoked_at=at)) == 1

    async def used(self, secret: str, day: datetime) -> None:
        """Hashed anew by today's key: who goes on using it is known after an old one was taken away."""
        hashes = self._hashes(secret)
        theirs = update(api_keys).where(api_keys.c.hash.in_(hashes))
        await self._tx.execute(theirs.values(used_on=day, hash=hashes[0]))

    def _hashes(self, secret: str) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("api key", secret)


class Postings:
    """Keeps `bot.ports.keys.Postings`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def once(self, sent: Sequence[str], number: str, now: datetime, until: datetime) -> str:
        """The row is locked by whoever makes it: of two at once the second waits, and finds it."""
        hashes = self._hashes(sent)
        await self._tx.execute(delete(postings).where(postings.c.hash.in_(hashes), postings.c.until <= now))
        row = self._tx.insert(postings).values(hash=hashes[0], number=number, until=until)
        if await self._tx.changed(row.on_conflict_do_nothing(index_elements=["hash"])):
            before = await self._number(hashes[1:]) if hashes[1:] else None  # by a key that was replaced since
        else:
            before = await self._number(hashes)
        return before or number

    async def number(self, sent: Sequence[str], now: datetime) -> str | None:
        hashes = self._hashes(sent)
        kept = select(postings.c.number).where(postings.c.hash.in_(hashes), postings.c.until > now)
        return (await self._tx.execute(kept.limit(1))).scalar()

    async def forget(self, now: datetime) -> int:
        return await self._tx.changed(delete(postings).where(postings.c.until <= now))

    async def _number(self, hashes: Sequence[bytes]) -> str | None:
        kept = select(postings.c.number).where(postings.c.hash.in_(hashes)).limit(1)
        return (await self._tx.execute(kept)).scalar()

    def _hashes(self, sent: Sequence[str]) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("posting", *sent)


def _key(row: Any) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        scopes=frozenset(Scope(code) for code in row.scopes.split() if code in set(Scope)),
        rate=row.rate,
        made_at=row.made_at,
        made_by=row.made_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_on=row.used_on,
    )
