"""How often a log-in may be tried: a few times freely, then with a pause that doubles, per login and per address.

What opens the desk is counted in the store, by all processes together. What opens less is counted in this process only
(`Throttle`): with N processes somebody gets N times the tries, still far too few to guess a link.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.ports import Store
from bot.ports.tries import FORGET, Key, Tally
from web.caller import NOBODY, network

_FREE = {"login": 5, "code": 5, "old": 5, "address": 20}  # an office shares one address
_LONGEST = timedelta(minutes=5)  # longer would let anybody shut a clerk out by guessing
_KEPT = 10_000  # keys


class Tried:
    """Tries that did not succeed, counted in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, keys: Sequence[Key], now: datetime) -> int:
        """Seconds to wait, or 0: then the try is counted at once, in a unit of work of its own, so that many tries
        side by side, at whatever process, are all counted."""
        if not keys:
            return 0
        async with self._store.work() as work:
            held = await work.tries.held(keys, now)
            wait = max((_wait(tally, now) for tally in held.values()), default=0)
            if wait:
                return wait
            for key, tally in held.items():
                await work.tries.keep(key, _counted(key[0], tally, now))
            await work.commit()
        return 0

    async def forget(self, keys: Sequence[Key], now: datetime) -> None:
        """The try was right: the login starts anew. Of an address only this try is taken back, lest one account among
        many make room for guessing at the others."""
        if not keys:
            return
        async with self._store.work() as work:
            held = await work.tries.held(keys, now)
            for key, tally in held.items():
                if key[0] == "address":
                    await work.tries.keep(key, replace(tally, tries=max(0, tally.tries - 1), free_at=now))
                else:
                    await work.tries.forget(key)
            await work.commit()


class Throttle:
    """Tries that did not succeed, counted in memory."""

    def __init__(self) -> None:
        self._tallies: dict[Key, Tally] = {}

    def take(self, keys: Sequence[Key], now: datetime) -> int:
        """Seconds to wait, or 0: then the try is counted at once, so that many tries side by side are all counted."""
        wait = max((_wait(self._tallies[key], now) for key in keys if key in self._tallies), default=0)
        if not wait:
            for key in keys:
                self._count(key, now)
        return wait

    def forget(self, keys: Sequence[Key]) -> None:
        """The try was right: start anew."""
        for key in keys:
            self._tallies.pop(key, None)

    def _count(self, key: Key, now: datetime) -> None:
        self._tallies[key] = _counted(key[0], self._tallies.pop(key, Tally(0, now, now)), now)
        while len(self._tallies) > _KEPT:
            del self._tallies[next(iter(self._tallies))]  # the one untouched for longest


def keys_of(login: str, address: str | None) -> tuple[Key, ...]:
    """The keys of one try. An IPv6 address counts with its whole /64, which one customer owns."""
    together = network(address)
    return (("login", login[:100]), *([("address", together)] if together != NOBODY else []))


def _wait(tally: Tally, now: datetime) -> int:
    return max(0, math.ceil((tally.free_at - now).total_seconds()))


def _counted(kind: str, before: Tally, now: datetime) -> Tally:
    """With one more."""
    tries = before.tries + 1 if now - before.last < FORGET else 1
    return Tally(tries, now + _pause(tries - _FREE[kind]), now)


def _pause(over: int) -> timedelta:
    """No pause up to the free tries, then 1 s, 2 s, 4 s ... five minutes."""
    return min(timedelta(seconds=2 ** min(over, 20)), _LONGEST) if over >= 0 else timedelta(0)
