"""What one caller may ask for that costs something: so much at once, and from then on one now and then."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from web.caller import network

_KEPT = 10_000  # addresses


@dataclass(slots=True, kw_only=True)
class Allowance:
    """Counted in this process, by address: `free` at once, and one more `every` so often."""

    free: int
    every: timedelta
    _spent: dict[str, tuple[float, datetime]] = field(default_factory=dict)

    def wait(self, address: str | None, now: datetime) -> int:
        """Seconds until this caller may ask again, or 0."""
        over = self._left(network(address), now) - self.free + 1
        return math.ceil(round(over * self.every.total_seconds(), 6)) if over > 0 else 0

    def spend(self, address: str | None, now: datetime) -> None:
        key = network(address)
        spent = self._left(key, now) + 1
        self._spent.pop(key, None)  # so that it stands last
        self._spent[key] = spent, now
        while len(self._spent) > _KEPT:
            del self._spent[next(iter(self._spent))]

    def _left(self, key: str, now: datetime) -> float:
        spent, at = self._spent.get(key, (0.0, now))
        return max(0.0, spent - (now - at) / self.every)
