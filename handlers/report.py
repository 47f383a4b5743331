"""Reporting a problem: service, place and (for some services) details in any order, then one confirmation."""

from dataclasses import replace

from handlers.menu import MORE, services_menu
from handlers.repetition import is_repetition
from handlers.say import Option, Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Draft, FileTicket, Turn, ask, with_media
from handlers.words import NO, YES, does_not_know, fold, says
from nlu.contract import service_of
from tickets.calendar import due_at
from tickets.city import Ask, City
from tickets.model import CITIZEN, Place, Priority, Status, Ticket
from tickets.ports import Tickets
from tickets.workflow import filed

_YES, _NO = Option("yes", Say.YES), Option("no", Say.NO)
_CHANGES = (
    Option("change_service", Say.CHANGE_SERVICE),
    Option("change_place", Say.CHANGE_PLACE),
    Option("drop", Say.DROP),
)
_MAX_MISSES = 2
_UNKNOWN_ONCE = 1  # help with "I don't know" comes once; what follows is taken
NO_PLACE = frozenset({"affirm", "deny", "greet", "thank", "goodbye", "abuse"})  # no answer to "where is it?"
_TELLING = 4  # words from which a first message says enough of what happened


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """A message that begins a report or goes on with one."""
    draft = turn.dialogue.draft if turn.dialogue else Draft()
    if turn.dialogue is None:
        return _next(turn, city, _begin(turn, city))
    match turn.dialogue.asked:
        case Asked.CONFIRM:
            return _confirmed(turn, city, with_media(draft, turn))
        case Asked.CHANGE:
            return _changed(turn, city, with_media(draft, turn))
        case Asked.PLACE:
            return _placed(turn, city, with_media(draft, turn))
        case Asked.DETAILS:
            return _detailed(turn, city, with_media(draft, turn))
        case _:
            return _chosen(turn, city, with_media(draft, turn))


def again(turn: Turn, city: City) -> Answer:
    """The open question once more, after something else was answered; nothing when no report is under way."""
    dialogue = turn.dialogue
    if dialogue is None or dialogue.draft == Draft():
        return Answer(replies=())
    misses, draft = _misses(turn), dialogue.draft
    match dialogue.asked:
        case Asked.CHANGE:
            return ask(turn, Asked.CHANGE, draft, say(Say.WHAT_TO_CHANGE, *_CHANGES), misses=misses)
        case Asked.SERVICE:
            return ask(turn, Asked.SERVICE, draft, services_menu(turn, city, Say.WHICH_SERVICE), misses=misses)
        case _:
            return _next(turn, city, draft, misses=misses)


def _begin(turn: Turn, city: City) -> Draft:
    service, sure = _service_said(turn, city)
    return Draft(
        service=service,
        place=turn.place,
        description=turn.inbound.text.strip(),
        media=turn.inbound.media,
        confidence=sure,
    )


def _service_said(turn: Turn, city: City) -> tuple[str | None, float | None]:
    if turn.chosen and city.service(turn.chosen):
        return turn.chosen, 1.0
    code = service_of(turn.intent) if turn.intent else None
    if turn.parse and code and city.service(code):
        return code, turn.parse.confidence
    return None, None


def _next(turn: Turn, city: City, draft: Draft, *, misses: int = 0) -> Answer:
    """Ask for the first thing that is missing, or for the confirmation."""
    service = city.service(draft.service) if draft.service else None
    if service is None:
        return ask(turn, Asked.SERVICE, draft, services_menu(turn, city, Say.WHICH_SERVICE), misses=misses)
    name = ServiceName(service.code)
    if Ask.DETAILS in service.asks and draft.details is None and len(draft.description.split()) < _TELLING:
        return ask(turn, Asked.DETAILS, draft, say(Say.WHAT_HAPPENED, service=name), misses=misses)
    if Ask.PLACE in service.asks and draft.place is None:
        return ask(turn, Asked.PLACE, draft, say(Say.WHERE, service=name), misses=misses)
    return ask(turn, Asked.CONFIRM, draft, _summary(draft, city), misses=misses)


def _summary(draft: Draft, city: City) -> Reply:
    service = city.service(draft.service or "")
    wants_photo = service is not None and Ask.PHOTO in service.asks and not draft.media
    question = Say.CONFIRM_PHOTO if wants_photo else Say.CONFIRM
    return say(question, _YES, _NO, service=ServiceName(draft.service or ""), place=draft.place or Place())


def _chosen(turn: Turn, city: City, draft: Draft) -> Answer:
    service, sure = _service_said(turn, city)
    misses = 0 if service or turn.place or turn.chosen == MORE else _misses(turn)
    if service:
        draft = replace(draft, service=service, confidence=sure)
    if turn.place:
        draft = replace(draft, place=turn.place)
    if not turn.chosen:
        draft = _described(draft, turn)
    if misses > _MAX_MISSES and city.service("other"):
        return _next(turn, city, replace(draft, service="other"))
    return _next(turn, city, draft, misses=misses)


def _misses(turn: Turn) -> int:
    return turn.dialogue.misses + 1 if turn.dialogue else 1


def _placed(turn: Turn, city: City, draft: Draft) -> Answer:
    """Whatever answers "where is it?" is the place: nobody is asked for a form of address that we happen to know."""
    if _told_again(turn) and not _tells_place(turn):
        return _next(turn, city, draft, misses=_so_far(turn))
    place = turn.place or Place(words=turn.inbound.text.strip())
    if place.point is None and (not place.words or place.words.isdigit()):
        return ask(turn, Asked.PLACE, draft, say(Say.PLACE_NEEDED), misses=_misses(turn))
    told = (turn.parse is not None and turn.parse.first("location") is not None) or place.point is not None
    patience = _UNKNOWN_ONCE if is_unknown_place(turn) else _MAX_MISSES if turn.intent in NO_PLACE else 0
    if not told and _misses(turn) <= patience:
        return ask(turn, Asked.PLACE, draft, say(Say.PLACE_NEEDED), misses=_misses(turn))
    if place.words != turn.inbound.text.strip():  # more was said than the place: "donde siempre, calle 8"
        draft = _described(draft, turn)
    return _next(turn, city, replace(draft, place=place))


