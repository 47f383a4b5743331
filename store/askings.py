"""Who was asked whether they want to be told of what a program filed for them, and the reports that wait for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.ports.askings import Asking
from store import tokens
from store.tables import askings, untold
from store.transaction import Transaction

_LINK = "askings.link"


class Askings:
    """Keeps `bot.ports.askings.Askings`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, citizen: int) -> Asking | None:
        rows = await self._tx.execute(select(askings).where(askings.c.citizen == citizen))
        return next((Asking(at=row.at, said=row.said) for row in rows), None)

    async def asked(self, citizen: int, at: datetime) -> None:
        row = self._tx.insert(askings).values(citizen=citizen, at=at, said=None)
        await self._tx.execute(row.on_conflict_do_update(index_elements=["citizen"], set_={"at": at}))

    async def answered(self, citizen: int, *, said: bool) -> None:
        await self._tx.execute(update(askings).where(askings.c.citizen == citizen).values(said=said))

    async def wait(self, number: str, citizen: int, at: datetime) -> None:
        row = self._tx.insert(untold).values(number=number, citizen=citizen, at=at)
        await self._tx.execute(row.on_conflict_do_nothing(index_elements=["number"]))

    async def waiting(self, citizen: int) -> Sequence[str]:
        theirs = select(untold.c.number).where(untold.c.citizen == citizen).order_by(untold.c.number)
        return list((await self._tx.execute(theirs)).scalars())

    async def settle(self, citizen: int) -> None:
        await self._tx.execute(delete(untold).where(untold.c.citizen == citizen))

    def token(self, citizen: int, until: datetime) -> str:
        return tokens.sealed(self._tx.codec.seal, _LINK, str(citizen), until)

    def holder(self, token: str, now: datetime) -> int | None:
        citizen = tokens.opened(self._tx.codec.seal, _LINK, token, now)
        return int(citizen) if citizen else None

    async def forget(self, before: datetime) -> int:
        return await self._tx.changed(delete(untold).where(untold.c.at < before))
