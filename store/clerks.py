"""Clerks and the lists they keep. Their log-ins stand in `store.logins`, what opens once in `store.passes`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.ports import Clerk, SavedList, Taken
from channels.message import Contact
from store.codec import Codec
from store.passes import Passes
from store.statement import Statement
from store.tables import clerks, saved
from store.transaction import Transaction
from tickets.rights import Role

_GET = Statement(
    lambda _insert: select(clerks).where(clerks.c.login == bindparam("login_"), clerks.c.ended_at.is_(None))
)
_ALL = Statement(lambda _insert: select(clerks).order_by(clerks.c.login))
_SAVED = Statement(lambda _insert: select(saved).where(saved.c.login == bindparam("login_")).order_by(saved.c.name))


class Clerks(Passes):
    """Keeps `bot.ports.Clerks`."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)

    async def add(self, clerk: Clerk) -> None:
        row = {"login": clerk.login, **_row(clerk, self._tx.codec)}
        insert = self._tx.insert(clerks).values(row).on_conflict_do_nothing()
        if await self._tx.changed(insert) == 0:  # of this login, or of this subject
            raise Taken(f"There is a clerk {clerk.login} already")

    async def change(self, clerk: Clerk) -> bool:
        changed = update(clerks).where(clerks.c.login == clerk.login).values(_row(clerk, self._tx.codec))
        return await self._tx.changed(changed) == 1

    async def get(self, login: str) -> Clerk | None:
        row = next(iter(await self._tx.run(_GET, {"login_": login})), None)
        return _clerk(row, self._tx.codec) if row else None

    async def by_subject(self, subject: str) -> Clerk | None:
        return await self._one(clerks.c.subject == subject)

    async def all(self) -> Sequence[Clerk]:
        return [_clerk(row, self._tx.codec) for row in await self._tx.run(_ALL, {})]

    async def hold(self) -> Sequence[Clerk]:
        held = select(clerks).order_by(clerks.c.login).with_for_update(key_share=True)  # log-ins may go on meanwhile
        return [_clerk(row, self._tx.codec) for row in await self._tx.execute(held)]

    async def take_code(self, login: str, step: int) -> bool:
        fresh = (clerks.c.login == login) & (clerks.c.second_used < step)
        return await self._tx.changed(update(clerks).where(fresh).values(second_used=step)) == 1

    async def saved(self, login: str) -> Sequence[SavedList]:
        rows = await self._tx.run(_SAVED, {"login_": login})
        return [SavedList(name=row.name, query=row.query) for row in rows]

    async def save(self, login: str, kept: SavedList, at: datetime) -> None:
        insert = self._tx.insert(saved).values(login=login, name=kept.name, query=kept.query, at=at)
        key = [saved.c.login, saved.c.name]
        await self._tx.execute(insert.on_conflict_do_update(index_elements=key, set_={"query": kept.query, "at": at}))

    async def unsave(self, login: str, name: str) -> None:
        await self._tx.execute(saved.delete().where(saved.c.login == login, saved.c.name == name))

    async def _one(self, which: Any) -> Clerk | None:
        row = (await self._tx.execute(select(clerks).where(which, clerks.c.ended_at.is_(None)))).first()
        return _clerk(row, self._tx.codec) if row else None


def _row(clerk: Clerk, codec: Codec) -> dict[str, Any]:
    """Without the login. `second_used` is for `take_code` alone, lest a stale account take it back."""
    return {
        "name": clerk.name,
        "language": clerk.language,
        "password": clerk.password,
        "role": clerk.role,
        "department": clerk.department,
        "contacts": clerk.contacts,
        "second": codec.pack(clerks.c.second, clerk.second) if clerk.second else None,
        "subject": clerk.subject,
        "reach": codec.pack(clerks.c.reach, clerk.reach) if clerk.reach else None,
        "made_at": clerk.made_at,
        "ended_at": clerk.ended_at,
    }


def _clerk(row: Any, codec: Codec) -> Clerk:
    return Clerk(
        login=row.login,
        name=row.name,
        language=row.language,
        password=row.password,
        role=Role(row.role),
        department=row.department,
        contacts=row.contacts,
        second=codec.unpack(clerks.c.second, row.second, str) if row.second else None,
        second_used=row.second_used,
        subject=row.subject,
        reach=codec.unpack(clerks.c.reach, row.reach, Contact) if row.reach else None,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )
