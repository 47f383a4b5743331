"""Tries that did not succeed, such as log-ins, counted for all processes together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

FORGET = timedelta(hours=1)  # after the last try
Key = tuple[str, str]  # what is tried, and whose: ("login", name), ("code", name), ("address", network)


@dataclass(frozen=True, slots=True)
class Tally:
    """`free_at`: from when on the next try is taken."""

    tries: int
    free_at: datetime
    last: datetime


class Tries(Protocol):
    async def held(self, keys: Sequence[Key], now: datetime) -> Mapping[Key, Tally]:
        """What is known of each, nothing being zero tries; nobody else counts them until the end of this unit of
        work. Of very many keys those untouched for longest are forgotten."""
        ...

    async def keep(self, key: Key, tally: Tally) -> None:
        """Of one that is held."""
        ...

    async def forget(self, key: Key) -> None: ...
