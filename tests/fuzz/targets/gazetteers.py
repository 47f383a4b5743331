"""A city's places from files of others."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nlu.gazetteer.files import read, write
from nlu.gazetteer.found import Unreadable
from tests.fuzz.shapes import json_changed, lines
from tests.fuzz.target import Read, Target, size


def _of(name: str) -> "Callable[[], Iterator[Read]]":
    def opened() -> Iterator[Read]:
        with tempfile.TemporaryDirectory(prefix="vecino-fuzz-") as folder:
            path, out = Path(folder) / name, Path(folder) / "out"
            out.mkdir()

            def taken(data: bytes) -> str:
                path.write_bytes(data)
                try:
                    found = read([path])
                    written = write(found, out)
                except Unreadable as why:
                    assert str(why).startswith(name), "it does not say which file"
                    return "unreadable " + str(why).rpartition(":")[0].strip(name)[:20].strip("0123456789, line")
                return f"{sorted((kind, size(count)) for kind, count in written.items())} {sorted(found.left)}"

            yield taken

    return opened


_OSM = b"""<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="1" lat="14.6" lon="-66.5"><tag k="name" v="Mercado"/><tag k="amenity" v="marketplace"/></node>
<node id="2" lat="14.61" lon="-66.5"/>
<node id="3" lat="14.61" lon="-66.51"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="Calle Molino"/></way>
<way id="8"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/></way>
<relation id="9"><member type="way" ref="8" role="outer"/><tag k="boundary" v="administrative"/><tag k="admin_level" v="10"/><tag k="name" v="Centro"/></relation>
</osm>
"""
_GEOJSON = b"""{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "Molino", "also": ["mill"]}, "geometry": {"type": "LineString", "coordinates": [[-66.5, 14.6], [-66.4, 14.6]]}},
{"type": "Feature", "properties": {"name": "Mercado"}, "geometry": {"type": "Point", "coordinates": [-66.5, 14.6]}},
{"type": "Feature", "properties": {"code": "c", "name": "Centro"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}},
{"type": "Feature", "properties": null, "geometry": {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]}}
]}
"""
_CSV = b"""name,also,code,latitude,longitude,wkt
Mercado Central,mercado;central market,,14.5991,-66.4986,
Calle Molino,,,,,"LINESTRING (-66.50558 14.60181, -66.49442 14.60181)"
Centro,,c,,,"POLYGON ((0 0, 1 0, 1 1, 0 0))"
"""
TARGETS = (
    Target(
        name="gazetteer-osm", opened=contextmanager(_of("city.osm")), change=lines, samples=[_OSM], seconds=0.5,
        words=[
            b'<node id="4" lat="1" lon="2"/>', b'<nd ref="2"/>', b'<tag k="name" v="A"/>', b'<member type="way" ref="8" role="outer"/>', b"<way>", b"</way>",
            b"<relation>", b'<!DOCTYPE a [<!ENTITY b "c">]>', b"&b;", b"<![CDATA[", b'encoding="utf-16"', b'encoding="idna"', b'id="99999999999999999999"', b'lat="nan"',
            b'lat="1e309"', b'lat="91"',
        ],
    ),
    Target(
        name="gazetteer-geojson", opened=contextmanager(_of("city.geojson")), change=json_changed, samples=[_GEOJSON], seconds=0.5,
        words=b"type features properties geometry coordinates name also code LineString Point Polygon MultiLineString GeometryCollection geometries".split(),
    ),
    Target(
        name="gazetteer-table", opened=contextmanager(_of("city.csv")), change=lines, samples=[_CSV], seconds=0.5,
        words=[
            b"name", b"wkt", b"latitude", b"longitude", b",", b";", b'"', b"|", b"POINT (1 2)", b"POINT EMPTY", b"POINT Z (1 2 3)", b"POLYGON ((", b"))", b"LINESTRING (nan nan, 1 1)",
            b"GEOMETRYCOLLECTION (POINT (1 2))", b"CIRCULARSTRING (0 0, 1 1, 2 0)", b"1e400", b"nan", b"\xef\xbb\xbf", b"\0",
        ],
    ),
)  # fmt: skip
