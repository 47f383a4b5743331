"""Words and photos for a ticket that is already filed: an addition, a correction, "it is not fixed"."""

from dataclasses import replace
from datetime import timedelta

from handlers import menu
from handlers.courtesy import one
from handlers.say import Say, say
from handlers.status import number_in
from handlers.turn import AddComment, Answer, Turn
from tickets.city import City
from tickets.model import CITIZEN, Ticket
from tickets.ports import Tickets
from tickets.workflow import comment

PHOTO_FOLLOWS = timedelta(hours=1)  # a photo alone, so soon after a report, belongs to it


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Put the message into the history of the citizen's own ticket: the one named, else the newest."""
    number, _ = number_in(turn)
    ticket = await tickets.get(number) if number else await newest(turn, tickets)
    if ticket is None and turn.place and turn.parse and not number:  # nothing to add it to, and it says where: a report
        return await menu.handle(replace(turn, parse=replace(turn.parse, intent=None)), city, tickets)
    if ticket is None or ticket.reporter != turn.citizen.id:
        unknown = say(Say.NUMBER_UNKNOWN, number=number) if number else say(Say.NO_TICKET_FOR_COMMENT)
        return one(unknown, turn)
    changed, update = comment(ticket, actor=CITIZEN, at=turn.now, note=turn.inbound.text, public=False)
    effect = AddComment(ticket=changed, update=update, media=turn.inbound.media)
    kept = say(Say.COMMENT_KEPT, number=ticket.number)
    return Answer(replies=(kept,), dialogue=turn.dialogue, effects=(effect,))


async def newest(turn: Turn, tickets: Tickets) -> Ticket | None:
    mine = await tickets.of_reporter(turn.citizen.id, 1)
    return mine[0] if mine else None


async def belongs_to_newest(turn: Turn, tickets: Tickets) -> bool:
    """True for a photo without words that follows the citizen's last report closely."""
    if turn.inbound.text or not turn.inbound.media:
        return False
    ticket = await newest(turn, tickets)
    return ticket is not None and turn.now - ticket.filed_at <= PHOTO_FOLLOWS
