"""What a citizen says to what a clerk wrote about their report: it is kept with the report, and the clerk is told. The
bot goes on: another report, a right, a wish of theirs is not taken for an answer."""

from dataclasses import replace

from channels.message import Kind
from handlers.effects import HandOver, ThreadKind
from handlers.reporting import menu, opening
from handlers.reports import comment, status
from handlers.say import Say, say
from handlers.turn import Answer, Asked, Turn
from nlu.contract import REPORT_INTENTS, service_of
from tickets.city import City
from tickets.ports import Tickets

# What is never an answer to a clerk: rights and wishes to us, danger, and a bare courtesy, which nobody has to read.
_TO_US = frozenset({
    "change_language", "handover", "help", "emergency", "cancel", "check_status", "stop", "start", "my_data",
    "erase_data", "greet", "thank", "goodbye",
})  # fmt: skip
_SENT = frozenset({Kind.MESSAGE, Kind.VOICE})


def is_reply(turn: Turn) -> bool:
    """Whether it answers what a clerk wrote. A report of another service that says where, or of several problems, is a
    report of its own."""
    inbound, dialogue = turn.inbound, turn.dialogue
    if dialogue is None or dialogue.asked is not Asked.WRITTEN or inbound.kind not in _SENT:
        return False
    if inbound.choice is not None or inbound.provider_keyword is not None or turn.intent in _TO_US or turn.parts:
        return False
    if opening.is_wish(turn) or status.is_asked(turn) or status.is_number(inbound, dialogue):
        return False
    another = turn.intent in REPORT_INTENTS and service_of(turn.intent or "") != dialogue.item
    return not (another and (turn.place is not None or (turn.parse and turn.parse.first("location"))))


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Into the history of the report, and before the clerk's eyes; what they say next may belong to it too."""
    ticket = await tickets.get(turn.dialogue.about) if turn.dialogue else None
    if ticket is None:
        return await menu.handle(replace(turn, dialogue=None), city, tickets)
    answer = comment.kept(turn, ticket, say(Say.REPLY_PASSED_ON, number=ticket.number))
    over = HandOver(kind=ThreadKind.REPLY, silent=False, number=ticket.number)
    dialogue = replace(turn.dialogue, since=turn.now) if turn.dialogue else None
    return replace(answer, dialogue=dialogue, effects=(*answer.effects, over))
