"""How long what is kept of a report is kept: rules by status and age. Pure; only closed reports grow old."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tickets.model import SYSTEM, Actor, Change, Event, Field, Status, Ticket, Update
from tickets.workflow import CLOSED, NoteNeeded

ANY: Final = "any"


class Duty(StrEnum):
    """What is done to a report whose time is over, from the least to the most."""

    REDACT_TEXT = "redact_text"  # everybody's words in it
    DELETE_MEDIA = "delete_media"  # its photos and voices
    ANONYMISE_REPORTER = "anonymise_reporter"  # who reported, joined, rated
    DELETE_CASE = "delete_case"  # all of it but a tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is `do`ne with reports of this status (None: however they were closed) and service (None: of all) so long
    `after` they were closed."""

    status: Status | None = None
    service: str | None = None
    after: timedelta
    do: Duty

    @property
    def statuses(self) -> Collection[Status]:
        return CLOSED if self.status is None else (self.status,)

    def before(self, now: datetime) -> datetime:
        """Reports that were closed before this time are due."""
        return now - self.after

    def __str__(self) -> str:
        of = f" {self.service}" if self.service else ""
        return f"{self.do} {self.status or ANY}{of} after {self.after.days} days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What stays of a report that was deleted by rule. Its number is never given again."""

    number: str
    service: str
    area: str | None
    filed_at: datetime
    closed_at: datetime
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Somebody keeps a report out of all rules: it is needed, in court for one."""

    number: str
    at: datetime
    login: str


def held(ticket: Ticket, *, hold: bool, actor: Actor, at: datetime, note: str) -> tuple[Ticket, Update]:
    """The ticket kept out of the rules, or left to them again, and the update that says why. Raises NoteNeeded without
    a reason."""
    if not note.strip():
        raise NoteNeeded
    after = replace(ticket, version=ticket.version + 1)
    return after, Update(
        number=ticket.number, version=after.version, at=at, actor=actor, note=note.strip(),
        event=Event.HELD if hold else Event.RELEASED,
    )  # fmt: skip


def trimmed(number: str, version: int, duty: Duty, at: datetime) -> Update:
    """The line in a report's history, at this version, that says what a rule did to it."""
    change = Change(field=Field.KEPT, old=duty)
    return Update(number=number, version=version, at=at, actor=SYSTEM, event=Event.TRIMMED, changes=(change,))
