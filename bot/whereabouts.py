"""Where it is, of all that a message says: a pin, else the place words in it; asked for the place, all of it."""

from bot.ports import Places
from handlers.turn import Asked, Turn
from handlers.words import does_not_know
from nlu.house_numbers import with_number
from nlu.overlooked import with_street, with_whole_name
from nlu.parse import Entity
from tickets.model import Place


def place_said(turn: Turn, places: Places) -> Place | None:
    """The place of this message, or None when it tells of none."""
    if turn.inbound.point:
        return places.locate(turn.inbound.point, turn.inbound.text.strip())
    entity = turn.parse.first("location") if turn.parse else None
    part = _part(turn.inbound.text, entity, places) if entity else None
    asked, words = turn.dialogue is not None and turn.dialogue.asked is Asked.PLACE, turn.inbound.text.strip()
    if (asked or turn.intent == "provide_location") and words:
        whole = places.resolve(words)
        return part if whole.point is None and does_not_know(words) else _fuller(part, whole)
    return part


def _part(text: str, entity: Entity, places: Places) -> Place:
    """The model's place, with the house number or the street beside it that the model overlooked; its value alone where
    the text is not the one that was parsed."""
    if text[entity.start : entity.end] != entity.value:
        return places.resolve(entity.value)
    place = places.resolve(with_number(text, entity.start, entity.end))
    if place.street:
        begin, end = with_whole_name(text, entity.start, entity.end, place.street)
    elif place.point:
        return place
    else:
        begin, end = with_street(text, entity.start, entity.end, lambda words: places.resolve(words).street is not None)
    return places.resolve(with_number(text, begin, end)) if (begin, end) != (entity.start, entity.end) else place


def _fuller(part: Place | None, whole: Place) -> Place:
    """Of a message that only tells a place, the words the model points at, unless it overlooked a street."""
    if part is None:
        return whole
    overlooked = whole.street is not None and whole.street != part.street and (part.street or "") in whole.street
    return whole if overlooked else part
