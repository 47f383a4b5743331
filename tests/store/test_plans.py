"""The claims read what is still to do, not the history: the indexes are used, on SQLite as its planner says."""

import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, Table, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import Pool

from benchmarks.questions import CITY, CLERK, NOW, WRITES, prepared, reads
from bot.ports import Query
from store import queue
from store.database import Database
from store.seal import Seal
from store.tables import citizens, closures, followers, inbox, outbox, photos, tickets, updates
from tests.store.samples import NOON, StillClock
from tickets.model import Status
from tickets.workflow import move

GROW = (citizens, closures, followers, inbox, outbox, photos, tickets, updates)
READ_ALL = {"keys in use (at start)"}  # as docs/benchmarks.md says
CLOSED = [
    Query(open=False), Query(open=None, status=Status.RESOLVED),
    Query(open=False, services=("pothole",)), Query(open=False, area="centro"), Query(open=False, assignee="ana"),
    Query(open=False, department="roads", channel="sms"), Query(open=False, language="es"),
]  # fmt: skip


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


def plans(path: Path, seen: Sequence[str]) -> list[tuple[str, str]]:
    """Each statement with each step of its plan."""
    with closing(sqlite3.connect(path)) as connection:
        return [(sql, step[3]) for sql in seen for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


def called(sql: str, tables: Sequence[Table]) -> set[str]:
    """Every name that these tables have in a statement: the plan knows only those."""
    names = [table.name for table in tables]
    return {*names, *re.findall(rf"\b(?:{'|'.join(names)})(?:\s+AS)?\s+(\w+)", sql, re.IGNORECASE)}


def tables_read_whole(path: Path, seen: Sequence[str]) -> list[str]:
    """The steps that go through all rows of a table that grows with the years. An index over the rows that are still to
    do is short."""
    short = {index.name for table in GROW for index in table.indexes if str(index.dialect_options["sqlite"]["where"])}
    scans = [(sql, step) for sql, step in plans(path, seen) if step.startswith("SCAN ")]
    whole = [(sql, step) for sql, step in scans if step.split()[1] in called(sql, GROW)]
    return [f"{step}: {sql}" for sql, step in whole if step.rpartition(" ")[2] not in short]


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM inbox", "SELECT * FROM outbox AS later", "SELECT 1 FROM citizens, tickets t WHERE t.number = 'x'"],
)
def test_a_table_that_is_read_whole_is_found_under_any_name(sqlite_template: Path, sql: str) -> None:
    assert len(tables_read_whole(sqlite_template, [sql])) == 1


def test_an_index_over_what_is_still_to_do_may_be_read_whole(sqlite_template: Path) -> None:
    sql = "SELECT lane, id FROM inbox AS i WHERE done_at IS NULL ORDER BY lane, id"
    assert [step for _, step in plans(sqlite_template, [sql])] == ["SCAN i USING INDEX ix_inbox_lane"]
    assert tables_read_whole(sqlite_template, [sql]) == []


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """Every statement that SQLite is given, its places filled in."""
    said: list[str] = []

    def listening(driver: sqlite3.Connection, _record: object) -> None:
        driver.set_trace_callback(said.append)

    event.listen(Pool, "connect", listening)
    yield said
    event.remove(Pool, "connect", listening)


@pytest.fixture
async def ask(
    sqlite_template: Path, tmp_path: Path, seal: Seal, seen: list[str]
) -> AsyncIterator[Callable[[str], Awaitable[list[str]]]]:
    """Asks a question by its name; the statements that this came to."""
    shutil.copy(sqlite_template, tmp_path / "vecino.db")
    store = await Database.open(f"sqlite:///{tmp_path / 'vecino.db'}", seal, clock=StillClock(), durable=False)
    one = await prepared(store)

    async def asked(name: str) -> list[str]:
        seen.clear()
        async with store.work() if name in WRITES else store.view() as work:
            await (reads() | WRITES)[name](work, one)
        return [sql for sql in seen if re.match(r"SELECT|WITH|UPDATE|DELETE|INSERT", sql)]

    yield asked
    await store.close()


@pytest.mark.parametrize("name", [*sorted(reads().keys() - READ_ALL), *WRITES])
async def test_no_question_reads_a_table_whole_that_grows_with_the_years(
    sqlite_template: Path, ask: Callable[[str], Awaitable[list[str]]], name: str
) -> None:
    asked = await ask(name)
    assert asked
    assert tables_read_whole(sqlite_template, asked) == []


@pytest.mark.parametrize(
    ("name", "indexes"),
    [
        (
            "open near a point",
            ("ix_tickets_near (service=? AND latitude>? AND latitude<?)", "ix_tickets_street (service=?"),
        ),
        ("open in a street", ("ix_tickets_street (service=? AND street=?)",)),
        ("tickets that one joined", ("ix_followers_citizen (citizen=?)",)),
    ],
)
async def test_neighbours_reports_are_found_by_their_indexes(
    sqlite_template: Path, ask: Callable[[str], Awaitable[list[str]]], name: str, indexes: Sequence[str]
) -> None:
    steps = [step for _, step in plans(sqlite_template, await ask(name))]
    for index in indexes:
        assert any(index in step for step in steps), steps


async def test_who_is_to_be_asked_is_found_by_what_is_due(
    sqlite_template: Path, ask: Callable[[str], Awaitable[list[str]]]
) -> None:
    steps = [step for _, step in plans(sqlite_template, await ask("who is to be asked whether it is fixed"))]
    assert any("closures USING INDEX ix_closures_due (due<?)" in step for step in steps), steps
    steps = [step for _, step in plans(sqlite_template, await ask("answer it"))]
    assert any("(number=? AND citizen=? AND resolved_at=?)" in step for step in steps), steps


async def test_the_photo_worker_reads_in_order_of_an_index(
    sqlite_template: Path, ask: Callable[[str], Awaitable[list[str]]]
) -> None:
    found = "\n".join(step for _, step in plans(sqlite_template, await ask("photos due")))
    assert "ix_photos_due" in found
    assert "TEMP B-TREE" not in found


@pytest.mark.parametrize("query", CLOSED)
async def test_closed_tickets_are_listed_in_the_order_of_an_index(
    sqlite_template: Path, tmp_path: Path, seal: Seal, seen: list[str], query: Query
) -> None:
    shutil.copy(sqlite_template, tmp_path / "vecino.db")
    store = await Database.open(f"sqlite:///{tmp_path / 'vecino.db'}", seal, clock=StillClock(), durable=False)
    one = await prepared(store)
    async with store.work() as work:
        await work.tickets.change(*move(one, Status.RESOLVED, CITY.calendar, actor=CLERK, at=NOW))
        await work.commit()
    seen.clear()
    async with store.view() as view:
        await view.tickets.page(query)
    await store.close()
    lists = [sql for sql in seen if "ORDER BY tickets.closed_at" in sql]
    assert lists
    assert not [step for _, step in plans(sqlite_template, lists) if "TEMP B-TREE" in step or step == "SCAN tickets"]
