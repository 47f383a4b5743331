"""What the model makes of one message: the answer of `/model/parse` as a frozen value."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A run of words: `start` and `end` are character offsets into the text as sent."""

    name: str
    value: str = field(repr=False)
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A name and how sure the model is, 0 to 1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """`intent` is None when the model is not sure enough (the fallback); `ranking` has the likeliest intents, best
    first, the fallback left out. `language` is None when the words do not tell."""

    intent: str | None
    confidence: float
    ranking: tuple[Guess, ...]
    entities: tuple[Entity, ...]
    language: Guess | None

    def first(self, name: str) -> Entity | None:
        return next((entity for entity in self.entities if entity.name == name), None)


class NluUnavailable(Exception):
    """Rasa does not answer; offer the numbered menu instead."""


class NluStarting(NluUnavailable):
    """Rasa is loading its model; the same message can be tried again in a moment."""
