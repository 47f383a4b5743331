"""The doctor says when what goes to the database could be read on its way, and what to write."""

from pathlib import Path

import pytest

from bot.commands.doctor.finding import State
from bot.commands.doctor.wire import wire
from tests.bot.test_commands import DEMO, KEY, LIVE, loaded


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///vecino.db",
        "postgresql://vecino@/vecino?host=/var/run/postgresql",
        "postgresql://vecino:p@localhost/vecino",
        "postgresql://vecino:p@127.0.0.1:5433/vecino",
        "postgresql://vecino:p@[::1]:5432/vecino",
        "postgresql://vecino:p@db/vecino",
        "postgresql://vecino:p@/vecino?host=db:5432",
    ],
)
async def test_what_stays_on_one_machine_needs_nothing(tmp_path: Path, url: str) -> None:
    assert wire(await loaded(tmp_path, (DEMO, LIVE), **KEY | {"VECINO_DATABASE_URL": url})) == []


@pytest.mark.parametrize(
    ("url", "said", "step"),
    [
        ("postgresql://vecino:p@db.town.example/vecino", "may be read", "`?ssl=verify-full` at the end"),
        ("postgresql://vecino:p@10.0.0.5/vecino", "may be read", "`?ssl=verify-full` at the end"),
        ("postgresql://vecino:p@[2001:db8::1]:5432/vecino", "may be read", "`?ssl=verify-full` at the end"),
        ("postgresql://vecino:p@/vecino?host=db.town.example:5432", "may be read", "`&ssl=verify-full` at the end"),
        ("postgresql://vecino:p@/vecino?host=localhost&host=db.town.example", "may be read", "`&ssl=verify-full` at"),
        ("postgresql://vecino:p@db.town.example/vecino?ssl=prefer", "may be read", "`ssl=verify-full` instead"),
        ("postgresql://vecino:p@db.town.example/vecino?ssl=require", "whoever answers", "`ssl=verify-full` instead"),
        ("postgresql://vecino:p@db.town.example/vecino?ssl=verify-ca", "any host with", "`ssl=verify-full` instead"),
    ],
)
async def test_a_way_that_others_may_read_is_told_with_what_to_write(
    tmp_path: Path, url: str, said: str, step: str
) -> None:
    (found,) = wire(await loaded(tmp_path, (DEMO, LIVE), **KEY | {"VECINO_DATABASE_URL": url}))
    assert found.state is State.WARN
    assert said in found.said
    assert step in found.step
    assert ":p@" not in str(found)


async def test_a_way_that_is_encrypted_to_a_host_that_is_checked_is_well(tmp_path: Path) -> None:
    url = "postgresql://vecino:p@db.town.example/vecino?ssl=verify-full"
    (found,) = wire(await loaded(tmp_path, (DEMO, LIVE), **KEY | {"VECINO_DATABASE_URL": url}))
    assert found.state is State.OK
