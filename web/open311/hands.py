"""How many forms with files of one caller are read at once: each may fill 32 MB before the key in it is known."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from web.open311.problems import SOON, Refused

AT_ONCE = 4


@dataclass(slots=True)
class Hands:
    """Of this process, by caller."""

    _busy: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def held(self, who: str) -> Iterator[None]:
        """Raises Refused, a 429, where all of this caller's are busy."""
        if self._busy[who] >= AT_ONCE:
            raise Refused(429, headers={"Retry-After": SOON})
        self._busy[who] += 1
        try:
            yield
        finally:
            self._busy[who] -= 1
            if not self._busy[who]:
                del self._busy[who]
