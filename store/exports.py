"""Copies of citizens' data that wait, sealed, to be fetched by their link. Of a link's token only the hash is kept."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from store.dossier import Dossier
from store.tables import exports
from store.transaction import Transaction


class Exports:
    """Keeps `bot.ports.Exports`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def everything(self, citizen: int) -> Mapping[str, object]:
        return await Dossier(self._tx, citizen).whole()

    async def keep(self, token: str, citizen: int, content: str, until: datetime) -> None:
        await self._tx.execute(delete(exports).where(exports.c.citizen == citizen))
        sealed = self._tx.codec.pack(exports.c.content, content)
        row = {"token_hash": self._hashes(token)[0], "citizen": citizen, "content": sealed, "until": until}
        await self._tx.execute(exports.insert().values(row))

    async def fetch(self, token: str, now: datetime) -> str | None:
        meant = select(exports.c.content).where(exports.c.token_hash.in_(self._hashes(token)), exports.c.until > now)
        sealed = (await self._tx.execute(meant)).scalar()
        return self._tx.codec.readable(exports.c.content, sealed, str) if sealed else None

    async def forget(self, now: datetime) -> int:
        return await self._tx.changed(delete(exports).where(exports.c.until <= now))

    def _hashes(self, token: str) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("export", token)
