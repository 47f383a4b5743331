"""A question in the middle of a report: answered, and then the report's own question comes again."""

from dataclasses import replace

from handlers import courtesy
from handlers.report import again, is_unknown_place
from handlers.turn import Answer, Asked, Handle, Turn
from tickets.city import City
from tickets.ports import Tickets

BY_INTENT: dict[str, Handle] = {"ask_information": courtesy.information, "out_of_scope": courtesy.out_of_scope}
_ASKED = frozenset({Asked.PLACE, Asked.SERVICE, Asked.CONFIRM, Asked.CHANGE})  # to "what happens?" all is an answer
_PATIENCE = 2  # misses after which whatever is said is taken for an answer


def is_aside(turn: Turn) -> bool:
    """Whether this message answers something else than what was asked. A place that is known never does."""
    dialogue, inbound = turn.dialogue, turn.inbound
    if dialogue is None or dialogue.asked not in _ASKED or dialogue.misses >= _PATIENCE or is_unknown_place(turn):
        return False
    placed = turn.place is not None and turn.place.point is not None
    told = turn.parse is not None and turn.parse.first("location") is not None
    return turn.intent in BY_INTENT and not (turn.chosen or placed or told or inbound.media)


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    answer = await BY_INTENT[turn.intent or ""](turn, city, tickets)
    going_on = again(turn, city)
    return replace(going_on, replies=(*answer.replies, *going_on.replies))
