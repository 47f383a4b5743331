"""Months of a city's calendar, by which its tickets are split."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_DECEMBER = 12


class BadMonth(ValueError):
    """No month is written so; write one such as 2026-11."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Month:
    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def next(self) -> "Month":
        if self.month == _DECEMBER:
            return Month(year=self.year + 1, month=1)
        return Month(year=self.year, month=self.month + 1)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first instant on the city's clocks and the one after its last, in UTC."""
        return self._begin(zone), self.next._begin(zone)

    def _begin(self, zone: ZoneInfo) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=zone).astimezone(UTC)


def read(written: str) -> Month:
    """Raises BadMonth."""
    found = _WRITTEN.fullmatch(written.strip())
    if not found or found[1] == "0000":
        raise BadMonth(f"{written} is no month; write one such as 2026-11")
    return Month(year=int(found[1]), month=int(found[2]))


def month_of(at: datetime, zone: ZoneInfo) -> Month:
    local = at.astimezone(zone)
    return Month(year=local.year, month=local.month)


def between(first: Month, last: Month) -> Iterator[Month]:
    """From the first to the last, both with them."""
    while first <= last:
        yield first
        first = first.next
