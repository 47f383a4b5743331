"""Thousands of open tickets are sorted, filtered and counted out of one index, and closed ones out of those in the order
of their closing: no ticket is read but those that are shown. On SQLite, as its planner says; PostgreSQL has the same
indexes."""

import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from benchmarks.questions import prepared
from bot.ports import NOBODY, Flag, Query, Word
from store.database import Database
from store.seal import Seal
from tests.store.samples import NOON, StillClock
from tickets.model import Status

DAY = timedelta(days=1)
OPEN = [
    Query(), Query(department="roads"), Query(flags=frozenset({Flag.LATE})),
    Query(flags=frozenset({Flag.UNLOCATED, Flag.UNSURE})), Query(flags=frozenset({Flag.DISPUTED, Flag.OUTSIDE})),
    Query(area="centro", channel="sms", language="es"), Query(assignee="ana"), Query(assignee=NOBODY, offset=50),
    Query(status=Status.WAITING), Query(since=NOON - DAY, until=NOON), Query(flags=frozenset({Flag.ESCALATED})),
]  # fmt: skip
CLOSED = [
    Query(open=False, channel="sms", language="fr"), Query(open=False, since=NOON - DAY, until=NOON, channel="sms"),
    Query(open=False, flags=frozenset({Flag.UNLOCATED, Flag.UNSURE})), Query(open=False, flags=frozenset({Flag.UNSURE})),
]  # fmt: skip


class Asked:
    """A store, and every statement that its SQLite is given, its places filled in."""

    def __init__(self, path: Path, store: Database, seen: list[str]) -> None:
        self.store, self._path, self._seen = store, path, seen

    async def steps(self, query: Query, words: str) -> list[tuple[str, str]]:
        """Of the plans of what a list's page and its numbers come to, where these words stand: with the statement."""
        self._seen.clear()
        async with self.store.view() as view:
            await view.tickets.board(query)
            await view.tickets.count(query)
        asked = [sql for sql in self._seen if sql.startswith("SELECT") and words in sql]
        assert asked
        with closing(sqlite3.connect(self._path)) as connection:
            return [(step[3], sql) for sql in asked for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.fixture
async def asked(sqlite_template: Path, tmp_path: Path, seal: Seal) -> AsyncIterator[Asked]:
    seen: list[str] = []

    def listening(driver: sqlite3.Connection, _record: object) -> None:
        driver.set_trace_callback(seen.append)

    event.listen(Pool, "connect", listening)
    path = tmp_path / "vecino.db"
    shutil.copy(sqlite_template, path)
    store = await Database.open(f"sqlite:///{path}", seal, clock=StillClock(), durable=False)
    await prepared(store)
    yield Asked(path, store, seen)
    await store.close()
    event.remove(Pool, "connect", listening)


@pytest.mark.parametrize("query", OPEN)
async def test_open_tickets_are_counted_and_sorted_without_being_read(asked: Asked, query: Query) -> None:
    steps = await asked.steps(query, "WHERE is_open")
    read = [(step, sql) for step, sql in steps if re.match(r"(SCAN|SEARCH) tickets", step)]
    assert read
    assert not [one for one in read if "COVERING INDEX ix_tickets_open" not in one[0]]


@pytest.mark.parametrize("query", CLOSED)
async def test_closed_tickets_are_gone_through_in_order_without_being_read(asked: Asked, query: Query) -> None:
    steps = await asked.steps(query, "tickets.closed_at IS NOT NULL")
    read = [(step, sql) for step, sql in steps if re.match(r"(SCAN|SEARCH) tickets", step)]
    assert read
    assert not [one for one in read if "COVERING INDEX ix_tickets_closed" not in one[0]]
    assert not [step for step, _ in steps if "TEMP B-TREE" in step and "LAST" not in step]


async def test_that_a_ticket_is_open_is_said_once(asked: Asked) -> None:
    """Twice, and PostgreSQL takes open ones for so rare that it reads them one by one."""
    flags = frozenset({Flag.LATE, Flag.DISPUTED})
    for query in (Query(flags=flags), Query(flags=flags, words=(Word(stem="bach"),))):
        assert not [sql for _, sql in await asked.steps(query, "is_open") if sql.count("is_open") > 1]
