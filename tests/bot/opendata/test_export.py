"""An export, on both databases: opened by others, its numbers are the store's, and nobody is in it."""

import csv
import gzip
import hashlib
import io
import json
import warnings
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.opendata import shelf
from bot.opendata.columns import TICKETS
from bot.opendata.export import Exported, Order, export
from bot.opendata.months import read
from store.database import Database
from tests.store.samples import ANA, NOON, citizen, file, ticket
from tests.store.test_public import cleared, with_photos
from tests.town import CITY
from tickets.model import Place, Point, Status
from tickets.public import PublicTicket

DAY = timedelta(days=1)
WORDS, NAME = "detrás del quiosco de doña Remedios", "Remedios Arrabal"
OPEN = CITY.openness


def order(root: Path, **more: Any) -> Order:
    fields = {
        "city": CITY,
        "root": root / "data",
        "notes": {"received": "recibido"},
        "public_url": "https://city.example",
    }
    return Order(**(fields | more))


async def town(database: Database, months: int = 3, count: int = 12) -> list[str]:
    """So many tickets in each month, all said and done by Ana."""
    ana, made = await citizen(database), []
    for month in range(months):
        for n in range(count):
            place = Place(
                words=WORDS, point=Point(latitude=14.6 + n / 1000, longitude=-66.5), street="Avenida Bolívar",
                area=("centro", "porto", None)[n % 3],
            )  # fmt: skip
            service = ("pothole", "noise", "lighting")[n % 3 if n < 6 else 0]
            at = NOON + timedelta(days=31 * month, hours=n)
            more = {"status": Status.RESOLVED, "closed_at": at + DAY} if n % 2 else {}
            made.append(
                ticket(
                    f"{month}-{n:03}", ana, place=place, service=service, filed_at=at, description=f"{NAME}: bache",
                    **more,
                )
            )  # fmt: skip
    await file(database, *made)
    return [one.number for one in made]


async def exported(database: Database, root: Path, now: datetime = NOON, **more: Any) -> Exported:
    return await export(database, order(root, **more), now)


def content(root: Path, name: str) -> bytes:
    found = (root / "data" / "current" / name).read_bytes()
    return gzip.decompress(found) if name.endswith(".gz") else found


def rows(root: Path, name: str = "tickets.csv.gz") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(root, name).decode(), newline=""), strict=True))


async def all_told(database: Database) -> dict[str, PublicTicket]:
    async with database.view() as view:
        return {one.number: one for one in await view.public.every(CITY)}


async def test_the_numbers_are_the_store_s(database: Database, tmp_path: Path) -> None:
    numbers = await town(database)
    found = await exported(database, tmp_path)
    assert (found.tickets, found.months, found.same) == (len(numbers), 3, 0)
    told, read_ = await all_told(database), {row["number"]: row for row in rows(tmp_path)}
    assert set(read_) == set(told) == set(numbers)
    for number, one in told.items():
        row = read_[number]
        assert (row["service_code"], row["status"], row["open"]) == (one.service, one.status, str(one.is_open).lower())
        assert (row["area_code"], row["street"]) == (one.area or "", one.street or "")
        point = (str(one.point.latitude), str(one.point.longitude)) if one.point else ("", "")
        assert (row["latitude"], row["longitude"]) == point
        assert datetime.fromisoformat(row["filed_at"]) == one.filed_at


