"""Insults, and what is none of our business: one calm sentence and a way on, and never the same one twice in a row.

The first time a sentence, then the menu, and the third time a person: as with what is not understood
(handlers/reporting/menu.py, handlers/people/stuck.py), with which it is counted together.
"""

from dataclasses import replace

from channels.message import Kind
from handlers.phrases.words import NO, YES, says
from handlers.reporting import menu, opening, report
from handlers.reporting.overheard import as_report
from handlers.say import Reply, Say, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets.city import City
from tickets.ports import Tickets

_BESIDE = frozenset({"abuse", "out_of_scope"})


async def abuse(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """An insult; with a report in it, that is what is answered."""
    return await _beside(turn, city, tickets, say(Say.ABUSE))


async def out_of_scope(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """What we can do instead."""
    return await _beside(turn, city, tickets, say(Say.OUT_OF_SCOPE))


async def still(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Once more nothing that we can help with: the menu."""
    hidden = as_report(turn, city) if turn.intent in _BESIDE else None
    if hidden and hidden.intent:
        return await report.handle(replace(hidden, dialogue=None), city, tickets)
    return await menu.handle(turn, city, tickets)


def is_still(turn: Turn) -> bool:
    """Whether this comes to the same as the message before, which we could not help with."""
    inbound = turn.inbound
    if inbound.kind is not Kind.MESSAGE or inbound.choice is not None or inbound.media or turn.parse is None:
        return False
    lost = turn.intent is None and turn.place is None and not says(inbound.text, YES | NO)
    return lost or turn.intent in _BESIDE | {"help"} or opening.is_said(turn)


async def _beside(turn: Turn, city: City, tickets: Tickets, sentence: Reply) -> Answer:
    if hidden := as_report(turn, city):
        return await (report.handle if hidden.intent else menu.handle)(hidden, city, tickets)
    return ask(turn, Asked.NOTHING, Draft(), sentence, misses=1)
