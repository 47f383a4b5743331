"""The audit of the desk: appended to, read by pages."""

from datetime import datetime

from sqlalchemy import func, select, true

from bot.ports import Page
from bot.ports.audit import Deed, Entry
from store.tables import audit
from store.transaction import Transaction


class Audit:
    """Keeps `bot.ports.audit.Audit`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def note(self, entry: Entry) -> None:
        row = {
            "at": entry.at,
            "login": entry.login,
            "act": entry.deed,
            "subject": entry.subject,
            "detail": self._tx.codec.pack(audit.c.detail, entry.detail),
        }
        await self._tx.execute(audit.insert().values(row))

    async def page(self, offset: int, limit: int, login: str = "", deed: Deed | None = None) -> Page[Entry]:
        wanted = (audit.c.login == login if login else true()) & (audit.c.act == deed if deed else true())
        newest = select(audit).where(wanted).order_by(audit.c.id.desc()).offset(offset).limit(limit)
        rows = (await self._tx.execute(newest)).all()
        total = (await self._tx.execute(select(func.count()).select_from(audit).where(wanted))).scalar_one()
        entries = tuple(
            Entry(
                id=row.id,
                at=row.at,
                login=row.login,
                deed=Deed(row.act),
                subject=row.subject,
                detail=self._tx.codec.unpack(audit.c.detail, row.detail, str),
            )
            for row in rows
        )
        return Page(rows=entries, total=int(total))

    async def forget(self, before: datetime, limit: int) -> int:
        old = select(audit.c.id).where(audit.c.at < before).order_by(audit.c.at).limit(limit)
        return await self._tx.changed(audit.delete().where(audit.c.id.in_(old.scalar_subquery())))
