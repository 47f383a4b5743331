"""The map where nothing moves: the drawn plan with a mark for each area, or with shaded squares. Without JavaScript it
is the map; with it, what stands there until the moving one does."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports.points import Box, Cell, Grid, Spread
from tickets.city import City
from web.map.grid import ranges, square, step_of, steps
from web.plan import Frame, Plan

_ACROSS = 14  # squares of the drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMark:
    """A number where an area's name stands; `radius` in the plan's units grows with its digits."""

    code: str
    name: str
    tickets: int
    late: int
    emergencies: int
    x: float
    y: float
    radius: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A square of the plan; `step` from 1 on."""

    tickets: int
    step: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """`legend`: the least and the most of each step."""

    squares: Sequence[Shade]
    legend: Sequence[tuple[int, int]]


def area_marks(plan: Plan, city: City, spread: Spread) -> Sequence[AreaMark]:
    """For each area in which there are any."""
    shares = {share.area: share for share in spread.shares}
    return [
        AreaMark(
            code=area.code, name=area.name, tickets=share.tickets, late=share.late, emergencies=share.emergencies,
            x=shape.x, y=round(shape.y + 20, 1),
            radius=9 + 3 * len(str(share.tickets)) + (4 if share.emergencies else 0),
        )
        for area, shape in zip(city.areas, plan.areas, strict=True)
        if (share := shares.get(area.code))
    ]  # fmt: skip


def box_of(frame: Frame) -> Box:
    """All that is drawn."""
    south, east = frame.north - frame.height / frame.down, frame.west + frame.width / frame.across
    return Box(
        south=max(-90.0, south), west=max(-180.0, frame.west), north=min(90.0, frame.north), east=min(180.0, east)
    )


def grid_over(frame: Frame) -> Grid:
    """Squares of the drawing."""
    side = frame.width / _ACROSS
    return Grid(box=box_of(frame), high=side / frame.down, wide=side / frame.across)


def shades(frame: Frame, cells: Sequence[Cell], grid: Grid) -> Shades:
    counts = [cell.tickets for cell in cells]
    edges = steps(counts)
    squares = [
        _shade(frame, square(grid, cell.row, cell.column), cell.tickets, step_of(cell.tickets, edges)) for cell in cells
    ]
    return Shades(squares=squares, legend=ranges(edges, max(counts, default=0)))


def _shade(frame: Frame, box: Box, tickets: int, step: int) -> Shade:
    x, y = frame.x(box.west), frame.y(box.north)
    width, height = frame.x(box.east) - x, frame.y(box.south) - y
    return Shade(tickets=tickets, step=step, x=x, y=y, width=round(width, 1), height=round(height, 1))
