"""Somebody whom a program named as a report's reporter says whether they want to be told of it."""

from dataclasses import replace

from handlers.effects import Claim
from handlers.phrases.words import NO, YES, says
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Answer, Turn
from tickets.city import City
from tickets.ports import Tickets

_ODD = frozenset({None, "out_of_scope"})  # intents of "who is this?"


def is_answer(turn: Turn) -> bool:
    """Yes or no; or what nobody makes anything of, once. Whatever else they write is about something else, and the
    question stays."""
    return says(turn.inbound.text, YES | NO) or _is_puzzled(turn)


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    number = turn.dialogue.about if turn.dialogue else ""
    if says(turn.inbound.text, YES):
        told = await _told(number, tickets)
        return Answer(replies=(told,), effects=(Claim(number=number, wanted=True),))
    if says(turn.inbound.text, NO) or turn.dialogue is None:
        return Answer(replies=(say(Say.NOT_TOLD),), effects=(Claim(number=number, wanted=False),))
    once_more = say(Say.ASK_TO_TELL, city=city.name, number=number)
    return Answer(replies=(once_more,), dialogue=replace(turn.dialogue, misses=1))


async def _told(number: str, tickets: Tickets) -> Reply:
    ticket = await tickets.get(number)
    if ticket is None:
        return say(Say.NUMBER_UNKNOWN, number=number)
    return say(Say.TOLD_FROM_NOW, number=number, service=ServiceName(ticket.service), status=ticket.status)


def _is_puzzled(turn: Turn) -> bool:
    asked_once = turn.dialogue is not None and not turn.dialogue.misses
    wordy = bool(turn.inbound.text.strip()) and not turn.inbound.media and turn.inbound.point is None
    return asked_once and wordy and turn.parse is not None and turn.intent in _ODD and turn.danger is None
