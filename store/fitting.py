"""What must hold of the tickets that a query lists, as conditions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, select

from bot.ports import Flag, Kind, Query
from store.finding import tickets_with
from store.seal import Seal
from store.tables import IS_OPEN, UNSETTLED, escalations, outbox, tickets
from store.types import Time
from tickets.figures import UNSURE
from tickets.model import Status
from tickets.staff import Level, Side

_TO_CITIZENS = (Kind.REPLY, Kind.STOP, Kind.NOTICE, Kind.NEWS)


def fits(query: Query, seal: Seal, dialect: str, *, common: bool = False) -> Sequence[ColumnElement[bool]]:
    """But for open or closed, which the caller says in the words of an index. `common`: see `tickets_with`."""
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
    asked += _filed(query)
    if query.words:
        asked.append(tickets_with(query.words, seal, dialect, common=common))
    return asked


def has(flag: Flag, query: Query) -> ColumnElement[bool]:
    """As Flag says."""
    match flag:
        case Flag.LATE:
            return and_(IS_OPEN, overdue(bindparam(None, query.now, type_=Time())))
        case Flag.DISPUTED:
            return and_(IS_OPEN, tickets.c.reopened > 0)
        case Flag.UNDELIVERED:
            lost = UNSETTLED & outbox.c.kind.in_(_TO_CITIZENS)  # without a number too, which no ticket has
            return tickets.c.number.in_(select(outbox.c.number).where(lost))
        case Flag.UNLOCATED:
            return and_(tickets.c.latitude.is_(None), func.coalesce(tickets.c.street, "") == "")
        case Flag.UNSURE:
            return and_(tickets.c.confidence < UNSURE)
        case Flag.ESCALATED:
            return and_(IS_OPEN, _escalated(query.levels))
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


def _filed(query: Query) -> Sequence[ColumnElement[bool]]:
    bounds = []
    if query.since:
        bounds.append(tickets.c.filed_at >= bindparam(None, query.since, type_=Time()))
    if query.until:
        bounds.append(tickets.c.filed_at < bindparam(None, query.until, type_=Time()))
    return bounds
