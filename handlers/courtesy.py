"""Greetings, thanks, help, and everything that is answered with one kind sentence and a way on."""

from datetime import timedelta

from handlers.phrases.words import YES, says
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Answer, Turn
from tickets.city import City
from tickets.model import Event, Ticket
from tickets.ports import Tickets
from tickets.workflow import OPEN

_FRESH = timedelta(hours=24)  # an "ok" so soon after news of a report is an answer to that news
_AT_ONCE = timedelta(hours=1)
_TOLD = frozenset({Event.FILED, Event.CORRECTED})  # by the citizen, and receipted


async def greet(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.GREETING, city=city.name))


async def thank(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.THANKS))


async def acknowledged(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """A "yes", "ok" or "no, thanks" that answers no question: said to our news, or to a question long forgotten."""
    for ticket in await tickets.of_reporter(turn.citizen.id, 1):
        last = await tickets.last_news(ticket.number)
        if last and turn.now - last.at <= _FRESH:
            return await goodbye(turn, city, tickets)
    return await greet(turn, city, tickets)


async def agreed(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """A "yes" where nothing is asked: right behind a receipt it says the receipt's "is this so?", and hears what
    stands."""
    for ticket in await tickets.of_reporter(turn.citizen.id, 1):
        if await _receipted(ticket, turn, tickets):
            service = ServiceName(ticket.service)
            return one(say(
                Say.STATUS, number=ticket.number, service=service, place=ticket.place, status=ticket.status,
                due=ticket.due_at,
            ))  # fmt: skip
    return await acknowledged(turn, city, tickets)


async def is_yes_to_nothing(turn: Turn, tickets: Tickets) -> bool:
    """Whether it is a yes in which no model hears one, or the digit for yes once more, just behind the receipt: that
    tells no place and no service."""
    if turn.dialogue or turn.chosen or turn.inbound.choice is not None or turn.inbound.media:
        return False
    if turn.parse and turn.intent is None and says(turn.inbound.text, YES):
        return True
    if turn.inbound.text.strip(" .)") != "1":
        return False
    newest = await tickets.of_reporter(turn.citizen.id, 1)
    return bool(newest) and turn.now - newest[0].filed_at <= _AT_ONCE and await _receipted(newest[0], turn, tickets)


async def _receipted(ticket: Ticket, turn: Turn, tickets: Tickets) -> bool:
    """Whether it was filed or put right lately, and they heard nothing else of it since."""
    if ticket.status not in OPEN or ticket.waiting_since or turn.now > ticket.due_at:
        return False
    last = await tickets.last_news(ticket.number)
    return last is not None and last.event in _TOLD and turn.now - last.at <= _FRESH


async def take_time(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Who asks us to wait has not misunderstood us; what is open stays open."""
    return one(say(Say.TAKE_TIME), turn)


async def goodbye(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.GOODBYE))


async def help_(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(_with_office(Say.HELP, city, turn.language), turn)


async def privacy(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.PRIVACY, url=city.privacy_url, phone=city.office.phone), turn)


async def unreadable(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Voice, sticker, contact card: kept, and asked for in words."""
    return one(say(Say.UNREADABLE), turn)


async def edited(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.EDITED), turn)


async def old_button(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.OLD_BUTTON), turn)


async def cancel(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.DROPPED if turn.dialogue else Say.NOTHING_TO_CANCEL))


def one(reply: Reply, turn: Turn | None = None) -> Answer:
    """One reply; with a turn the open dialogue stays open, without it is over."""
    return Answer(replies=(reply,), dialogue=turn.dialogue if turn else None)


def _with_office(what: Say, city: City, language: str) -> Reply:
    return say(what, city=city.name, phone=city.office.phone, hours=city.office.hours[language])
