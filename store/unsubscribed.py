"""Addresses that want no digest any more, as keyed hashes: nobody reads the list, and it outlives every edition."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from store import tokens
from store.seal import Seal
from store.tables import unsubscribed
from store.transaction import Transaction

_PURPOSE = "unsubscribed"
_LINK = "unsubscribed.link"


class Unsubscribed:
    """Keeps `bot.ports.Unsubscribed`. A token is the address and its end, sealed and in base64url: nobody without our
    key reads or makes one."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, address: str, now: datetime) -> None:
        row = self._tx.insert(unsubscribed).values(address_hash=self._hashes(address)[0], at=now)
        await self._tx.execute(row.on_conflict_do_nothing(index_elements=[unsubscribed.c.address_hash]))

    async def remove(self, address: str) -> bool:
        meant = unsubscribed.c.address_hash.in_(self._hashes(address))
        return await self._tx.changed(delete(unsubscribed).where(meant)) > 0

    async def among(self, addresses: Sequence[str]) -> frozenset[str]:
        of = {key: address for address in addresses for key in self._hashes(address)}
        if not of:
            return frozenset()
        found = select(unsubscribed.c.address_hash).where(unsubscribed.c.address_hash.in_(of))
        return frozenset(of[bytes(key)] for key in (await self._tx.execute(found)).scalars())

    def token(self, address: str, until: datetime) -> str:
        return tokens.sealed(self._seal, _LINK, address, until)

    def holder(self, token: str, now: datetime) -> str | None:
        return tokens.opened(self._seal, _LINK, token, now)

    @property
    def _seal(self) -> Seal:
        return self._tx.codec.seal

    def _hashes(self, address: str) -> tuple[bytes, ...]:
        return hashes(self._seal, address)


def hashes(seal: Seal, address: str) -> tuple[bytes, ...]:
    """By each key, the newest first; whatever letters it is written in."""
    return seal.lookups(_PURPOSE, address.strip().lower())
