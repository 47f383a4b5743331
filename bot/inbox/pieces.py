"""How the pieces of a report are read: all words as one message, with what the single ones told. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from bot.inbox.burst import Thought
from nlu.contract import REPORT_INTENTS
from nlu.parse import Entity, Parse

_VAGUE = "report_other"  # a first message that says little: "hay un problema"
_BETWEEN = 3  # words between two places that are one: "rua das flores, bem em frente ao 55"


def read_as_one(text: str, whole: Parse | None, first: Parse | None, thoughts: Iterable[Thought]) -> Parse | None:
    """The parse of all words: its service, unless the first message was surer of another; its place, with the places
    of the single messages ("rua das flores" / "em frente ao 55") where they stand together."""
    if whole is None or first is None:
        return whole or first
    reports = whole.intent in REPORT_INTENTS and (whole.confidence >= first.confidence or first.intent == _VAGUE)
    kept = whole.intent == "emergency" or reports
    read = whole if kept else replace(whole, intent=first.intent, confidence=first.confidence)
    span = _place_span(text, {*_places(whole), *(place for thought in thoughts for place in _told(thought))})
    if span is None:
        return read
    place = Entity(name="location", value=text[slice(*span)], start=span[0], end=span[1])
    return replace(read, entities=(place, *(entity for entity in read.entities if entity.name != "location")))


def _places(parse: Parse) -> list[str]:
    return [entity.value for entity in parse.entities if entity.name == "location"]


def _told(thought: Thought) -> list[str]:
    """The places in one of the messages; a message that only tells a place is one."""
    if thought.parse is None:
        return []
    only = thought.parse.intent == "provide_location" and thought.behind.inbound.text.strip()
    return _places(thought.parse) or ([only] if only else [])


def _place_span(text: str, named: Iterable[str]) -> tuple[int, int] | None:
    """From where the first place begins to where the last one ends, if hardly a word stands between; else None."""
    spans = sorted((text.find(value), text.find(value) + len(value)) for value in named if value in text)
    if not spans:
        return None
    start, end = spans[0]
    for next_start, next_end in spans[1:]:
        if len(text[end:next_start].split()) > _BETWEEN:
            return None
        end = max(end, next_end)
    return start, end
