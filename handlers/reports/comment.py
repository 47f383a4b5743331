"""Words, photos and voice notes for a ticket that is already filed, also days later, also when it is closed."""

from dataclasses import replace
from datetime import timedelta

from handlers.courtesy import one
from handlers.effects import ChangeTicket, ThreadKind
from handlers.people import person
from handlers.phrases.asking import asks_outright
from handlers.phrases.referring import points_at
from handlers.reporting import menu
from handlers.reports import mine
from handlers.reports.status import number_in, public
from handlers.say import Reply, Say, say
from handlers.turn import Answer, Dialogue, Turn
from nlu.contract import REPORT_INTENTS
from tickets.city import City
from tickets.model import CITIZEN, Event, Status, Ticket
from tickets.ports import Tickets
from tickets.workflow import CLOSED, OPEN, comment

PHOTO_FOLLOWS = timedelta(hours=1)  # a photo alone, so soon after a report, belongs to it
WANTS = "add_comment"
_TELL_NOTHING = frozenset({None, "greet", "thank", "out_of_scope", "affirm"})
WITHOUT_WORK = frozenset({Status.DECLINED, Status.DUPLICATE})


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Put the message into the history of the report that is meant."""
    number, _ = number_in(turn)
    found = await mine.meant(turn, city, tickets)
    if len(found) > 1:
        return mine.which(turn, found, WANTS)
    if found and found[0].status in WITHOUT_WORK:
        return await objected(turn, city, tickets, found[0])
    if found:
        return kept(turn, found[0])
    if turn.place and turn.parse and not number:  # nothing to add it to, and it says where: a report
        return await menu.handle(replace(turn, parse=replace(turn.parse, intent=None)), city, tickets)
    if number is None:
        return one(say(Say.NO_TICKET_FOR_COMMENT), turn)
    others = await tickets.get(number)  # somebody else's: told so, with the way to be heard; nothing is kept there
    told = public(others, say(Say.NO_TICKET_FOR_COMMENT)) if others else say(Say.NUMBER_UNKNOWN, number=number)
    return one(told, turn)


async def objected(turn: Turn, city: City, tickets: Tickets, ticket: Ticket) -> Answer:
    """What is said to a report that was closed without work is kept with it. From the second time on a person answers:
    we have nothing to add."""
    answer = kept(turn, ticket)
    if not turn.inbound.text.strip() or not await _said_before(turn, tickets, ticket):
        return answer
    handed = person.hand_over(turn, city, ThreadKind.ASKED)
    return replace(handed, dialogue=answer.dialogue, effects=(*answer.effects, *handed.effects))


async def _said_before(turn: Turn, tickets: Tickets, ticket: Ticket) -> bool:
    """Whether this citizen has written to it since it was closed."""
    theirs = (
        update for update in await tickets.history(ticket.number)
        if update.event is Event.COMMENTED and update.citizen == turn.citizen.id
    )  # fmt: skip
    return any(ticket.closed_at is None or update.at >= ticket.closed_at for update in theirs)


def kept(turn: Turn, ticket: Ticket, reply: Reply | None = None) -> Answer:
    """In the ticket's history and among its photos. Of one that is closed the citizen is told so, and what they can
    do; the clerk sees it all the same."""
    changed, update = comment(ticket, actor=CITIZEN, at=turn.now, note=_words(turn), public=False)
    effect = ChangeTicket(ticket=changed, update=update, media=turn.inbound.media)
    what = Say.CLOSED_ALREADY if ticket.status in CLOSED else _said(turn)
    return Answer(replies=(reply or say(what, number=ticket.number),), dialogue=_open_report(turn), effects=(effect,))


def _words(turn: Turn) -> str:
    """What the clerk reads: a pin too."""
    pin = turn.inbound.point
    at = f"{pin.latitude:.5f}, {pin.longitude:.5f}" if pin else ""
    return "\n".join(filter(None, (turn.inbound.text, at)))


def _open_report(turn: Turn) -> Dialogue | None:
    """A report under way goes on; a question about a ticket is over."""
    return turn.dialogue if turn.dialogue and not turn.dialogue.about else None


def _said(turn: Turn) -> Say:
    voice = not turn.inbound.text.strip() and any(one.is_sound for one in turn.inbound.media)
    return Say.VOICE_KEPT if voice else Say.COMMENT_KEPT


async def is_for(turn: Turn, tickets: Tickets) -> bool:
    """Whether photos, or words that would be a report, name a report of theirs: then they belong to it."""
    number = mine.number_said(turn) if turn.inbound.media or turn.intent in REPORT_INTENTS else None
    ticket = await tickets.get(number) if number and turn.inbound.choice is None else None
    return ticket is not None and await mine.concerns(ticket, turn, tickets)


async def refers(turn: Turn, tickets: Tickets) -> bool:
    """Whether words that would be a report speak of one of theirs: "el de la basura ya huele". Another place makes it
    another report."""
    if turn.intent not in (*REPORT_INTENTS, WANTS, "out_of_scope", None) or turn.inbound.choice is not None:
        return False
    if asks_outright(turn.inbound.text):
        return False
    services = points_at(turn.inbound.text)
    theirs = [t for t in await mine.of_citizen(turn, tickets) if t.service in services] if services else []
    return any(turn.place is None or mine.same_street(ticket.place, turn.place) for ticket in theirs)


def is_bare(turn: Turn) -> bool:
    """A photo or voice note without a word."""
    return not turn.inbound.text.strip() and bool(turn.inbound.media) and turn.inbound.point is None


async def shows(turn: Turn, tickets: Tickets) -> bool:
    """Whether it is a photo with words that tell nothing of their own, "look at this", of somebody whose report is
    open: then it belongs to that, also days later."""
    if not turn.inbound.media or turn.inbound.point or turn.place or turn.parts or turn.intent not in _TELL_NOTHING:
        return False
    return any(ticket.status in OPEN for ticket in await mine.of_citizen(turn, tickets))


async def belongs_to_newest(turn: Turn, tickets: Tickets) -> bool:
    """True for a photo without words that follows the citizen's last report closely."""
    if not is_bare(turn) and not await shows(turn, tickets):
        return False
    ticket = await mine.newest(turn, tickets)
    return ticket is not None and turn.now - ticket.filed_at <= PHOTO_FOLLOWS
