"""How many requests a caller may make: a bucket of tokens each, counted by this process alone."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

_KEPT = 10_000  # callers
PER_MINUTE = 600  # of who shows no key: a page with a map asks a dozen times, a copy of everything once a second


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bucket:
    left: float
    at: datetime


class Pace:
    """Buckets by caller. A full one holds a minute's requests."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, who: str, now: datetime, per_minute: int = PER_MINUTE) -> int:
        """Seconds to wait, or 0: then the request is counted."""
        left = self._left(who, now, per_minute)
        if left < 1:
            return math.ceil((1 - left) * 60 / per_minute)
        self._buckets[who] = _Bucket(left=left - 1, at=now)
        self._buckets.move_to_end(who)
        while len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return 0

    def _left(self, who: str, now: datetime, per_minute: int) -> float:
        bucket = self._buckets.get(who)
        if bucket is None:
            return per_minute
        passed = max(timedelta(0), now - bucket.at)  # a clock that was set back gives nothing
        return min(per_minute, bucket.left + passed / timedelta(minutes=1) * per_minute)
