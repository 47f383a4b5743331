"""What opens the desk once: invitations and recovery codes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.ports import Pass
from store.logins import Logins
from store.tables import passes


class Passes(Logins):
    """The part of `bot.ports.Clerks` that is about them."""

    async def issue(self, login: str, kind: Pass, words: Collection[str], until: datetime | None = None) -> None:
        await self._tx.execute(passes.delete().where(passes.c.login == login, passes.c.kind == kind))
        for word in words:
            hashed = self._tx.codec.seal.lookup(kind, word)
            await self._tx.execute(passes.insert().values(hash=hashed, login=login, kind=kind, until=until))

    async def bearer(self, kind: Pass, word: str, now: datetime) -> str | None:
        found = select(passes.c.login).where(self._good(kind, word, now))
        return (await self._tx.execute(found)).scalar_one_or_none()

    async def use(self, kind: Pass, word: str, now: datetime) -> str | None:
        """Of two at once only one deletes it."""
        used = passes.delete().where(self._good(kind, word, now)).returning(passes.c.login)
        return (await self._tx.execute(used)).scalar_one_or_none()

    async def left(self, login: str, kind: Pass) -> int:
        counted = select(func.count()).select_from(passes).where(passes.c.login == login, passes.c.kind == kind)
        return int((await self._tx.execute(counted)).scalar_one())

    def _good(self, kind: Pass, word: str, now: datetime) -> Any:
        known = passes.c.hash.in_(self._tx.codec.seal.lookups(kind, word))
        return known & (passes.c.kind == kind) & (passes.c.until.is_(None) | (passes.c.until > now))
