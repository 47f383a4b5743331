"""The clock, understanding, places and words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from handlers.say import Reply, Value
from nlu.parse import Parse
from tickets.model import Place, Point


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...


class Parser(Protocol):
    async def parse(self, text: str) -> Parse:
        """Raises NluStarting or NluUnavailable."""
        ...


class Transcriber(Protocol):
    async def transcribe(self, content: bytes, content_type: str, language: str | None = None) -> str:
        """The words of a voice note; raises NotHeard."""
        ...


class Places(Protocol):
    """The city's gazetteer."""

    def resolve(self, words: str) -> Place:
        """Words -> place; what is not known stays None, the words are always kept."""
        ...

    def locate(self, point: Point, words: str = "") -> Place:
        """A pin -> place with the nearest street and the area."""
        ...


class Render(Protocol):
    """Words for a reply; the only place where a language is spoken."""

    def __call__(self, reply: Reply, language: str, *, brief: bool = False) -> str:
        """`brief`: each character costs."""
        ...

    def labels(self, reply: Reply, language: str, *, brief: bool = False) -> Sequence[str]:
        """Of its options, in their order."""
        ...

    def value(self, value: Value, language: str) -> str:
        """One of a reply's values, as it stands in its text."""
        ...
