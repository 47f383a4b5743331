"""What the handlers may ask about tickets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tickets.model import Place, Ticket, Update
from tickets.retention import Tombstone


class Tickets(Protocol):
    """Tickets, read only. Every answer is as of now; nothing is cached."""

    async def get(self, number: str) -> Ticket | None: ...

    async def of_reporter(self, reporter: int, limit: int) -> Sequence[Ticket]:
        """The newest tickets of one citizen, newest first."""
        ...

    async def followed_by(self, citizen: int, limit: int) -> Sequence[Ticket]:
        """The newest tickets that one citizen joined."""
        ...

    async def follows(self, number: str, citizen: int) -> bool: ...

    async def near(self, place: Place, service: str, metres: float, since: datetime, limit: int) -> Sequence[Ticket]:
        """Open tickets of this service, filed since then: within so many metres, or, where one of the two has no point,
        in the same street (and the same area, where both have one). Nearest first, those without a point last."""
        ...

    async def last_news(self, number: str) -> Update | None:
        """The newest of a ticket's public updates."""
        ...

    async def buried(self, number: str) -> Tombstone | None:
        """What is left of a ticket that was deleted by rule; None where there is one, or never was."""
        ...

    async def history(self, number: str) -> Sequence[Update]:
        """All updates of a ticket, oldest first."""
        ...
