"""All that stands in a database, as bytes."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from store.engine import parse_url
from store.tables import metadata


async def everything(url: str) -> bytes:
    """Every value of every row, one after the other."""
    engine = create_async_engine(parse_url(url))
    async with engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in await connection.execute(select(table))]
    await engine.dispose()
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