async def test_pandas_geopandas_and_duckdb_read_the_same(database: Database, tmp_path: Path) -> None:
    import duckdb
    import geopandas
    import pandas

    await town(database)
    await exported(database, tmp_path)
    here, told = tmp_path / "data" / "current", await all_told(database)
    wanted = Counter((one.service, one.area) for one in told.values())
    closed = sum(not one.is_open for one in told.values())

    def counted(frame: Any) -> Counter:
        pairs = zip(frame["service_code"], frame["area_code"], strict=True)
        return Counter((service, None if pandas.isna(area) else area) for service, area in pairs)

    for frame in (
        pandas.read_csv(here / "tickets.csv.gz", parse_dates=["filed_at", "closed_at"]),
        pandas.read_parquet(here / "tickets.parquet"),
    ):
        assert counted(frame) == wanted
        assert frame["closed_at"].notna().sum() == closed
        assert str(frame["filed_at"].dt.tz) == "UTC"
        assert sorted(frame["filed_at"].map(lambda at: at.to_pydatetime())) == sorted(
            one.filed_at for one in told.values()
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries about each other
        places = geopandas.read_file(io.BytesIO(content(tmp_path, "tickets.geojson.gz")))
    assert counted(places) == wanted
    assert places.crs.to_epsg() == 4326
    points = {(one.point.longitude, one.point.latitude) for one in told.values() if one.point}
    assert {(point.x, point.y) for point in places.geometry if point is not None} == points
    with duckdb.connect() as duck:
        for source in (f"read_parquet('{here}/tickets.parquet')", f"read_csv('{here}/tickets.csv.gz')"):
            got = duck.sql(f"SELECT service_code, area_code, count(*) FROM {source} GROUP BY ALL").fetchall()
            assert Counter({(service, area or None): n for service, area, n in got}) == wanted
        bulk = duck.sql(f"SELECT count(*), count(closed_date) FROM read_csv('{here}/open311.csv.gz')").fetchall()
        assert bulk == [(len(told), closed)]


async def test_months_add_up_to_the_whole(database: Database, tmp_path: Path) -> None:
    await town(database)
    await exported(database, tmp_path)
    months = sorted(
        name.stem.removeprefix("tickets-") for name in (tmp_path / "data" / "current").glob("tickets-*.parquet")
    )
    assert months == ["2026-03", "2026-04", "2026-05"]
    for name in ("tickets{}.csv.gz", "open311{}.csv.gz"):
        assert rows(tmp_path, name.format("")) == [
            row for month in months for row in rows(tmp_path, name.format(f"-{month}"))
        ]
    for name, some in (("tickets{}.geojson.gz", "features"), ("open311{}.json.gz", "")):
        parts = [json.loads(content(tmp_path, name.format(part))) for part in ("", *(f"-{month}" for month in months))]
        whole, *others = [part[some] if some else part for part in parts]
        assert whole == [one for part in others for one in part]


async def test_what_stands_beside_the_data_describes_it(database: Database, tmp_path: Path) -> None:
    await town(database)
    found = await exported(database, tmp_path)
    here = tmp_path / "data" / "current"
    for line in content(tmp_path, "SHA256SUMS").decode().splitlines():
        checksum, name = line.split("  ")
        assert hashlib.sha256((here / name).read_bytes()).hexdigest() == checksum
    assert {path.name for path in here.iterdir()} - set(found.files) == {".months.json"}
    package = json.loads(content(tmp_path, "datapackage.json"))
    assert package["licenses"] == [{"title": OPEN.licence.name, "path": OPEN.licence.url}]
    for resource in package["resources"]:
        name = resource["path"].removeprefix("https://city.example/data/")
        assert (here / name).stat().st_size == resource["bytes"]
        if resource["format"] == "csv":
            schema = json.loads((here / resource["schema"].removeprefix("https://city.example/data/")).read_text())
            assert [field["name"] for field in schema["fields"]] == list(rows(tmp_path, name)[0])
    graph = json.loads(content(tmp_path, "catalog.jsonld"))
    assert graph["@type"] == "dcat:Catalog"
    told = {one["dct:title"] for one in graph["dcat:dataset"][0]["dcat:distribution"]}
    assert told == {name for name in found.files if name.startswith(("tickets", "open311", "counts"))}
    assert OPEN.licence.url in content(tmp_path, "LICENCE.txt").decode()
    assert all(f"`{column.name}`" in content(tmp_path, "dictionary.md").decode() for column in TICKETS)


TYPES = {"string": "string", "datetime": "string", "number": "number", "integer": "integer", "boolean": "boolean"}


async def test_each_row_fits_the_schema(database: Database, tmp_path: Path) -> None:
    await town(database)
    await exported(database, tmp_path)
    fields = {one["name"]: one for one in json.loads(content(tmp_path, "schema.json"))["fields"]}
    properties = {}
    for name, field in fields.items():
        rules = field.get("constraints", {})
        kinds = [TYPES[field["type"]], *([] if rules.get("required") else ["null"])]
        enum = {"enum": [*rules["enum"], None]} if "enum" in rules else {}
        properties[name] = {"type": kinds} | enum
    validator = Draft7Validator({"type": "object", "properties": properties, "additionalProperties": False})
    for feature in json.loads(content(tmp_path, "tickets.geojson.gz"))["features"]:
        validator.validate(feature["properties"])


def everything(root: Path) -> bytes:
    """All that an export says, unpacked."""
    import pyarrow.parquet

    here, said = root / "data" / "current", b""
    for path in here.iterdir():
        if path.suffix == ".parquet":
            said += repr(pyarrow.parquet.read_table(path).to_pylist()).encode()
        else:
            said += content(root, path.name)
    return said


async def test_nobody_is_in_it_and_no_word_that_was_not_cleared(database: Database, tmp_path: Path) -> None:
    numbers = await town(database)
    await with_photos(database, numbers[0], "photo-1")
    await exported(database, tmp_path)
    said = everything(tmp_path).decode()
    for secret in (ANA.address, ANA.address[1:], NAME, "Remedios", "quiosco", "photo-1", "telegram", '"sms"', "sms,"):
        assert secret not in said, secret


async def test_what_a_clerk_cleared_is_told_until_it_is_taken_back_or_erased(
    database: Database, tmp_path: Path
) -> None:
    numbers = await town(database)
    await with_photos(database, numbers[0], "photo-1")
    await cleared(database, numbers[0], words="Un bache en la esquina", photos=("photo-1",))
    await exported(database, tmp_path)
    row = next(row for row in rows(tmp_path) if row["number"] == numbers[0])
    assert row["description"] == "Un bache en la esquina"
    assert row["photos"] == "https://city.example/photos/public/photo-1"
    async with database.work() as work:
        await work.public.unclear(numbers[0])
        await work.commit()
    again = await exported(database, tmp_path, NOON + DAY)
    assert (again.months, again.same) == (3, 2)
    assert b"esquina" not in everything(tmp_path)
    assert b"photo-1" not in everything(tmp_path)


async def test_sensitive_places_are_moved_and_not_told_of_a_few(database: Database, tmp_path: Path) -> None:
    ana, real = await citizen(database), Point(latitude=14.60123, longitude=-66.50123)
    place = Place(point=real, street="Avenida Bolívar", area="centro")
    few = [ticket(f"N{n}", ana, service="noise", place=place) for n in range(OPEN.few - 1)]
    await file(database, *few, ticket("V1", ana, service="vehicle", place=place))
    await exported(database, tmp_path)
    assert b"14.60123" not in everything(tmp_path)
    assert b"centro" not in b"".join(
        content(tmp_path, name) for name in ("tickets.csv.gz", "tickets.geojson.gz", "counts.csv")
    )
    assert {row["place_precision"] for row in rows(tmp_path)} == {""}
    assert [row["filed"] for row in rows(tmp_path, "counts.csv")] == ["<5", "<5"]
    await file(database, ticket("N9", ana, service="noise", place=place, filed_at=NOON + 40 * DAY))
    again = await exported(database, tmp_path)
    assert again.same == 0  # the rules say now where those of the first month are
    noise = [row for row in rows(tmp_path) if row["service_code"] == "noise"]
    assert {(row["area_code"], row["street"], row["place_precision"]) for row in noise} == {("centro", "", "area")}
    assert b"14.60123" not in everything(tmp_path)


async def test_months_in_which_nothing_changed_are_taken_over(database: Database, tmp_path: Path) -> None:
    numbers = await town(database)
    await exported(database, tmp_path)
    before = {name: content(tmp_path, name) for name in ("tickets.csv.gz", "tickets.geojson.gz", "counts.csv")}
    again = await exported(database, tmp_path, NOON + DAY)
    assert (again.tickets, again.same) == (len(numbers), 3)
    assert before == {name: content(tmp_path, name) for name in before}
    fresh = await exported(database, tmp_path, NOON + 2 * DAY, fresh=True)
    assert fresh.same == 0
    other = replace(CITY, openness=replace(OPEN, few=OPEN.few + 1))
    assert (await exported(database, tmp_path, city=other)).same == 0


async def test_only_what_is_wanted_is_written(database: Database, tmp_path: Path) -> None:
    await town(database)
    found = await exported(database, tmp_path, months=(read("2026-04"),), formats=("csv",))
    assert (found.tickets, found.months) == (12, 1)
    data = {name for name in found.files if name.startswith("tickets")}
    assert data == {"tickets.csv.gz", "tickets-2026-04.csv.gz"}


async def test_an_empty_city_has_files_without_rows(database: Database, tmp_path: Path) -> None:
    found = await exported(database, tmp_path)
    assert (found.tickets, found.months) == (0, 0)
    assert rows(tmp_path) == []
    assert json.loads(content(tmp_path, "tickets.geojson.gz")) == {"type": "FeatureCollection", "features": []}
    assert json.loads(content(tmp_path, "open311.json.gz")) == []


async def test_one_that_fails_in_the_middle_leaves_the_last_one_whole(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town(database)
    await exported(database, tmp_path)
    before = shelf.read(tmp_path / "data")
    assert before

    def full(path: Path, said: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.opendata.export.write", full)
    with pytest.raises(OSError, match="No space"):
        await exported(database, tmp_path, NOON + DAY, fresh=True)
    monkeypatch.undo()
    assert shelf.read(tmp_path / "data") == before
    assert len(rows(tmp_path)) == 36
    await exported(database, tmp_path, NOON + 2 * DAY)
    assert len([path for path in (tmp_path / "data").iterdir() if not path.name.startswith(".")]) == 2


async def test_two_do_not_write_at_once(database: Database, tmp_path: Path) -> None:
    with shelf.held(tmp_path / "data"), pytest.raises(shelf.Busy, match="Another export"):
        await exported(database, tmp_path)
