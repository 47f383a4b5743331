"""The language of the answers: changed by name or button, otherwise asked for. A report under way goes on in it."""

from dataclasses import replace

from handlers.effects import ChooseLanguage
from handlers.phrases.words import language_named, languages_refused
from handlers.reporting.report import again
from handlers.say import LanguageName, Option, Reply, Say, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets.city import City
from tickets.ports import Tickets


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Change to the language that is wanted; otherwise ask which."""
    wanted = _wanted(turn)
    if wanted not in city.languages:
        return ask(turn, Asked.LANGUAGE, turn.dialogue.draft if turn.dialogue else Draft(), _which(city))
    going_on = await again(turn, city, tickets)
    return replace(
        going_on,
        replies=(say(Say.LANGUAGE_SET), *going_on.replies),
        effects=(ChooseLanguage(language=wanted),),
    )


def _which(city: City) -> Reply:
    """Every language by its own name."""
    return say(Say.WHICH_LANGUAGE, *(Option(code, LanguageName(code)) for code in city.languages))


def _wanted(turn: Turn) -> str:
    """Who does not speak one language is answered in the other one that they write in."""
    named = turn.chosen or language_named(turn.inbound.text)
    refused = languages_refused(turn.inbound.text)
    return named or (turn.language if refused and turn.language not in refused else "")
