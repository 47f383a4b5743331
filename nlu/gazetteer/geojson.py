"""Streets, landmarks and areas of a GeoJSON file (RFC 7946): lines are streets, points landmarks, polygons areas.

{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Molino"}, "geometry": ...}]}
Names stand in the property `name` (or the one given), other names in `also`, an area's code in `code`.
"""

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from nlu.gazetteer.found import Found, Unreadable

_BROKEN = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    RecursionError,
    shapely.errors.ShapelyError,
)


def take(path: Path, found: Found) -> None:
    """Add every feature that can be used; raises Unreadable."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name}: not written in UTF-8; save it so") from None
    except json.JSONDecodeError as wrong:
        raise Unreadable(f"{path.name}, line {wrong.lineno}: not JSON: {wrong.msg}") from None
    except (RecursionError, ValueError):  # a number of thousands of digits
        raise Unreadable(f"{path.name}: nested too deeply, or with a number that is none") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise Unreadable(f"{path.name}: not a GeoJSON FeatureCollection; it has no list `features`")
    for number, feature in enumerate(features, start=1):
        _take(feature, f"{path.name} (feature {number})", found)


def _take(feature: Any, where: str, found: Found) -> None:
    try:
        geometry, properties = shape(feature["geometry"]), feature.get("properties") or {}
    except _BROKEN:
        found.leave("a feature whose geometry is missing or broken", where)
        return
    if not isinstance(properties, dict):
        found.leave("a feature whose properties are none", where)
        return
    also = properties.get("also") or []
    names = [_text(name) for name in also] if isinstance(also, list) else [_text(also)]
    add(geometry, _text(properties.get("name")), names, _text(properties.get("code")), where, found)


def _text(value: Any) -> str:
    """As it can be written to a file: JSON can name half a character, and for that a `?` stands."""
    return str(value or "").encode("utf-8", "replace").decode()


def add(geometry: BaseGeometry, name: str, also: list[str], code: str, where: str, found: Found) -> None:
    """Add one shape: every line of a street, the largest part of an area."""
    if geometry.is_empty or not _on_earth(geometry):
        found.leave("a shape that is empty or not in degrees of longitude and latitude (WGS 84)", where)
        return
    match geometry:
        case shapely.Point():
            found.landmark(name, (geometry.x, geometry.y), also, where)
        case shapely.LineString() | shapely.MultiLineString():
            for line in getattr(geometry, "geoms", [geometry]):
                found.street(name, [(x, y) for x, y, *_ in line.coords], also, where)
        case shapely.Polygon() | shapely.MultiPolygon():
            _add_area(list(getattr(geometry, "geoms", [geometry])), name, code, where, found)
        case _:
            found.leave(f"a shape that is no street, landmark or area ({geometry.geom_type})", where)


def _add_area(parts: list[shapely.Polygon], name: str, code: str, where: str, found: Found) -> None:
    if len(parts) > 1:
        found.leave("the smaller parts of an area in several parts", where)
    largest = max(parts, key=lambda part: part.area)
    found.area(name, [(x, y) for x, y, *_ in largest.exterior.coords], where, code)


def _on_earth(geometry: BaseGeometry) -> bool:
    west, south, east, north = geometry.bounds
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)
