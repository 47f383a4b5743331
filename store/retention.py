"""Which reports a rule takes, and what is left of them. What is done to them: `store/trimming.py`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from bot.ports.retention import Part, Ran
from store.tables import holds, retention_runs, tickets, trims, updates
from store.tickets import update_row
from store.tombstones import Tombstones
from store.transaction import Transaction
from store.trimming import Trimming
from tickets.retention import Duty, Hold, Rule, Tombstone, trimmed

_T: Final = tickets.c


class Retention:
    """Keeps `bot.ports.Retention`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def due(self, rule: Rule, now: datetime) -> Mapping[tuple[str, int], int]:
        taken = _takes(rule, now)
        span = select(func.min(_T.filed_at).label("first"), func.max(_T.filed_at).label("last")).where(*taken)
        row = (await self._tx.execute(span)).one()
        if row.first is None:
            return {}
        years = range(row.first.year, row.last.year + 1)
        year = case(*((_T.filed_at < datetime(one + 1, 1, 1, tzinfo=UTC), one) for one in years))
        counted = select(_T.service, year.label("year"), func.count().label("reports")).where(*taken)
        rows = await self._tx.execute(counted.group_by(_T.service, literal_column("year")))
        return {(row.service, int(row.year)): int(row.reports) for row in rows}

    async def carry(self, rule: Rule, now: datetime, since: datetime | None, limit: int) -> Part:
        """A page may end within an instant: the next one begins there, where those that are done are left out."""
        asked = select(_T.number, _T.version, _T.closed_at).where(*_takes(rule, now, since))
        asked = asked.order_by(_T.closed_at, _T.number).limit(limit).with_for_update()
        rows = (await self._tx.execute(asked)).all()
        if rows:
            numbers = [row.number for row in rows]
            trimming = Trimming(self._tx, numbers, now, rule.before(now))
            if rule.do is Duty.DELETE_CASE:
                await Tombstones(self._tx).add(numbers, now)
            await trimming.do(rule.do)
            if rule.do is not Duty.DELETE_CASE:
                await self._noted(rows, rule.do, now)
        return Part(reports=len(rows), next=rows[-1].closed_at if len(rows) == limit else None)

    async def ran(self, at: datetime, rule: Rule, reports: int) -> None:
        row = self._tx.insert(retention_runs).values(at=at, rule=str(rule), reports=reports)
        more = {"reports": retention_runs.c.reports + reports}
        await self._tx.execute(row.on_conflict_do_update(index_elements=list(retention_runs.primary_key), set_=more))

    async def runs(self, limit: int) -> Sequence[Ran]:
        latest = select(retention_runs).order_by(retention_runs.c.at.desc(), retention_runs.c.rule).limit(limit)
        rows = await self._tx.execute(latest)
        return [Ran(at=row.at, rule=row.rule, reports=row.reports) for row in rows]

    async def hold(self, hold: Hold) -> None:
        row = self._tx.insert(holds).values(number=hold.number, at=hold.at, login=hold.login)
        await self._tx.execute(row.on_conflict_do_nothing(index_elements=[holds.c.number]))

    async def release(self, number: str) -> None:
        await self._tx.execute(delete(holds).where(holds.c.number == number))

    async def held(self, number: str) -> Hold | None:
        row = (await self._tx.execute(select(holds).where(holds.c.number == number))).first()
        return None if row is None else Hold(number=row.number, at=row.at, login=row.login)

    async def buried(self, number: str) -> Tombstone | None:
        return await Tombstones(self._tx).get(number)

    async def _noted(self, rows: Sequence[Any], duty: Duty, now: datetime) -> None:
        """In each history, and that it was done."""
        numbers = [row.number for row in rows]
        newer = {"version": _T.version + 1, "changed_at": now}
        await self._tx.execute(update(tickets).where(_T.number.in_(numbers)).values(newer))
        lines = [update_row(trimmed(row.number, row.version + 1, duty, now), self._tx.codec) for row in rows]
        await self._tx.execute(insert(updates), lines)
        before = trims.c.number.in_(numbers) & (trims.c.duty == duty)
        await self._tx.execute(delete(trims).where(before))
        await self._tx.execute(insert(trims), [{"number": one, "duty": duty, "at": now} for one in numbers])


def _takes(rule: Rule, now: datetime, since: datetime | None = None) -> Sequence[ColumnElement[bool]]:
    """Closed so long, held by nobody, and not done since it was closed."""
    done = exists().where(trims.c.number == _T.number, trims.c.duty == rule.do, trims.c.at >= _T.closed_at)
    asked = [
        _T.closed_at.is_not(None), _T.closed_at < rule.before(now), _T.status.in_(sorted(rule.statuses)),
        ~exists().where(holds.c.number == _T.number), ~done,
    ]  # fmt: skip
    if rule.service:
        asked.append(_T.service == rule.service)
    return [*asked, _T.closed_at >= since] if since else asked
