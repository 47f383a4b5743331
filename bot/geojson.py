"""Areas, streets and landmarks from GeoJSON (RFC 7946), inline in config.yml or in a file beside it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.reading import Section
from tickets.city import Area, Landmark, Street
from tickets.model import Point

Ring = tuple[tuple[float, float], ...]
_WHAT = {"areas": "Polygon", "streets": "LineString", "landmarks": "Point"}
_RING = 4  # positions: a triangle and its first point again (RFC 7946, 3.1.6)


def areas(top: Section, folder: Path) -> tuple[Area, ...]:
    found = []
    for position, properties, shape in _features(top, "areas", folder):
        ring = _line(shape[0]) if shape else ()
        if len(ring) < _RING or ring[0] != ring[-1] or not {"code", "name"} <= properties.keys():
            top.wrong("areas", f"feature {position}: needs properties code and name and a closed ring")
            continue
        found.append(Area(code=str(properties["code"]), name=str(properties["name"]), ring=ring))
    if len({area.code for area in found}) < len(found):
        top.wrong("areas", "two areas have the same code; codes must differ")
    return tuple(found)


def streets(top: Section, folder: Path) -> tuple[Street, ...]:
    return tuple(
        Street(name=str(properties["name"]), also=_also(properties), line=_line(shape))
        for _, properties, shape in _features(top, "streets", folder)
    )


def landmarks(top: Section, folder: Path) -> tuple[Landmark, ...]:
    return tuple(
        Landmark(
            name=str(properties["name"]),
            also=_also(properties),
            point=Point(latitude=float(shape[1]), longitude=float(shape[0])),
        )
        for _, properties, shape in _features(top, "landmarks", folder)
    )


def _features(top: Section, key: str, folder: Path) -> Iterator[tuple[int, dict[str, Any], Any]]:
    """The features of a key that have the right shape; the others become problems."""
    collection = _collection(top, key, folder)
    for position, feature in enumerate(collection, start=1):
        try:
            geometry, properties = feature["geometry"], dict(feature["properties"])
            coordinates = geometry["coordinates"]
            good = geometry["type"] == _WHAT[key] and "name" in properties and _on_earth(coordinates)
        except (KeyError, TypeError, ValueError):
            good = False
        if good:
            yield position, properties, coordinates
        else:
            top.wrong(key, f"feature {position}: must be a {_WHAT[key]} with a name, [longitude, latitude] in degrees")


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
    return {"type": "FeatureCollection", "features": []}


def _also(properties: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(name) for name in properties.get("also") or ())


def _line(positions: Any) -> Ring:
    return tuple((float(position[0]), float(position[1])) for position in positions)


def _on_earth(coordinates: Any) -> bool:
    if isinstance(coordinates[0], int | float):
        longitude, latitude = float(coordinates[0]), float(coordinates[1])
        return -180 <= longitude <= 180 and -90 <= latitude <= 90
    return all(_on_earth(inner) for inner in coordinates)
