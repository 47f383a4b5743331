"""Danger: the right number at once, before any question. Then, for what the city can file, the report, with the highest
priority; for violence and for who wants to die nothing more: no question, no report, no word of theirs passed on."""

from dataclasses import replace

from handlers.effects import AlertStaff, HandOver, ThreadKind
from handlers.heard import described
from handlers.missing import ask_next
from handlers.say import Reply, Say, say
from handlers.turn import Answer, Asked, Dialogue, Draft, Turn, with_media
from handlers.words import ELECTRIC, fold
from nlu.contract import service_of
from nlu.danger import Danger, Kind
from tickets.city import City
from tickets.model import Place
from tickets.ports import Tickets

NUMBERS = frozenset({Say.EMERGENCY, Say.VIOLENCE, Say.SELF_HARM})  # said before anything else
_LIFE = Danger(kind=Kind.LIFE, acute=True)
_REPORTING = frozenset({
    Asked.SERVICE, Asked.PLACE, Asked.DETAILS, Asked.QUESTION, Asked.CONFIRM, Asked.CHANGE, Asked.DUPLICATE
})  # fmt: skip


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The number, and where it is if the report lacks that. A report under way goes on, as one of danger."""
    if turn.danger and turn.danger.kind is not Kind.LIFE:
        return warned(Answer(replies=(), dialogue=_unasked(turn.dialogue)), turn, city)
    return warned(await ask_next(turn, city, tickets, _draft(turn, city)), turn, city)


def warned(answer: Answer, turn: Turn, city: City) -> Answer:
    """An answer to a message that tells of danger: whom to call comes first, and a person hears of it."""
    danger = turn.danger or _LIFE
    told = replace(answer, replies=(*_numbers(danger, city), *answer.replies))
    if danger.kind is not Kind.LIFE:
        return replace(told, effects=(*told.effects, HandOver(kind=ThreadKind.DANGER, silent=False)))
    alarm = (HandOver(kind=ThreadKind.EMERGENCY, silent=False), AlertStaff())
    return replace(told, effects=(*told.effects, *alarm))


def _unasked(dialogue: Dialogue | None) -> Dialogue | None:
    """The question that was open: it may be answered, but we do not come back to it by ourselves. Somebody else may
    read their phone."""
    return replace(dialogue, reminded=True) if dialogue else None


def _numbers(danger: Danger, city: City) -> tuple[Reply, ...]:
    """The line's own, and the emergency number too where a life is in danger just now."""
    lines = city.lines
    emergency = say(Say.EMERGENCY, phone=lines.emergency)
    match danger.kind:
        case Kind.LIFE:
            return (emergency,)
        case Kind.VIOLENCE:
            phone = lines.violence or lines.emergency
            first = say(Say.VIOLENCE, phone=phone)
        case Kind.SELF_HARM:
            phone = lines.self_harm or lines.emergency
            first = say(Say.SELF_HARM, phone=phone)
    return (first, emergency) if danger.acute and phone != lines.emergency else (first,)


def _draft(turn: Turn, city: City) -> Draft:
    """The report under way, or a new one, with what this message tells. It is not asked for details, nor held against
    the neighbours' reports: two calls too many are better than one too few."""
    dialogue = turn.dialogue
    draft = dialogue.draft if dialogue is not None and dialogue.asked in _REPORTING else Draft()
    draft = described(with_media(draft, turn), turn)
    service = draft.service or _service(turn, city)
    return replace(
        draft, service=service, place=_place(turn) or draft.place, details=draft.details or "", danger=True, sought=True
    )  # fmt: skip


def _place(turn: Turn) -> Place | None:
    """What surely is one: to "where is it?" every word is looked up, "it is burning!" as well."""
    told = turn.parse is not None and turn.parse.first("location") is not None
    known = turn.place is not None and turn.place.point is not None
    return turn.place if told or known or turn.intent == "provide_location" else None


def _service(turn: Turn, city: City) -> str | None:
    """What the model makes of it, else whose wires are, else what the city takes emergencies for."""
    said = service_of(turn.intent) if turn.intent else None
    wire = "lighting" if not ELECTRIC.isdisjoint(fold(turn.inbound.text).split()) else None
    wanted = (said, wire, city.talk.emergency_service)
    return next((code for code in wanted if code and city.service(code)), None)
