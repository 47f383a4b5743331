"""An act on many tickets at once is taken back: each ticket is what it was, and its history says so. Histories are only
appended to, so whoever asks what counts leaves out both the act and its undoing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from tickets.model import Actor, Change, Event, Field, Ticket, Update

# What an act on many can change of a ticket, and under which name its history tells it.
TOLD: Final[Mapping[str, Field]] = {
    "service": Field.SERVICE,
    "department": Field.DEPARTMENT,
    "priority": Field.PRIORITY,
    "assignee": Field.ASSIGNEE,
    "due_at": Field.DUE,
}
TOUCHED: Final = (*TOLD, "status", "route", "confidence", "closed_at", "waiting_since", "answered_at")


def marked(update: Update, batch: int) -> Update:
    """As a part of this act on many."""
    return replace(update, changes=(*update.changes, Change(field=Field.BATCH, new=str(batch))))


def is_of(update: Update, batch: int) -> bool:
    """Whether it is a part of this act on many, not its undoing."""
    mark = update.change(Field.BATCH)
    return mark is not None and mark.new == str(batch)


def undone(
    ticket: Ticket, before: Mapping[str, Any], batch: int, *, actor: Actor, at: datetime
) -> tuple[Ticket, Update]:  # fmt: skip
    """The ticket as it was `before` (by names of TOUCHED), and the update that says so. It is public where its status
    goes back: citizens who ask are told how it stands."""
    back = replace(ticket, version=ticket.version + 1, **before)
    moved = back.status is not ticket.status
    changes = tuple(_changes(ticket, back))
    return back, Update(
        number=ticket.number, version=back.version, at=at, actor=actor, event=Event.UNDONE,
        old=ticket.status if moved else None, new=back.status if moved else None,
        changes=(*changes, Change(field=Field.BATCH, old=str(batch))), public=moved,
    )  # fmt: skip


def standing(history: Sequence[Update]) -> Sequence[Update]:
    """Without what was undone, which is always the update right before its undoing, and without the undoing."""
    if not any(update.event is Event.UNDONE for update in history):
        return history
    found: list[Update] = []
    for update in history:
        if update.event is Event.UNDONE and found and found[-1].version == update.version - 1:
            found.pop()
        else:
            found.append(update)
    return found


def _changes(before: Ticket, after: Ticket) -> list[Change]:
    pairs = ((field, getattr(before, name), getattr(after, name)) for name, field in TOLD.items())
    return [Change(field=field, old=_shown(old), new=_shown(new)) for field, old, new in pairs if old != new]


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return str(value) if value else ""
