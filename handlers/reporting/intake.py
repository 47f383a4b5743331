"""What the answer to each question of a report makes of its draft. An answer may tell more than was asked, or else."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.phrases.naming import services_named
from handlers.phrases.words import (
    CHANGING,
    NO,
    REFUSED,
    YES,
    begins_with_yes,
    digits_alone,
    does_not_know,
    fold,
    says,
    without_courtesies,
)
from handlers.reporting import question, second
from handlers.reporting.elsewhere import ELSEWHERE
from handlers.reporting.filing import file_report
from handlers.reporting.heard import (
    NO_PLACE,
    described,
    is_unknown_place,
    misses,
    says_option,
    says_same_place,
    service_said,
    so_far,
    tells_place,
    told_again,
    with_old_place,
)
from handlers.reporting.menu import MORE, services_menu
from handlers.reporting.missing import CHANGES, ask_next
from handlers.reports.amends import PLACES, street_named
from handlers.say import Say, say
from handlers.turn import Answer, Asked, Draft, Handle, Turn, ask, with_media
from nlu.street_words import is_type
from tickets.city import City
from tickets.model import Place
from tickets.ports import Tickets

_PATIENCE = 2  # misses after which whatever is said is the answer
_UNKNOWN_ONCE = 1  # help with "I don't know" comes once; what follows is taken
_NO_YES = frozenset({"deny", "correct", "cancel"})
_YES_WORDS = 2  # of a message at most that tells nothing beside its yes
_LONGEST_PLACE = 120  # characters to which details are put behind a place
_ENDS = frozenset({"affirm", "thank", "goodbye", "deny"})  # said to "that is not ours": nothing more is wanted


_CHOICES = frozenset({Asked.CONFIRM, Asked.DUPLICATE})
_OTHER = "other"  # the service of what no other one is for


async def chosen(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Which service it is."""
    draft = _draft(turn)
    service, sure = service_said(turn, city)
    missed = 0 if service or turn.place or turn.chosen == MORE else misses(turn)
    if service:
        draft = with_service(draft, service, sure)
    if turn.place:
        draft = replace(draft, place=turn.place)
    if not turn.chosen:
        draft = described(draft, turn)
    if missed:
        return ask(turn, Asked.SERVICE, draft, services_menu(turn, city, Say.NOT_UNDERSTOOD), misses=missed)
    return await ask_next(turn, city, tickets, draft)


