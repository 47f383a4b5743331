"""What an import takes, and what it leaves, with the reason and where it stands."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import shapely

Position = tuple[float, float]  # longitude, latitude in degrees
Line = Sequence[Position]

EXAMPLES = 5  # of each reason that are shown; a city has thousands of nameless footpaths
_PLACES = 6  # decimals of a degree: a tenth of a metre


class Unreadable(Exception):
    """A file that cannot be imported; the message says which, where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Something not taken: why, and where it stands ("way 123", "city.csv:7")."""

    why: str
    where: str


@dataclass(slots=True)
class Found:
    """Everything taken so far. A street's pieces are joined by `streets()`, once all are known."""

    pieces: defaultdict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    also: defaultdict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    landmarks: dict[tuple[str, Position], tuple[str, ...]] = field(default_factory=dict)
    areas: dict[str, tuple[str, Line]] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    examples: list[Left] = field(default_factory=list)

    def street(self, name: str, line: Line, also: Iterable[str], where: str) -> None:
        if not name.strip():
            self.leave("a street without a name", where)
        elif len(set(line)) < 2:
            self.leave("a street that is no line: its points are missing or the same", where)
        elif not all(map(_on_earth, line)):
            self.leave("a street with a point that is nowhere on earth", where)
        else:
            self.pieces[name.strip()].append(line)
            self.also[name.strip()].update(dict.fromkeys(_others(name, also)))

    def landmark(self, name: str, at: Position | None, also: Iterable[str], where: str) -> None:
        if not name.strip():
            self.leave("a landmark without a name", where)
        elif at is None:
            self.leave("a landmark whose position is missing", where)
        elif not _on_earth(at):
            self.leave("a landmark that is nowhere on earth", where)
        else:
            self.landmarks.setdefault((name.strip(), rounded([at])[0]), _others(name, also))

    def area(self, name: str, ring: Line, where: str, code: str = "") -> None:
        """`code` is made of the name where there is none; two areas of one code are told apart by a number."""
        closed = len(ring) > 3 and ring[0] == ring[-1] and all(map(_on_earth, ring))
        shape = shapely.Polygon(ring) if closed else None
        if not name.strip():
            self.leave("an area without a name", where)
        elif shape is None or not shape.is_valid:
            self.leave("an area whose outline is not closed or crosses itself", where)
        else:
            self.areas[self._free(code.strip() or slug(name))] = (name.strip(), ring)

    def leave(self, why: str, where: str) -> None:
        self.left[why] += 1
        if self.left[why] <= EXAMPLES:
            self.examples.append(Left(why=why, where=where))

    def streets(self) -> Iterator[tuple[str, tuple[str, ...], Line]]:
        """Name, other names and line of each street; pieces that touch are one, others stay namesakes."""
        for name, lines in sorted(self.pieces.items()):
            for line in _joined(lines):
                yield name, tuple(self.also[name]), rounded(line)

    def _free(self, code: str) -> str:
        numbered = (f"{code}_{number}" if number > 1 else code for number in range(1, len(self.areas) + 2))
        return next(one for one in numbered if one not in self.areas)


def _joined(lines: Sequence[Line]) -> Iterable[Line]:
    merged = shapely.line_merge(shapely.MultiLineString([list(line) for line in lines]))
    parts = merged.geoms if isinstance(merged, shapely.MultiLineString) else [merged]
    return ([(x, y) for x, y, *_ in part.coords] for part in parts)


def _others(name: str, also: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for raw in also if (one := raw.strip()) and one != name.strip()))


def _on_earth(at: Position) -> bool:
    """No more than 180 degrees of longitude and 90 of latitude; what is no number at all is nowhere."""
    return -180 <= at[0] <= 180 and -90 <= at[1] <= 90


def rounded(line: Line) -> list[Position]:
    """Positions to a tenth of a metre: files of a third of the size."""
    return [(round(x, _PLACES), round(y, _PLACES)) for x, y in line]


def slug(name: str) -> str:
    """A code from a name: "Barrio El Carmen" -> barrio_el_carmen."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
    return re.sub(r"\W+", "_", bare).strip("_") or "area"
