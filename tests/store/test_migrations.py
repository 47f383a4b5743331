import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Index, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from store.engine import parse_url
from store.migrate import alembic_config, migrate, migrating, newest
from store.tables import metadata

COPIED = ("citizens", "inbox", "outbox", "photos")


def differences(connection: Connection) -> list[object]:
    on = connection.dialect.name
    options = {"compare_type": True, "include_name": _is_ours, "include_object": lambda one, *_: _may_be_on(on, one)}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """The index of words is SQLite's own, with tables that it makes for itself."""
    return kind != "table" or not str(name).startswith("found_words")


def _may_be_on(dialect: str, one: object) -> bool:
    """PostgreSQL alone has indexes over the values of arrays."""
    return not isinstance(one, Index) or dialect == "postgresql" or one.kwargs.get("postgresql_using") != "gin"


async def test_migrations_build_exactly_the_tables(database_url: str) -> None:
    engine = create_async_engine(parse_url(database_url))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_migrating_twice_is_harmless(database_url: str) -> None:
    await migrate(database_url)
    await migrate(database_url)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_number_of_the_newest_file_is_the_revision_that_alembic_ends_at(database_url: str) -> None:
    engine = create_async_engine(parse_url(database_url))
    async with engine.connect() as connection:
        scripts = await connection.run_sync(lambda sync: ScriptDirectory.from_config(alembic_config(sync)))
    await engine.dispose()
    assert [newest()] == scripts.get_heads()


