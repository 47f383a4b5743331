"""What stands on the map, in words and signs: never by colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from aiohttp.web import Request

from bot.ports.points import Cell, Grid, Pin
from tickets.model import Priority, Status, Ticket
from tickets.workflow import CLOSED
from web.map.grid import DEEPEST, clear_of_others, ranges, square, step_of, steps
from web.page import ENVIRONMENTS

SIGNS = {
    Status.RECEIVED: "+", Status.TRIAGED: "·", Status.IN_PROGRESS: "»",
    Status.WAITING: "…", Status.RESOLVED: "✓", Status.DECLINED: "×", Status.DUPLICATE: "=",
}  # fmt: skip


class Wording:
    """The macros of map/words.html, as plain text: the script puts it into the page as such."""

    def __init__(self, macros: Any) -> None:
        self._macros = macros

    def pin(self, pin: Pin) -> str:
        return unescape(str(self._macros.pin(pin)))

    def many(self, tickets: int, late: int, emergencies: int) -> str:
        return unescape(str(self._macros.many(tickets, late, emergencies)))

    def from_to(self, first: int, last: int) -> str:
        return unescape(str(self._macros.from_to(first, last)))

    def count(self, tickets: int) -> str:
        return unescape(str(self._macros.count(tickets)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a ticket is drawn: `kind` gives its shape, `sign` stands in it."""

    kind: str
    sign: str


def wording(request: Request, language: str) -> Wording:
    """In this language."""
    environment = request.app[request.app[ENVIRONMENTS][language]]
    return Wording(environment.get_template("map/words.html").module)


def shown(ticket: Pin | Ticket, *, late: bool) -> Shown:
    """Emergencies before what is late, before where it stands."""
    if ticket.status in CLOSED:
        return Shown(kind="closed", sign=SIGNS[ticket.status])
    if ticket.priority is Priority.EMERGENCY:
        return Shown(kind="emergency", sign="!")
    if late:
        return Shown(kind="late", sign=SIGNS[ticket.status])
    return Shown(kind="waiting" if ticket.status is Status.WAITING else "open", sign=SIGNS[ticket.status])


def clusters(cells: Sequence[Cell], grid: Grid, zoom: int, words: Wording) -> dict[str, object]:
    """A mark for each square with tickets."""
    return {"marks": [_mark(cell, grid, zoom, words) for cell in cells]}


def heat(cells: Sequence[Cell], grid: Grid, words: Wording) -> dict[str, object]:
    """A shade for each square with tickets, and which numbers each shade stands for."""
    counts = [cell.tickets for cell in cells]
    edges = steps(counts)
    marks = []
    for cell in cells:
        box = square(grid, cell.row, cell.column)
        marks.append({
            "square": [box.south, box.west, box.north, box.east], "step": step_of(cell.tickets, edges),
            "text": words.count(cell.tickets), "name": words.many(cell.tickets, cell.late, cell.emergencies),
        })  # fmt: skip
    return {"marks": marks, "legend": [words.from_to(*pair) for pair in ranges(edges, max(counts, default=0))]}


def _mark(cell: Cell, grid: Grid, zoom: int, words: Wording) -> dict[str, object]:
    box = [cell.box.south, cell.box.west, cell.box.north, cell.box.east]
    if cell.pin:
        drawn = shown(cell.pin, late=cell.pin.late)
        point = cell.pin.point
        return {
            "at": [point.latitude, point.longitude], "number": cell.pin.number, "name": words.pin(cell.pin),
            "kind": drawn.kind, "text": drawn.sign, "box": box,
        }  # fmt: skip
    middle = clear_of_others(cell.middle, square(grid, cell.row, cell.column))
    kinds = ["many", *(["emergency"] if cell.emergencies else ["late"] if cell.late else [])]
    return {
        "at": [middle.latitude, middle.longitude], "kind": " ".join(kinds), "text": words.count(cell.tickets),
        "name": words.many(cell.tickets, cell.late, cell.emergencies), "box": box, "size": len(str(cell.tickets)),
        "last": cell.box.is_point or zoom >= DEEPEST,
    }  # fmt: skip
