"""What must hold of the tickets that a query lists, as conditions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, select

from bot.ports import Flag, Kind, Query
from store.finding import tickets_with
from store.seal import Seal
from store.tables import IS_UNLOCATED, IS_UNSURE, UNSETTLED, escalations, outbox, tickets
from store.types import Time
from tickets.model import Status
from tickets.staff import Level, Side

_TO_CITIZENS = (Kind.REPLY, Kind.STOP, Kind.NOTICE, Kind.NEWS)


def fits(
    query: Query, seal: Seal, dialect: str, *, common: bool = False, listed: bool = False
) -> Sequence[ColumnElement[bool]]:  # fmt: skip
    """But for open or closed, which the caller says in the words of an index. `common`: see `tickets_with`. `listed`:
    goes through an index of the desk's, which has the time of filing in it; SQLite shall not choose one by that time,
    for it does not know how many tickets were filed then."""
    asked: list[ColumnElement[bool]] = [has(flag, query) for flag in sorted(query.flags)]
    for column, value in (
        (tickets.c.status, query.status), (tickets.c.area, query.area), (tickets.c.department, query.department),
        (tickets.c.channel, query.channel), (tickets.c.language, query.language),
    ):  # fmt: skip
        if value is not None:
            asked.append(column == value)
    if query.services:
        asked.append(tickets.c.service.in_(sorted(query.services)))
    if query.assignee is not None:
        asked.append(tickets.c.assignee == query.assignee if query.assignee else tickets.c.assignee.is_(None))
    filed = tickets.c.filed_at
    asked += _filed(query, func.coalesce(filed, filed) if listed and dialect == "sqlite" else filed)
    if query.words:
        asked.append(tickets_with(query.words, seal, dialect, common=common))
    return asked


def has(flag: Flag, query: Query) -> ColumnElement[bool]:
    """As Flag says; of what only an open ticket can be, that it is open is for the caller to say, and once: said twice,
    PostgreSQL takes open ones for twice as rare."""
    match flag:
        case Flag.LATE:
            return overdue(bindparam(None, query.now, type_=Time()))
        case Flag.DISPUTED:
            return tickets.c.reopened > 0
        case Flag.UNDELIVERED:
            lost = UNSETTLED & outbox.c.kind.in_(_TO_CITIZENS)  # without a number too, which no ticket has
            return tickets.c.number.in_(select(outbox.c.number).where(lost))
        case Flag.UNLOCATED:
            return and_(IS_UNLOCATED)
        case Flag.UNSURE:
            return and_(IS_UNSURE)
        case Flag.ESCALATED:
            return _escalated(query.levels)
        case Flag.OUTSIDE:
            return tickets.c.outside.is_not(None)


def overdue(now: ColumnElement[Any]) -> ColumnElement[bool]:
    """Of an open one, as `tickets.promise.is_overdue`."""
    first = func.coalesce(tickets.c.first_due_at, tickets.c.due_at)
    return (tickets.c.status != Status.WAITING) & (first < now)


def _escalated(levels: Sequence[Level]) -> ColumnElement[bool]:
    told = escalations.c
    whom = [_concerned(level) for level in levels]
    return select(told.number).where(told.number == tickets.c.number, or_(false(), *whom)).exists()


def _concerned(level: Level) -> ColumnElement[bool]:
    """A word that the date is near is over with that date."""
    conditions: list[ColumnElement[bool]] = [escalations.c.level == level.code]
    if level.side is Side.BEFORE:
        conditions.append(escalations.c.due_at == tickets.c.due_at)
    if level.departments:
        conditions.append(tickets.c.department.in_(level.departments))
    if level.services:
        conditions.append(tickets.c.service.in_(level.services))
    return and_(*conditions)


def _filed(query: Query, when: ColumnElement[Any]) -> Sequence[ColumnElement[bool]]:
    bounds = []
    if query.since:
        bounds.append(when >= bindparam(None, query.since, type_=Time()))
    if query.until:
        bounds.append(when < bindparam(None, query.until, type_=Time()))
    return bounds
