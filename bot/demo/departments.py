"""How fast the departments of an invented city are: two are slow, one was slow and got better."""

from random import Random

from tickets.city import City

_SLOW, _WAS_SLOW = 1.75, 1.6  # times as long as the others
_BETTER = 0.85
_LATELY = 6 * 7 * 86_400  # seconds before the end, since when one is better


class Departments:
    """Drawn from `random`; `now` in seconds since 1970."""

    def __init__(self, city: City, random: Random, now: int) -> None:
        busy = [one.code for one in city.departments if any(one.code == s.department for s in city.services)]
        chosen = random.sample(busy, min(3, max(0, len(busy) - 1)))
        self.slow, self.better = frozenset(chosen[:2]), frozenset(chosen[2:])
        self._lately = now - _LATELY

    def pace(self, department: str, at: int) -> float:
        """Times as long as usual, for what is filed at this instant."""
        if department in self.slow:
            return _SLOW
        if department in self.better:
            return _WAS_SLOW if at < self._lately else _BETTER
        return 1.0