def _told_again(turn: Turn) -> bool:
    """The report once more: its writer saw no answer, or did not see that it asks something."""
    if turn.chosen or turn.inbound.point or turn.dialogue is None:
        return False
    return not _elsewhere(turn, turn.dialogue.draft) and is_repetition(
        turn.inbound.text, turn.dialogue.draft.description
    )


def _elsewhere(turn: Turn, draft: Draft) -> bool:
    """Whether it tells another place than the one we have: then a name that looks mistyped is a correction."""
    if turn.place is None or draft.place is None or (turn.place.street and turn.place.street == draft.place.street):
        return False
    return fold(turn.place.words) not in fold(draft.description)


def _tells_place(turn: Turn) -> bool:
    """Whether a report that is told again holds a place; asked for one, whatever was said was looked up as one."""
    if turn.parse is None:
        return turn.place is not None and turn.place.point is not None
    return turn.intent == "provide_location" or turn.parse.first("location") is not None


def _so_far(turn: Turn) -> int:
    """The misses before this message, where it is none."""
    return turn.dialogue.misses if turn.dialogue else 0


def is_unknown_place(turn: Turn) -> bool:
    """Whether "where is it?" is answered by "I don't know the street", whatever the model makes of it."""
    return turn.dialogue is not None and turn.dialogue.asked is Asked.PLACE and does_not_know(turn.inbound.text)


def _detailed(turn: Turn, city: City, draft: Draft) -> Answer:
    """What is said now is enough, however short: "se cayó" is an answer; nothing at all is asked for again, twice."""
    draft = replace(draft, place=draft.place or turn.place)
    said = "" if _told_again(turn) else turn.inbound.text.strip()
    if not said and not turn.inbound.media and _misses(turn) <= _MAX_MISSES:
        return _next(turn, city, draft, misses=_misses(turn))
    return _next(turn, city, replace(draft, details=said))


def _confirmed(turn: Turn, city: City, draft: Draft) -> Answer:
    if _says(turn, "yes", "affirm"):
        return _file(turn, city, draft)
    if _told_again(turn):
        return _next(turn, city, draft, misses=_so_far(turn))
    if _says(turn, "no", "deny"):
        return ask(turn, Asked.CHANGE, draft, say(Say.WHAT_TO_CHANGE, *_CHANGES))
    if turn.place:
        return _next(turn, city, replace(_described(_told_before(draft), turn), place=turn.place))
    service, sure = _service_said(turn, city)
    if service and service != draft.service:
        return _next(turn, city, replace(_described(draft, turn), service=service, confidence=sure))
    if turn.inbound.media:
        return _next(turn, city, draft)
    return _next(turn, city, _described(draft, turn), misses=_misses(turn))


def _described(draft: Draft, turn: Turn) -> Draft:
    """The draft with this message's words behind the earlier ones: whatever a citizen tells reaches the clerk, once."""
    said = turn.inbound.text.strip()
    if said in draft.description or _told_again(turn):
        return draft
    return replace(draft, description=f"{draft.description}\n{said}".strip())


def _told_before(draft: Draft) -> Draft:
    """The draft with the words of its place in the description, for another place takes theirs: "frente a la escuela",
    and then "calle 8", may both be true."""
    words = draft.place.words if draft.place else ""
    return draft if words in draft.description else replace(draft, description=f"{draft.description}\n{words}".strip())


def _says(turn: Turn, option: str, intent: str) -> bool:
    if turn.chosen:
        return turn.chosen == option
    words = YES if option == "yes" else NO
    return turn.intent == intent or says(turn.inbound.text, words)


def _changed(turn: Turn, city: City, draft: Draft) -> Answer:
    service, _ = _service_said(turn, city)
    if turn.chosen == "drop" or turn.intent == "cancel":
        return Answer(replies=(say(Say.DROPPED),))
    if turn.chosen == "change_place":
        return _next(turn, city, replace(draft, place=None))
    if turn.chosen == "change_service":
        return ask(turn, Asked.SERVICE, draft, services_menu(turn, city, Say.WHICH_SERVICE))
    if service or turn.place:
        return _chosen(turn, city, draft)
    return ask(turn, Asked.CHANGE, draft, say(Say.WHAT_TO_CHANGE, *_CHANGES), misses=_misses(turn))


def _file(turn: Turn, city: City, draft: Draft) -> Answer:
    service = city.service(draft.service or "")
    if service is None:  # the city withdrew it while the question was open
        return _next(turn, city, replace(draft, service=None))
    ticket = Ticket(
        number=turn.number,
        service=service.code,
        department=service.department,
        status=Status.RECEIVED,
        priority=Priority.NORMAL,
        place=draft.place or Place(),
        description="\n".join(filter(None, (draft.description, draft.details))),
        reporter=turn.citizen.id,
        channel=turn.citizen.contact.channel,
        language=turn.language,
        confidence=draft.confidence,
        filed_at=turn.now,
        due_at=due_at(turn.now, service.target, city.calendar),
    )
    receipt = say(
        Say.RECEIPT,
        number=ticket.number,
        service=ServiceName(ticket.service),
        place=ticket.place,
        due=ticket.due_at,
    )
    effect = FileTicket(ticket=ticket, update=filed(ticket, actor=CITIZEN), media=draft.media)
    return Answer(replies=(receipt,), effects=(effect,))
