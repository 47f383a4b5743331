"""The one table that says how a ticket may move, and the functions that make the next value of a ticket."""

from dataclasses import replace
from datetime import datetime

from tickets.calendar import Calendar, due_at
from tickets.city import Service
from tickets.model import Actor, Event, Status, Ticket, Update

_ENDS = (Status.RESOLVED, Status.DECLINED, Status.DUPLICATE)

MOVES: dict[Status, tuple[Status, ...]] = {
    Status.RECEIVED: (Status.TRIAGED, Status.IN_PROGRESS, Status.WAITING, *_ENDS),
    Status.TRIAGED: (Status.IN_PROGRESS, Status.WAITING, *_ENDS),
    Status.IN_PROGRESS: (Status.WAITING, *_ENDS),
    Status.WAITING: (Status.TRIAGED, Status.IN_PROGRESS, *_ENDS),
    Status.RESOLVED: (Status.IN_PROGRESS,),
    Status.DECLINED: (Status.TRIAGED,),
    Status.DUPLICATE: (Status.TRIAGED,),
}

CLOSED = frozenset(_ENDS)
OPEN = frozenset(Status) - CLOSED
NOTE_NEEDED = frozenset({Status.DECLINED})  # a citizen who is refused is told why


class NotAllowed(Exception):
    """This ticket cannot make that move; reload it and choose one of the moves it offers."""


class NoteNeeded(Exception):
    """Declining needs a note: the citizen is told the reason."""


def move(ticket: Ticket, to: Status, *, actor: Actor, at: datetime, note: str = "") -> tuple[Ticket, Update]:
    """The ticket after the move and the update that records it; raises NotAllowed or NoteNeeded."""
    if to not in MOVES[ticket.status]:
        raise NotAllowed(f"{ticket.status} -> {to}")
    if to in NOTE_NEEDED and not note.strip():
        raise NoteNeeded
    moved = replace(ticket, status=to, closed_at=at if to in CLOSED else None, version=ticket.version + 1)
    return moved, Update(
        number=ticket.number, version=moved.version, at=at, actor=actor,
        event=Event.MOVED, old=ticket.status, new=to, note=note.strip(), public=True,
    )  # fmt: skip


def comment(ticket: Ticket, *, actor: Actor, at: datetime, note: str, public: bool) -> tuple[Ticket, Update]:
    """The ticket with one more comment in its history."""
    commented = replace(ticket, version=ticket.version + 1)
    return commented, Update(
        number=ticket.number, version=commented.version, at=at, actor=actor,
        event=Event.COMMENTED, note=note.strip(), public=public,
    )  # fmt: skip


def change_service(
    ticket: Ticket, service: Service, calendar: Calendar, *, actor: Actor, at: datetime
) -> tuple[Ticket, Update]:  # fmt: skip
    """The ticket as one of another service, for that one's department, and the update that records it. What was
    promised is counted anew by the new service, from the time of filing. Raises NotAllowed when the ticket is closed
    or of this service already."""
    if ticket.status in CLOSED or service.code == ticket.service:
        raise NotAllowed(f"{ticket.service} -> {service.code} while {ticket.status}")
    changed = replace(
        ticket, service=service.code, department=service.department, confidence=None,
        due_at=due_at(ticket.filed_at, service.target, calendar), version=ticket.version + 1,
    )  # fmt: skip
    return changed, Update(
        number=ticket.number, version=changed.version, at=at, actor=actor, event=Event.CORRECTED,
        old_service=ticket.service, new_service=service.code, public=False,
    )  # fmt: skip


def filed(ticket: Ticket, *, actor: Actor) -> Update:
    """The first update of a ticket's history."""
    return Update(
        number=ticket.number, version=ticket.version, at=ticket.filed_at, actor=actor,
        event=Event.FILED, new=ticket.status, public=True,
    )  # fmt: skip
