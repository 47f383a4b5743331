"""Tables without what is kept up with each row: to fill them and add indexes, keys and references again is quicker."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Dialect, ForeignKeyConstraint, Index, Table, UniqueConstraint
from sqlalchemy.schema import AddConstraint, Constraint, CreateIndex, DropConstraint, DropIndex, ExecutableDDLElement

from store.tables import metadata


def stripping(tables: Sequence[Table], dialect: Dialect) -> list[str]:
    """The SQL that takes them away; on SQLite keys stay, for they are part of a table as it was made."""
    return [_sql(step, dialect) for step in _taken(tables, dialect)]


def clothing(tables: Sequence[Table], dialect: Dialect) -> list[str]:
    """The SQL that adds them again."""
    return [_sql(step, dialect) for step in _given(tables, dialect)]


def _taken(tables: Sequence[Table], dialect: Dialect) -> Iterator[ExecutableDDLElement]:
    yield from (DropConstraint(reference) for reference in _references(tables, dialect))
    yield from (DropConstraint(key) for key in _keys(tables, dialect))
    yield from (DropIndex(index) for index in _indexes(tables, dialect))


def _given(tables: Sequence[Table], dialect: Dialect) -> Iterator[ExecutableDDLElement]:
    yield from (AddConstraint(key) for key in _keys(tables, dialect))
    yield from (CreateIndex(index) for index in _indexes(tables, dialect))
    yield from (AddConstraint(reference) for reference in _references(tables, dialect))


def _references(tables: Sequence[Table], dialect: Dialect) -> list[ForeignKeyConstraint]:
    """Theirs, and those of all others to them, which rest on their keys."""
    references = (one for table in metadata.sorted_tables for one in table.foreign_key_constraints)
    ours = [one for one in references if one.table in tables or one.referred_table in tables]
    return sorted(ours, key=_name) if _keeps_apart(dialect) else []


def _keys(tables: Sequence[Table], dialect: Dialect) -> list[Constraint]:
    found = [one for table in tables for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys: list[Constraint] = [*(table.primary_key for table in tables), *sorted(found, key=_name)]
    return keys if _keeps_apart(dialect) else []


def _keeps_apart(dialect: Dialect) -> bool:
    """SQLite's are part of the table; references are checked there only where a connection asks for it."""
    return dialect.name == "postgresql"


def _indexes(tables: Sequence[Table], dialect: Dialect) -> list[Index]:
    found = [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
    return [index for index in found if dialect.name == "postgresql" or index.kwargs.get("postgresql_using") != "gin"]


def _name(constraint: Constraint) -> str:
    return f"{constraint.table.name}.{constraint.name}"


def _sql(step: ExecutableDDLElement, dialect: Dialect) -> str:
    return str(step.compile(dialect=dialect))
