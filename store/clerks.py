"""Clerks and their log-ins. Of a session's token only a keyed hash is stored."""

from datetime import datetime

from sqlalchemy import select

from bot.ports import Clerk, Session, Taken
from store.tables import clerks, sessions
from store.transaction import Transaction


class Clerks:
    """Keeps `bot.ports.Clerks`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, clerk: Clerk) -> None:
        row = {"login": clerk.login, "name": clerk.name, "language": clerk.language, "password": clerk.password}
        insert = self._tx.insert(clerks).values(row).on_conflict_do_nothing(index_elements=[clerks.c.login])
        if await self._tx.changed(insert) == 0:
            raise Taken(f"There is a clerk {clerk.login} already")

    async def get(self, login: str) -> Clerk | None:
        row = (await self._tx.execute(select(clerks).where(clerks.c.login == login))).first()
        return Clerk(login=row.login, name=row.name, language=row.language, password=row.password) if row else None

    async def open_session(self, session: Session) -> None:
        """Also forgets those that have expired."""
        await self._tx.execute(sessions.delete().where(sessions.c.expires_at <= self._tx.clock.now()))
        row = {
            "token_hash": self._hashes(session.token)[0],
            "login": session.login,
            "csrf": self._tx.codec.pack(sessions.c.csrf, session.csrf),
            "expires_at": session.expires_at,
        }
        await self._tx.execute(sessions.insert().values(row))

    async def session(self, token: str, now: datetime) -> Session | None:
        known = sessions.c.token_hash.in_(self._hashes(token)) & (sessions.c.expires_at > now)
        row = (await self._tx.execute(select(sessions).where(known))).first()
        if row is None:
            return None
        csrf = self._tx.codec.unpack(sessions.c.csrf, row.csrf, str)
        return Session(token=token, login=row.login, csrf=csrf, expires_at=row.expires_at)

    async def close_session(self, token: str) -> None:
        await self._tx.execute(sessions.delete().where(sessions.c.token_hash.in_(self._hashes(token))))

    def _hashes(self, token: str) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("session", token)
