"""Where tickets lie, for maps: counted by the squares of a grid or by area, and one by one where there is room.

Nothing of a citizen's words is among it. What a map shows is what `Cases.page` lists: all open tickets that fit, and of
closed ones, which grow with the years, those among the LOOKED (or LOOKED_FOR_WORDS) that were filed last in the time
asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.ports.cases import Query
from tickets.model import Point, Priority, Status

LOOKED = 40_000  # closed tickets, of whatever kind, among which those that fit are counted
LOOKED_FOR_WORDS = 5_000  # the same, where words are asked for that very many have


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Degrees; its borders belong to it."""

    south: float
    west: float
    north: float
    east: float

    @property
    def is_point(self) -> bool:
        """Whether no map could show two places in it."""
        return self.north - self.south < _TINY and self.east - self.west < _TINY


_TINY = 1e-5  # degrees, about a metre


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Squares of `high` by `wide` degrees, counted from the south pole and from 180 degrees west, within a box."""

    box: Box
    high: float
    wide: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A ticket on the map."""

    number: str
    service: str
    street: str
    status: Status
    priority: Priority
    filed_at: datetime
    late: bool  # as Flag.LATE
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The tickets of square (`row`, `column`): how many, their middle, and the least box that holds them. `pin`: the
    one that is there, where it is alone."""

    row: int
    column: int
    tickets: int
    late: int
    emergencies: int
    middle: Point
    box: Box
    pin: Pin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The tickets of one area (None: of none of ours); `placed` have a point."""

    area: str | None
    tickets: int
    placed: int
    late: int
    emergencies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """`capped`: so many closed ones were looked at, and there may be more that were filed before; None: all were."""

    shares: Sequence[Share]
    capped: int | None

    @property
    def tickets(self) -> int:
        return sum(share.tickets for share in self.shares)

    @property
    def placed(self) -> int:
        return sum(share.placed for share in self.shares)


class Points(Protocol):
    async def areas(self, query: Query) -> Spread:
        """By area, the most tickets first."""
        ...

    async def cells(self, query: Query, grid: Grid, *, without: str = "") -> Sequence[Cell]:
        """Those with tickets in them, from north to south and west to east; one number is left out."""
        ...

    async def pins(self, query: Query, box: Box, limit: int, *, without: str = "") -> Sequence[Pin]:
        """Of the tickets in the box: emergencies first, then the oldest open ones, then closed ones, the latest filed
        first."""
        ...
