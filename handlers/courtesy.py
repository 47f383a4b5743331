"""Greetings, thanks, help, and everything that is answered with one kind sentence and a way on."""

from handlers.say import LanguageName, Option, Reply, Say, say
from handlers.turn import Answer, Asked, ChooseLanguage, Draft, Turn, ask
from handlers.words import language_named
from tickets.city import City
from tickets.ports import Tickets


async def greet(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.GREETING, city=city.name))


async def thank(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.THANKS))


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


async def unreadable(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Voice, sticker, contact card: kept, and asked for in words."""
    return one(say(Say.UNREADABLE), turn)


async def edited(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.EDITED), turn)


async def old_button(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.OLD_BUTTON), turn)


async def cancel(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return one(say(Say.DROPPED if turn.dialogue else Say.NOTHING_TO_CANCEL))


async def language(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Change the language by name or button; otherwise ask which."""
    named = turn.chosen if turn.chosen in city.languages else language_named(turn.inbound.text)
    if named in city.languages:
        dialogue = turn.dialogue if turn.dialogue and turn.dialogue.asked is not Asked.LANGUAGE else None
        return Answer(replies=(say(Say.LANGUAGE_SET),), dialogue=dialogue, effects=(ChooseLanguage(language=named),))
    options = (Option(code, LanguageName(code)) for code in city.languages)
    return ask(
        turn, Asked.LANGUAGE, turn.dialogue.draft if turn.dialogue else Draft(), say(Say.WHICH_LANGUAGE, *options)
    )


def one(reply: Reply, turn: Turn | None = None) -> Answer:
    """One reply; with a turn the open dialogue stays open, without it is over."""
    return Answer(replies=(reply,), dialogue=turn.dialogue if turn else None)


def _with_office(what: Say, city: City, language: str) -> Reply:
    return say(what, city=city.name, phone=city.office.phone, hours=city.office.hours[language])
