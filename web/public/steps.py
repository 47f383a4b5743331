"""A report's history in plain steps: what anybody needs of it, told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tickets.model import Event, Status
from tickets.public import PublicTicket, PublicUpdate


class What(StrEnum):
    """What happened; a step of MOVED says to which status."""

    FILED = "filed"
    MOVED = "moved"
    JOINED = "joined"
    REOPENED = "reopened"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"
    REFERRED = "referred"
    RETURNED = "returned"
    MERGED = "merged"


_TOLD = {
    Event.MOVED: What.MOVED,
    Event.FOLLOWED: What.JOINED,
    Event.REOPENED: What.REOPENED,
    Event.CONFIRMED: What.CONFIRMED,
    Event.POSTPONED: What.POSTPONED,
    Event.REFERRED: What.REFERRED,
    Event.RETURNED: What.RETURNED,
    Event.MERGED: What.MERGED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`times`: how often in a row, for neighbours who join; `at` is then the last time. `note`: cleared words."""

    what: What
    at: datetime
    status: Status | None = None
    note: str | None = None
    times: int = 1


def steps(ticket: PublicTicket, updates: Sequence[PublicUpdate]) -> Sequence[Step]:
    """The oldest first; the first one is that it was filed. Others than these (corrections, notes, hands it went
    through) are the city's own business."""
    found = [Step(what=What.FILED, at=ticket.filed_at, status=Status.RECEIVED)]
    for update in updates:
        step = _step(update)
        if step is None:
            continue
        last = found[-1]
        if step.what is What.JOINED and last.what is What.JOINED:
            found[-1] = Step(what=What.JOINED, at=step.at, times=last.times + 1)
        else:
            found.append(step)
    return found


def _step(update: PublicUpdate) -> Step | None:
    what = _TOLD.get(update.event)
    if what is What.MOVED and (update.new is None or update.new is update.old):
        return None
    return Step(what=what, at=update.at, status=update.new, note=update.note) if what else None