async def placed(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Whatever answers "where is it?" is the place: nobody is asked for a form of address that we happen to know."""
    draft = _draft(turn)
    if told_again(turn) and not tells_place(turn):
        return await ask_next(turn, city, tickets, draft, misses=so_far(turn))
    place = turn.place or Place(words=turn.inbound.text.strip())
    if place.point is None and (not place.words or place.words.isdigit()):
        return _place_needed(turn, draft)
    if not _tells(turn, place) and misses(turn) <= _patience(turn, place):
        return _place_needed(turn, draft)
    if place.words != turn.inbound.text.strip():  # more was said than the place: "donde siempre, calle 8"
        draft = described(draft, turn)
    return await ask_next(turn, city, tickets, replace(draft, place=place))


def _tells(turn: Turn, place: Place) -> bool:
    told = turn.parse is not None and turn.parse.first("location") is not None and not says_same_place(place.words)
    return told or place.point is not None


def _patience(turn: Turn, place: Place) -> int:
    if is_unknown_place(turn) or says_same_place(place.words):  # the same as none that we know of
        return _UNKNOWN_ONCE
    return _PATIENCE if turn.intent in NO_PLACE else 0


def _place_needed(turn: Turn, draft: Draft) -> Answer:
    return ask(turn, Asked.PLACE, draft, say(Say.PLACE_NEEDED), misses=misses(turn))


async def detailed(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """What is said now is enough, however short: "se cayó" is an answer; nothing at all is asked for again, twice."""
    draft = replace(_draft(turn), place=_draft(turn).place or turn.place)
    said = "" if told_again(turn) else turn.inbound.text.strip()
    if not said and not turn.inbound.media and misses(turn) <= _PATIENCE:
        return await ask_next(turn, city, tickets, draft, misses=misses(turn))
    return await ask_next(turn, city, tickets, replace(draft, details=said))


async def questioned(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The service's own question: by an option, by words that tell of one, or in the citizen's own words. A place, a
    photo and another service are taken as what they are; what is no answer at all is asked for once more."""
    draft, code = _draft(turn), turn.dialogue.item if turn.dialogue else ""
    service = city.service(draft.service or "")
    asked = service.question(code) if service else None
    if asked is None or told_again(turn):  # the city withdrew it meanwhile
        return await ask_next(turn, city, tickets, draft, misses=so_far(turn))
    said = turn.inbound.text.strip()
    option = asked.option(turn.chosen or "") or question.named(said, asked)
    if option:
        return await ask_next(turn, city, tickets, question.answered(draft, code, option.code))
    other, sure = service_said(turn, city)
    if other and other != draft.service and (sure or 0) >= second.SURE:
        return await ask_next(turn, city, tickets, with_service(described(draft, turn), other, sure))
    if told := question.told_in(said, asked, turn.language):
        draft = question.answered(described(_with_place(draft, turn), turn), code, told.code)
        return await ask_next(turn, city, tickets, draft)
    if turn.place and misses(turn) <= 1 and not does_not_know(said) and _with_place(draft, turn) != draft:
        return await ask_next(turn, city, tickets, _with_place(draft, turn), misses=misses(turn))
    if (not said or turn.intent in NO_PLACE) and misses(turn) <= 1 and not does_not_know(said):
        return await ask_next(turn, city, tickets, draft, misses=misses(turn))
    return await ask_next(turn, city, tickets, question.answered(draft, code, said))


async def confirmed(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Yes, no, or what is to be changed; anything else goes into the description."""
    draft = _draft(turn)
    if (says_option(turn, "yes", "affirm") or _agrees(turn, city, draft)) and not _tells_other_place(turn, draft):
        return file_report(turn, city, _told_beside_yes(draft, turn))
    if told_again(turn):
        return await ask_next(turn, city, tickets, draft, misses=so_far(turn))
    if says_option(turn, "no", "deny") and not _tells_other_place(turn, draft):
        return ask(turn, Asked.CHANGE, draft, say(Say.WHAT_TO_CHANGE, *CHANGES))
    service, sure = service_said(turn, city)
    right = _other_service(turn, city, draft)
    if turn.place and (draft.place is None or _is_instead(turn.place, draft.place)):
        draft = replace(described(with_old_place(draft), turn), place=turn.place, sought=False)
        return await ask_next(turn, city, tickets, with_service(draft, right, sure) if right else draft)
    if right:
        return await ask_next(turn, city, tickets, with_service(described(draft, turn), right, sure))
    if turn.place:
        return await ask_next(turn, city, tickets, _with_detail(described(draft, turn), turn), misses=so_far(turn))
    if turn.inbound.media:
        return await ask_next(turn, city, tickets, draft)
    missed = so_far(turn) if service or turn.intent == "add_comment" else misses(turn)
    return await ask_next(turn, city, tickets, described(draft, turn), misses=missed)


def _tells_other_place(turn: Turn, draft: Draft) -> bool:
    """ "Sí, pero en la calle 9" is no yes, and "no, en la calle 9" more than a no."""
    if turn.chosen or turn.place is None or draft.place is None:
        return False
    if not _is_instead(turn.place, draft.place):
        return False
    here, there = fold(turn.place.words), fold(draft.place.words)
    return here not in there and (turn.place.street is None or turn.place.street != draft.place.street)


def _is_instead(new: Place, old: Place) -> bool:
    """Whether a place stands in the stead of the old one: "al lado de la panadería" only adds to a street."""
    return _is_found(new) or not _is_found(old)


def _is_found(place: Place) -> bool:
    numbered = any(letter.isdigit() for letter in place.words) and any(map(is_type, fold(place.words).split()))
    return place.point is not None or place.street is not None or numbered or bool(street_named(place.words))


def _with_detail(draft: Draft, turn: Turn) -> Draft:
    """The draft with what was told of its place behind it."""
    old, told = draft.place, turn.place.words.strip() if turn.place else ""
    if old is None or not told or fold(told) in fold(old.words) or digits_alone(told):
        return draft
    words = f"{old.words}, {told}".removeprefix(", ")
    return replace(draft, place=replace(old, words=words)) if len(words) <= _LONGEST_PLACE else draft


def _other_service(turn: Turn, city: City, draft: Draft) -> str | None:
    """Another service than the draft's, of which the model is sure and which the words name; not the one for all that
    is left over."""
    service, sure = service_said(turn, city)
    if service in (None, draft.service, _OTHER) or (sure or 0) < second.SURE:
        return None
    return service if service in services_named(turn.inbound.text) else None


def _agrees(turn: Turn, city: City, draft: Draft) -> bool:
    """A yes with more behind it that changes nothing: "sí, pero vengan rápido"."""
    words = fold(turn.inbound.text).split()
    offered = turn.dialogue is not None and "yes" in turn.dialogue.offered  # not asked whether it is a neighbour's
    if turn.chosen or not offered or "?" in turn.inbound.text or not begins_with_yes(turn.inbound.text):
        return False
    if turn.intent in _NO_YES or not PLACES.isdisjoint(words) or not REFUSED.isdisjoint(words[1:2]):
        return False
    return _other_service(turn, city, draft) is None


def _told_beside_yes(draft: Draft, turn: Turn) -> Draft:
    """The draft with what was said beside the yes."""
    words = without_courtesies(fold(turn.inbound.text)).split()
    if turn.chosen or says(turn.inbound.text, YES) or len(words) <= _YES_WORDS:
        return draft
    return _with_detail(described(draft, turn), turn)


def is_no_option(turn: Turn) -> bool:
    """A number beyond the options of "shall I send it?" and "is it one of these?": it is no place, and no house."""
    asked = turn.dialogue.asked if turn.dialogue else None
    return asked in _CHOICES and not turn.chosen and not turn.inbound.point and digits_alone(turn.inbound.text)


async def changed(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """What shall be changed: the service, the place, or all of it dropped."""
    draft, wanted = _draft(turn), turn.chosen or _wanted(turn)
    service, _ = service_said(turn, city)
    if wanted == "drop" or turn.intent == "cancel":
        return Answer(replies=(say(Say.DROPPED),))
    if wanted == "change_place":
        return await ask_next(turn, city, tickets, replace(draft, place=None, sought=False))
    if wanted == "change_service":
        return ask(turn, Asked.SERVICE, draft, services_menu(turn, city, Say.WHICH_SERVICE))
    if service or turn.place:
        return await chosen(turn, city, tickets)
    return ask(turn, Asked.CHANGE, draft, say(Say.WHAT_TO_CHANGE, *CHANGES), misses=misses(turn))


def _wanted(turn: Turn) -> str | None:
    """The option that is written out."""
    return next((option for option, words in CHANGING.items() if says(turn.inbound.text, words)), None)


async def put_right(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """After "that is not ours": the right place or service; thanks and the like end it, and so does what is neither,
    the second time."""
    wants_place = turn.dialogue is not None and turn.dialogue.asked is Asked.PLACE
    service, sure = service_said(turn, city)
    if turn.intent in _ENDS or says(turn.inbound.text, YES | NO):
        return Answer(replies=(say(Say.GOODBYE),))
    if wants_place and (tells_place(turn) or (turn.place is not None and turn.place.point)):
        turn = _as(turn, service, sure) if service and sure is not None and sure >= second.SURE else turn
        return await placed(turn, city, tickets)
    if not wants_place and (turn.place or service):
        return await chosen(turn, city, tickets)
    if misses(turn) > 1:
        return Answer(replies=(say(Say.GOODBYE),))
    reply = say(Say.PLACE_NEEDED) if wants_place else services_menu(turn, city, Say.WHICH_SERVICE)
    asked = Asked.PLACE if wants_place else Asked.SERVICE
    return ask(turn, asked, _draft(turn), reply, misses=misses(turn), item=ELSEWHERE)


def _as(turn: Turn, service: str, sure: float) -> Turn:
    """The turn with its draft as one of this service."""
    if turn.dialogue is None:
        return turn
    return replace(turn, dialogue=replace(turn.dialogue, draft=with_service(turn.dialogue.draft, service, sure)))


def with_service(draft: Draft, service: str, sure: float | None) -> Draft:
    """The draft as one of this service, whose neighbours' reports were not looked for yet."""
    return replace(draft, service=service, confidence=sure, sought=draft.sought and draft.service == service)


def _with_place(draft: Draft, turn: Turn) -> Draft:
    """The draft with the place of this message; in the stead of an earlier one only where the city knows it."""
    place = turn.place
    if place is None or (draft.place and not place.point and not place.street):
        return draft
    return replace(draft, place=place, sought=False)


def _draft(turn: Turn) -> Draft:
    return with_media(turn.dialogue.draft if turn.dialogue else Draft(), turn)


STEPS: Mapping[Asked, Handle] = {
    Asked.SERVICE: chosen,
    Asked.PLACE: placed,
    Asked.DETAILS: detailed,
    Asked.QUESTION: questioned,
    Asked.CONFIRM: confirmed,
    Asked.CHANGE: changed,
}
