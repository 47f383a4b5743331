"""What went wrong with digests: it is tried again ever more seldom, and each cause is said once an hour."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePath
from traceback import extract_tb

_WAITS = (1, 5, 15, 60)  # minutes before what failed is tried again
_SILENCE = timedelta(hours=1)
_FRAMES = 6  # of a trace, the last ones


@dataclass(slots=True)
class Troubles:
    """Of one process, as far as clocks can be trusted: what lies in the future by more than its wait is past."""

    _again: dict[Hashable, tuple[int, datetime]] = field(default_factory=dict)  # how often it failed, and when to try
    _said: dict[str, datetime] = field(default_factory=dict)

    def put_off(self, what: Hashable, now: datetime) -> None:
        tries = self._again.get(what, (0, now))[0] + 1
        wait = _WAITS[min(tries, len(_WAITS)) - 1]
        self._again[what] = tries, now + timedelta(minutes=wait)

    def may_try(self, what: Hashable, now: datetime) -> bool:
        _, again = self._again.get(what, (0, now))
        return not now < again <= now + timedelta(minutes=_WAITS[-1])

    def over(self, what: Hashable) -> None:
        self._again.pop(what, None)

    def forget_all_but(self, some: Collection[Hashable]) -> None:
        self._again = {what: again for what, again in self._again.items() if what in some}

    def is_news(self, cause: str, now: datetime) -> bool:
        """Whether it is to be said now."""
        self._said = {known: at for known, at in self._said.items() if at <= now < at + _SILENCE}
        if cause in self._said:
            return False
        self._said[cause] = now
        return True


def cause(error: BaseException) -> str:
    """What it is and where, without its words, which may be a citizen's."""
    frames = extract_tb(error.__traceback__)[-_FRAMES:]
    places = ", ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {places}"
