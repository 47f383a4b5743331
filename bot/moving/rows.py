"""What the other system's cases look like before anybody read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """Why a row is refused; sentences without a word of the row."""

    CELLS = "it has more or fewer cells than the header"
    BROKEN = "it cannot be read as a row of this file"
    NO_NUMBER = "it has no number, or one longer than 100 characters"
    TWICE = "its number stood in an earlier row"
    SERVICE = "its service is not in the mapping"
    LEFT = "its service is left behind: the mapping says skip"
    STATUS = "its status is not in the mapping"
    FILED = "its date of filing is missing or in none of the mapping's formats"
    CHANGED = "its date of change is in none of the mapping's formats"
    CLOSED = "its closing date is in none of the mapping's formats"
    UNDATED = "it is closed and tells no date of it"
    DUE = "its promised date is in none of the mapping's formats"
    EARLY = "it was filed before 1970"
    FUTURE = "it was filed or closed later than now"
    ORDER = "it was closed before it was filed"
    POINT = "its latitude or longitude is no place on Earth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case in the other system's own words, by its columns. `at`: which one of the file, its header is 1; of an
    Open311 server the how manieth answer."""

    at: int
    cells: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that is not taken. `word`: what the mapping lacks, where that is why."""

    at: int
    external: str
    why: Why
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Whatever was filed before this instant has been given: an import that ends here may go on here."""

    until: datetime


Item = Row | Refused | Reached
