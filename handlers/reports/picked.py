"""The answer to "which report do you mean?": what was wanted goes on with the report that was picked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.effects import ChangeTicket, Effect, Erase, OptOut
from handlers.people import privacy
from handlers.people.stuck import unless_stuck
from handlers.phrases.naming import services_named
from handlers.reporting import report
from handlers.reports import bare, closure, comment, correction, joining, status
from handlers.reports.mine import NEW, Wish, number_said, offered, told, which_for, wish_of, with_more
from handlers.say import Say, say
from handlers.turn import Answer, Asked, Dialogue, Handle, Turn
from nlu.contract import REPORT_INTENTS
from nlu.parse import Entity, Parse
from tickets.city import City
from tickets.model import CITIZEN, Ticket
from tickets.ports import Tickets
from tickets.workflow import comment as commented

WANTED: Mapping[str, Handle] = {
    "check_status": status.handle,
    "correct": correction.handle,
    "reopen": closure.unasked,
    "add_comment": comment.handle,
    joining.LEAVE: joining.leave,
}
_FEW = 5  # words
_COURTESIES = frozenset({"greet", "thank", "goodbye"})


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
    if picked is None and turn.intent == "check_status" and not turn.chosen and not told(turn, choices):
        return await status.handle(turn, city, tickets)  # "mis reportes" picks none of them; the question stays
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
    if turn.intent in _COURTESIES and not services_named(turn.inbound.text) and not number_said(turn):
        return False
    bare_before = not wish_of(turn.dialogue.item).text and _tells_new(turn)
    return bare_before or (turn.inbound.point is None and len(turn.inbound.text.split()) <= _FEW)


async def not_lost(answer: Answer, asked: Dialogue | None, turn: Turn, tickets: Tickets) -> Answer:
    """The answer to a message that may have left "which report?" unanswered: what came with that question goes into
    the newest report, and the citizen is told so."""
    asked = privacy.behind(asked)
    if (
        asked is None
        or _is_kept(privacy.behind(answer.dialogue), asked)
        or any(isinstance(one, Erase) for one in answer.effects)
    ):
        return answer
    change = await unplaced(asked, tickets, turn.now, answer.effects)
    if change is None:
        return answer
    silent = not answer.replies or any(isinstance(one, OptOut) for one in answer.effects)  # one last word, and no other
    told_so = () if silent else (say(Say.COMMENT_KEPT, number=change.ticket.number),)
    return replace(answer, replies=(*told_so, *answer.replies), effects=(*answer.effects, change))


async def unplaced(
    asked: Dialogue, tickets: Tickets, now: datetime, before: Sequence[Effect] = ()
) -> ChangeTicket | None:  # fmt: skip
    """What came with the question, into the newest report that it offers; `before` are effects on it that come first.
    None where nothing came that could be lost."""
    wish = wish_of(asked.item) if asked.asked is Asked.TICKET else Wish(intent="")
    if not wish.media and not (wish.intent == comment.WANTS and wish.text):
        return None
    found = [ticket for number in asked.offered if number != NEW and (ticket := await tickets.get(number))]
    if not found:
        return None
    newest = max(found, key=lambda ticket: ticket.filed_at)
    changes = [one.ticket for one in before if isinstance(one, ChangeTicket) and one.ticket.number == newest.number]
    changed, update = commented(
        changes[-1] if changes else newest, actor=CITIZEN, at=now, note=wish.text, public=False
    )  # fmt: skip
    return ChangeTicket(ticket=changed, update=update, media=wish.media)


def _is_kept(dialogue: Dialogue | None, asked: Dialogue) -> bool:
    """Whether the question is still open, or was asked again with all that came with it."""
    if dialogue is None or dialogue.asked is not Asked.TICKET or asked.asked is not Asked.TICKET:
        return False
    now, before = wish_of(dialogue.item), wish_of(asked.item)
    return now.text == before.text and set(before.media) <= set(now.media)


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
