"""What a city tells everybody about its own work, counted by the definitions of `tickets/town.py`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from tickets.city import City
from tickets.town import Town


class Towns(Protocol):
    """Only what may be told, or what `tickets/town.py` makes so."""

    async def count(self, city: City, now: datetime) -> Town:
        """Of the last twelve weeks, and what is open now."""
        ...

    async def open(self) -> Mapping[tuple[str, str], int]:
        """Open tickets by service and area ("": in none of ours); to be told as `tickets.town.on_map` makes it."""
        ...
