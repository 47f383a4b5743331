"""The answer to "which report do you mean?": what was wanted goes on with the report that was picked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers import bare, closure, comment, correction, joining, report, status
from handlers.mine import NEW, Wish, number_said, offered, told, which_for, wish_of, with_more
from handlers.stuck import unless_stuck
from handlers.turn import Answer, Handle, Turn
from nlu.contract import REPORT_INTENTS
from nlu.parse import Entity, Parse
from tickets.city import City
from tickets.model import Ticket
from tickets.ports import Tickets

WANTED: Mapping[str, Handle] = {
    "check_status": status.handle,
    "correct": correction.handle,
    "reopen": closure.unasked,
    "add_comment": comment.handle,
    joining.LEAVE: joining.leave,
}
_FEW = 5  # words


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """By a digit, a button or words; whoever cannot be understood gets a person."""
    wish = wish_of(turn.dialogue.item if turn.dialogue else "check_status")
    if turn.chosen == NEW:
        return bare.begin(_again(wish, turn, intent=None), city)
    if comment.is_bare(turn):
        return await with_more(turn, tickets)
    choices = await offered(turn, tickets)
    picked = _picked(turn, choices)
    if picked is None and _tells_new(turn):  # first the photo, then what it shows, or where
        media = (*wish.media, *turn.inbound.media)
        turn = replace(turn, dialogue=None, inbound=replace(turn.inbound, media=media))
        return await report.handle(turn, city, tickets)
    misses = turn.dialogue.misses + 1 if turn.dialogue else 1
    if picked is None and choices:
        new = turn.dialogue is not None and NEW in turn.dialogue.offered
        return unless_stuck(turn, city, which_for(wish, turn, choices, new=new, misses=misses))
    if picked is None:  # gone meanwhile
        return bare.begin(_again(wish, turn, intent=None), city)
    return await WANTED.get(wish.intent, status.handle)(_of(wish, turn, picked.number), city, tickets)


def is_answer(turn: Turn) -> bool:
    """Whether words may name one of the reports ("la del foco"), or tell what the photo shows that came before. A whole
    report that follows other words begins anew."""
    if turn.dialogue is None:
        return False
    bare_before = not wish_of(turn.dialogue.item).text and _tells_new(turn)
    return bare_before or (turn.inbound.point is None and len(turn.inbound.text.split()) <= _FEW)


def _tells_new(turn: Turn) -> bool:
    return not turn.chosen and (turn.intent in REPORT_INTENTS or turn.inbound.point is not None)


def _picked(turn: Turn, choices: Sequence[Ticket]) -> Ticket | None:
    if turn.chosen:
        return next((ticket for ticket in choices if ticket.number == turn.chosen), None)
    number = number_said(turn)
    named = [ticket for ticket in choices if ticket.number == number] or told(turn, choices)
    return named[0] if len(named) == 1 else None


def _of(wish: Wish, turn: Turn, number: str) -> Turn:
    """The message that wanted something, as if it had named the number."""
    return _again(wish, turn, intent=wish.intent, entities=(Entity(name="ticket", value=number, start=0, end=0),))


def _again(wish: Wish, turn: Turn, *, intent: str | None, entities: tuple[Entity, ...] = ()) -> Turn:
    """The message as it first came; the question is answered."""
    confidence = turn.parse.confidence if turn.parse else 1.0
    said = "" if turn.chosen else turn.inbound.text  # "for the lamp: it fell down", after a photo without a word
    return replace(
        turn,
        inbound=replace(
            turn.inbound, text=wish.text or said, media=(*wish.media, *turn.inbound.media), choice=None, point=None
        ),
        parse=Parse(intent=intent, confidence=confidence, ranking=(), entities=entities, language=None),
        dialogue=None,
        chosen=None,
        place=wish.place,
    )
