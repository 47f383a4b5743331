"""Reporting a problem: service, place and what else the service needs in any order, then one confirmation."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.effects import Erase, HandOver, OptOut
from handlers.people.stuck import unless_stuck
from handlers.reporting import intake, resume, second
from handlers.reporting.elsewhere import ELSEWHERE
from handlers.reporting.heard import is_unknown_place, service_said, with_same_place
from handlers.reporting.missing import again, ask_next
from handlers.reports import correction
from handlers.say import Say, ServiceName, say
from handlers.turn import Answer, Asked, Dialogue, Draft, Turn, with_media
from tickets.city import City
from tickets.ports import Tickets

__all__ = ["again", "handle", "is_unknown_place", "next_waiting"]
_ENDS_ALL = (OptOut, Erase, HandOver)  # effects after which no further draft is brought up


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """A message that begins a report or goes on with one."""
    if turn.dialogue is None:
        return await _begun(turn, city, tickets)
    if resume.is_bare_greeting(turn, city):
        return resume.brought_up(await again(turn, city, tickets), city)
    turn = await with_same_place(turn, tickets, turn.dialogue.draft.place if turn.dialogue else None)
    if turn.dialogue and turn.dialogue.item == ELSEWHERE:
        return await intake.put_right(turn, city, tickets)
    if intake.is_no_option(turn):
        return unless_stuck(turn, city, await again(turn, city, tickets))
    if corrected := _corrected(turn, city):
        return await ask_next(turn, city, tickets, corrected)
    if wrong := correction.wrong_in_draft(turn, city):
        return await intake.changed(replace(turn, chosen=wrong), city, tickets)
    if meanwhile := second.told_meanwhile(turn, city):
        return await _queued(turn, city, tickets, meanwhile)
    step = intake.STEPS.get(turn.dialogue.asked if turn.dialogue else Asked.SERVICE, intake.chosen)
    return unless_stuck(turn, city, await step(turn, city, tickets))


async def next_waiting(turn: Turn, city: City, tickets: Tickets, answer: Answer) -> Answer:
    """The answer that ended a draft, and then the first of those that wait; the same answer where none does."""
    waiting = turn.dialogue.waiting if turn.dialogue else ()
    if answer.dialogue or not waiting or any(isinstance(effect, _ENDS_ALL) for effect in answer.effects):
        return answer
    draft, *rest = waiting
    behind = replace(turn, parse=None, chosen=None, dialogue=_waiting(turn, rest))
    going_on = await ask_next(behind, city, tickets, draft)
    announced = (say(Say.NEXT_ONE, service=ServiceName(draft.service)),) if draft.service else ()
    both = replace(
        going_on, replies=(*answer.replies, *announced, *going_on.replies), effects=(*answer.effects, *going_on.effects)
    )
    return await next_waiting(behind, city, tickets, both)  # that one may be somebody else's, and over


async def _begun(turn: Turn, city: City, tickets: Tickets) -> Answer:
    if turn.parts:
        return await _several(turn, city, tickets)
    turn = await with_same_place(turn, tickets)
    service, sure = service_said(turn, city)
    if service is None and await second.is_after_filing(turn, city, tickets):
        service = second.named(turn, city)
    draft = Draft(
        service=service,
        place=turn.place,
        description=turn.inbound.text.strip(),
        media=turn.inbound.media,
        confidence=sure,
    )
    return await ask_next(turn, city, tickets, draft)


async def _several(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Several problems in one message: the first one's question, the others behind it."""
    before = (await with_same_place(turn, tickets)).place
    first, *others = second.drafts_of(turn.parts, city, before)
    begun = replace(turn, dialogue=_waiting(turn, others))
    answer = await ask_next(begun, city, tickets, with_media(first, turn))
    announced = second.announced((first, *others), city)
    answer = replace(answer, replies=(announced, *answer.replies)) if announced else answer
    return await next_waiting(begun, city, tickets, answer)


def _corrected(turn: Turn, city: City) -> Draft | None:
    """The draft put right in one sentence, whatever was asked."""
    if turn.dialogue is None or turn.chosen or not correction.by_words(turn):
        return None
    return correction.in_draft(turn, city, with_media(turn.dialogue.draft, turn))


async def _queued(turn: Turn, city: City, tickets: Tickets, draft: Draft) -> Answer:
    """Another problem, told before the first one was sent: it waits, and the open question comes again."""
    open_one, waiting = (turn.dialogue.draft, turn.dialogue.waiting) if turn.dialogue else (draft, ())
    waiting = (*waiting, draft)
    going_on = await again(replace(turn, parse=None, dialogue=_waiting(turn, waiting)), city, tickets)
    announced = second.announced((open_one, *waiting), city)
    return replace(going_on, replies=(announced, *going_on.replies)) if announced else going_on


def _waiting(turn: Turn, drafts: Sequence[Draft]) -> Dialogue:
    """The turn's dialogue, with these drafts behind its own."""
    dialogue = turn.dialogue or Dialogue(asked=Asked.SERVICE, since=turn.now)
    return replace(dialogue, waiting=tuple(drafts))
