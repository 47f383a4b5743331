"""The claims read what is still to do, not the history: the indexes are used, on SQLite as its planner says."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, Table
from sqlalchemy.dialects import sqlite

from store import queue
from store.tables import inbox, outbox, photos, tickets
from tests.store.samples import NOON


def plan(path: Path, statement: Select[tuple[int]]) -> str:
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    connection = sqlite3.connect(path)
    steps = connection.execute(f"EXPLAIN QUERY PLAN {compiled}", dict.fromkeys(compiled.params, 1)).fetchall()
    connection.close()
    return "\n".join(step[3] for step in steps)


@pytest.mark.parametrize(("table", "first"), [(inbox, ()), (outbox, (outbox.c.bulk,))])
def test_a_claim_walks_the_open_rows_in_order(sqlite_template: Path, table: Table, first: tuple[Any, ...]) -> None:
    found = plan(sqlite_template, queue.heads(table, NOON, first).limit(10))
    assert f"ix_{table.name}_due" in found
    assert f"ix_{table.name}_lane" in found
    assert "TEMP B-TREE" not in found


def test_the_desk_and_the_photo_worker_read_in_order_of_an_index(sqlite_template: Path) -> None:
    desk = tickets.select().where(tickets.c.is_open == True)  # noqa: E712
    desk = desk.order_by(tickets.c.rank, tickets.c.due_at, tickets.c.number)
    found = plan(sqlite_template, desk) + plan(sqlite_template, photos.select().where(photos.c.due <= NOON))
    assert "ix_tickets_desk" in found
    assert "ix_photos_due" in found
    assert "TEMP B-TREE" not in found
