"""The one table that says how a ticket may move, and the functions that make the next value of a ticket."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tickets.calendar import Calendar, due_at, later, worked
from tickets.city import Service
from tickets.model import (
    CITIZEN,
    SYSTEM,
    Actor,
    Author,
    Change,
    Event,
    Field,
    Place,
    Priority,
    Status,
    Ticket,
    Update,
)
from tickets.routing import Routed

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
NEVER = timedelta()  # of a clock that did not stand


class NotAllowed(Exception):
    """This ticket cannot make that move; reload it and choose one of the moves it offers."""


class NoteNeeded(Exception):
    """Declining needs a note: the citizen is told the reason."""


def moves_of(ticket: Ticket) -> tuple[Status, ...]:
    """Where it may move now. One that goes on in another is taken apart first (tickets/casework.py)."""
    return () if ticket.merged_into else MOVES[ticket.status]


def move(
    ticket: Ticket, to: Status, calendar: Calendar, *, actor: Actor, at: datetime, note: str = "",
    due: datetime | None = None,
) -> tuple[Ticket, Update]:  # fmt: skip
    """The ticket after the move and the update that records it; raises NotAllowed or NoteNeeded. `due` is promised
    where it opens again and that is later than what was. While it waits for its citizen the clock stands: after that
    its dates are as much later as offices worked meanwhile."""
    if to not in moves_of(ticket):
        raise NotAllowed(f"{ticket.status} -> {to}")
    if to in NOTE_NEEDED and not note.strip():
        raise NoteNeeded
    dated = _promised_anew(_resumed(ticket, calendar, at), due if to in OPEN else None)
    moved = replace(
        answered(dated, actor, at), status=to, closed_at=at if to in CLOSED else None,
        waiting_since=at if to is Status.WAITING else None, version=ticket.version + 1,
    )  # fmt: skip
    return moved, Update(
        number=ticket.number, version=moved.version, at=at, actor=actor, event=Event.MOVED,
        old=ticket.status, new=to, changes=dates(ticket, moved), note=note.strip(), public=True,
    )  # fmt: skip


def comment(ticket: Ticket, *, actor: Actor, at: datetime, note: str, public: bool) -> tuple[Ticket, Update]:
    """The ticket with one more comment in its history."""
    heard = answered(ticket, actor, at) if public else ticket
    commented = replace(heard, version=ticket.version + 1)
    return commented, Update(
        number=ticket.number, version=commented.version, at=at, actor=actor,
        event=Event.COMMENTED, note=note.strip(), public=public,
    )  # fmt: skip


def change_service(
    ticket: Ticket, service: Service, calendar: Calendar, *, actor: Actor, at: datetime, stood: timedelta = NEVER,
    to: Routed | None = None,
) -> tuple[Ticket, Update]:  # fmt: skip
    """The ticket as one of another service, for that one's usual department or that `to` which rules lead, and the
    update that records it. What was
    promised is counted anew by the new service, from the time of filing and without the time for which the clock
    `stood`, but from now where that date is gone already: nobody is told that a date was missed which they never had.
    Raises NotAllowed when the ticket is closed or of this service already."""
    if ticket.status in CLOSED or service.code == ticket.service:
        raise NotAllowed(f"{ticket.service} -> {service.code} while {ticket.status}")
    to = to or Routed(department=service.department)
    changed = replace(
        ticket, service=service.code, department=to.department, route=to.rule, confidence=None,
        due_at=recounted(ticket, service, calendar, at, stood), version=ticket.version + 1,
    )  # fmt: skip
    change = Change(field=Field.SERVICE, old=ticket.service, new=service.code)
    return changed, Update(
        number=ticket.number, version=changed.version, at=at, actor=actor, event=Event.CORRECTED,
        changes=(change, *dates(ticket, changed)), public=False,
    )  # fmt: skip


def follow(
    ticket: Ticket, *, at: datetime, note: str, urgent_from: int, due: datetime | None = None
) -> tuple[Ticket, Update]:
    """The ticket with one neighbour more, whose words are for the clerks; from so many on it is urgent. It stays so
    when some leave again: clerks have planned by it. `due` is promised where it becomes urgent and that is sooner."""
    joined = ticket.followers + 1
    rises = ticket.priority is Priority.NORMAL and joined >= urgent_from
    priority = Priority.URGENT if rises else ticket.priority
    followed = replace(
        ticket, followers=joined, priority=priority, version=ticket.version + 1,
        due_at=min(due, ticket.due_at) if rises and due else ticket.due_at,
    )  # fmt: skip
    changes = (Change(field=Field.PRIORITY, old=ticket.priority, new=priority),) if rises else ()
    return followed, Update(
        number=ticket.number, version=followed.version, at=at, actor=CITIZEN,
        event=Event.FOLLOWED, changes=(*changes, *dates(ticket, followed)), note=note.strip(), public=False,
    )  # fmt: skip


def leave(ticket: Ticket, *, at: datetime) -> tuple[Ticket, Update]:
    """The ticket with one neighbour less."""
    left = replace(ticket, followers=max(0, ticket.followers - 1), version=ticket.version + 1)
    return left, Update(
        number=ticket.number, version=left.version, at=at, actor=CITIZEN, event=Event.LEFT, public=False
    )  # fmt: skip


def reopen(ticket: Ticket, *, at: datetime, due: datetime | None = None) -> tuple[Ticket, Update]:
    """The ticket after a citizen said that it is not fixed: in progress again, not "received", for it was triaged and
    its department knows it; the table has no other way back either. One that is open again already only counts it.
    The update is public and holds no word of the citizen's: others are told of it. `due` as in `move`. Raises
    NotAllowed where the ticket was closed without work."""
    moves = ticket.status is Status.RESOLVED
    if ticket.status in CLOSED and not moves:
        raise NotAllowed(f"{ticket.status} -> {Status.IN_PROGRESS}")
    status = Status.IN_PROGRESS if moves else ticket.status
    opened = replace(
        _promised_anew(ticket, due), status=status, closed_at=None, reopened=ticket.reopened + 1,
        version=ticket.version + 1,
    )  # fmt: skip
    return opened, Update(
        number=ticket.number, version=opened.version, at=at, actor=CITIZEN,
        event=Event.REOPENED, old=ticket.status, new=status, changes=dates(ticket, opened), public=moves,
    )  # fmt: skip


def confirm(ticket: Ticket, *, at: datetime, note: str = "") -> tuple[Ticket, Update]:
    """The ticket after a citizen said that it is fixed, in these words."""
    return _said(ticket, Event.CONFIRMED, at, note)


def rated(ticket: Ticket, *, at: datetime, note: str) -> tuple[Ticket, Update]:
    """The ticket after a citizen rated it: `4/5`, or what they say to it."""
    return _said(ticket, Event.RATED, at, note)


def postpone(ticket: Ticket, due: datetime, *, at: datetime) -> tuple[Ticket, Update]:
    """The ticket with a new promised date, for the old one was missed; what was promised first is kept. Raises
    NotAllowed when it is closed, or the new date is no later one."""
    if ticket.status in CLOSED or due <= ticket.due_at:
        raise NotAllowed(f"a new date while {ticket.status}")
    first = ticket.first_due_at or ticket.due_at
    postponed = replace(
        ticket, due_at=due, first_due_at=first, postponed=ticket.postponed + 1, version=ticket.version + 1
    )  # fmt: skip
    return postponed, Update(
        number=ticket.number, version=postponed.version, at=at, actor=SYSTEM,
        event=Event.POSTPONED, changes=dates(ticket, postponed), public=True,
    )  # fmt: skip


def _promised_anew(ticket: Ticket, due: datetime | None) -> Ticket:
    """What was promised for a ticket that was closed was kept, or told as missed: opened again it is promised anew,
    not for a date that was nearly over."""
    anew = ticket.status in CLOSED and due is not None and due > ticket.due_at
    return replace(ticket, due_at=due) if anew and due else ticket


def _resumed(ticket: Ticket, calendar: Calendar, at: datetime) -> Ticket:
    """After the wait for its citizen, if it waits: its date is as much later as offices worked meanwhile. A date that
    was missed before stays missed."""
    if ticket.waiting_since is None:
        return ticket
    return replace(ticket, due_at=later(ticket.due_at, worked(ticket.waiting_since, at, calendar), calendar))


def answered(ticket: Ticket, actor: Actor, at: datetime) -> Ticket:
    """Noted that a clerk did something that the citizen may see, the first time."""
    first = actor.author is Author.CLERK and ticket.answered_at is None
    return replace(ticket, answered_at=at) if first else ticket


def _counted(ticket: Ticket, service: Service, calendar: Calendar, stood: timedelta) -> datetime:
    """From filing on, as if it had been of this service and at this place all the time."""
    target = service.target_for(ticket.priority, ticket.place.area)
    return later(due_at(ticket.filed_at, target, calendar), stood, calendar)


def dates(before: Ticket, after: Ticket) -> tuple[Change, ...]:
    """The change of the promised date, where there is one."""
    moved = before.due_at != after.due_at
    return (Change(field=Field.DUE, old=_utc(before.due_at), new=_utc(after.due_at)),) if moved else ()


def _said(ticket: Ticket, event: Event, at: datetime, note: str) -> tuple[Ticket, Update]:
    after = replace(ticket, version=ticket.version + 1)
    return after, Update(
        number=ticket.number, version=after.version, at=at, actor=CITIZEN, event=event, note=note.strip()
    )  # fmt: skip


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def correct(
    ticket: Ticket, calendar: Calendar, *, service: Service | None = None, place: Place | None = None, actor: Actor,
    at: datetime, note: str = "", stood: timedelta = NEVER, to: Routed | None = None,
) -> tuple[Ticket, Update]:  # fmt: skip
    """The ticket as its reporter puts it right, `note` their words, and the update with old and new. `service` is the
    right one, or the ticket's own, by which a place in another area may have another date. What was promised is
    counted anew as when a clerk changes the service, and `to` as there. Raises NotAllowed when the ticket is closed or
    says so already."""
    changes = tuple(_corrections(ticket, service, place))
    if ticket.status in CLOSED or not changes:
        raise NotAllowed(f"a correction while {ticket.status}")
    corrected = replace(ticket, place=place or ticket.place, version=ticket.version + 1)
    if service and service.code != ticket.service:
        to = to or Routed(department=service.department)
        corrected = replace(
            corrected, service=service.code, department=to.department, route=to.rule, confidence=None, answers=()
        )  # fmt: skip
    if service and promises_otherwise(ticket, corrected, service):
        corrected = replace(corrected, due_at=recounted(corrected, service, calendar, at, stood))
    return corrected, Update(
        number=ticket.number, version=corrected.version, at=at, actor=actor, event=Event.CORRECTED,
        changes=(*changes, *dates(ticket, corrected)), note=note.strip(), public=False,
    )  # fmt: skip


def promises_otherwise(before: Ticket, after: Ticket, service: Service) -> bool:
    """Of the same service only another area can."""
    if before.service != after.service:
        return True
    target = service.target_for(after.priority, after.place.area)
    return target != service.target_for(before.priority, before.place.area)


def recounted(ticket: Ticket, service: Service, calendar: Calendar, at: datetime, stood: timedelta) -> datetime:
    """As counting from filing; from now, or from when the clock stopped, where that is gone."""
    due, now = _counted(ticket, service, calendar, stood), ticket.waiting_since or at
    return due if due > now else due_at(now, service.target_for(ticket.priority, ticket.place.area), calendar)


def _corrections(ticket: Ticket, service: Service | None, place: Place | None) -> Iterator[Change]:
    if service and service.code != ticket.service:
        yield Change(field=Field.SERVICE, old=ticket.service, new=service.code)
        for question, answer in ticket.answers:  # they were the old service's questions
            yield Change(field=Field.ANSWER, old=f"{question}={answer}")
    if place and place != ticket.place:
        yield Change(field=Field.PLACE, old=_shown(ticket.place), new=_shown(place))


def _shown(place: Place) -> str:
    """A place in words: what was said, else its street, else its point."""
    point = place.point
    return place.words or place.street or (f"{point.latitude:.5f}, {point.longitude:.5f}" if point else "")


def filed(ticket: Ticket, *, actor: Actor) -> Update:
    """The first update of a ticket's history."""
    return Update(
        number=ticket.number, version=ticket.version, at=ticket.filed_at, actor=actor,
        event=Event.FILED, new=ticket.status, public=True,
    )  # fmt: skip
