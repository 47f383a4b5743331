"""A case of the other system as a ticket with its history, or as changes of the ticket that it became."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.moving.reading import Case
from bot.ports.moving import IMPORT
from handlers.routes import led
from tickets.calendar import NeverOpen, due_at
from tickets.city import City, Service
from tickets.model import SYSTEM, Change, Event, Field, Place, Priority, Status, Ticket, Update
from tickets.workflow import CLOSED, OPEN, dates, filed, postpone

_AT_LEAST: Final = timedelta(days=1)  # from filing, where no calendar tells


def arrived(case: Case, number: str, reporter: int, city: City, now: datetime) -> tuple[Ticket, tuple[Update, ...]]:
    """Filed when it was filed there, and moved when it was moved there, by nobody whom we know."""
    to = led(city, _service(city, case), case.place, case.description)
    first = Ticket(
        number=number, service=case.service, department=to.department, route=to.rule, status=Status.RECEIVED,
        priority=Priority.NORMAL, place=case.place, description=case.description, reporter=reporter, channel=IMPORT,
        language=case.language, confidence=None, filed_at=case.filed_at, due_at=promised(case, city, now),
    )  # fmt: skip
    former = Change(field=Field.FORMER, new=case.external)
    history = replace(filed(first, actor=SYSTEM), changes=(former,))
    if case.status is Status.RECEIVED:
        return first, (history,)
    ticket, moved = _moved(first, case, case.closed_at or case.changed_at or case.filed_at)
    return ticket, (history, moved)


def changed(ticket: Ticket, case: Case, city: City, now: datetime) -> Iterator[tuple[Ticket, Update]]:
    """What the source says now and did not say before, version by version; nothing where it is only another date of
    change."""
    for corrected in _corrected(ticket, case, city, now):
        yield corrected
        ticket = corrected[0]
    for redated in _redated(ticket, case, now):
        yield redated
        ticket = redated[0]
    if ticket.status is not case.status:
        yield _moved(ticket, case, now, city)


def promised(case: Case, city: City, now: datetime) -> datetime:
    """What the source promised, else what the city promises from the filing on. Of an open case that date may be long
    gone: then a new one is counted from now, so that nobody is alarmed of what was missed elsewhere."""
    date = case.due_at or _counted(case, city, case.filed_at)
    return date if case.status in CLOSED or date > now else _counted(case, city, now)


def _counted(case: Case, city: City, start: datetime) -> datetime:
    with suppress(NeverOpen):
        return due_at(start, _service(city, case).target_for(Priority.NORMAL, case.place.area), city.calendar)
    return start + _AT_LEAST


def _moved(ticket: Ticket, case: Case, at: datetime, city: City | None = None) -> tuple[Ticket, Update]:
    """`at`: when its history says so. One that is open again is promised anew by the city."""
    opens = city is not None and ticket.status in CLOSED and case.status in OPEN
    moved = replace(
        ticket, status=case.status, closed_at=case.closed_at, version=ticket.version + 1,
        waiting_since=at if case.status is Status.WAITING else None,
        due_at=max(ticket.due_at, promised(case, city, at)) if opens and city else ticket.due_at,
    )  # fmt: skip
    return moved, Update(
        number=ticket.number, version=moved.version, at=at, actor=SYSTEM, event=Event.MOVED,
        old=ticket.status, new=moved.status, changes=dates(ticket, moved), public=True,
    )  # fmt: skip


def _redated(ticket: Ticket, case: Case, now: datetime) -> Iterator[tuple[Ticket, Update]]:
    """Of what is open a date that was promised there anew. One that is gone tells nothing: ours was counted since."""
    date = case.due_at
    if not {ticket.status, case.status} <= OPEN or date is None or date <= now or date == ticket.due_at:
        return
    if date > ticket.due_at:
        yield postpone(ticket, date, at=now)
        return
    sooner = replace(ticket, due_at=date, version=ticket.version + 1)
    yield sooner, Update(
        number=ticket.number, version=sooner.version, at=now, actor=SYSTEM, event=Event.CORRECTED,
        changes=dates(ticket, sooner),
    )  # fmt: skip


def _corrected(ticket: Ticket, case: Case, city: City, now: datetime) -> Iterator[tuple[Ticket, Update]]:
    changes = tuple(_changes(ticket, case))
    if not changes:
        return
    corrected = replace(ticket, place=case.place, description=case.description, version=ticket.version + 1)
    if ticket.service != case.service:
        to = led(city, _service(city, case), case.place, case.description)
        corrected = replace(corrected, service=case.service, department=to.department, route=to.rule)
    yield corrected, Update(
        number=ticket.number, version=corrected.version, at=now, actor=SYSTEM, event=Event.CORRECTED, changes=changes
    )  # fmt: skip


def _changes(ticket: Ticket, case: Case) -> Iterator[Change]:
    if ticket.service != case.service:
        yield Change(field=Field.SERVICE, old=ticket.service, new=case.service)
    if ticket.place != case.place:
        yield Change(field=Field.PLACE, old=_shown(ticket.place), new=_shown(case.place))
    if ticket.description != case.description:
        yield Change(field=Field.DESCRIPTION, old=ticket.description, new=case.description)


def _shown(place: Place) -> str:
    point = place.point
    return place.words or place.street or (f"{point.latitude:.5f}, {point.longitude:.5f}" if point else "")


def _service(city: City, case: Case) -> Service:
    service = city.service(case.service)
    assert service  # noqa: S101 - the plan names services of this city only
    return service
