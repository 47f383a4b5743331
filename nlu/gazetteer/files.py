"""What was found, as the three GeoJSON files that config.yml can name."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from nlu.gazetteer import geojson, osm, table
from nlu.gazetteer.found import Found, Unreadable, rounded

READERS = {".osm": osm.take, ".pbf": osm.take, ".geojson": geojson.take, ".json": geojson.take, ".csv": table.take}


def read(paths: Iterable[Path]) -> Found:
    """Everything in these files; raises Unreadable."""
    found = Found()
    for path in paths:
        take = READERS.get(path.suffix.lower())
        if take is None:
            raise Unreadable(f"{path.name}: not .osm, .osm.pbf, .geojson or .csv")
        try:
            take(path, found)
        except OSError as wrong:
            raise Unreadable(f"{path.name}: cannot be read ({wrong.strerror or type(wrong).__name__})") from None
    return found


def write(found: Found, folder: Path) -> Mapping[str, int]:
    """streets.geojson, landmarks.geojson and areas.geojson in this folder, each replaced whole or not at all, and only
    where something was found; how many features are in each."""
    kinds = {"streets": _streets(found), "landmarks": _landmarks(found), "areas": _areas(found)}
    return {kind: count for kind, features in kinds.items() if (count := _write(features, folder / f"{kind}.geojson"))}


def _streets(found: Found) -> Iterator[object]:
    for name, also, line in found.streets():
        yield _feature({"name": name, "also": list(also)}, "LineString", line)


def _landmarks(found: Found) -> Iterator[object]:
    for (name, at), also in sorted(found.landmarks.items()):
        yield _feature({"name": name, "also": list(also)}, "Point", at)


def _areas(found: Found) -> Iterator[object]:
    for code, (name, ring) in sorted(found.areas.items()):
        yield _feature({"code": code, "name": name}, "Polygon", [rounded(ring)])


def _feature(properties: Mapping[str, object], kind: str, coordinates: Sequence[object]) -> object:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def _write(features: Iterable[object], path: Path) -> int:
    lines = [json.dumps(feature, ensure_ascii=False) for feature in features]
    if lines:
        scratch = path.with_suffix(".tmp")
        body = ",\n".join(lines)
        scratch.write_text(f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n', encoding="utf-8")
        scratch.replace(path)
    return len(lines)
