"""Tickets that a body beyond the city has. Of the token in its link only a keyed hash is stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.ports.links import Referral
from store.codec import Codec
from store.statement import Statement
from store.tables import referrals
from store.transaction import Transaction

_OF_TICKET = Statement(
    lambda _insert: select(referrals).where(referrals.c.number == bindparam("number_")).order_by(referrals.c.id)
)


class Referrals:
    """Keeps `bot.ports.links.Referrals`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, referral: Referral, token: str) -> int:
        codec = self._tx.codec
        row = {
            "number": referral.number,
            "token_hash": self._hashes(token)[0],
            "body": referral.body,
            "address": codec.pack(referrals.c.address, referral.address),
            "language": referral.language,
            "note": codec.pack(referrals.c.note, referral.note),
            "at": referral.at,
            "login": referral.login,
        }
        return int((await self._tx.execute(referrals.insert().values(row).returning(referrals.c.id))).scalar_one())

    async def by_token(self, token: str) -> Referral | None:
        row = (await self._tx.execute(select(referrals).where(referrals.c.token_hash.in_(self._hashes(token))))).first()
        return _read(row, self._tx.codec) if row else None

    async def used(self, token: str) -> None:
        first, *older = self._hashes(token)
        if older:
            theirs = update(referrals).where(referrals.c.token_hash.in_(older))
            await self._tx.execute(theirs.values(token_hash=first))

    async def of_ticket(self, number: str) -> Sequence[Referral]:
        rows = await self._tx.run(_OF_TICKET, {"number_": number})
        return [_read(row, self._tx.codec) for row in rows]

    async def end(self, wanted: int, at: datetime) -> bool:
        running = (referrals.c.id == wanted) & referrals.c.ended_at.is_(None)
        return await self._tx.changed(update(referrals).where(running).values(ended_at=at)) == 1

    def _hashes(self, token: str) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("referral", token)


def _read(row: Any, codec: Codec) -> Referral:
    return Referral(
        id=row.id,
        number=row.number,
        body=row.body,
        address=codec.unpack(referrals.c.address, row.address, str),
        language=row.language,
        note=codec.unpack(referrals.c.note, row.note, str),
        at=row.at,
        login=row.login,
        ended_at=row.ended_at,
    )
