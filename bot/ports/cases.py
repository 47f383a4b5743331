"""Tickets as the desk and the bot read and write them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.ports.page import Page
from tickets.model import Place, Status, Ticket, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the desk lists. None means any; `text` is part of a number."""

    open: bool | None = True
    service: str | None = None
    status: Status | None = None
    text: str = field(default="", repr=False)
    offset: int = 0
    limit: int = 50


class Cases(Protocol):
    """Tickets with their history: `tickets.ports.Tickets`, and writes in the unit of work's transaction."""

    async def get(self, number: str) -> Ticket | None:
        """None too for one that no key of ours opens; such a one is in no list either."""
        ...

    async def of_reporter(self, reporter: int, limit: int) -> Sequence[Ticket]: ...

    async def followed_by(self, citizen: int, limit: int) -> Sequence[Ticket]: ...

    async def follows(self, number: str, citizen: int) -> bool: ...

    async def near(
        self, place: Place, service: str, metres: float, since: datetime, limit: int
    ) -> Sequence[Ticket]: ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[Ticket]:
        """Open tickets past their promised date, save those waiting for the citizen; the longest missed first. Fewer
        than `limit`: there are no more."""
        ...

    async def last_news(self, number: str) -> Update | None: ...

    async def history(self, number: str) -> Sequence[Update]: ...

    async def file(self, ticket: Ticket, update: Update) -> None:
        """Raises Taken when the number exists."""
        ...

    async def change(self, ticket: Ticket, update: Update) -> None:
        """Write the ticket's next version and its update; raises Stale unless the stored version is one lower."""
        ...

    async def lock(self, numbers: Collection[str]) -> None:
        """Until the end of this unit of work nobody else changes them. Tickets are locked before threads, threads
        before messages that wait, and citizens last: whoever needs several of a kind says so at once."""
        ...

    async def page(self, query: Query) -> Page[Ticket]:
        """Emergencies first, then by due date."""
        ...

    async def count_by_status(self) -> Mapping[Status, int]: ...
