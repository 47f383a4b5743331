"""What the handlers may ask about tickets."""

from collections.abc import Sequence
from typing import Protocol

from tickets.model import Ticket, Update


class Tickets(Protocol):
    """Tickets, read only. Every answer is as of now; nothing is cached."""

    async def get(self, number: str) -> Ticket | None: ...

    async def of_reporter(self, reporter: int, limit: int) -> Sequence[Ticket]:
        """The newest tickets of one citizen, newest first."""
        ...

    async def history(self, number: str) -> Sequence[Update]:
        """All updates of a ticket, oldest first."""
        ...
