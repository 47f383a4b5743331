"""Areas, streets and landmarks from GeoJSON (RFC 7946), inline in config.yml or in a file beside it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import shapely

from bot.settings.section import Section
from tickets.city import Area, Landmark, Street
from tickets.model import Point

Position = tuple[float, float]  # longitude, latitude in degrees
Line = tuple[Position, ...]
Shape = TypeVar("Shape")
_RING = 4  # positions: a triangle and its first point again (RFC 7946, 3.1.6)


class _Unusable(Exception):
    """A feature that cannot be used; the message says what it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feature:
    name: str
    also: tuple[str, ...]
    properties: dict[Any, Any]
    coordinates: object


def areas(top: Section, folder: Path) -> tuple[Area, ...]:
    found = _features(top, "areas", folder, "Polygon", _area)
    if len({area.code for area in found}) < len(found):
        top.wrong("areas", "two areas have the same code; codes must differ")
    return found


def rings(top: Section, key: str, folder: Path) -> dict[str, tuple[Line, ...]]:
    """The outer rings of a key's features, by their code; one code may have several."""
    found: dict[str, tuple[Line, ...]] = {}
    for area in _features(top, key, folder, "Polygon", _area):
        found[area.code] = (*found.get(area.code, ()), area.ring)
    return found


def streets(top: Section, folder: Path) -> tuple[Street, ...]:
    return _features(top, "streets", folder, "LineString", _street)


def landmarks(top: Section, folder: Path) -> tuple[Landmark, ...]:
    return _features(top, "landmarks", folder, "Point", _landmark)


def _area(feature: _Feature) -> Area:
    """The outer ring; holes are not looked at."""
    rings = feature.coordinates
    ring = _line(rings[0]) if isinstance(rings, list) and rings else ()
    if len(ring) < _RING or ring[0] != ring[-1]:
        raise _Unusable("needs a ring of at least four positions, the last one like the first")
    why = shapely.is_valid_reason(shapely.Polygon(ring))
    if why != "Valid Geometry":
        raise _Unusable(f"has a ring that crosses itself or encloses nothing: {why}")
    return Area(code=_word(feature.properties, "code"), name=feature.name, ring=ring)


def _street(feature: _Feature) -> Street:
    line = _line(feature.coordinates)
    if len(set(line)) < 2:
        raise _Unusable("needs a line of at least two different positions")
    return Street(name=feature.name, also=feature.also, line=line)


def _landmark(feature: _Feature) -> Landmark:
    longitude, latitude = _position(feature.coordinates)
    return Landmark(name=feature.name, also=feature.also, point=Point(latitude=latitude, longitude=longitude))


def _features(top: Section, key: str, folder: Path, kind: str, make: Callable[[_Feature], Shape]) -> tuple[Shape, ...]:
    """The features of a key that can be used; each of the others becomes a problem."""
    found = []
    for number, feature in enumerate(_collection(top, key, folder), start=1):
        try:
            found.append(make(_feature(feature, kind)))
        except _Unusable as why:
            top.wrong(key, f"feature {number}: {why}")
    return tuple(found)


def _feature(feature: object, kind: str) -> _Feature:
    geometry, properties = _part(feature, "geometry"), _part(feature, "properties")
    if geometry.get("type") != kind:
        raise _Unusable(f"must have a geometry of type {kind}")
    also = properties.get("also") or []
    if not isinstance(also, list) or not all(isinstance(name, str | int) for name in also):
        raise _Unusable("`also` must be a list of names")
    return _Feature(
        name=_word(properties, "name"), also=tuple(map(str, also)),
        properties=properties, coordinates=geometry.get("coordinates"),
    )  # fmt: skip


def _part(feature: object, name: str) -> dict[Any, Any]:
    part = feature.get(name) if isinstance(feature, dict) else None
    if not isinstance(part, dict):
        raise _Unusable(f"needs a {name}")
    return part


def _word(properties: dict[Any, Any], name: str) -> str:
    value = properties.get(name)
    if not isinstance(value, str | int) or not str(value).strip():
        raise _Unusable(f"needs a {name} in its properties")
    return str(value)


def _line(positions: object) -> Line:
    if not isinstance(positions, list):
        raise _Unusable("needs coordinates, a list of [longitude, latitude]")
    return tuple(_position(position) for position in positions)


def _position(position: object) -> Position:
    """Of a [longitude, latitude], perhaps with an altitude (RFC 7946, 3.1.1)."""
    match position:
        case [int() | float() as longitude, int() | float() as latitude, *_] if (
            -180 <= longitude <= 180 and -90 <= latitude <= 90
        ):
            return float(longitude), float(latitude)
    raise _Unusable("needs positions of [longitude, latitude] in degrees")


def _collection(top: Section, key: str, folder: Path) -> list[Any]:
    raw = top.raw(key)
    if raw is None:
        return []
    if isinstance(raw, dict) and set(raw) == {"file"}:
        raw = _file(top, key, folder / str(raw["file"]))
    if isinstance(raw, dict) and raw.get("type") == "FeatureCollection" and isinstance(raw.get("features"), list):
        return list(raw["features"])
    top.wrong(key, "must be a GeoJSON FeatureCollection, inline or as {file: name.geojson} beside config.yml")
    return []


def _file(top: Section, key: str, path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        top.wrong(key, f"names the file {path.name}, which cannot be read")
    except ValueError as wrong:
        top.wrong(key, f"names the file {path.name}, which is not JSON: {wrong}")
    except RecursionError:
        top.wrong(key, f"names the file {path.name}, which is nested too deeply")
    return {"type": "FeatureCollection", "features": []}
