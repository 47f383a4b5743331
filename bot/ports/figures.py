"""Figures of tickets, counted by the definitions of `tickets/figures.py`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.ports.page import Page
from tickets.city import City
from tickets.figures import WHOLE, Digest, Figure, Scope, Slice
from tickets.model import Ticket
from tickets.period import Period


class Statistics(Protocol):
    """What staff read of a period."""

    async def digest(self, city: City, period: Period, scope: Scope, now: datetime) -> Digest:
        """Of this scope, as things stood at the period's end (at `now` where that is not over)."""
        ...

    async def behind(
        self,
        city: City,
        figure: Figure,
        period: Period,
        scope: Scope,
        now: datetime,
        begin: int,
        size: int,
        only: Slice = WHOLE,
    ) -> Page[Ticket]:
        """The tickets that `digest` counts as this figure, the oldest first; as many as it says, save figures that
        count something else (questions, ratings, neighbours, notices): then each ticket behind them once. `only`: of
        those the ones behind a number of its parts, services, channels, languages, clusters (`part`: the area) or
        ages."""
        ...


class Editions(Protocol):
    """Digests as they were sent: what was read is what is printed again, whatever has been corrected since."""

    async def get(self, period: Period, scope: Scope) -> Digest | None: ...

    async def keep(self, digest: Digest) -> Digest:
        """This one, or the one that is kept already: the first stands."""
        ...

    async def mend(self, period: Period, scope: Scope) -> bool:
        """Throw away the one that is kept where it cannot be read; whether it was so. The next one stands."""
        ...

    async def periods(self, limit: int) -> Sequence[Period]:
        """Of the whole city, the newest first."""
        ...


class Unsubscribed(Protocol):
    """Addresses that want no digest any more, by keyed hash."""

    async def add(self, address: str, now: datetime) -> None: ...

    async def remove(self, address: str) -> bool:
        """They want it again; False where they always did."""
        ...

    async def among(self, addresses: Sequence[str]) -> frozenset[str]:
        """Those of them that want none."""
        ...

    def token(self, address: str, until: datetime) -> str:
        """For the link by which its reader unsubscribes: letters, digits, `-` and `_`, in which nobody reads it."""
        ...

    def holder(self, token: str, now: datetime) -> str | None:
        """Whose it is; None where we did not make it, or its time is over."""
        ...
