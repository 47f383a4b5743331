"""What citizens think of a ticket's end: one row per citizen, the newest score and the newest words."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from bot.ports import Rating
from store.codec import Codec
from store.tables import ratings
from store.transaction import Transaction


class Ratings:
    """Keeps `bot.ports.Ratings`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def rate(self, rating: Rating) -> None:
        sealed = None if rating.word is None else self._tx.codec.pack(ratings.c.word, rating.word)
        row = {
            "number": rating.number, "citizen": rating.citizen, "at": rating.at, "score": rating.score, "word": sealed,
        }  # fmt: skip
        insert = self._tx.insert(ratings).values(row)
        newest = {
            "at": insert.excluded.at,
            "score": func.coalesce(insert.excluded.score, ratings.c.score),
            "word": func.coalesce(insert.excluded.word, ratings.c.word),
        }
        keys = [ratings.c.number, ratings.c.citizen]
        await self._tx.execute(insert.on_conflict_do_update(index_elements=keys, set_=newest))

    async def of_ticket(self, number: str) -> Sequence[Rating]:
        wanted = select(ratings).where(ratings.c.number == number).order_by(ratings.c.at, ratings.c.citizen)
        return [_rating(row, self._tx.codec) for row in await self._tx.execute(wanted)]


def _rating(row: Any, codec: Codec) -> Rating:
    word = None if row.word is None else codec.readable(ratings.c.word, row.word, str)
    return Rating(number=row.number, citizen=row.citizen, at=row.at, score=row.score, word=word)
