"""A report that a program filed becomes somebody's own, once they have said by their own number that it is."""

from dataclasses import replace
from datetime import datetime

from tickets.model import CITIZEN, Event, Ticket, Update


def claimed(ticket: Ticket, citizen: int, *, at: datetime) -> tuple[Ticket, Update]:
    """The ticket with this citizen as its reporter; nobody is told."""
    theirs = replace(ticket, reporter=citizen, version=ticket.version + 1)
    return theirs, Update(
        number=ticket.number, version=theirs.version, at=at, actor=CITIZEN, event=Event.CLAIMED, citizen=citizen
    )  # fmt: skip
