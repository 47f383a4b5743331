"""What was filed lately, to see where other rules would have led it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Kind = tuple[str, str | None]  # a service and an area, by their codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """How many tickets were filed of a service in an area (None: in none of ours)."""

    service: str
    area: str | None
    tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A ticket with the words by which it is routed."""

    number: str
    service: str
    area: str | None
    street: str
    filed_at: datetime
    words: str = field(repr=False)


class Routes(Protocol):
    async def sorts(self, since: datetime) -> Sequence[Sort]:
        """All that was filed since then, however many tickets that are."""
        ...

    async def filed(
        self, kinds: Collection[Kind], since: datetime, before: tuple[datetime, str] | None, limit: int
    ) -> tuple[Sequence[Filed], tuple[datetime, str] | None]:
        """Of these kinds, the newest first, those filed before that instant and number; and where to go on, None at
        the end. What cannot be opened any more is left out."""
        ...
