"""What the components read from and write to Rasa's messages, in one place."""

from typing import Any

from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from .words import Span


def text_of(message: Message) -> str:
    """The words, with what no encoder can write (half of a surrogate pair) as a question mark, one for one."""
    return str(message.get(TEXT) or "").encode("utf-8", "replace").decode("utf-8")


def spans_of(message: Message) -> list[Span]:
    found = message.get(ENTITIES) or []
    return [Span(entity["start"], entity["end"], entity["entity"]) for entity in found]


def as_entity(span: Span, text: str) -> dict[str, Any]:
    """An entity of `/model/parse`."""
    return {
        "entity": span.entity,
        "start": span.start,
        "end": span.end,
        "value": text[span.start : span.end],
        "extractor": "Spans",
    }


def intent_of(message: Message) -> str:
    return str(message.get(INTENT))


def language_of(message: Message) -> str:
    """The language that the block of a training example states in its metadata."""
    return str(((message.get(METADATA) or {}).get(METADATA_INTENT) or {})["language"])
