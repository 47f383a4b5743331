"""From files of others to what config.yml can name."""

import json
import tracemalloc
from pathlib import Path

import osmium
import pytest

from bot.config import load
from nlu.gazetteer import osm_file
from nlu.gazetteer.files import read, write
from nlu.gazetteer.found import Unreadable
from nlu.places import Gazetteer

CITY_FILE = Path(__file__).parents[3] / "config.yml"
OSM = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
 <node id="1" lat="14.60" lon="-66.51"/>
 <node id="2" lat="14.60" lon="-66.50"/>
 <node id="3" lat="14.60" lon="-66.49"/>
 <node id="4" lat="14.61" lon="-66.50"/>
 <node id="5" lat="14.61" lon="-66.51"/>
 <node id="6" lat="14.605" lon="-66.505"><tag k="amenity" v="marketplace"/><tag k="name" v="Mercado Nuevo"/></node>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="Avenida Sucre"/><tag k="alt_name" v="la Sucre;Vieja"/></way>
 <way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="name" v="Avenida Sucre"/></way>
 <way id="12"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="name" v="Calle Ñandú"/></way>
 <way id="13"><nd ref="4"/><nd ref="5"/><tag k="highway" v="footway"/></way>
 <way id="14"><nd ref="998"/><nd ref="999"/><tag k="highway" v="residential"/><tag k="name" v="Calle Afuera"/></way>
 <way id="15"><nd ref="1"/><nd ref="2"/><nd ref="4"/></way>
 <way id="16"><nd ref="4"/><nd ref="5"/><nd ref="1"/></way>
 <way id="17"><nd ref="2"/><nd ref="4"/><nd ref="5"/><nd ref="2"/><tag k="amenity" v="school"/><tag k="name" v="Escuela Sol"/></way>
 <relation id="20"><member type="way" ref="15" role="outer"/><member type="way" ref="16" role="outer"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="10"/><tag k="name" v="Barrio Ñuñoa"/></relation>
 <relation id="21"><member type="way" ref="15" role="outer"/><tag k="boundary" v="administrative"/><tag k="admin_level" v="9"/><tag k="name" v="Abierto"/></relation>
