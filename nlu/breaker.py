"""A circuit breaker: a server that fails again and again is left alone for a while."""

from collections.abc import Callable


class Breaker:
    """After `limit` failures in a row it is open for `rest` seconds; then one try at a time until one succeeds."""

    def __init__(self, clock: Callable[[], float], *, limit: int = 5, rest: float = 5.0) -> None:
        self._clock = clock
        self._limit = limit
        self._rest = rest
        self._failures = 0
        self._until = 0.0

    def lets_through(self) -> bool:
        """Whether to try now. A True while failures stand closes the door behind this caller for another `rest`."""
        if self._failures < self._limit:
            return True
        if self._clock() < self._until:
            return False
        self._until = self._clock() + self._rest
        return True

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._until = self._clock() + self._rest
