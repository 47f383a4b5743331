"""What a draft still lacks, asked for one thing at a time; at last its confirmation."""

from dataclasses import replace

from handlers.reporting import duplicate, elsewhere, question
from handlers.reporting.elsewhere import ELSEWHERE
from handlers.reporting.filing import confirm
from handlers.reporting.heard import misses as missed_so
from handlers.reporting.menu import services_menu
from handlers.say import Option, Say, ServiceName, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets.city import Ask, City, Service
from tickets.ports import Tickets

CHANGES = (
    Option("change_service", Say.CHANGE_SERVICE),
    Option("change_place", Say.CHANGE_PLACE),
    Option("drop", Say.DROP),
)
_TELLING = 4  # words from which a first message says enough of what happened


async def ask_next(turn: Turn, city: City, tickets: Tickets, draft: Draft, *, misses: int = 0) -> Answer:
    """The first thing that is missing, else whether it is one of the neighbours' reports, else the confirmation.
    Where it is somebody else's, that is said instead."""
    service = city.service(draft.service) if draft.service else None
    if service is None:
        return ask(turn, Asked.SERVICE, draft, services_menu(turn, city, Say.WHICH_SERVICE), misses=misses)
    if told := elsewhere.told(turn, city, service, draft):
        return told
    draft = question.with_told(draft, service, turn.language)
    if asked := _asked(turn, service, draft, misses):
        return asked
    if offered := await duplicate.offer(turn, city, tickets, draft):
        return replace(offered, dialogue=replace(offered.dialogue, misses=misses) if offered.dialogue else None)
    return confirm(turn, city, draft, misses=misses)


async def again(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The open question of a report once more, after something else was answered; nothing when there is none."""
    dialogue = turn.dialogue
    if dialogue is None or dialogue.draft == Draft():
        over = dialogue is None or dialogue.asked in (Asked.LANGUAGE, Asked.STOP)
        return Answer(replies=(), dialogue=None if over else dialogue)
    if dialogue.item == ELSEWHERE:
        return Answer(replies=(), dialogue=dialogue)
    missed, draft = missed_so(turn), dialogue.draft
    match dialogue.asked:
        case Asked.CHANGE:
            return ask(turn, Asked.CHANGE, draft, say(Say.WHAT_TO_CHANGE, *CHANGES), misses=missed)
        case Asked.SERVICE:
            return ask(turn, Asked.SERVICE, draft, services_menu(turn, city, Say.WHICH_SERVICE), misses=missed)
        case Asked.DUPLICATE:
            return await ask_next(turn, city, tickets, replace(draft, sought=False), misses=missed)
        case _:
            return await ask_next(turn, city, tickets, draft, misses=missed)


def _asked(turn: Turn, service: Service, draft: Draft, misses: int) -> Answer | None:
    name = ServiceName(service.code)
    if draft.danger:  # nothing but where
        return ask(turn, Asked.PLACE, draft, say(Say.EMERGENCY_WHERE), misses=misses) if draft.place is None else None
    if Ask.DETAILS in service.asks and draft.details is None and len(draft.description.split()) < _TELLING:
        return ask(turn, Asked.DETAILS, draft, say(Say.WHAT_HAPPENED, service=name), misses=misses)
    if Ask.PLACE in service.asks and draft.place is None:
        return ask(turn, Asked.PLACE, draft, say(Say.WHERE, service=name), misses=misses)
    return question.open_one(turn, service, draft, misses)
