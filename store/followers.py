"""Neighbours who joined a report. The ticket keeps how many they are; only here stands who."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from handlers.turn import Citizen
from store.citizens import citizen_of
from store.codec import UNOPENED
from store.statement import Statement
from store.tables import citizens, followers
from store.tickets import Tickets
from store.transaction import Transaction
from tickets.model import Ticket

_ADD = Statement(
    lambda insert: (
        insert(followers)
        .values(number=bindparam("number_"), citizen=bindparam("citizen_"), since=bindparam("since_"))
        .on_conflict_do_nothing(index_elements=[followers.c.number, followers.c.citizen])
        .returning(followers.c.citizen)
    )
)
_REMOVE = Statement(
    lambda _insert: (
        delete(followers)
        .where(followers.c.number == bindparam("number_"), followers.c.citizen == bindparam("citizen_"))
        .returning(followers.c.citizen)
    )
)
_OF_TICKET = Statement(
    lambda _insert: (
        select(citizens)
        .join(followers, followers.c.citizen == citizens.c.id)
        .where(followers.c.number == bindparam("number_"))
        .order_by(followers.c.since, followers.c.citizen)
    )
)


class Followers:
    """Keeps `bot.ports.Followers`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, number: str, citizen: int, now: datetime) -> bool:
        return bool(await self._tx.run(_ADD, {"number_": number, "citizen_": citizen, "since_": now}))

    async def remove(self, number: str, citizen: int) -> bool:
        return bool(await self._tx.run(_REMOVE, {"number_": number, "citizen_": citizen}))

    async def bring(self, number: str, citizens: Collection[int], via: str, now: datetime) -> int:
        rows = [{"number": number, "citizen": one, "since": now, "via": via} for one in sorted(citizens)]
        if not rows:
            return 0
        added = self._tx.insert(followers).values(rows)
        key = [followers.c.number, followers.c.citizen]
        return await self._tx.changed(added.on_conflict_do_nothing(index_elements=key))

    async def send_back(self, number: str, via: str) -> int:
        came = delete(followers).where(followers.c.number == number, followers.c.via == via)
        return await self._tx.changed(came)

    async def follows(self, number: str, citizen: int) -> bool:
        return await Tickets(self._tx).follows(number, citizen)

    async def of_ticket(self, number: str) -> Sequence[Citizen]:
        """Without those who are sealed with a key that is lost: nobody can write to them, and the others are told."""
        found = []
        for row in await self._tx.run(_OF_TICKET, {"number_": number}):
            with suppress(*UNOPENED):
                found.append(citizen_of(row, self._tx.codec))
        return found

    async def of_citizen(self, citizen: int, limit: int) -> Sequence[Ticket]:
        return await Tickets(self._tx).followed_by(citizen, limit)
