"""Several problems: told in one message, or a second one told before the first was sent. One draft each, in turn."""

from collections.abc import Sequence

from channels.message import Kind
from handlers.phrases.contrast import tells_missing
from handlers.phrases.naming import services_named
from handlers.phrases.words import REFUSED, fold
from handlers.reporting.heard import says_same_place
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Asked, Draft, Part, Turn
from nlu.contract import REPORT_INTENTS, service_of
from nlu.several import adds, is_another
from tickets.city import City
from tickets.model import Place
from tickets.ports import Tickets

SURE = 0.6  # of a report's service, from which it is another problem
MOST = 5  # drafts of one citizen, the open one too
_TELLING = 3  # words beside the place, from which it is a report and no place: "frente al semáforo de la calle 8"
# How what takes something back begins, in any language.
_IS = frozenset({
    "es", "era", "son", "fue", "e", "eh", "foi", "it", "its", "c", "ce", "cest", "perdon", "disculpe", "desculpa",
    "desculpe", "sorry", "pardon",
})  # fmt: skip
_ON_TOP = frozenset({*REPORT_INTENTS, None, "add_comment", "provide_location", "out_of_scope"})
_WHILE = frozenset({Asked.CONFIRM, Asked.PLACE, Asked.QUESTION, Asked.DUPLICATE})


def drafts_of(parts: Sequence[Part], city: City, before: Place | None = None) -> tuple[Draft, ...]:
    """One draft for each problem of a message; a place that is said once is the place of all."""
    places = [_own(part) for part in parts]
    told = [place for place in places if place]
    drafts = []
    for part, place in zip(parts, places, strict=True):
        near = told[0] if len(told) == 1 else before if says_same_place(part.text) else None
        drafts.append(_draft(part, place or near, city))
        before = drafts[-1].place or before
    return tuple(drafts)


def _own(part: Part) -> Place | None:
    return None if part.place and says_same_place(part.place.words) else part.place


def _draft(part: Part, place: Place | None, city: City) -> Draft:
    code = service_of(part.parse.intent or "")
    service = code if code and city.service(code) else None
    return Draft(service=service, place=place, description=part.text, confidence=part.parse.confidence)


def told_meanwhile(turn: Turn, city: City) -> Draft | None:
    """The draft of another problem, told while one is open: another service at a place of its own, one that comes on
    top, or "another one" elsewhere. A correction ("no, es un árbol") is none."""
    dialogue, text = turn.dialogue, turn.inbound.text
    missing = tells_missing(text, turn.language)
    if dialogue is None or dialogue.asked not in _WHILE or len(dialogue.waiting) >= MOST - 1:
        return None
    if turn.chosen or turn.inbound.point or (not missing and _puts_right(text)):
        return None
    code = _service(turn, city, dialogue.draft)
    unplaced = missing and dialogue.asked is Asked.CONFIRM and not _has_place(turn) and not adds(text)
    if code is None or not (_is_another(turn, dialogue.draft, code) or (unplaced and code != dialogue.draft.service)):
        return None
    own = turn.place if _has_place(turn) else None if unplaced else dialogue.draft.place
    return Draft(
        service=code, place=own, description=text.strip(), media=turn.inbound.media,
        confidence=turn.parse.confidence if turn.parse else None,
    )  # fmt: skip


async def is_after_filing(turn: Turn, city: City, tickets: Tickets) -> bool:
    """Whether something is put on top of the report that was filed last, which is another problem: "y también un perro
    muerto en el mismo lugar"."""
    text = turn.inbound.text
    spoken = turn.inbound.kind is Kind.MESSAGE and turn.inbound.choice is None and turn.intent in _ON_TOP
    if turn.dialogue or turn.parts or not spoken or not (adds(text) or says_same_place(text)):
        return False
    code = named(turn, city)
    newest = await tickets.of_reporter(turn.citizen.id, 1) if code else ()
    return bool(newest) and newest[0].service != code


def named(turn: Turn, city: City) -> str | None:
    """The one service of the city that the words name."""
    services = services_named(turn.inbound.text)
    return services[0] if len(services) == 1 and city.service(services[0]) else None


def _service(turn: Turn, city: City, draft: Draft) -> str | None:
    """What it is about: as the model is sure, or as the words name it, where they put it on top; "another one" is of
    the same kind."""
    parse, text = turn.parse, turn.inbound.text
    code = service_of(parse.intent or "") if parse and parse.confidence >= SURE else None
    if code and city.service(code):
        return code
    return (named(turn, city) if adds(text) else None) or (draft.service if is_another(text) else None)


def _is_another(turn: Turn, draft: Draft, code: str) -> bool:
    text, other = turn.inbound.text, code != draft.service
    place = turn.parse.first("location") if turn.parse else None
    beside = len(text.split()) - (len(place.value.split()) if place else 0)
    if beside < _TELLING:
        return False
    if is_another(text) and _has_place(turn) and turn.place != draft.place:
        return True
    return other and (adds(text) or (_has_place(turn) and _is_placed(draft)))


def _has_place(turn: Turn) -> bool:
    """Whether it tells a place, and not "the same"."""
    told = turn.parse is not None and turn.parse.first("location") is not None
    found = turn.place is not None and turn.place.point is not None
    return (told or found) and turn.place is not None and not says_same_place(turn.inbound.text)


def _puts_right(text: str) -> bool:
    """Whether it begins as what takes something back: "no, ...", "es un árbol"."""
    first = fold(text).split()[:1]
    return not adds(text) and not (REFUSED | _IS).isdisjoint(first)


def _is_placed(draft: Draft) -> bool:
    return draft.place is not None


def announced(drafts: Sequence[Draft], city: City) -> Reply | None:
    """How many there are, and which comes first."""
    first = city.service(drafts[0].service or "")
    return say(Say.SEVERAL, count=len(drafts), service=ServiceName(first.code)) if first else None
