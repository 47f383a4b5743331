from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from store.engine import parse_url
from store.migrate import migrate
from store.tables import metadata


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_migrations_build_exactly_the_tables(database_url: str) -> None:
    engine = create_async_engine(parse_url(database_url))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_migrating_twice_is_harmless(database_url: str) -> None:
    await migrate(database_url)
    await migrate(database_url)


async def test_the_indexes_of_work_to_do_are_partial(database_url: str) -> None:
    """compare_metadata does not look at an index's condition."""
    engine = create_async_engine(parse_url(database_url))
    async with engine.connect() as connection:
        indexes = await connection.run_sync(lambda sync: inspect(sync).get_indexes("outbox"))
    await engine.dispose()
    option = f"{engine.dialect.name}_where"
    partial = {index["name"] for index in indexes if str(index.get("dialect_options", {}).get(option, "")) != ""}
    assert partial >= {"ix_outbox_lane", "ix_outbox_due", "ix_outbox_external", "ix_outbox_number"}
