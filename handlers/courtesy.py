"""Greetings, thanks, help, and everything that is answered with one kind sentence and a way on."""

from dataclasses import replace
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
    """A "yes" or "ok" that answers no question: said to our news, or to a question that is long forgotten."""
    for ticket in await tickets.of_reporter(turn.citizen.id, 1):
        *_, last = await tickets.history(ticket.number)
        if turn.now - last.at <= _FRESH:
            return await goodbye(turn, city, tickets)
    return await greet(turn, city, tickets)


async def goodbye(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.GOODBYE))


async def help_(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(_with_office(Say.HELP, city, turn.language), turn)


async def person(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(_with_office(Say.PERSON, city, turn.language), turn)


async def information(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(_with_office(Say.INFORMATION, city, turn.language), turn)


async def privacy(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.PRIVACY, url=city.privacy_url, phone=city.office.phone), turn)


async def out_of_scope(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.OUT_OF_SCOPE), turn)


async def abuse(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.ABUSE), turn)


async def emergency(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """At once, before any question; the open dialogue stays as it is."""
    return one(say(Say.EMERGENCY, phone=city.emergency_number), turn)


def warned(answer: Answer, city: City) -> Answer:
    """An answer to a report that also tells of danger: whom to call comes first, and the report is not lost."""
    return replace(answer, replies=(say(Say.EMERGENCY, phone=city.emergency_number), *answer.replies))


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
