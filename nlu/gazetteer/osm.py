"""Streets, landmarks and areas of an OpenStreetMap extract.

The file is read three times: for what has a name, for the outlines of areas, and for the positions that these need.
Only those are kept, so that memory follows the number of named streets and not the size of the file.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import shapely

from nlu.gazetteer.found import Found, Line, Position
from nlu.gazetteer.osm_file import Element, read

# Keys of https://wiki.openstreetmap.org/wiki/Map_features whose named things people use to say where something is.
LANDMARKS = ("amenity", "tourism", "historic", "railway", "leisure", "shop", "office", "public_transport", "building",
             "aeroway", "man_made", "healthcare")  # fmt: skip
DISTRICTS = frozenset({"9", "10", "11"})  # admin_level: parts of a municipality
QUARTERS = frozenset({"suburb", "quarter", "neighbourhood", "borough", "city_block"})
_NO_STREET = frozenset({"proposed", "construction", "platform", "bus_stop", "elevator", "rest_area", "services"})
_NAMES = ("alt_name", "short_name", "old_name", "loc_name", "official_name", "name:es", "name:pt", "name:en", "name:fr")


@dataclass(slots=True)
class _Wanted:
    """What has a name, until the positions are known."""

    streets: list[Element] = field(default_factory=list)
    areas: list[Element] = field(default_factory=list)
    marks: list[Element] = field(default_factory=list)  # ways: a school's grounds
    outlines: dict[int, "array[int]"] = field(default_factory=dict)  # of the ways that bound areas


def take(path: Path, found: Found) -> None:
    """Add what this file names; raises Unreadable."""
    wanted = _Wanted()
    read(path, lambda element: _sort(element, wanted, found))
    _read_outlines(path, wanted)
    positions = _Positions(_nodes(wanted))
    read(path, positions.visit)
    for street in wanted.streets:
        found.street(street.tags["name"], positions.line(street.refs), _also(street.tags), street.where)
    for mark in wanted.marks:
        found.landmark(mark.tags["name"], _middle(positions.line(mark.refs)), _also(mark.tags), mark.where)
    for area in wanted.areas:
        outlines = [area.refs] if area.kind == "way" else [wanted.outlines.get(ref, array("q")) for ref in area.refs]
        found.area(area.tags["name"], _ring([positions.line(refs) for refs in outlines]), area.where)


def _sort(element: Element, wanted: _Wanted, found: Found) -> None:
    """Whether an element is a street, an area, a landmark or nothing of ours."""
    tags, named = element.tags, "name" in element.tags
    if element.kind == "way" and tags.get("highway", "proposed") not in _NO_STREET:
        if named:
            wanted.streets.append(element)
        else:
            found.leave(f"a way without a name (highway={tags['highway']})", element.where)
    elif named and element.kind != "node" and _is_district(tags):
        wanted.areas.append(element)
    elif named and any(key in tags for key in LANDMARKS):
        if element.kind == "node":
            found.landmark(tags["name"], (element.longitude, element.latitude), _also(tags), element.where)
        elif element.kind == "way":
            wanted.marks.append(element)


def _is_district(tags: Mapping[str, str]) -> bool:
    return (tags.get("boundary") == "administrative" and tags.get("admin_level") in DISTRICTS) or (
        tags.get("place") in QUARTERS
    )


def _read_outlines(path: Path, wanted: _Wanted) -> None:
    of_areas = {ref for area in wanted.areas if area.kind == "relation" for ref in area.refs}

    def keep(element: Element) -> None:
        if element.kind == "way" and element.id in of_areas:
            wanted.outlines[element.id] = element.refs

    if of_areas:
        read(path, keep)


def _nodes(wanted: _Wanted) -> Iterable[int]:
    elements = (*wanted.streets, *wanted.marks, *(area for area in wanted.areas if area.kind == "way"))
    return {node for refs in (*(e.refs for e in elements), *wanted.outlines.values()) for node in refs}


class _Positions:
    """Positions of the nodes asked for: three arrays of eight bytes a node."""

    def __init__(self, nodes: Iterable[int]) -> None:
        self._ids = array("q", sorted(nodes))
        self._x = array("d", bytes(8 * len(self._ids)))
        self._y = array("d", bytes(8 * len(self._ids)))
        self._known = bytearray(len(self._ids))

    def visit(self, element: Element) -> None:
        if element.kind == "node" and (slot := self._slot(element.id)) is not None:
            self._x[slot], self._y[slot], self._known[slot] = element.longitude, element.latitude, 1

    def line(self, nodes: Iterable[int]) -> Line:
        """The positions of these nodes; those that are not in the file are left out, as at an extract's edge."""
        slots = (self._slot(node) for node in nodes)
        return [(self._x[slot], self._y[slot]) for slot in slots if slot is not None and self._known[slot]]

    def _slot(self, node: int) -> int | None:
        slot = bisect_left(self._ids, node)
        return slot if slot < len(self._ids) and self._ids[slot] == node else None


def _ring(lines: Sequence[Line]) -> Line:
    """The longest closed outline that these lines form, or nothing."""
    kept = [
        list(line) for line in lines if len(set(line)) > 1
    ]  # ways whose nodes all lie on one spot have no direction
    try:
        merged = shapely.line_merge(shapely.MultiLineString(kept))
    except shapely.errors.ShapelyError:  # a position is no number
        return []
    parts = list(merged.geoms) if isinstance(merged, shapely.MultiLineString) else [merged]
    closed = [part for part in parts if isinstance(part, shapely.LineString) and part.is_closed and not part.is_empty]
    return [(x, y) for x, y in max(closed, key=lambda part: part.length).coords] if closed else []


def _middle(line: Line) -> Position | None:
    return (sum(x for x, _ in line) / len(line), sum(y for _, y in line) / len(line)) if line else None


def _also(tags: Mapping[str, str]) -> list[str]:
    """The other names; OSM separates several by semicolons."""
    return [name for key in _NAMES for name in tags.get(key, "").split(";")]
