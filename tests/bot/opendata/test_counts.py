"""Counts that are too small are not told, and follow from nothing that is."""

from hypothesis import given
from hypothesis import strategies as some

from bot.opendata.book import Month
from bot.opendata.counts import counts, told
from bot.ports.opendata import Mark
from tickets.openness import Openness, Precision

FEW = 5
OPENNESS = Openness(precisions={"noise": Precision.AREA}, few=FEW)
numbers = some.integers(0, 12)


@given(numbers, numbers)
def test_no_number_that_is_told_tells_one_that_is_too_small(closed: int, is_open: int) -> None:
    filed = closed + is_open
    said = dict(zip(("filed", "closed", "open"), told(filed, closed, FEW), strict=True))
    real = {"filed": filed, "closed": closed, "open": is_open}
    known = {name: int(number) for name, number in said.items() if number.isdigit()}
    assert all(real[name] == number for name, number in known.items())
    assert not any(0 < number < FEW for number in known.values())
    if any(0 < number < FEW for number in real.values()):
        assert set(known) <= {"filed"}  # of three that add up, two would tell the third


def test_services_that_are_not_sensitive_are_counted_as_they_are() -> None:
    assert told(1, 1, 0) == ("1", "1", "0")


def test_each_month_service_and_area_has_a_row() -> None:
    mark = Mark(tickets=0, changed=0, versions=0, words=0, photos=0)
    rows = [("noise", "", 9, 9), ("noise", "centro", 4, 0), ("pothole", "centro", 2, 1)]
    month = Month(mark=mark, files={}, parts={}, counts=rows)
    assert counts({"2026-11": month}, OPENNESS).decode().split("\r\n") == [
        "month,service_code,area_code,filed,closed,open",
        "2026-11,noise,,9,9,0",
        "2026-11,noise,centro,<5,,",
        "2026-11,pothole,centro,2,1,1",
        "",
    ]
