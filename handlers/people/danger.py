"""Danger: the right number at once, before any question. Then, for what the city can file, the report, with the highest
priority; for violence and for who wants to die nothing more: no question, no report, no word of theirs passed on."""

from dataclasses import replace

from channels.message import Inbound
from channels.message import Kind as Form
from handlers.effects import AlertStaff, HandOver, ThreadKind
from handlers.phrases.words import ELECTRIC, fold
from handlers.reporting.heard import described
from handlers.reporting.missing import ask_next
from handlers.say import Reply, Say, say
from handlers.turn import Answer, Asked, Dialogue, Draft, Turn, with_media
from nlu.contract import REPORT_INTENTS, service_of
from nlu.danger import Danger, Kind, danger_in
from nlu.emergency import hints
from tickets.city import City
from tickets.model import Place
from tickets.ports import Tickets

NUMBERS = frozenset({Say.EMERGENCY, Say.VIOLENCE, Say.SELF_HARM})  # said before anything else
_LIFE = Danger(kind=Kind.LIFE, acute=True)
_SURE, _LIKELY = 0.65, 0.3  # of a model: that it is danger, and that it is a report instead
_FEW = 12  # words
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
    replies, effects = (*numbers(danger, city), *answer.replies), (*answer.effects, *alarm(danger))
    return replace(answer, replies=replies, effects=effects)


def alarm(danger: Danger) -> tuple[HandOver | AlertStaff, ...]:
    """Who hears of it beside the citizen."""
    if danger.kind is not Kind.LIFE:
        return (HandOver(kind=ThreadKind.DANGER, silent=False),)
    return (HandOver(kind=ThreadKind.EMERGENCY, silent=False), AlertStaff())


def told_in(inbound: Inbound) -> Danger | None:
    """What the words tell of by rule, whatever the model makes of them: a rule and a model miss different things."""
    return danger_in(inbound.text) if inbound.kind is Form.MESSAGE and inbound.choice is None else None


def unless_imagined(turn: Turn) -> Turn:
    """The turn, without a danger that only a model hears, and not surely, in few words of which none belongs to any:
    "un momento", "hay una moto tirada". What it hears next is believed where it is a report."""
    parse, text = turn.parse, turn.inbound.text
    if parse is None or turn.danger or parse.intent != "emergency" or parse.confidence >= _SURE:
        return turn
    if len(text.split()) > _FEW or hints(text):
        return turn
    calm = tuple(guess for guess in parse.ranking if guess.name != "emergency")
    likely = bool(calm) and calm[0].name in REPORT_INTENTS and calm[0].confidence >= _LIKELY
    intent, confidence = (calm[0].name, calm[0].confidence) if likely else (None, 0.0)
    return replace(turn, parse=replace(parse, intent=intent, confidence=confidence, ranking=calm))


def _unasked(dialogue: Dialogue | None) -> Dialogue | None:
    """The question that was open: it may be answered, but we do not come back to it by ourselves. Somebody else may
    read their phone."""
    return replace(dialogue, reminded=True) if dialogue else None


def numbers(danger: Danger, city: City) -> tuple[Reply, ...]:
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
