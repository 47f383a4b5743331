"""Clerks' sessions. Of a session's token only a keyed hash is stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.ports import Listed, Session
from store.statement import Statement, listed, places
from store.tables import sessions
from store.transaction import Transaction

_SESSION = Statement(
    lambda _insert, size: select(sessions).where(
        sessions.c.token_hash.in_(places("hash", size)), sessions.c.expires_at > bindparam("now_")
    )
)


class Logins:
    """The part of `bot.ports.Clerks` that is about sessions."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def open_session(self, session: Session) -> None:
        """Also forgets those that have expired."""
        await self._tx.execute(sessions.delete().where(sessions.c.expires_at <= self._tx.clock.now()))
        row = {
            "token_hash": self._hashes(session.token)[0],
            "login": session.login,
            "csrf": self._tx.codec.pack(sessions.c.csrf, session.csrf),
            "expires_at": session.expires_at,
            "opened_at": session.opened_at,
            "seen_at": session.seen_at,
            "agent": session.agent,
            "passed_at": session.passed_at,
            "hint": self._tx.codec.pack(sessions.c.hint, session.hint) if session.hint else None,
        }
        await self._tx.execute(sessions.insert().values(row))

    async def session(self, token: str, now: datetime) -> Session | None:
        hashes, size = listed("hash", self._hashes(token))
        row = next(iter(await self._tx.run(_SESSION, {"now_": now, **hashes}, size)), None)
        if row is None:
            return None
        return Session(
            token=token,
            login=row.login,
            csrf=self._tx.codec.unpack(sessions.c.csrf, row.csrf, str),
            expires_at=row.expires_at,
            opened_at=row.opened_at,
            seen_at=row.seen_at,
            agent=row.agent,
            passed_at=row.passed_at,
            hint=self._tx.codec.unpack(sessions.c.hint, row.hint, str) if row.hint else None,
        )

    async def seen(self, token: str, at: datetime) -> None:
        mine = sessions.c.token_hash.in_(self._hashes(token))
        await self._tx.execute(update(sessions).where(mine).values(seen_at=at))

    async def passed(self, token: str, at: datetime) -> None:
        mine = sessions.c.token_hash.in_(self._hashes(token))
        await self._tx.execute(update(sessions).where(mine).values(passed_at=at))

    async def close_session(self, token: str) -> None:
        await self._tx.execute(sessions.delete().where(sessions.c.token_hash.in_(self._hashes(token))))

    async def sessions(self, login: str, now: datetime) -> Sequence[Listed]:
        live = (sessions.c.login == login) & (sessions.c.expires_at > now)
        rows = await self._tx.execute(select(sessions).where(live).order_by(sessions.c.expires_at.desc()))
        return [
            Listed(
                key=row.token_hash.hex(),
                login=row.login,
                opened_at=row.opened_at,
                seen_at=row.seen_at,
                expires_at=row.expires_at,
                agent=row.agent,
            )
            for row in rows
        ]

    async def key(self, token: str) -> str:
        mine = select(sessions.c.token_hash).where(sessions.c.token_hash.in_(self._hashes(token)))
        found = (await self._tx.execute(mine)).scalar_one_or_none()
        return found.hex() if found else ""

    async def end_session(self, login: str, key: str) -> bool:
        try:
            named = (sessions.c.login == login) & (sessions.c.token_hash == bytes.fromhex(key))
        except ValueError:
            return False
        return await self._tx.changed(sessions.delete().where(named)) == 1

    async def end_sessions(self, login: str, but: str = "") -> int:
        gone = sessions.delete().where(sessions.c.login == login)
        return await self._tx.changed(gone.where(sessions.c.token_hash.not_in(self._hashes(but))) if but else gone)

    def _hashes(self, token: str) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("session", token)
