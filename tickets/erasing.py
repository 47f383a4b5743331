"""What stays of a ticket when a citizen has their data deleted: the public case, without the person and their words."""

import re
from dataclasses import replace
from datetime import datetime

from tickets.city import Service
from tickets.model import SYSTEM, Author, Change, Event, Field, Ticket, Update

_WORDS = frozenset({Field.PLACE, Field.DESCRIPTION, Field.ANSWER})  # what a citizen's correction tells in words
_RUN = re.compile(r"[+(]?\d[\d\s()./-]{4,}\d")  # digits as people write a telephone number
_EMAIL = re.compile(r"[^\s@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")  # bounded: nobody's words take long
_KNOWN = 7  # digits at the end of a number that are enough to be it


def bare(ticket: Ticket, service: Service | None, *, at: datetime) -> tuple[Ticket, Update]:
    """The ticket with its service, point, street, area, dates and what was answered by a choice; and the update by
    which a clerk knows."""
    left = replace(
        ticket, description="", place=replace(ticket.place, words=""), answers=_chosen(ticket, service),
        version=ticket.version + 1,
    )  # fmt: skip
    return left, Update(number=ticket.number, version=left.version, at=at, actor=SYSTEM, event=Event.ERASED)


def is_of(update: Update, citizen: int, reporter: int) -> bool:
    """Whether it holds this citizen's words; whoever's is not noted is the reporter's."""
    if update.actor.author is not Author.CITIZEN:
        return False
    return citizen == (reporter if update.citizen is None else update.citizen)


def wordless(update: Update) -> Update:
    """A citizen's update: that it was, not what it said."""
    return replace(update, note="", changes=tuple(_wordless(change) for change in update.changes))


def discreet(update: Update, address: str) -> Update:
    """A clerk's note on a citizen's report, without their number and without addresses of e-mail; what the clerk
    corrected in the citizen's words goes as well."""
    note = without(_EMAIL.sub("...", update.note), address)
    return replace(update, note=note, changes=tuple(_wordless(change) for change in update.changes))


def without(text: str, address: str) -> str:
    """A text in which this number or address of e-mail stands no more, however the number is written."""
    if "@" in address:
        return re.sub(re.escape(address), "...", text, flags=re.IGNORECASE)
    return _RUN.sub(lambda run: "..." if _is_number(run[0], address) else run[0], text)


def _chosen(ticket: Ticket, service: Service | None) -> tuple[tuple[str, str], ...]:
    def by_choice(question: str, value: str) -> bool:
        asked = service.question(question) if service else None
        return asked is not None and asked.option(value) is not None

    return tuple((question, value) for question, value in ticket.answers if by_choice(question, value))


def _wordless(change: Change) -> Change:
    return replace(change, old="", new="") if change.field in _WORDS else change


def _is_number(run: str, address: str) -> bool:
    digits = re.sub(r"\D", "", run)
    return len(digits) >= _KNOWN and re.sub(r"\D", "", address).endswith(digits[-_KNOWN:])
