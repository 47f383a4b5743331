"""How fast and how monotonously a citizen writes, counted only where it is already suspicious (bot/inbox/pace.py)."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.ports import Pace
from store.tables import paces
from store.transaction import Transaction

_BYTES, _KEPT = 8, 4  # of a hash; the last messages that a new one is compared with


class Paces:
    """Keeps `bot.ports.Paces`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, citizen: int, now: datetime, span: timedelta) -> Pace | None:
        row = (await self._tx.execute(select(paces).where(paces.c.citizen == citizen))).first()
        if row is None or now - row.since > span:
            return None
        return Pace(since=row.since, answers=row.answers, alike=row.alike, stopped=row.stopped, recent=row.recent)

    async def save(self, citizen: int, pace: Pace, said: str) -> None:
        mark = self._tx.codec.seal.lookups("pace", said)[0][:_BYTES]
        known = [pace.recent[at : at + _BYTES] for at in range(0, len(pace.recent), _BYTES)]
        values = {
            "since": pace.since, "answers": pace.answers + 1, "alike": pace.alike + (mark in known),
            "stopped": pace.stopped,
            "recent": b"".join([*known, mark][-_KEPT:]),
        }  # fmt: skip
        insert = self._tx.insert(paces).values(citizen=citizen, **values)
        await self._tx.execute(insert.on_conflict_do_update(index_elements=[paces.c.citizen], set_=values))
