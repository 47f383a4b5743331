"""What became of my report: by number, or all of mine. A number alone opens only the public part of a ticket."""

from collections.abc import Sequence

from channels.message import Inbound
from handlers.courtesy import one
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Dialogue, Turn
from tickets.city import City
from tickets.model import Ticket
from tickets.number import find_number, looks_like_number, read_number
from tickets.ports import Tickets
from tickets.workflow import CLOSED

_SHOWN = 5
_PLATED = "vehicle"  # a report of this service is told with a plate, `ABC-123`


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Status of the number in the message, else of the citizen's newest reports."""
    number, written = number_in(turn)
    if number:
        ticket = await tickets.get(number)
        return one(_of(ticket, turn) if ticket else say(Say.NUMBER_UNKNOWN, number=number), turn)
    if written:
        return one(say(Say.NUMBER_UNKNOWN, number=written), turn)
    return one(_all(await tickets.of_reporter(turn.citizen.id, _SHOWN), turn), turn)


def is_number(inbound: Inbound, dialogue: Dialogue | None) -> bool:
    """Whether a message is nothing but a number, be it wrong: then it asks for a status in no language. To an open
    question an address ("Cra 100") or a plate may be the answer."""
    words = inbound.text.strip()
    if read_number(words):
        return True
    if inbound.media or not looks_like_number(words) or (dialogue and dialogue.draft.service == _PLATED):
        return False
    answering = dialogue is not None and dialogue.asked in (Asked.PLACE, Asked.DETAILS)
    return not answering or ("-" in words and any(character.isalpha() for character in words))


def number_in(turn: Turn) -> tuple[str | None, str]:
    """The valid number in a message, if any, and what was written in its place (empty: nothing)."""
    words, entity = turn.inbound.text.strip(), turn.parse.first("ticket") if turn.parse else None
    valid = read_number(words) or find_number(words) or (read_number(entity.value) if entity else None)
    if entity:
        return valid, entity.value
    return valid, words if looks_like_number(words) else ""


def _all(mine: Sequence[Ticket], turn: Turn) -> Reply:
    if not mine:
        return say(Say.NO_REPORTS)
    if len(mine) == 1:
        return _of(mine[0], turn)
    lines = tuple(say(Say.STATUS_LINE, number=t.number, service=ServiceName(t.service), status=t.status) for t in mine)
    return say(Say.MY_REPORTS, lines=lines, count=len(mine))


def _of(ticket: Ticket, turn: Turn) -> Reply:
    service = ServiceName(ticket.service)
    if ticket.reporter != turn.citizen.id:
        return say(Say.STATUS_PUBLIC, number=ticket.number, service=service, status=ticket.status)
    if ticket.status in CLOSED:
        return say(
            Say.STATUS_CLOSED, number=ticket.number, service=service, place=ticket.place,
            status=ticket.status, at=ticket.closed_at or ticket.filed_at,
        )  # fmt: skip
    what = Say.STATUS if turn.now <= ticket.due_at else Say.STATUS_LATE
    return say(what, number=ticket.number, service=service, place=ticket.place, status=ticket.status, due=ticket.due_at)
