"""An invented ticket while it is made: what `tickets/workflow.py` does to a frozen one, done in place.

Frozen values with all their fields copied at each step took a third of the time of a million tickets. That both come to
the same is what `tests/bot/test_demo_replay.py` proves, by taking each history through the workflow again. Times are
whole seconds since 1970; codes are plain text, as they stand in the tables.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from bot.demo.dates import Dates
from store.words import named
from tickets.model import Author, Change, Event, Field, Priority, Status
from tickets.workflow import CLOSED

LAYOUT: Mapping[str, tuple[str, ...]] = {
    "citizens": (
        "id", "channel", "contact_hash", "address", "language", "chosen", "opted_out", "refused", "welcomed", "since",
        "thread", "consent",
    ),
    "tickets": (
        "number", "version", "service", "department", "status", "is_open", "priority", "rank", "place_words",
        "latitude", "longitude", "street", "area", "description", "reporter", "channel", "language", "confidence",
        "filed_at", "changed_at", "due_at", "closed_at", "answers", "followers", "reopened", "postponed",
        "first_due_at", "waiting_since", "answered_at",
    ),
    "updates": (
        "number", "version", "at", "author", "actor", "event", "old", "new", "note", "public", "changes", "citizen",
    ),
    "ticket_words": ("number", "closed_at", "words"),
    "followers": ("number", "citizen", "since"),
    "ratings": ("number", "citizen", "at", "score", "word"),
    "closures": ("number", "citizen", "resolved_at", "due", "asked_at", "answer"),
    "outbox": (
        "lane", "key", "queued_at", "due", "attempts", "done_at", "channel", "kind", "bulk", "outbound", "delivery",
        "reason", "number", "version", "settled_at",
    ),
}  # fmt: skip

RECEIVED, TRIAGED, IN_PROGRESS, WAITING, RESOLVED, DECLINED, DUPLICATE = (status.value for status in Status)
NORMAL, URGENT, EMERGENCY = (priority.value for priority in Priority)
_CLOSED = frozenset(status.value for status in CLOSED)
_CITIZEN, _CLERK, _SYSTEM = Author.CITIZEN.value, Author.CLERK.value, Author.SYSTEM.value
_LOGIN = "demo"
_FILED, _MOVED, _COMMENTED, _FOLLOWED, _LEFT, _REOPENED, _CONFIRMED, _RATED, _POSTPONED = (
    event.value
    for event in (
        Event.FILED, Event.MOVED, Event.COMMENTED, Event.FOLLOWED, Event.LEFT, Event.REOPENED, Event.CONFIRMED,
        Event.RATED, Event.POSTPONED,
    )
)  # fmt: skip
_ROSE = Change(field=Field.PRIORITY, old=NORMAL, new=URGENT)

Row = tuple[Any, ...]
_row = attrgetter(*LAYOUT["tickets"])


class Case:
    """Filed with all that its row says. `neighbours`: who joined, and when; `closures`: who was asked of which
    resolution, as [asked, answer]; `ratings`: by who gave it, and when, as (score, word)."""

    __slots__ = (*LAYOUT["tickets"], "closures", "neighbours", "ratings", "updates")

    number: str
    version: int
    service: str
    department: str
    status: str
    is_open: bool
    priority: str
    rank: int
    place_words: str
    latitude: float | None
    longitude: float | None
    street: str | None
    area: str | None
    description: str
    reporter: int
    channel: str
    language: str
    confidence: float | None
    filed_at: int
    changed_at: int
    due_at: int
    closed_at: int | None
    answers: tuple[tuple[str, str], ...] | None
    followers: int
    reopened: int
    postponed: int
    first_due_at: int | None
    waiting_since: int | None
    answered_at: int | None

    def __init__(self) -> None:
        self.version, self.status, self.is_open = 0, RECEIVED, True
        self.followers = self.reopened = self.postponed = 0
        self.closed_at = self.first_due_at = self.waiting_since = self.answered_at = None
        self.updates: list[Row] = []
        self.neighbours: dict[int, int] = {}
        self.closures: dict[tuple[int, int], list[Any]] = {}
        self.ratings: dict[tuple[int, int], tuple[int, str | None]] = {}

    @property
    def runs(self) -> bool:
        """Whether its promise can be missed."""
        return self.is_open and self.waiting_since is None

    def row(self) -> Row:
        found: Row = _row(self)
        return found

    def words(self) -> Row:
        """By which it is found: as `store.words` does it."""
        said = (row[8] for row in self.updates if row[3] == _CITIZEN)
        texts = [self.description, self.place_words, *(text for _, text in self.answers or ()), *said]
        return self.number, self.closed_at, named(self.number, self.service, self.area, self.street, texts)

    def file(self) -> None:
        self._append(self.filed_at, _CITIZEN, _FILED, new=RECEIVED, public=True)

    def move(self, to: str, dates: Dates, at: int, note: str = "", due: int = 0) -> None:
        """By a clerk; `due` is promised where it opens again and that is later than what was."""
        old, before = self.status, self.due_at
        if self.waiting_since is not None:
            self._resume(dates, at)
        if old in _CLOSED:
            self.due_at = max(self.due_at, due)
        if self.answered_at is None:
            self.answered_at = at
        self.status, self.is_open = to, to not in _CLOSED
        self.closed_at = None if self.is_open else at
        self.waiting_since = at if to == WAITING else None
        self._append(at, _CLERK, _MOVED, old, to, note, public=True, changes=self._dates(before))

    def comment(self, at: int, note: str, citizen: int) -> None:
        self._append(at, _CITIZEN, _COMMENTED, note=note, citizen=citizen)

    def follow(self, citizen: int, at: int, note: str, urgent_from: int, dates: Dates) -> None:
        before, self.followers = self.due_at, self.followers + 1
        self.neighbours[citizen] = at
        rises = self.priority == NORMAL and self.followers >= urgent_from
        if rises:
            self.priority = URGENT
            due = dates.urgent(self.service, self.waiting_since or at)
            self.due_at = min(self.due_at, due) if due else self.due_at
        changes = ((_ROSE,) if rises else ()) + (self._dates(before) or ())
        self._append(at, _CITIZEN, _FOLLOWED, note=note, changes=changes or None, citizen=citizen)

    def leave(self, citizen: int, at: int) -> None:
        del self.neighbours[citizen]
        self.followers -= 1
        self._append(at, _CITIZEN, _LEFT, citizen=citizen)

    def postpone(self, due: int, at: int) -> None:
        before, self.postponed = self.due_at, self.postponed + 1
        self.first_due_at = self.first_due_at or before
        self.due_at = due
        self._append(at, _SYSTEM, _POSTPONED, public=True, changes=self._dates(before))

    def reopen(self, citizen: int, at: int, due: int) -> None:
        """One that was resolved."""
        before, self.due_at = self.due_at, max(self.due_at, due)
        self.status, self.is_open, self.closed_at = IN_PROGRESS, True, None
        self.reopened += 1
        changes = self._dates(before)
        self._append(at, _CITIZEN, _REOPENED, RESOLVED, IN_PROGRESS, public=True, changes=changes, citizen=citizen)

    def confirm(self, citizen: int, at: int, note: str) -> None:
        self._append(at, _CITIZEN, _CONFIRMED, note=note, citizen=citizen)

    def rate(self, citizen: int, at: int, note: str) -> None:
        self._append(at, _CITIZEN, _RATED, note=note, citizen=citizen)

    def _resume(self, dates: Dates, at: int) -> None:
        span = dates.worked(self.waiting_since or at, at)
        self.due_at = dates.later(self.due_at, span)

    def _dates(self, before: int) -> tuple[Change, ...] | None:
        return (_moved(before, self.due_at),) if before != self.due_at else None

    def _append(
        self, at: int, author: str, event: str, old: str | None = None, new: str | None = None, note: str = "",
        *, public: bool = False, changes: tuple[Change, ...] | None = None, citizen: int | None = None,
    ) -> None:  # fmt: skip
        self.version, self.changed_at = self.version + 1, at
        actor = _LOGIN if author == _CLERK else ""
        self.updates.append(
            (self.number, self.version, at, author, actor, event, old, new, note, public, changes, citizen)
        )


@lru_cache(maxsize=16_384)
def _moved(before: int, after: int) -> Change:
    return Change(field=Field.DUE, old=_utc(before), new=_utc(after))


@lru_cache(maxsize=16_384)
def _utc(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
