"""How many forms with files are read at once: each may fill 32 MB before the key in it is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from web import hands
from web.hands import AT_ONCE as AT_ONCE
from web.open311.problems import Refused

IN_ALL: Final = 12  # 400 MB, as far as callers of ever more addresses get; what needs no file is taken meanwhile


@dataclass(slots=True)
class Hands:
    """Of this process, by caller."""

    _hands: hands.Hands = field(default_factory=lambda: hands.Hands(in_all=IN_ALL))

    @contextmanager
    def held(self, who: str) -> Iterator[None]:
        """Raises Refused: a 429 where all of this caller's are busy, a 503 where all are."""
        try:
            with self._hands.held(who):
                yield
        except hands.Busy as busy:
            raise Refused(busy.status, headers={"Retry-After": hands.SOON}) from busy
