"""What may be told of a ticket to anybody: the values that keep the rules of the city (`tickets/openness.py`).

No word of a citizen's or a clerk's is public before a clerk cleared it, and never who reported it, how they can be
reached, by which channel and in which language they wrote, or who of the staff works on it. Places of sensitive
services are told less exactly (`tickets/blurring.py`), and not at all where too few such tickets stand to hide among.
"""

from dataclasses import dataclass
from datetime import datetime

from tickets.model import Event, Point, Status
from tickets.workflow import OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTicket:
    """All that may be told of a ticket to anybody. Its place is moved, or left out, as its service asks for. `words`:
    what a clerk cleared of the description; None: tell the service's name. `photos`: names of cleared ones, to be told
    as `/photos/public/NAME`. `news`: the clerk's last public note, where that was cleared; `first_due_at`: what was
    promised first, where `due_at` was postponed; `merged_into`: the number of the ticket that goes on in its place."""

    number: str
    service: str
    department: str
    status: Status
    filed_at: datetime
    changed_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    first_due_at: datetime | None = None
    point: Point | None = None
    street: str | None = None
    area: str | None = None
    words: str | None = None
    photos: tuple[str, ...] = ()
    news: str | None = None
    followers: int = 0
    reopened: int = 0
    outside: str | None = None
    merged_into: str | None = None

    @property
    def is_open(self) -> bool:
        """As Open311 says it."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicUpdate:
    """A step in a ticket's history, without who made it: `version` is the ticket's that it made, unique per ticket;
    `note` only what was cleared."""

    number: str
    version: int
    at: datetime
    event: Event
    old: Status | None = None
    new: Status | None = None
    note: str | None = None
