"""The map of a public page: drawn here, in one piece with the page, so that it costs a phone nothing more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tickets.city import City, Street
from tickets.model import Point
from tickets.rings import holds
from web.plan import Frame, Plan, Shape, of_city

_MOST_DRAWN = 14_000  # characters of streets' lines; the longest streets first
_DOTS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there are in an area, where its name stands."""

    code: str
    name: str
    count: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """`dots`: the `d` of a path whose round ends are dots. `here`: the spot that was asked for."""

    plan: Plan
    streets: Sequence[Shape]
    counts: Sequence[Count] = ()
    dots: str = ""
    here: tuple[float, float] | None = None

    @property
    def frame(self) -> Frame:
        return self.plan.frame


def drawing(
    city: City, points: Iterable[Point], counts: Mapping[str, int], *, area: str = "", here: Point | None = None
) -> Drawing | None:  # fmt: skip
    """Of the whole city or of an area; None where the city says nothing of where it lies."""
    plan = of_city(_within(city, area) if area else city)
    if plan is None:
        return None
    frame = plan.frame
    marked = [
        Count(code=one.code, name=one.name, count=counts.get(one.code, 0), x=shape.x, y=shape.y)
        for one, shape in zip(city.areas, plan.areas, strict=False)
        if not area  # one area alone is named by the page
    ]
    inside = here is not None and frame.holds(here)
    return Drawing(
        plan=plan,
        streets=_drawn(plan.streets),
        counts=marked,
        dots=_dots(frame, points),
        here=(frame.x(here.longitude), frame.y(here.latitude)) if here and inside else None,
    )


def area_of(city: City, point: Point) -> str:
    """The area in which it lies, "" where it lies in none of ours."""
    return next((area.code for area in city.areas if holds(area.ring, point)), "")


def _within(city: City, code: str) -> City:
    """The city as if it were one area, with the streets that run through it."""
    areas = tuple(area for area in city.areas if area.code == code)
    pairs = [pair for area in areas for pair in area.ring]
    west, east = min(x for x, _ in pairs), max(x for x, _ in pairs)
    south, north = min(y for _, y in pairs), max(y for _, y in pairs)

    def runs(street: Street) -> bool:
        return any(west <= x <= east and south <= y <= north for x, y in street.line)

    return replace(city, areas=areas, streets=tuple(street for street in city.streets if runs(street)))


def _drawn(streets: Iterable[Shape]) -> Sequence[Shape]:
    found, length = [], 0
    for street in streets:
        length += len(street.path)
        if length > _MOST_DRAWN:
            break
        found.append(street)
    return found


def _dots(frame: Frame, points: Iterable[Point]) -> str:
    spots = dict.fromkeys((frame.x(p.longitude), frame.y(p.latitude)) for p in points if frame.holds(p))
    return "".join(f"M{x:g} {y:g}h0" for x, y in list(spots)[:_DOTS])
