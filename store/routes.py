"""What was filed lately, by service and area, and with its words."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from bot.ports.routes import Filed, Kind, Sort
from store.codec import UNOPENED
from store.tables import tickets
from store.transaction import Transaction

_KEPT = (
    tickets.c.number, tickets.c.service, tickets.c.area, tickets.c.street, tickets.c.filed_at, tickets.c.place_words,
    tickets.c.description,
)  # fmt: skip
Place = tuple[datetime, str]


class Routes:
    """Keeps `bot.ports.routes.Routes`; both walk the index of when tickets were filed."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def sorts(self, since: datetime) -> Sequence[Sort]:
        kind = (tickets.c.service, tickets.c.area)
        rows = await self._tx.execute(
            select(*kind, func.count().label("tickets")).where(tickets.c.filed_at >= since).group_by(*kind)
        )
        return [Sort(service=row.service, area=row.area, tickets=row.tickets) for row in rows]

    async def filed(
        self, kinds: Collection[Kind], since: datetime, before: Place | None, limit: int
    ) -> tuple[Sequence[Filed], Place | None]:
        when, number = tickets.c.filed_at, tickets.c.number
        wanted = and_(when >= since, or_(false(), *self._among(kinds)))
        if before:
            wanted &= (when <= before[0]) & ((when < before[0]) | (number < before[1]))
        rows = (
            await self._tx.execute(select(*_KEPT).where(wanted).order_by(when.desc(), number.desc()).limit(limit))
        ).all()
        found = []
        for row in rows:
            with suppress(*UNOPENED):
                codec = self._tx.codec
                told = codec.unpack(tickets.c.description, row.description, str)
                where = codec.unpack(tickets.c.place_words, row.place_words, str)
                found.append(
                    Filed(
                        number=row.number, service=row.service, area=row.area, street=row.street or where,
                        filed_at=row.filed_at, words=f"{told}\n{where}",
                    )
                )  # fmt: skip
        return found, ((rows[-1].filed_at, rows[-1].number) if len(rows) == limit else None)

    def _among(self, kinds: Collection[Kind]) -> list[ColumnElement[bool]]:
        """By service: SQLite takes no expression of a thousand parts. It would also rather collect all tickets of all
        services and sort them, for each batch anew; PostgreSQL knows how many those are."""
        column: ColumnElement[str] = tickets.c.service
        if self._tx.dialect.name == "sqlite":
            column = func.coalesce(column, "")
        areas: defaultdict[str, set[str | None]] = defaultdict(set)
        for service, area in kinds:
            areas[service].add(area)
        return [(column == service) & _lies(some) for service, some in areas.items()]


def _lies(areas: Collection[str | None]) -> ColumnElement[bool]:
    named = tickets.c.area.in_([area for area in areas if area is not None])
    return named | tickets.c.area.is_(None) if None in areas else named
