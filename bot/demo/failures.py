"""News of invented tickets that reached nobody, as the outbox keeps them: figures count them, the desk lists those that
no clerk has dealt with. What did arrive is left out: it would be four rows for each ticket that tell nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from bot.demo.case import Case
from bot.ports import Kind, Render
from bot.telling import notice
from channels.message import Contact, Delivery, Outbound
from channels.reason import Reason
from tickets.model import Actor, Author, Event, Place, Priority, Status, Ticket, Update

Row = tuple[Any, ...]
_FAILS = 0.012  # share of tickets of which one notice reaches nobody
_REASONS = [str(reason) for reason in (Reason.UNREACHABLE, Reason.EXPIRED, Reason.FILTERED)]  # none that lasts
_TOLD = (Event.MOVED.value, Event.POSTPONED.value)
_DAY = 86_400


def address(citizen: int) -> str:
    """Of a simulated channel, on which nothing is ever sent. It holds the id, so no two are the same."""
    return f"neighbour-{citizen}"


class Failures:
    """Until `now`, in seconds since 1970."""

    def __init__(self, render: Render, random: Random, now: int) -> None:
        self._render, self._random, self._now = render, random, now

    def of(self, case: Case) -> Iterator[Row]:
        """Rows of the outbox, one at most."""
        if self._random.random() >= _FAILS:
            return
        told = [row for row in case.updates if row[5] in _TOLD]
        if told:
            update = _update(self._random.choice(told))
            yield self._failed(case, update, self._text(case, update))

    def _failed(self, case: Case, update: Update, text: str) -> Row:
        """A clerk sees to most of them within days."""
        at, key = int(update.at.timestamp()), f"notice:{update.number}/{update.version}:{case.reporter}"
        contact = Contact(channel=case.channel, address=address(case.reporter))
        settled = at + int(_DAY * self._random.uniform(0.5, 4))
        return (
            case.reporter, key, at, at, 1, min(self._now, at + 30), case.channel, Kind.NOTICE.value, True,
            Outbound(key=key, recipient=contact, text=text), Delivery.FAILED.value, self._random.choice(_REASONS),
            update.number, update.version, settled if settled <= self._now else None,
        )  # fmt: skip

    def _text(self, case: Case, update: Update) -> str:
        due = update.changes[-1].new if update.event is Event.POSTPONED else ""
        ticket = Ticket(
            number=case.number, service=case.service, department=case.department, status=update.new or Status.RECEIVED,
            priority=Priority(case.priority), place=Place(), description="", reporter=case.reporter,
            channel=case.channel, language=case.language, confidence=None, filed_at=update.at,
            due_at=datetime.fromisoformat(due) if due else update.at,
        )  # fmt: skip
        reply = notice(ticket, update)
        return self._render(reply, case.language) if reply else ""


def _update(row: Row) -> Update:
    number, version, at, author, actor, event, old, new, note, public, changes, _ = row
    who, when = Actor(author=Author(author), name=actor), datetime.fromtimestamp(at, UTC)
    return Update(
        number=number, version=version, at=when, actor=who, event=Event(event), note=note, public=public,
        old=Status(old) if old else None, new=Status(new) if new else None, changes=changes or (),
    )  # fmt: skip
