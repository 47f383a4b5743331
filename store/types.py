"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, TIMESTAMP, BigInteger, Dialect, Integer, LargeBinary, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Id = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself only in an INTEGER PRIMARY KEY


class Time(TypeDecorator[datetime]):
    """Aware times, read back as UTC. On SQLite microseconds since 1970: eight bytes that sort as numbers."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored: use an aware one, in UTC")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        read: datetime = _EPOCH + value * _MICROSECOND if dialect.name == "sqlite" else value.astimezone(UTC)
        return read


class Micros(FunctionElement[int]):
    """A time as microseconds since 1970, whatever the database keeps; exact."""

    name = "micros"
    type = BigInteger()
    inherit_cache = True


@compiles(Micros, "sqlite")
def _as_kept(element: Micros, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(Micros, "postgresql")
def _by_epoch(element: Micros, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)}) * 1000000 AS BIGINT)"


class Clear(TypeDecorator[str]):
    """Text that is not secret. NUL, which PostgreSQL refuses, and halves of surrogate pairs become U+FFFD or `?`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy calls)
        return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd") if value else value


class Sealed(TypeDecorator[bytes]):
    """What `Codec.pack` made. A type of its own so that re-keying and audits find every such column in the metadata."""

    impl = LargeBinary
    cache_ok = True


class Hash(TypeDecorator[bytes]):
    """What `Seal.lookup` made: 32 bytes."""

    impl = LargeBinary
    cache_ok = True


class Hashes(TypeDecorator[Collection[int]]):
    """What `Seal.finders` made of many words, in order. On SQLite each is eight digits and a blank, as its index of
    words reads them."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Integer()))

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return " ".join(map(written, sorted(value))) if dialect.name == "sqlite" else sorted(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Collection[int] | None:
        if value is None or dialect.name != "sqlite":
            return value if value is None else list(value)
        return [int.from_bytes(bytes.fromhex(one), "big", signed=True) for one in value.split()]


def written(found: int) -> str:
    """A hash of 32 bits as SQLite's index of words reads it."""
    return f"{found & 0xFFFFFFFF:08x}"
