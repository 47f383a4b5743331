"""Rows of CSV, GeoJSON and Open311's bulk format, whatever stands in them."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.opendata.columns import OPEN311, TICKETS
from bot.opendata.rows import CSV, GEOJSON, Form, open311
from bot.opendata.table import Names, arrays, table
from tests.bot.opendata.sheets import sheet
from tests.town import CITY
from tickets.model import Point, Status
from tickets.public import PublicTicket

AT = datetime(2026, 11, 23, 15, 4, 5, 999_999, tzinfo=UTC)
ONE = PublicTicket(
    number="7K3-9QX", service="pothole", department="roads", status=Status.IN_PROGRESS, filed_at=AT, changed_at=AT,
    due_at=AT, point=Point(latitude=-14.6, longitude=66.50001), street="Avenida Bolívar", area="centro",
)  # fmt: skip
NAMES = Names(city=CITY, base="https://city.example")
BULK_CSV, BULK_JSON = open311(CITY.name, {"in_progress": "en curso"})
words = some.none() | some.text(
    some.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30
)


def whole(form: Form, *tickets: PublicTicket) -> str:
    rows = bytes(form.rows(arrays(sheet(*tickets), NAMES)))[len(form.between) :]
    return form.head + rows.decode() + form.tail


def rows(form: Form, *tickets: PublicTicket) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(whole(form, *tickets), newline=""), strict=True))


def harmless(text: str | None) -> str:
    return f"'{text}" if text and text[0] in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20" else text or ""


def test_a_ticket_is_a_row_with_all_columns() -> None:
    (row,) = rows(CSV, ONE)
    assert list(row) == [column.name for column in TICKETS]
    assert {name: value for name, value in row.items() if value} == {
        "number": "7K3-9QX", "service_code": "pothole", "service_name": CITY.service("pothole").names["es"],
        "status": "in_progress", "open": "true", "department_code": "roads",
        "department_name": NAMES.department("roads"), "filed_at": "2026-11-23T15:04:05Z",
        "changed_at": "2026-11-23T15:04:05Z", "due_at": "2026-11-23T15:04:05Z", "area_code": "centro",
        "area_name": "Centro", "street": "Avenida Bolívar", "place_precision": "point", "latitude": "-14.6",
        "longitude": "66.50001", "followers": "0", "reopened": "0",
    }  # fmt: skip


@given(some.lists(some.tuples(words, words, words), min_size=1, max_size=8))
def test_whatever_people_write_stays_in_its_cell(said: list[tuple[str | None, ...]]) -> None:
    tickets = [replace(ONE, words=one, news=two, street=three) for one, two, three in said]
    found = [(row["description"], row["note"], row["street"]) for row in rows(CSV, *tickets)]
    assert found == [tuple(map(harmless, some)) for some in said]
    read = json.loads(whole(GEOJSON, *tickets))
    told = [
        (one["properties"]["description"], one["properties"]["note"], one["properties"]["street"])
        for one in read["features"]
    ]
    assert told == said
    bulk = json.loads(whole(BULK_JSON, *tickets))
    assert [one["description"] for one in bulk] == [one or CITY.service("pothole").names["es"] for one, _, _ in said]
    assert [one["status_notes"] for one in bulk] == [two or "en curso" for _, two, _ in said]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_a_spreadsheet_takes_no_text_for_a_formula(formula: str) -> None:
    (row,) = rows(CSV, replace(ONE, words=formula, street=formula, news=formula))
    assert {row["description"], row["street"], row["note"]} == {f"'{formula}"}
    (row,) = rows(BULK_CSV, replace(ONE, words=formula, street=formula, news=formula))
    assert {row["description"], row["status_notes"]} == {f"'{formula}"}
    assert row["address"].startswith("'")


def test_lines_end_as_rfc_4180_wants_them() -> None:
    assert whole(CSV, ONE, ONE).count("\r\n") == 3
    assert whole(CSV, ONE).endswith("\r\n")


def test_a_feature_has_its_point_east_first_or_none() -> None:
    read = json.loads(whole(GEOJSON, ONE, replace(ONE, point=None)))
    assert read["type"] == "FeatureCollection"
    first, second = read["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [66.50001, -14.6]}
    assert (first["type"], first["id"]) == ("Feature", "7K3-9QX")
    assert second["geometry"] is None
    assert list(first["properties"]) == [one.name for one in TICKETS if one.name not in {"latitude", "longitude"}]
    assert first["properties"]["open"] is True
    assert first["properties"]["closed_at"] is None


def test_the_bulk_format_has_the_standard_s_fields_in_its_order() -> None:
    closed = replace(ONE, status=Status.RESOLVED, closed_at=AT)
    first, second = rows(BULK_CSV, ONE, closed)
    assert list(first) == [column.name for column in OPEN311]
    assert first["status_description"] == "Processing"
    assert second["status_description"] == "Closed"
    assert first["address"] == f"Avenida Bolívar, Centro, {CITY.name}"
    assert (first["source"], first["closed_date"]) == ("", "")
    assert second["closed_date"] == second["updated_datetime"] == "2026-11-23T15:04:05Z"
    required = [column.name for column in OPEN311 if column.always]
    assert all(row[name] for row in (first, second) for name in required)


def test_a_place_that_is_not_told_has_no_precision_and_the_city_for_its_address() -> None:
    nowhere = replace(ONE, service="noise", point=None, street=None, area=None)
    (row,) = rows(CSV, nowhere)
    assert row["place_precision"] == row["latitude"] == row["street"] == row["area_code"] == ""
    (bulk,) = rows(BULK_CSV, nowhere)
    assert bulk["address"] == CITY.name


def test_photos_are_told_by_their_addresses() -> None:
    (row,) = rows(CSV, replace(ONE, photos=("a", "b")))
    assert row["photos"] == "https://city.example/photos/public/a https://city.example/photos/public/b"


def test_what_the_city_knows_no_more_stands_by_its_code() -> None:
    (row,) = rows(CSV, replace(ONE, service="abolished", department="gone", area="lost"))
    assert (row["service_name"], row["department_name"], row["area_name"]) == ("abolished", "gone", "lost")


def test_the_table_is_typed() -> None:
    found = table(arrays(sheet(ONE, replace(ONE, closed_at=AT)), NAMES))
    assert str(found.schema.field("filed_at").type) == "timestamp[ms, tz=UTC]"
    assert not found.schema.field("filed_at").nullable
    assert found["closed_at"].to_pylist() == [None, AT.replace(microsecond=0)]
    assert found["latitude"].to_pylist() == [-14.6, -14.6]
    assert found["open"].to_pylist() == [True, True]
