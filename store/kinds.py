"""What a column's values are in an archive, and how each database takes them again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, Table

from store.types import Hashes, Time, written

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Change = Callable[[Any], Any]


class Kind(StrEnum):
    """TIME: microseconds since 1970; WORDS: keyed hashes of words, whole numbers; PLAIN: the same everywhere."""

    TIME = "time"
    WORDS = "words"
    PLAIN = "plain"


def kind_of(column: Column[Any]) -> Kind:
    if isinstance(column.type, Time):
        return Kind.TIME
    return Kind.WORDS if isinstance(column.type, Hashes) else Kind.PLAIN


def columns_of(table: Table, there: Sequence[str]) -> Mapping[str, str]:
    """Those of a table that are there: an older database lacks what came later."""
    return {column.name: kind_of(column).value for column in table.columns if column.name in there}


def _micros(value: datetime) -> int:
    return (value - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND


def _indexed(words: Sequence[int]) -> str:
    return " ".join(map(written, words))


_PACKED: Final[Mapping[Kind, Change]] = {Kind.TIME: _micros, Kind.WORDS: list}
_ON_SQLITE: Final[Mapping[Kind, Change]] = {Kind.WORDS: _indexed}
_ON_POSTGRESQL: Final[Mapping[Kind, Change]] = {Kind.TIME: _instant}


def packing(columns: Mapping[str, str]) -> Callable[[Sequence[Any]], list[Any]]:
    """A row as SQLAlchemy reads it -> as it stands in an archive."""
    return _changing(columns, _PACKED)


def unpacking(columns: Mapping[str, str], dialect: str) -> Callable[[Sequence[Any]], list[Any]]:
    """A row of an archive -> as this database's driver takes it. Raises ValueError for a kind that is not known."""
    return _changing(columns, _ON_SQLITE if dialect == "sqlite" else _ON_POSTGRESQL)


def _changing(columns: Mapping[str, str], changes: Mapping[Kind, Change]) -> Callable[[Sequence[Any]], list[Any]]:
    wanted = [(place, changes.get(Kind(kind))) for place, kind in enumerate(columns.values())]
    some = [(place, change) for place, change in wanted if change]

    def changed(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, change in some:
            if values[place] is not None:
                values[place] = change(values[place])
        return values

    return changed
