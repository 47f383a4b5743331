"""Whatever is done to many and undone: every ticket is what it was, save its version and its history."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.bulk_book import Order, State, What
from bot.desk.bulk_step import MOVES
from bot.ports import NOBODY
from store.database import Database
from tests.bot.bulks import EVA, book_of, bulk, done, history, many, tickets
from tests.store.samples import NOON, StillClock
from tests.town import CITY
from tickets.model import Priority, Status
from tickets.undoing import standing
from tickets.workflow import CLOSED

_LOGINS = st.sampled_from([NOBODY, "eva", "tom", "lia"])
ORDERS = st.one_of(
    st.builds(Order, what=st.just(What.ASSIGN), to=_LOGINS),
    st.builds(Order, what=st.just(What.MOVE), to=st.sampled_from(MOVES), note=st.just("porque sí")),
    st.builds(Order, what=st.just(What.PRIORITY), to=st.sampled_from(Priority)),
    st.builds(Order, what=st.just(What.SERVICE), to=st.sampled_from([one.code for one in CITY.services])),
    st.builds(Order, what=st.just(What.DEPARTMENT), to=st.sampled_from([one.code for one in CITY.departments])),
    st.builds(Order, what=st.just(What.NOTE), note=st.text(min_size=1, max_size=20)),
)
AGES = st.integers(min_value=-3000, max_value=3000).map(lambda hours: NOON + timedelta(hours=hours))


@st.composite
def states(draw: st.DrawFn) -> dict[str, Any]:
    """How a ticket may stand before."""
    status = draw(st.sampled_from(Status))
    return {
        "status": status,
        "closed_at": NOON - timedelta(hours=1) if status in CLOSED else None,
        "waiting_since": NOON - timedelta(days=2) if status is Status.WAITING else None,
        "priority": draw(st.sampled_from(Priority)),
        "assignee": draw(_LOGINS) or None,
        "service": draw(st.sampled_from(["pothole", "lighting", "gone"])),
        "department": draw(st.sampled_from(["works", "water"])),
        "answered_at": draw(st.sampled_from([None, NOON - timedelta(hours=3)])),
        "confidence": draw(st.sampled_from([None, 0.4])),
        "due_at": draw(AGES),
        "first_due_at": draw(st.sampled_from([None, NOON - timedelta(days=3)])),
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=states(), orders=st.lists(ORDERS, min_size=1, max_size=3), later=st.integers(0, 80_000))
def test_done_and_undone_is_as_if_nothing_had_been(
    fresh: Callable[[Callable[[Database, StillClock], Awaitable[None]]], None],
    before: dict[str, Any], orders: list[Order], later: int,
) -> None:  # fmt: skip
    async def through(database: Database, clock: StillClock) -> None:
        acts, numbers = bulk(database, clock), await many(database, 2, **before)
        was, begun = await tickets(database, numbers), await history(database, numbers[0])
        for order in orders:
            wanted = await done(acts, numbers, order)
            clock.forward(later)
            await acts.working.look()
            await acts.undo(wanted, EVA)
            assert (await book_of(acts, wanted)).state in (State.UNDONE, State.DONE)
        now = await tickets(database, numbers)
        assert [replace(one, version=1) for one in now] == was
        assert list(standing(await history(database, numbers[0]))) == list(begun)

    fresh(through)


@pytest.fixture
def fresh(
    sqlite_template: Path, tmp_path: Path, seal: Any
) -> Callable[[Callable[[Database, StillClock], Awaitable[None]]], None]:  # fmt: skip
    """Runs something with a database of its own; how a database keeps tickets is the same in both."""

    def run(what: Callable[[Database, StillClock], Awaitable[None]]) -> None:
        async def inside() -> None:
            path = tmp_path / "fresh.db"
            shutil.copy(sqlite_template, path)
            clock = StillClock()
            database = await Database.open(f"sqlite:///{path}", seal, clock=clock, durable=False)
            await what(database, clock)
            await database.close()

        asyncio.run(inside())

    return run
