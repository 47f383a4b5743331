"""Tables without what is kept up with each row, indexes and references: to fill them and add those again is quicker."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Dialect, Index, Table
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex, ExecutableDDLElement


def stripping(tables: Sequence[Table], dialect: Dialect) -> list[str]:
    """The SQL that takes them away; primary keys and what is unique stay."""
    return [_sql(step, dialect) for table in tables for step in _taken(table, dialect)]


def clothing(tables: Sequence[Table], dialect: Dialect) -> list[str]:
    """The SQL that adds them again."""
    return [_sql(step, dialect) for table in tables for step in _given(table, dialect)]


def _taken(table: Table, dialect: Dialect) -> Iterator[ExecutableDDLElement]:
    if _names_references(dialect):
        yield from (DropConstraint(reference) for reference in table.foreign_key_constraints)
    yield from (DropIndex(index) for index in _indexes(table))


def _given(table: Table, dialect: Dialect) -> Iterator[ExecutableDDLElement]:
    yield from (CreateIndex(index) for index in _indexes(table))
    if _names_references(dialect):
        yield from (AddConstraint(reference) for reference in table.foreign_key_constraints)


def _names_references(dialect: Dialect) -> bool:
    """SQLite's are part of the table, and checked only where a connection asks for it."""
    return dialect.name == "postgresql"


def _indexes(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))


def _sql(step: ExecutableDDLElement, dialect: Dialect) -> str:
    return str(step.compile(dialect=dialect))
