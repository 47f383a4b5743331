"""What clerks' corrections teach, sealed as all citizens' words are, and erased by the ticket's number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.ports import Lesson, Verdict
from store.tables import lessons
from store.transaction import Transaction


class Lessons:
    """Keeps `bot.ports.Lessons`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def propose(self, lesson: Lesson, now: datetime) -> None:
        await self.withdraw(lesson.number)
        row = {
            "number": lesson.number,
            "language": lesson.language,
            "service": lesson.service,
            "text": self._tx.codec.pack(lessons.c.text, lesson.text),
            "verdict": lesson.verdict,
            "proposed_at": now,
        }
        await self._tx.execute(lessons.insert().values(row))

    async def withdraw(self, number: str) -> None:
        await self._tx.execute(delete(lessons).where(lessons.c.number == number))

    async def with_verdict(self, verdict: Verdict, limit: int) -> Sequence[Lesson]:
        wanted = select(lessons).where(lessons.c.verdict == verdict).order_by(lessons.c.id).limit(limit)
        return [self._lesson(row) for row in await self._tx.execute(wanted)]

    async def judge(self, id: int, verdict: Verdict) -> bool:  # noqa: A002 - the port's word
        judged = update(lessons).where(lessons.c.id == id).values(verdict=verdict)
        return await self._tx.changed(judged) == 1

    def _lesson(self, row: Row[Any]) -> Lesson:
        return Lesson(
            id=row.id,
            number=row.number,
            language=row.language,
            service=row.service,
            text=self._tx.codec.unpack(lessons.c.text, row.text, str),
            verdict=Verdict(row.verdict),
        )
