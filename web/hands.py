"""How many large forms are read at once, of one caller and in all: each fills memory until it is done with."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

AT_ONCE: Final = 4  # of one caller
IN_ALL: Final = 16
SOON: Final = "5"  # seconds, after which one of them may be free


class Busy(Exception):
    """No hand is free: a 429 where the caller's own are busy, a 503 where everybody's are."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Hands:
    """Of this process, by caller. Each door has its own, so that no crowd at one shuts another."""

    in_all: int = IN_ALL
    _busy: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def held(self, who: str) -> Iterator[None]:
        """Raises Busy."""
        if self._busy[who] >= AT_ONCE:
            raise Busy(429)
        if self._busy.total() >= self.in_all:
            raise Busy(503)
        self._busy[who] += 1
        try:
            yield
        finally:
            self._busy[who] -= 1
            if not self._busy[who]:
                del self._busy[who]
