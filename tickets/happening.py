"""What an update is to others: what they can see of a ticket began, changed, ended, or began again. Pure."""

from enum import StrEnum
from typing import Final

from tickets.model import Event, Field, Update
from tickets.workflow import CLOSED, OPEN


class Happening(StrEnum):
    """As subscribers are told it, `ticket.` before it."""

    FILED = "filed"
    UPDATED = "updated"
    CLOSED = "closed"
    REOPENED = "reopened"


# What changes nothing that anybody but clerks and its citizen may see.
_UNSEEN: Final = frozenset({
    Event.COMMENTED, Event.CONFIRMED, Event.RATED, Event.ASSIGNED, Event.RERANKED, Event.ANSWERED, Event.LINKED,
    Event.UNLINKED, Event.RETOLD, Event.CLAIMED, Event.HELD, Event.RELEASED,
})  # fmt: skip


def happening(update: Update) -> Happening | None:
    """None where others see the ticket as before. A new kind of event is told until somebody says that it is unseen:
    nothing private goes with it, and one told too many is better than a subscriber that keeps what was erased."""
    if update.version == 1:
        return Happening.FILED
    if update.new in CLOSED and update.old not in CLOSED:
        return Happening.CLOSED
    if update.old in CLOSED and update.new in OPEN:
        return Happening.REOPENED
    unseen = update.event in _UNSEEN and not update.change(Field.DUE)
    return None if unseen else Happening.UPDATED
