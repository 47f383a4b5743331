"""Which levels of escalation a ticket has reached, as the desk shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.ports import Reached
from tickets.calendar import Unit
from tickets.city import City
from tickets.model import Ticket
from tickets.staff import DESK, Side, side_of, span_of
from tickets.workflow import OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """So much working time before or after its date, told at that time, to these roles."""

    side: Side
    amount: int
    unit: Unit
    at: datetime
    to: tuple[str, ...]


def marks(ticket: Ticket, told: Iterable[Reached], city: City) -> list[Mark]:
    """Of one ticket, the newest first. The roles are those that the city names for such a level today."""
    found = [_mark(ticket, one, city) for one in told if one.number == ticket.number]
    return sorted(found, key=lambda mark: mark.at, reverse=True)


def at_desk(tickets: Sequence[Ticket], told: Iterable[Reached], city: City) -> Mapping[str, Mark]:
    """What a list marks: of open tickets the newest level that was told the desk, of the date that holds now."""
    known = list(told)
    found = {}
    for ticket in tickets:
        own = [one for one in known if _holds(ticket, one)] if ticket.status in OPEN else []
        desk = [mark for mark in marks(ticket, own, city) if DESK in mark.to]
        if desk:
            found[ticket.number] = desk[0]
    return found


def _holds(ticket: Ticket, told: Reached) -> bool:
    """A word that the date is near is over with that date."""
    return side_of(told.level) is Side.AFTER or told.due_at == ticket.due_at


def _mark(ticket: Ticket, told: Reached, city: City) -> Mark:
    span = span_of(told.level)
    levels = [one for one in city.escalation if one.code == told.level]
    roles = [role for one in levels if one.concerns(ticket.department, ticket.service) for role in one.to]
    return Mark(
        side=side_of(told.level), amount=span.amount, unit=span.unit, at=told.at, to=tuple(dict.fromkeys(roles))
    )  # fmt: skip
