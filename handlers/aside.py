"""A question in the middle of a report: answered, and then the report's own question comes again."""

from dataclasses import replace

from handlers import information
from handlers.phrases.words import begins_with_yes_or_no, digits_alone
from handlers.reporting.report import again, is_unknown_place
from handlers.say import Say, say
from handlers.turn import Answer, Asked, Turn
from tickets.city import City
from tickets.ports import Tickets

INTENTS = frozenset({"ask_information", "out_of_scope"})
# To "what happened?" all is an answer, save what is surely one of the city's questions.
_ASKED = frozenset({Asked.PLACE, Asked.SERVICE, Asked.CONFIRM, Asked.CHANGE, Asked.DUPLICATE})
_REPORT = _ASKED | {Asked.DETAILS, Asked.QUESTION}
_PATIENCE = 2  # misses after which whatever is said is taken for an answer


def is_aside(turn: Turn, city: City) -> bool:
    """Whether this message answers something else than what was asked. A place that is known never does."""
    dialogue, inbound = turn.dialogue, turn.inbound
    if dialogue is None or is_unknown_place(turn) or _is_yes_or_no(turn):
        return False
    if dialogue.asked in _REPORT and information.is_asked(turn, city):
        return True
    if dialogue.misses >= _PATIENCE:
        return False
    placed = turn.place is not None and turn.place.point is not None
    told = turn.parse is not None and turn.parse.first("location") is not None
    choosing = dialogue.asked is Asked.QUESTION and dialogue.offered
    beside = (dialogue.asked in _ASKED or choosing) and turn.intent in INTENTS
    return bool(beside) and not (turn.chosen or placed or told or inbound.media)


def _is_yes_or_no(turn: Turn) -> bool:
    """ "Sí, pero vengan rápido" answers "shall I send it?", and so does a number; a question does not."""
    text, asked = turn.inbound.text, turn.dialogue.asked if turn.dialogue else None
    if asked in (Asked.CONFIRM, Asked.DUPLICATE) and digits_alone(text):
        return True
    return asked is Asked.CONFIRM and "?" not in text and begins_with_yes_or_no(text)


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """What it asks, and the open question again. Who was answered has not misunderstood us."""
    told, going_on = information.in_passing(turn, city), await again(turn, city, tickets)
    if told is None:
        beside = say(Say.OUT_OF_SCOPE) if turn.intent == "out_of_scope" else information.unknown(turn, city)
        return replace(going_on, replies=(beside, *going_on.replies))
    if turn.dialogue and going_on.dialogue:
        going_on = replace(going_on, dialogue=replace(going_on.dialogue, misses=turn.dialogue.misses))
    return replace(going_on, replies=(told, *going_on.replies))
