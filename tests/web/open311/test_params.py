"""What stands in an address, read or refused with the parameter's name."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from bot.ports.points import Box
from bot.ports.public import Near
from tickets.model import Point
from web.open311 import paging, params
from web.open311.problems import Refused

ZONE = "America/Puerto_Rico"  # four hours behind UTC, always
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def query(**given: str) -> MultiDict[str]:
    return MultiDict(given)


def refused(reading: object) -> str:
    assert isinstance(reading, Refused)
    assert [problem.status for problem in reading.problems] == [400]
    return reading.problems[0].description


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-11-01T12:00:00Z", datetime(2026, 11, 1, 12, tzinfo=UTC)),
        ("2026-11-01T12:00Z", datetime(2026, 11, 1, 12, tzinfo=UTC)),
        ("2026-11-01T12:00:00.250Z", datetime(2026, 11, 1, 12, tzinfo=UTC)),
        ("2026-11-01T12:00:00-05:00", datetime(2026, 11, 1, 17, tzinfo=UTC)),
        ("2026-11-01T12:00:00 02:00", datetime(2026, 11, 1, 10, tzinfo=UTC)),  # a plus that was not escaped
        ("2026-11-01T12:00:00+0200", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_dates_are_w3cs(text: str, told: datetime) -> None:
    assert params.since(query(start_date=text), "start_date", ZONE) == told


@pytest.mark.parametrize(
    "text",
    [
        "yesterday", "2026-13-01T00:00:00Z", "2026-02-30", "2026-11-01T12:00:00", "1", "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00", "٢٠٢٦-11-01", "2026-11-01T25:00:00Z", "2026-11-01T12:00:00+99:99", "' OR 1=1",
    ],
)  # fmt: skip
def test_a_date_that_is_none_is_refused_by_its_name(text: str) -> None:
    for read in (params.since, params.until):
        with pytest.raises(Refused) as refusal:
            read(query(end_date=text), "end_date", ZONE)
        assert refused(refusal.value).startswith("end_date: ")


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01"])
def test_the_ends_of_time_are_no_error_of_ours(day: str) -> None:
    for read in (params.since, params.until):
        try:
            read(query(end_date=day), "end_date", "Pacific/Auckland")
        except Refused as refusal:
            assert refused(refusal).startswith("end_date: ")


def test_without_dates_it_is_the_last_90_days() -> None:
    first, last = params.span(query(), ZONE, NOW)
    assert first <= NOW - timedelta(days=90) < NOW < last
    assert last - first == timedelta(days=90, seconds=1)


def test_with_one_date_it_is_the_90_days_beside_it() -> None:
    first, last = params.span(query(start_date="2026-01-01T00:00:00Z"), ZONE, NOW)
    assert (first, last) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    first, last = params.span(query(end_date="2026-04-01T00:00:00Z"), ZONE, NOW)
    assert last - first == timedelta(days=90, seconds=1)
    assert last > datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "good"),
    [("2026-04-01T00:00:00Z", True), ("2026-04-01T00:00:01Z", False), ("2026-04-01T12:00:00Z", False)],
)
def test_90_days_and_not_a_second_more(end: str, good: bool) -> None:
    asked = query(start_date="2026-01-01T00:00:00Z", end_date=end)
    if good:
        params.span(asked, ZONE, NOW)
        return
    with pytest.raises(Refused):
        params.span(asked, ZONE, NOW)


@pytest.mark.parametrize(("end", "good"), [("2026-04-01", True), ("2026-04-02", False)])
def test_days_count_whole(end: str, good: bool) -> None:
    asked = query(start_date="2026-01-01", end_date=end)
    if good:
        assert params.span(asked, ZONE, NOW)[1] == datetime(2026, 4, 2, 4, tzinfo=UTC)
        return
    with pytest.raises(Refused):
        params.span(asked, ZONE, NOW)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(Refused):
        params.span(query(start_date="2026-02-01T00:00:00Z", end_date="2026-01-01T00:00:00Z"), ZONE, NOW)


def test_the_second_that_is_named_as_the_end_belongs_to_it() -> None:
    at = params.until(query(end_date="2026-11-01T12:00:00Z"), "end_date", ZONE)
    assert at == datetime(2026, 11, 1, 12, 0, 1, tzinfo=UTC)


def test_lists_are_comma_delimited_or_repeated() -> None:
    asked = MultiDict([("service_code", "pothole, lighting"), ("service_code", "water,,pothole")])
    assert params.named(asked, "service_code") == ("pothole", "lighting", "water")


@pytest.mark.parametrize(
    ("text", "told"), [("open", True), ("closed", False), ("open,closed", None), ("Closed", False), ("", None)]
)
def test_only_open_and_closed_are_known(text: str, told: bool | None) -> None:
    assert params.is_open(query(status=text)) is told
    with pytest.raises(Refused):
        params.is_open(query(status="resolved"))


def test_a_box_is_told_from_west_and_south() -> None:
    assert params.box(query(bbox="-66.51,14.59,-66.49,14.61")) == Box(
        south=14.59, west=-66.51, north=14.61, east=-66.49
    )


@pytest.mark.parametrize(
    "text", ["1,2,3", "1,2,3,4,5", "a,b,c,d", "2,0,1,0", "0,2,0,1", "0,0,0,91", "181,0,182,1", "nan,0,1,1", "inf,0,1,1",
             "1_0,0,20,1", ",,,"],
)  # fmt: skip
def test_a_box_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        params.box(query(bbox=text))
    assert refused(refusal.value).startswith("bbox: ")


def test_a_circle_has_a_middle_and_a_radius() -> None:
    told = params.near(query(lat="14.6", long="-66.5", radius="500"))
    assert told == Near(point=Point(latitude=14.6, longitude=-66.5), metres=500)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"lat": "14.6", "radius": "5"}, "long"), ({"long": "1", "radius": "5"}, "lat"),
        ({"lat": "1", "long": "1"}, "radius"), ({"radius": "5"}, "lat"),
        ({"lat": "91", "long": "1", "radius": "5"}, "lat"), ({"lat": "1", "long": "x", "radius": "5"}, "long"),
        ({"lat": "1", "long": "1", "radius": "0"}, "radius"), ({"lat": "1", "long": "1", "radius": "1e9"}, "radius"),
    ],
)  # fmt: skip
def test_a_circle_that_lacks_something_is_refused(asked: dict[str, str], name: str) -> None:
    with pytest.raises(Refused) as refusal:
        params.near(query(**asked))
    assert refused(refusal.value).startswith(f"{name}: ")


@pytest.mark.parametrize("text", ["0", "-1", "1001", "x", "1.5", "١", "9" * 30])
def test_a_count_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        params.count(query(page_size=text), "page_size", 100, 1000)


def test_a_part_has_a_thousand_rows_as_in_the_standard() -> None:
    assert paging.size(query()) == 1000
    assert paging.size(query(page_size="7")) == 7


@given(st.text(max_size=40))
def test_whatever_is_asked_is_read_or_refused(text: str) -> None:
    asked = MultiDict(
        dict.fromkeys(("start_date", "end_date", "bbox", "status", "lat", "long", "radius", "page"), text)
    )
    for read in (
        lambda: params.span(asked, ZONE, NOW), lambda: params.box(asked), lambda: params.near(asked),
        lambda: params.is_open(asked), lambda: params.count(asked, "page", 1, 10), lambda: params.named(asked, "status"),
    ):  # fmt: skip
        try:
            read()
        except Refused as refusal:
            assert refused(refusal).partition(": ")[0] in asked or refused(refusal).startswith("start_date and")
