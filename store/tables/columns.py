"""The metadata of every table, and columns that several share."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData

from store.types import Clear, Id, Time

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def required(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *more, nullable=False, **options)


def queue_columns(key: Any) -> tuple[Column[Any], ...]:
    return (
        Column("id", Id, primary_key=True),
        required("lane", Id, ForeignKey("citizens.id")),
        required("key", key, unique=True),
        required("queued_at", Time),
        required("due", Time),  # claimable from then on; while a row is claimed, the end of its lease
        required("attempts", Integer),
        Column("owner", Clear),
        Column("token", Clear),
        Column("done_at", Time),
    )


def part(name: str, condition: Any, *columns: Column[Any]) -> Index:
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
