"""What citizens think of a ticket's end: a row for each score they gave, so that a week counts again what it counted.
A word on top belongs to the newest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from bot.ports import Rating
from store.codec import Codec
from store.statement import Statement
from store.tables import ratings
from store.transaction import Transaction

_KEY = (ratings.c.number, ratings.c.citizen, ratings.c.at)
_OF_TICKET = Statement(
    lambda _insert: (
        select(ratings).where(ratings.c.number == bindparam("number_")).order_by(ratings.c.at, ratings.c.citizen)
    )
)
_TICK = timedelta(microseconds=1)


class Ratings:
    """Keeps `bot.ports.Ratings`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def rate(self, rating: Rating) -> None:
        newest = await self._newest(rating)
        if newest is not None and rating.score is None:
            await self._set(replace(rating, at=newest))
        else:
            await self._add(_behind(rating, newest))

    async def of_ticket(self, number: str) -> Sequence[Rating]:
        newest = {row.citizen: row for row in await self._tx.run(_OF_TICKET, {"number_": number})}
        found = (_rating(row, self._tx.codec) for row in newest.values())
        return sorted(found, key=lambda one: (one.at, one.citizen))

    async def _newest(self, rating: Rating) -> datetime | None:
        theirs = (ratings.c.number == rating.number) & (ratings.c.citizen == rating.citizen)
        latest = await self._tx.execute(select(func.max(ratings.c.at)).where(theirs))
        found: datetime | None = latest.scalar()
        return found

    async def _set(self, rating: Rating) -> None:
        if rating.word is not None:
            one = update(ratings).where(*(column == getattr(rating, column.name) for column in _KEY))
            await self._tx.execute(one.values(word=self._sealed(rating)))

    async def _add(self, rating: Rating) -> None:
        """Of two at the same instant the later one stands; what it does not tell stays."""
        row = {column.name: getattr(rating, column.name) for column in (*_KEY, ratings.c.score)}
        insert = self._tx.insert(ratings).values(row | {"word": self._sealed(rating)})
        later = {"score": insert.excluded.score, "word": func.coalesce(insert.excluded.word, ratings.c.word)}
        await self._tx.execute(insert.on_conflict_do_update(index_elements=[*_KEY], set_=later))

    def _sealed(self, rating: Rating) -> bytes | None:
        return None if rating.word is None else self._tx.codec.pack(ratings.c.word, rating.word)


def _behind(rating: Rating, newest: datetime | None) -> Rating:
    """What is said now comes behind what was, though the clock was set back meanwhile."""
    return replace(rating, at=newest + _TICK) if newest and newest > rating.at else rating


def _rating(row: Any, codec: Codec) -> Rating:
    word = None if row.word is None else codec.readable(ratings.c.word, row.word, str)
    return Rating(number=row.number, citizen=row.citizen, at=row.at, score=row.score, word=word)
