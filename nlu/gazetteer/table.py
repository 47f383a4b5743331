"""Streets, landmarks and areas of a CSV file with a heading.

name,also,code,latitude,longitude,wkt
Mercado Central,mercado;central market,,14.5991,-66.4986,
Calle Molino,,,,,"LINESTRING (-66.50558 14.60181, -66.49442 14.60181)"
A landmark needs `name`, `latitude` and `longitude`; a street or area its shape in `wkt`, longitude first. Commas or
semicolons separate the columns; other names in `also` are separated by semicolons (or `|`).
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from nlu.gazetteer.found import Found, Unreadable
from nlu.gazetteer.geojson import add

_NEEDED = {"name"}
_SHAPES = ({"latitude", "longitude"}, {"wkt"})


def take(path: Path, found: Found) -> None:
    """Add every row that can be used; raises Unreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = ";" if file.readline().count(";") > 1 else ","
            file.seek(0)
            rows = csv.DictReader(file, delimiter=delimiter)
            _check(path, rows.fieldnames or [])
            for row in rows:
                _take(row, f"{path.name}:{rows.line_num}", found)
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name}: not written in UTF-8; save it so") from None
    except csv.Error as wrong:
        raise Unreadable(f"{path.name}: not CSV: {wrong}") from None


def _check(path: Path, columns: object) -> None:
    heading = set(columns) if isinstance(columns, list) else set()
    if not heading >= _NEEDED or not any(heading >= shape for shape in _SHAPES):
        raise Unreadable(f"{path.name}, line 1: needs the columns name, and latitude and longitude or wkt")


def _take(row: Mapping[str, str | None], where: str, found: Found) -> None:
    try:
        geometry = _shape(row)
    except (ValueError, TypeError, shapely.errors.ShapelyError):
        found.leave("a row whose latitude, longitude or wkt is missing or broken", where)
        return
    also = [name for part in (row.get("also") or "").split(";") for name in part.split("|")]
    add(geometry, row.get("name") or "", also, row.get("code") or "", where, found)


def _shape(row: Mapping[str, str | None]) -> BaseGeometry:
    if wkt := row.get("wkt"):
        return shapely.from_wkt(wkt)
    return shapely.Point(float(row.get("longitude") or ""), float(row.get("latitude") or ""))