</osm>
"""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "city.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


def test_an_extract_becomes_streets_landmarks_and_areas(extract: Path) -> None:
    found = read([extract])
    streets = {name: (also, len(line)) for name, also, line in found.streets()}
    assert streets == {"Avenida Sucre": (("la Sucre", "Vieja"), 3), "Calle Ñandú": ((), 2)}
    assert {name for name, _ in found.landmarks} == {"Mercado Nuevo", "Escuela Sol"}
    assert {code: name for code, (name, _) in found.areas.items()} == {"barrio_nunoa": "Barrio Ñuñoa"}


def test_a_binary_extract_gives_the_same_as_its_xml(extract: Path, tmp_path: Path) -> None:
    binary = tmp_path / "city.osm.pbf"
    with osmium.SimpleWriter(binary) as writer:
        for element in osmium.FileProcessor(extract):
            writer.add(element)
    one, other = read([extract]), read([binary])
    assert list(one.streets()) == list(other.streets())
    assert (one.landmarks, one.areas) == (other.landmarks, other.areas)


def test_what_is_not_taken_is_told_with_its_reason_and_line(extract: Path) -> None:
    left = {(one.why.partition(" (")[0], one.where) for one in read([extract]).examples}
    assert left == {
        ("a way without a name", "city.osm:12 (way 13)"),
        ("a street that is no line: its points are missing or the same", "city.osm:13 (way 14)"),
        ("an area whose outline is not closed or crosses itself", "city.osm:19 (relation 21)"),
    }


def test_config_reads_what_was_written_and_the_bot_finds_it(extract: Path, tmp_path: Path) -> None:
    assert write(read([extract]), tmp_path) == {"streets": 2, "landmarks": 2, "areas": 1}
    config = CITY_FILE.read_text(encoding="utf-8").partition("areas:")[0]
    named = "".join(f"{kind}: {{file: {kind}.geojson}}\n" for kind in ("streets", "landmarks", "areas"))
    (tmp_path / "config.yml").write_text(config + named, encoding="utf-8")
    city = load(tmp_path / "config.yml", {}).city
    place = Gazetteer(city.areas, city.streets, city.landmarks).resolve("sucre y ñandu")
    assert (place.street, place.area) == ("Avenida Sucre / Calle Ñandú", "barrio_nunoa")


def test_an_import_leaves_no_scratch_and_replaces_the_last_one(extract: Path, tmp_path: Path) -> None:
    (tmp_path / "streets.geojson").write_text("old")
    write(read([extract]), tmp_path)
    assert json.loads((tmp_path / "streets.geojson").read_text())["type"] == "FeatureCollection"
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.osm", OSM[:900], "a.osm, line"),
        ("a.osm", "<gpx></gpx>", "no element <osm>"),
        ("a.osm", '<osm><node id="x" lat="1" lon="2"/></osm>', "a.osm, line 1: an id"),
        ("a.osm", '<osm><node id="1" lat="here" lon="2"/></osm>', "no number"),
        ("a.osm", '<!DOCTYPE o [<!ENTITY e "ha">]><osm/>', "declares an entity"),
        ("a.osm", "", "a.osm, line 1"),
        ("a.geojson", '{"type": "Feature"}', "no list `features`"),
        ("a.geojson", "[\n{", "a.geojson, line 2: not JSON"),
        ("a.geojson", b"\xff\xfe", "UTF-8"),
        ("a.csv", "nombre,lat\nx,1\n", "a.csv, line 1: needs the columns"),
        ("a.csv", b"name,latitude,longitude\nPe\xf1a,1,2\n", "UTF-8"),
        ("a.csv", "", "needs the columns"),
        ("a.shp", "x", "not .osm"),
        ("a.osm.pbf", "x", "a.osm.pbf"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(tmp_path: Path, name: str, content: str | bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Unreadable, match="(?s)" + why.replace("(", r"\(")):
        read([tmp_path / name])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        read([tmp_path / "none.csv"])


def test_rows_of_a_table_are_taken_or_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "city.csv").write_text(
        "name,also,latitude,longitude,wkt\n"
        "Mercado,market|marché,14.6,-66.5,\n"
        'Calle Sol,,,,"LINESTRING (-66.5 14.6, -66.4 14.6)"\n'
        "Nada,,north,,\n"
        ",,14.6,-66.5,\n"
        'Lejos,,,,"POINT (500000 1600000)"\n',
        encoding="utf-8",
    )
    found = read([tmp_path / "city.csv"])
    assert found.landmarks == {("Mercado", (-66.5, 14.6)): ("market", "marché")}
    assert [name for name, _, _ in found.streets()] == ["Calle Sol"]
    assert [one.where for one in found.examples] == ["city.csv:4", "city.csv:5", "city.csv:6"]


def test_features_of_geojson_are_taken_or_told(tmp_path: Path) -> None:
    def feature(kind: str, coordinates: object, **properties: object) -> object:
        return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}

    square = [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]
    small = [[[2, 2], [2, 2.1], [2.1, 2.1], [2, 2]]]
    features = [
        feature("MultiLineString", [[[0, 0], [1, 1]], [[1, 1], [2, 2]]], name="Rua A", also="R. A"),
        feature("MultiPolygon", [square, small], name="Centro", code="c"),
        feature("Polygon", square, name="Centro", code="c"),
        feature("Point", [0.5, 0.5], name="Igreja"),
        feature("Point", [0.5, 0.5]),
        {"type": "Feature", "properties": {}, "geometry": None},
        "nothing",
    ]
    (tmp_path / "a.geojson").write_text(json.dumps({"features": features}))
    found = read([tmp_path / "a.geojson"])
    assert [(name, also, len(line)) for name, also, line in found.streets()] == [("Rua A", ("R. A",), 3)]
    assert set(found.areas) == {"c", "c_2"}
    assert len(found.examples) == 4


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path, node = tmp_path / "big.osm", '<node id="{}" lat="14.6" lon="-66.5"/>\n'
    with path.open("w") as file:
        file.write('<osm version="0.6">\n')
        file.writelines(node.format(number) for number in range(1, 150_000))
        file.write("</osm>\n")
    seen = 0

    def count(_: osm_file.Element) -> None:
        nonlocal seen
        seen += 1

    tracemalloc.start()
    try:
        osm_file.read(path, count)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seen == 149_999
    assert peak < 1_000_000
