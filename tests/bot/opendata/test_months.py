"""Months on a city's clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.opendata.months import BadMonth, Month, between, month_of, read

LIMA, PARIS = ZoneInfo("America/Lima"), ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "written", ["", "2026", "2026-13", "2026-00", "26-11", "2026-1", "0000-01", "2026-11-01", "٢٠٢٦-11"]
)
def test_what_is_no_month_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(BadMonth, match="is no month; write one such as 2026-11"):
        read(written)


def test_a_month_begins_at_midnight_where_the_city_is() -> None:
    assert read("2026-11").instants(LIMA) == (
        datetime(2026, 11, 1, 5, tzinfo=UTC),
        datetime(2026, 12, 1, 5, tzinfo=UTC),
    )
    assert read("2026-03").instants(PARIS) == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )


def test_the_last_evening_is_still_of_the_old_month() -> None:
    assert str(month_of(datetime(2026, 12, 1, 4, 59, tzinfo=UTC), LIMA)) == "2026-11"


def test_a_year_s_end_is_passed() -> None:
    some = between(Month(year=2025, month=11), Month(year=2026, month=2))
    assert list(map(str, some)) == ["2025-11", "2025-12", "2026-01", "2026-02"]