async def test_the_indexes_of_work_to_do_are_partial(database_url: str) -> None:
    """compare_metadata does not look at an index's condition."""
    engine = create_async_engine(parse_url(database_url))
    async with engine.connect() as connection:
        indexes = await connection.run_sync(lambda sync: inspect(sync).get_indexes("outbox"))
    await engine.dispose()
    option = f"{engine.dialect.name}_where"
    partial = {index["name"] for index in indexes if str(index.get("dialect_options", {}).get(option, "")) != ""}
    assert partial >= {"ix_outbox_lane", "ix_outbox_due", "ix_outbox_external", "ix_outbox_number"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL's sequences only count on
async def test_an_id_is_never_given_out_twice(database_url: str) -> None:
    """Keys of answers are made of ids. SQLite gives the highest id again once its row was deleted, unless told not to."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file:
        made = dict(file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    assert all("AUTOINCREMENT" in made[name] for name in COPIED)


async def test_the_tables_of_an_old_database_are_copied_with_all_rows_and_indexes(tmp_path: Path) -> None:
    path = tmp_path / "vecino.db"
    await to(f"sqlite:///{path}", "0004")
    fill_old(path)
    before = contents(path)
    await to(f"sqlite:///{path}", "0005")
    assert contents(path) == before
    await migrate(f"sqlite:///{path}")


def fill_old(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("INSERT INTO citizens VALUES (7, 'sms', x'01', x'02', 'es', 0, 0, 1, 5, NULL)")
        file.execute(
            "INSERT INTO inbox (id, lane, key, queued_at, due, attempts, channel, inbound, reason)"
            " VALUES (9, 7, x'03', 1, 1, 0, 'sms', x'04', '')"
        )


def contents(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as file:
        names = file.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        return [*names.fetchall(), *(file.execute(f"SELECT * FROM {table}").fetchall() for table in COPIED)]


async def to(url: str, revision: str) -> None:
    engine = migrating(url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), revision))
    await engine.dispose()


async def test_kinds_and_tries_are_read_out_of_old_keys_once(tmp_path: Path) -> None:
    path = tmp_path / "vecino.db"
    await to(f"sqlite:///{path}", "0008")
    keys = {
        "reply:1:0": ("reply", 1),
        "reply:1:trouble": ("reply", 1),
        "stop:2:0": ("stop", 1),
        "notice:7K3-9QX/2:7": ("notice", 1),
        "notice:7K3-9QX/2:7+3": ("notice", 2),
        "notice:7K3-9QX/3:7+2:12": ("notice", 2),
        "news:4": ("news", 1),
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("INSERT INTO citizens VALUES (7, 'sms', x'01', x'02', 'es', 0, 0, 1, 5, NULL)")
        file.executemany(
            "INSERT INTO outbox (lane, key, queued_at, due, attempts, channel, bulk, outbound, delivery, reason)"
            " VALUES (7, ?, 1, 1, 0, 'sms', 0, x'04', 'queued', '')",
            [(key,) for key in keys],
        )
    await migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as file:
        found = {key: (kind, tries) for key, kind, tries in file.execute("SELECT key, kind, tries FROM outbox")}
    assert found == keys


async def test_tickets_of_an_old_database_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "vecino.db"
    await to(f"sqlite:///{path}", "0010")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("INSERT INTO citizens VALUES (7, 'sms', x'01', x'02', 'es', 0, 0, 1, 5, NULL)")
        file.executemany(
            "INSERT INTO tickets VALUES (?, 1, 'waste', 'streets', ?, 1, 'normal', 1, x'01', NULL, NULL, NULL, NULL,"
            " x'01', 7, 'sms', 'es', NULL, 1, 2, NULL)",
            [("A", "received"), ("B", "received"), ("C", "triaged")],
        )
    await migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE tickets SET status = 'triaged' WHERE number = 'A'")
        found = file.execute("SELECT service, status, change FROM tallies ORDER BY status").fetchall()
    assert found == [("waste", "received", 1), ("waste", "triaged", 2)]


async def test_what_waited_in_an_old_database_waits_since_it_began_to(tmp_path: Path) -> None:
    path = tmp_path / "vecino.db"
    await to(f"sqlite:///{path}", "0013")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(
            "INSERT INTO citizens (id, channel, contact_hash, address, chosen, opted_out, welcomed, since)"
            " VALUES (7, 'sms', x'01', x'02', 0, 0, 1, 5)"
        )
        file.execute(
            "INSERT INTO tickets (number, version, service, department, status, is_open, priority, rank, place_words,"
            " description, reporter, channel, language, filed_at, due_at) VALUES"
            " ('A', 6, 'waste', 'streets', 'waiting', 1, 'normal', 1, x'01', x'01', 7, 'sms', 'es', 1, 9)"
        )
        file.executemany(
            "INSERT INTO updates (number, version, at, author, actor, event, old, new, note, public)"
            " VALUES ('A', ?, ?, ?, '', ?, ?, ?, x'01', ?)",
            [
                (1, 1, "citizen", "filed", None, "received", 1),
                (2, 2, "clerk", "moved", "received", "waiting", 0),
                (3, 3, "citizen", "moved", "waiting", "triaged", 1),
                (4, 4, "clerk", "commented", None, None, 1),
                (5, 5, "clerk", "moved", "triaged", "waiting", 1),
                (6, 6, "citizen", "reopened", "waiting", "waiting", 0),
            ],
        )
    await migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as file:
        found = file.execute("SELECT waiting_since, answered_at FROM tickets").fetchall()
    assert found == [(5, 4)]


async def test_the_schema_that_migrations_build_has_the_keys_and_the_conditions_of_the_tables(
    database_url: str,
) -> None:
    """compare_metadata looks at neither."""
    engine = create_async_engine(parse_url(database_url))
    async with engine.connect() as connection:
        keys, turns = await connection.run_sync(
            lambda sync: (
                {name: inspect(sync).get_pk_constraint(name)["constrained_columns"] for name in metadata.tables},
                [one for one in inspect(sync).get_indexes("updates") if one["name"] == "ix_updates_turns"],
            )
        )
    await engine.dispose()
    expected = {name: [column.name for column in table.primary_key] for name, table in metadata.tables.items()}
    assert keys == expected
    assert "waiting" in str(turns[0]["dialect_options"][f"{engine.dialect.name}_where"])


async def test_questions_of_earlier_resolutions_come_back_from_the_history_as_far_as_it_tells(tmp_path: Path) -> None:
    path = tmp_path / "vecino.db"
    await to(f"sqlite:///{path}", "0014")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.executemany(
            "INSERT INTO citizens (id, channel, contact_hash, address, chosen, opted_out, welcomed, since)"
            " VALUES (?, 'sms', ?, x'02', 0, 0, 1, 5)",
            [(7, b"\x01"), (8, b"\x07")],
        )
        file.execute(
            "INSERT INTO tickets (number, version, service, department, status, is_open, priority, rank, place_words,"
            " description, reporter, channel, language, filed_at, due_at) VALUES"
            " ('A', 7, 'waste', 'streets', 'resolved', 0, 'normal', 1, x'01', x'01', 7, 'sms', 'es', 1, 9)"
        )
        file.executemany(
            "INSERT INTO updates (number, version, at, author, actor, event, old, new, note, public, citizen)"
            " VALUES ('A', ?, ?, 'citizen', '', ?, ?, ?, x'01', 1, ?)",
            [
                (1, 10, "filed", None, "received", None),
                (2, 20, "moved", "received", "resolved", None),
                (3, 30, "reopened", "resolved", "in_progress", None),
                (4, 31, "reopened", "in_progress", "in_progress", 8),
                (5, 40, "moved", "in_progress", "resolved", None),
                (6, 50, "reopened", "resolved", "in_progress", 7),
                (7, 60, "moved", "in_progress", "resolved", None),
            ],
        )
        file.executemany(
            "INSERT INTO closures (number, citizen, resolved_at, due, asked_at, answer) VALUES ('A', ?, 60, ?, ?, ?)",
            [(7, None, 60, "yes"), (8, 60, None, None)],
        )
        file.executemany(
            "INSERT INTO cursors (name, value) VALUES (?, 1)",
            [("digest:2026-W47:department:roads:7",), ("digest:2026-W46:city:99",), ("telegram",)],
        )
    await migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as file:
        found = file.execute("SELECT citizen, resolved_at, due, asked_at, answer FROM closures ORDER BY 1, 2")
        rows = found.fetchall()
        names = {name for (name,) in file.execute("SELECT name FROM cursors")} - {"schema:oldest"}
    assert rows == [
        (7, 20, None, 20, "no"), (7, 40, None, 40, "no"), (7, 60, None, 60, "yes"),
        (8, 20, None, 20, "no"), (8, 60, 60, None, None),
    ]  # fmt: skip
    assert names == {"digest:2026-W47:department:roads:01", "digest:2026-W46:city:99", "telegram"}
