"""Statements of the hot path: SQLAlchemy writes their SQL once, and from then on they are only filled in.

Building a statement, hashing it for SQLAlchemy's cache and unpacking its result costs several times what SQLite needs
to run it. What is seldom run goes through `Transaction.execute` as ever.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Executable, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator

Insert = postgresql.Insert | sqlite.Insert
Build = Callable[..., Any]  # (insert, *shape) -> Executable, where insert(table) is the dialect's own
CHUNK = 50  # rows of one INSERT


class Statement:
    """`build(insert, *shape)` gives the statement; `shape` is what its SQL depends on, such as how many rows it takes.
    Its free places are `bindparam`s, named with a last underscore so that they are never taken for columns."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._ready: dict[tuple[Any, ...], Ready] = {}

    def ready(self, dialect: Dialect, *shape: Any) -> "Ready":
        key = (dialect.name, *shape)
        found = self._ready.get(key)
        if found is None:
            found = self._ready[key] = Ready(self._build(maker(dialect), *shape), dialect)
        return found


class Ready:
    """A compiled statement: `sql`, what goes into its places, and what its rows become."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every one of ours has it
        self.sql = str(compiled)
        self._places = [_place(compiled, name, dialect) for name in compiled.positiontup or ()]
        columns = list(getattr(statement, "exported_columns", ()))
        self._readers = [(n, read) for n, column in enumerate(columns) if (read := _reader(column, dialect))]
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]  # its names are known at run time

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """In the order of the places; raises KeyError where one is missing."""
        return [
            (write(values[name]) if write else values[name]) if name else fixed for name, fixed, write in self._places
        ]

    def rows(self, raw: Sequence[Sequence[Any]]) -> list[Any]:
        """Named tuples, their values as the columns' types read them."""
        return [self._row._make(self._read(row)) for row in raw]

    def values(self, raw: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """The same without names, which is quicker."""
        return [self._read(row) for row in raw] if self._readers else raw

    def _read(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for n, read in self._readers:
            values[n] = read(values[n])
        return values


def maker(dialect: Dialect) -> Callable[[Table], Insert]:
    """An INSERT that knows ON CONFLICT, in the database's own dialect."""
    return sqlite.insert if dialect.name == "sqlite" else postgresql.insert


def many(columns: Sequence[str], finish: Callable[[Insert], Executable], table: Table) -> Statement:
    """An INSERT of `shape[0]` rows, finished by `finish`; see `flat`."""

    def build(insert: Callable[[Table], Insert], count: int) -> Executable:
        rows = [{name: bindparam(f"{name}_{n}", type_=table.c[name].type) for name in columns} for n in range(count)]
        return finish(insert(table).values(rows))

    return Statement(build)


def flat(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values of `many`."""
    return {f"{name}_{n}": value for n, row in enumerate(rows) for name, value in row.items()}


def chunks(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    for first in range(0, len(rows), CHUNK):
        yield rows[first : first + CHUNK]


def listed(name: str, values: Sequence[Any]) -> tuple[dict[str, Any], int]:
    """The values of `places(name, size)`, and that size: a power of two, so that few statements serve every length."""
    size = 1 << max(0, len(values) - 1).bit_length()
    padded = [*values, *[values[-1]] * (size - len(values))]
    return {f"{name}{n}_": value for n, value in enumerate(padded)}, size


def places(name: str, size: int) -> list[Any]:
    """What an IN of `size` values holds."""
    return [bindparam(f"{name}{n}_") for n in range(size)]


def _place(compiled: SQLCompiler, name: str, dialect: Dialect) -> tuple[str, Any, Any]:
    """Its name, or its value where the statement fixes one; and what writes a value as the driver wants it."""
    bind = compiled.binds[name]
    write = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return name, None, write
    value = bind.effective_value
    return "", write(value) if write else value, None


def _reader(column: Any, dialect: Dialect) -> Any:
    """What reads a value; asyncpg gives Python's own by itself, and only our own types have more to do."""
    if dialect.name == "postgresql" and not isinstance(column.type, TypeDecorator):
        return None
    return column.type.dialect_impl(dialect).result_processor(dialect, None)
