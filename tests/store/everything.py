"""All that stands in a database, as bytes."""

from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from store.engine import parse_url
from store.seal import MARK, Seal, Unsealable
from store.tables import metadata


async def everything(url: str) -> bytes:
    """Every value of every row, one after the other."""
    engine = create_async_engine(parse_url(url))
    async with engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in await connection.execute(select(table))]
    await engine.dispose()
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


async def opened(url: str, seal: Seal) -> dict[str, bytes]:
    """The same by table, and what is sealed as what it says."""
    engine = create_async_engine(parse_url(url))
    found = {}
    async with engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(select(table))).mappings()
            values = (_opened(value, f"{table.name}.{name}", seal) for row in rows for name, value in row.items())
            found[table.name] = b"\n".join(part for parts in values for part in parts)
    await engine.dispose()
    return found


def _opened(value: object, purpose: str, seal: Seal) -> Iterator[bytes]:
    yield value if isinstance(value, bytes) else str(value).encode()
    if isinstance(value, bytes) and seal.knows(value[:MARK]):
        with suppress(Unsealable):  # a hash that begins so
            yield seal.open(value, purpose)
