"""Rights by keyword, before anything else. A `stop` that only the model sees is asked about once."""

from collections.abc import Mapping

from channels.message import Inbound, Keyword
from handlers.courtesy import help_
from handlers.effects import OptIn, OptOut
from handlers.people import person, privacy
from handlers.phrases.keywords import Right, right
from handlers.phrases.words import NO, YES, says
from handlers.reporting.report import again
from handlers.say import Option, Say, say
from handlers.turn import Answer, Asked, Draft, Handle, Turn, ask
from tickets.city import City
from tickets.ports import Tickets

_ANSWERED = frozenset({Keyword.STOP, Keyword.START, Keyword.HELP})  # by the provider


def keyword(turn: Turn) -> Handle | None:
    """The handler of a whole-message right, or None ("que paren ese ruido" is a report)."""
    if turn.inbound.provider_keyword in _ANSWERED:
        return _provider(turn.inbound.provider_keyword, turn)
    if turn.citizen.opted_out and may_return(turn.inbound):
        return start
    if privacy.is_asked(turn):
        return privacy.handle
    asked = right(turn.inbound.text)
    return HANDLES[asked] if asked else None


def may_return(inbound: Inbound) -> bool:
    """Whether this message undoes an earlier STOP: by our words, or because the provider takes it for a START."""
    return inbound.provider_keyword in (Keyword.START, Keyword.YES) or right(inbound.text) is Right.START


def is_keyword(inbound: Inbound) -> bool:
    """Whether the whole message is a right, and so no part of anything else."""
    return inbound.provider_keyword is not None or right(inbound.text) is not None


def is_stop(inbound: Inbound) -> bool:
    return inbound.provider_keyword is Keyword.STOP or right(inbound.text) is Right.STOP


def _provider(word: Keyword | None, turn: Turn) -> Handle | None:
    """The provider has answered these already: we only keep in step with it. Who had never stopped says no START."""
    if word is Keyword.START:
        return silent_start if turn.citizen.opted_out else None
    return silent_stop if word is Keyword.STOP else silent


async def silent(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return Answer(replies=(), dialogue=turn.dialogue)


async def silent_stop(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return Answer(replies=(), effects=(OptOut(),))


async def silent_start(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return Answer(replies=(), effects=(OptIn(),))


async def stop(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return Answer(replies=(say(Say.STOPPED),), effects=(OptOut(),))


async def start(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Messages again; who had never stopped is simply greeted (Telegram's first message is /start)."""
    if turn.citizen.opted_out:
        return Answer(replies=(say(Say.STARTED),), effects=(OptIn(),))
    return Answer(replies=(say(Say.GREETING, city=city.name),), dialogue=turn.dialogue)


async def stop_meant(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The model thinks of opting out: ask "no more messages?", and take a yes for it. A report under way is kept."""
    asked = turn.dialogue is not None and turn.dialogue.asked is Asked.STOP
    if asked and (turn.chosen == "yes" or says(turn.inbound.text, YES) or turn.intent in ("affirm", "stop")):
        return await stop(turn, city, tickets)
    if asked and (turn.chosen == "no" or says(turn.inbound.text, NO) or turn.intent == "deny"):
        going_on = await again(turn, city, tickets)
        return going_on if going_on.replies else Answer(replies=(say(Say.NOT_STOPPED),))
    options = (Option("yes", Say.YES), Option("no", Say.NO))
    return ask(turn, Asked.STOP, turn.dialogue.draft if turn.dialogue else Draft(), say(Say.STOP_ASK, *options))


HANDLES: Mapping[Right, Handle] = {
    Right.STOP: stop,
    Right.START: start,
    Right.HELP: help_,
    Right.MY_DATA: privacy.my_data,
    Right.ERASE: privacy.erase,
    Right.PERSON: person.handle,
}
