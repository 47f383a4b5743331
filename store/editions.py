"""Digests as they were sent. What cannot be read any more is made anew from the tickets, as if it were not there, and
gives way to what is kept then."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select

from digest.data import Unreadable, decode, encode
from store.tables import editions
from store.transaction import Transaction
from tickets.figures import Digest, Kind, Scope
from tickets.period import Period

_KEY = (editions.c.begin, editions.c.days, editions.c.kind, editions.c.code)


class Editions:
    """Keeps `bot.ports.Editions`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, period: Period, scope: Scope) -> Digest | None:
        written = (await self._tx.execute(select(editions.c.digest).where(_is(period, scope)))).scalar()
        return _read(written) if written else None

    async def mend(self, period: Period, scope: Scope) -> bool:
        written = (await self._tx.execute(select(editions.c.digest).where(_is(period, scope)))).scalar()
        if written is None or _read(written) is not None:
            return False
        unreadable = _is(period, scope) & (editions.c.digest == written)  # not what another has just kept instead
        return await self._tx.changed(delete(editions).where(unreadable)) > 0

    async def keep(self, digest: Digest) -> Digest:
        scope, period = digest.whole.scope, digest.period
        row = {
            "begin": period.begin.isoformat(), "days": period.days, "kind": scope.kind, "code": scope.code,
            "made_at": digest.made_at, "digest": encode(digest),
        }  # fmt: skip
        added = self._tx.insert(editions).values(row).on_conflict_do_nothing(index_elements=_KEY)
        await self._tx.execute(added)
        return await self.get(period, scope) or digest

    async def periods(self, limit: int) -> Sequence[Period]:
        whole = (editions.c.kind == Kind.CITY) & (editions.c.code == "")
        newest = select(editions.c.begin, editions.c.days).where(whole)
        rows: Iterable[Any] = await self._tx.execute(
            newest.order_by(editions.c.begin.desc(), editions.c.days).limit(limit)
        )
        return [Period(begin=date.fromisoformat(begin), days=days) for begin, days in rows]


def _is(period: Period, scope: Scope) -> ColumnElement[bool]:
    return and_(
        editions.c.begin == period.begin.isoformat(), editions.c.days == period.days,
        editions.c.kind == scope.kind, editions.c.code == scope.code,
    )  # fmt: skip


def _read(written: str) -> Digest | None:
    with suppress(Unreadable):
        return decode(written)
    return None
