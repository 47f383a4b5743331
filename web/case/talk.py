"""What was said between the desk and the citizen of a ticket, in order, each line with what became of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.ports import Kind, Sent
from tickets.model import Author, Event, Ticket, Update

# What an outside body or the staff got is no word to the citizen; the body's mail even holds the key to its page.
_TO_CITIZENS = frozenset({Kind.REPLY, Kind.NOTICE, Kind.STOP, Kind.NEWS})
_THEIR_WORDS = frozenset({
    Event.COMMENTED, Event.CORRECTED, Event.REOPENED, Event.CONFIRMED, Event.RATED, Event.FOLLOWED,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. `message` is what we sent, None for what came in; `neighbour`: it is of or for somebody who joined;
    `others`: how many who joined got the same news and are on their way or have it."""

    at: datetime
    text: str = field(repr=False)
    message: Sent | None = None
    neighbour: bool = False
    others: int = 0


def talk(ticket: Ticket, history: Sequence[Update], sent: Sequence[Sent]) -> Sequence[Line]:
    """Oldest first."""
    lines = [*_heard(ticket, history), *_told(ticket, sent)]
    return sorted(lines, key=lambda line: line.at)


def _heard(ticket: Ticket, history: Sequence[Update]) -> Iterator[Line]:
    if ticket.description:
        yield Line(at=ticket.filed_at, text=ticket.description)
    for update in history:
        if update.actor.author is Author.CITIZEN and update.event in _THEIR_WORDS and update.note:
            joined = update.event is Event.FOLLOWED
            other = update.citizen is not None and update.citizen != ticket.reporter
            yield Line(at=update.at, text=update.note, neighbour=joined or other)


def _told(ticket: Ticket, sent: Sequence[Sent]) -> Iterator[Line]:
    """Each message to its reporter; of the same to those who joined only how many, save what did not arrive."""
    ours = [message for message in sent if message.kind in _TO_CITIZENS]
    copies: dict[int | None, int] = defaultdict(int)
    first = {message.version for message in ours if message.citizen == ticket.reporter}
    for message in ours:
        if message.citizen != ticket.reporter and message.delivery != "failed" and message.version in first:
            copies[message.version] += 1
    for message in ours:
        own = message.citizen == ticket.reporter
        if own or message.delivery == "failed" or message.version not in first:
            others = copies.pop(message.version, 0) if own else 0
            yield Line(at=message.queued_at, text=message.text, message=message, neighbour=not own, others=others)
