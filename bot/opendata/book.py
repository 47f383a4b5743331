"""What an export knows of itself and keeps beside its files, so that the next one need not write again what did not
change."""

from datetime import datetime

import msgspec

from bot.opendata.packing import Part, Written
from bot.ports.opendata import Mark

Count = tuple[str, str, int, int]  # service, area, filed, closed


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """What was written of a month: by what it is known that it changed, its files by form, and of text files where
    their rows lie."""

    mark: Mark
    files: dict[str, Written]
    parts: dict[str, Part]
    counts: list[Count]


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """`rules`: a hash of all that decides how a ticket is told; `months` in order, by name; `files` by name, all that
    may be asked for."""

    made_at: datetime
    rules: str
    tickets: int
    months: dict[str, Month]
    files: dict[str, Written]
