"""How often a log-in may be tried: a few times freely, then with a pause that doubles, per login and per address.

Counted in this process only: with N processes an attacker gets N times the tries, still far too few to guess.
"""

import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_FREE = {"login": 5, "address": 20}  # an office shares one address
_LONGEST = timedelta(minutes=5)  # longer would let anybody shut a clerk out by guessing
_FORGET = timedelta(hours=1)
_KEPT = 10_000  # keys


@dataclass(frozen=True, slots=True)
class _Tally:
    tries: int
    free_at: datetime
    last: datetime


class Throttle:
    """Tries that did not succeed, by key: ("login", name) or ("address", network)."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str], _Tally] = {}

    def take(self, keys: Sequence[tuple[str, str]], now: datetime) -> int:
        """Seconds to wait, or 0: then the try is counted at once, so that many tries side by side are all counted."""
        wait = max((self._wait(key, now) for key in keys), default=0)
        if not wait:
            for key in keys:
                self._count(key, now)
        return wait

    def forget(self, keys: Sequence[tuple[str, str]]) -> None:
        """The try was right: start anew."""
        for key in keys:
            self._tallies.pop(key, None)

    def _wait(self, key: tuple[str, str], now: datetime) -> int:
        tally = self._tallies.get(key)
        return max(0, math.ceil((tally.free_at - now).total_seconds())) if tally else 0

    def _count(self, key: tuple[str, str], now: datetime) -> None:
        before = self._tallies.pop(key, None)
        tries = before.tries + 1 if before and now - before.last < _FORGET else 1
        self._tallies[key] = _Tally(tries, now + _pause(tries - _FREE[key[0]]), now)
        while len(self._tallies) > _KEPT:
            del self._tallies[next(iter(self._tallies))]  # the one untouched for longest


def keys_of(login: str, address: str | None) -> tuple[tuple[str, str], ...]:
    """The keys of one try. An IPv6 address counts with its whole /64, which one customer owns."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return (("login", login[:100]),)
    network = ipaddress.ip_network((parsed, 64 if parsed.version == 6 else 32), strict=False)
    return ("login", login[:100]), ("address", str(network))


def _pause(over: int) -> timedelta:
    """No pause up to the free tries, then 1 s, 2 s, 4 s ... five minutes."""
    return min(timedelta(seconds=2 ** min(over, 20)), _LONGEST) if over >= 0 else timedelta(0)
