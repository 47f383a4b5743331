"""What clerks cleared of tickets for anybody to read."""

from typing import Any

from sqlalchemy import Select, delete, insert, select

from bot.ports.public import Clearing
from store.tables import cleared, cleared_photos, photos
from store.transaction import Transaction


class Cleared:
    """A ticket has a row, or nothing of it is cleared."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, number: str) -> Clearing | None:
        row = (await self._tx.execute(select(cleared).where(cleared.c.number == number))).first()
        if row is None:
            return None
        names = select(cleared_photos.c.name).where(cleared_photos.c.number == number).order_by(cleared_photos.c.name)
        readable = self._tx.codec.readable
        return Clearing(
            words=readable(cleared.c.words, row.words, str) or "", news=readable(cleared.c.news, row.news, str) or "",
            photos=tuple((await self._tx.execute(names)).scalars()), news_version=row.news_version, at=row.at,
            login=row.login,
        )  # fmt: skip

    async def set(self, number: str, clearing: Clearing) -> None:
        await self.remove(number)
        row = {
            "number": number, "words": self._tx.codec.pack(cleared.c.words, clearing.words),
            "news": self._tx.codec.pack(cleared.c.news, clearing.news),
            "news_version": clearing.news_version if clearing.news else None, "at": clearing.at,
            "login": clearing.login,
        }  # fmt: skip
        await self._tx.execute(insert(cleared).values(row))
        own = select(photos.c.name).where(photos.c.number == number, photos.c.name.in_(clearing.photos))
        names = (await self._tx.execute(own)).scalars().all() if clearing.photos else ()
        if names:
            await self._tx.execute(insert(cleared_photos), [{"name": name, "number": number} for name in set(names)])

    async def remove(self, number: str) -> None:
        for table in (cleared, cleared_photos):
            await self._tx.execute(delete(table).where(table.c.number == number))

    async def shown(self, name: str) -> bool:
        """As long as its ticket has it."""
        there = cleared_photos.join(photos, photos.c.name == cleared_photos.c.name)
        asked = select(photos.c.id).select_from(there).where(
            cleared_photos.c.name == name, photos.c.number == cleared_photos.c.number
        )  # fmt: skip
        return (await self._tx.execute(asked.limit(1))).first() is not None

    async def forget(self, own: Select[Any], gone: Select[Any]) -> None:
        """Nothing of the tickets `own` (numbers), and no photo of `gone` (names), is cleared any more."""
        for table in (cleared, cleared_photos):
            await self._tx.execute(delete(table).where(table.c.number.in_(own)))
        await self._tx.execute(delete(cleared_photos).where(cleared_photos.c.name.in_(gone)))
