"""Greetings, thanks, help, and everything that is answered with one kind sentence and a way on."""

from datetime import timedelta

from handlers.say import Reply, Say, say
from handlers.turn import Answer, Turn
from tickets.city import City
from tickets.ports import Tickets

_FRESH = timedelta(hours=24)  # an "ok" so soon after news of a report is an answer to that news


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
