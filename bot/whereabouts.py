"""Where it is, of all that a message says: a pin, else the place words in it; asked for the place, all of it."""

from dataclasses import replace

from bot.ports import Places
from handlers.phrases.wishing import wishes_to_report
from handlers.phrases.words import digits_alone, does_not_know
from handlers.turn import Asked, Turn
from nlu.contract import REPORT_INTENTS
from nlu.house_numbers import with_number
from nlu.overlooked import named_at, with_corner, with_cut_name, with_street, with_whole_name
from nlu.parse import Entity, Parse
from tickets.model import Place

_PLACES = frozenset({Asked.PLACE, Asked.NEW_PLACE})


def place_said(turn: Turn, places: Places) -> Place | None:
    """The place of this message, or None when it tells of none."""
    if turn.inbound.point:
        return places.locate(turn.inbound.point, turn.inbound.text.strip())
    entity = turn.parse.first("location") if turn.parse else None
    part = _part(turn.inbound.text, entity, places) if entity else None
    asked, words = turn.dialogue is not None and turn.dialogue.asked in _PLACES, turn.inbound.text.strip()
    if not asked and digits_alone(words):
        return None
    if (asked or turn.intent == "provide_location") and words:
        whole = places.resolve(words)
        return part if whole.point is None and does_not_know(words) else _fuller(part, whole)
    if part is None and (turn.intent in REPORT_INTENTS or wishes_to_report(words)):
        return _overlooked(words, places)
    return part


def place_in(text: str, parse: Parse, places: Places) -> Place | None:
    """The place that a piece of a message tells, or None."""
    entity = parse.first("location")
    if entity:
        return _part(text, entity, places)
    if parse.intent == "provide_location":
        return places.resolve(text)
    found = places.resolve(text)  # a landmark has no name but what was said
    return _overlooked(text, places) or (found if found.point else None)


def _overlooked(text: str, places: Places) -> Place | None:
    """A street of the city that stands in a report in which the model sees no place, with its house number."""
    found = places.resolve(text)
    if not found.street or " / " in found.street or not any(sign.isdigit() for sign in text):
        return replace(found, words=found.street) if found.street else None
    begin, end = named_at(text, found.street, lambda words: places.resolve(words).street == found.street)
    words = with_number(text, begin, end)
    return places.resolve(words) if words != text[begin:end] else replace(found, words=found.street)


def _part(text: str, entity: Entity, places: Places) -> Place:
    """The model's place, with the house number or the street beside it that the model overlooked; its value alone where
    the text is not the one that was parsed."""
    if text[entity.start : entity.end] != entity.value:
        return places.resolve(entity.value)
    place = places.resolve(with_number(text, entity.start, entity.end))
    if place.street:
        begin, end = with_whole_name(text, entity.start, entity.end, place.street)
        if not _is_corner(place.street):
            begin, end = with_corner(text, begin, end, lambda words: _is_corner(places.resolve(words).street or ""))
    elif place.point:
        return place
    else:
        begin, end = with_street(text, entity.start, entity.end, lambda words: places.resolve(words).street is not None)
        if (begin, end) == (entity.start, entity.end):
            begin, end = with_cut_name(text, begin, end, lambda words: places.resolve(words).point is not None)
    return places.resolve(with_number(text, begin, end)) if (begin, end) != (entity.start, entity.end) else place


def _is_corner(street: str) -> bool:
    return " / " in street


def _fuller(part: Place | None, whole: Place) -> Place:
    """Of a message that only tells a place, the words the model points at, unless it overlooked a street."""
    if part is None:
        return whole
    overlooked = whole.street is not None and whole.street != part.street and (part.street or "") in whole.street
    return whole if overlooked else part
