"""Contacts that said STOP, as keyed hashes. They outlive the citizen: STOP holds after an erasure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from channels.message import Contact
from store import tokens
from store.statement import Statement, listed, places
from store.tables import silenced
from store.transaction import Transaction

_LINK = "silenced.link"
_AMONG = Statement(
    lambda _insert, size: select(silenced.c.contact_hash).where(silenced.c.contact_hash.in_(places("hash", size)))
)


class Silenced:
    """Keeps `bot.ports.Silenced`. The hashes are those by which `citizens` are found."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, contact: Contact, now: datetime) -> None:
        row = self._tx.insert(silenced).values(contact_hash=self._hashes(contact)[0], since=now)
        await self._tx.execute(row.on_conflict_do_nothing(index_elements=[silenced.c.contact_hash]))

    async def remove(self, contact: Contact) -> None:
        await self._tx.execute(delete(silenced).where(silenced.c.contact_hash.in_(self._hashes(contact))))

    async def has(self, contact: Contact) -> bool:
        return bool(await self.among(self._hashes(contact)))

    async def among(self, hashes: Iterable[bytes]) -> set[bytes]:
        """Those of these hashes, by whichever key, that are silenced."""
        values, size = listed("hash", list(hashes))
        return {row.contact_hash for row in await self._tx.run(_AMONG, values, size)}

    def token(self, contact: Contact, until: datetime) -> str:
        return tokens.sealed(self._tx.codec.seal, _LINK, f"{contact.channel} {contact.address}", until)

    def holder(self, token: str, now: datetime) -> Contact | None:
        channel, blank, address = (tokens.opened(self._tx.codec.seal, _LINK, token, now) or "").partition(" ")
        return Contact(channel=channel, address=address) if blank else None

    def _hashes(self, contact: Contact) -> Sequence[bytes]:
        return self._tx.codec.seal.lookups("contact", contact.channel, contact.address)
