"""What is found by a keyed hash after `bot rotate`, with the new key alone: who unsubscribed still is, links that were
used still hold; and whatever is not found any more stands in docs/operations.md."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Column, select

from bot.commands.rotating import _tell_unknown, anew, old, unknown
from bot.desk.referring import Referring
from bot.i18n import Words
from bot.ports.links import Referral
from channels.message import Contact
from store.database import Database
from store.files import Files
from store.rotation import REHASHED
from store.seal import Seal
from store.tables import metadata, unsubscribed
from store.types import Hash
from tests.store.samples import ANA, BEA, NOON, SECRET, StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.casework import Verdict

NEW = "n" * 40
MAYOR, BODY = "mayor@city.example", "water@body.example"
TOKEN = "t" * 43
TABLE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
TABLE = TABLE.partition("\n## Change the secret key\n")[2].partition("\n## ")[0]


@dataclass(frozen=True, slots=True)
class Keys:
    """The same database, by whichever keys."""

    url: str
    clock: StillClock
    files: Path

    @asynccontextmanager
    async def opened(self, secret: str) -> AsyncIterator[Database]:
        database = await Database.open(self.url, Seal(secret), clock=self.clock, durable=False)
        try:
            yield database
        finally:
            await database.close()

    async def rotated(self, *readers: str) -> None:
        """As the command does it; then nothing is left of the old key that could be made anew."""
        secret = f"{NEW},{SECRET}"
        files = Files(self.files, Seal(secret))
        async with self.opened(secret) as both:
            before = await old(both, files, readers)
            assert await anew(both, files, readers=readers) == (sum(before.values()), 0)
            assert await old(both, files, readers) == {}

    async def unknown(self, secret: str, *readers: str) -> int:
        async with self.opened(secret) as database:
            return await unknown(database, readers)

    async def out(self, *addresses: str) -> frozenset[str]:
        """Who of them counts as unsubscribed with the new key alone."""
        async with self.opened(NEW) as alone, alone.view() as view:
            return await view.unsubscribed.among(addresses)


@pytest.fixture
def keys(database_url: str, clock: StillClock, tmp_path: Path) -> Keys:
    return Keys(database_url, clock, tmp_path / "files")


async def unsubscribe(database: Database, *addresses: str) -> None:
    async with database.work() as work:
        for address in addresses:
            await work.unsubscribed.add(address, NOON)
        await work.commit()


async def mailed(database: Database, *addresses: str) -> None:
    async with database.work() as work:
        await work.citizens.lanes([Contact(channel="email", address=one) for one in addresses])
        await work.commit()


async def test_who_unsubscribed_stays_so_by_the_address_that_their_digests_went_to(
    database: Database, keys: Keys
) -> None:
    await mailed(database, "Mayor@City.example", BODY)
    await unsubscribe(database, MAYOR)
    await keys.rotated()
    assert await keys.out(MAYOR, BODY) == {MAYOR}
    assert await keys.unknown(f"{NEW},{SECRET}") == 0


async def test_who_unsubscribed_stays_so_by_the_address_that_config_yml_names(database: Database, keys: Keys) -> None:
    await unsubscribe(database, MAYOR)
    await keys.rotated(MAYOR, BODY)
    assert await keys.out(MAYOR, BODY) == {MAYOR}


async def test_they_stay_so_where_all_else_was_rotated_before(database: Database, keys: Keys) -> None:
    """By a version that forgot them, while the old key was left where it was."""
    await mailed(database, MAYOR)
    await keys.rotated()
    await unsubscribe(database, MAYOR)
    await keys.rotated()
    assert await keys.out(MAYOR) == {MAYOR}


async def test_what_waits_to_be_made_anew_is_counted(database: Database, keys: Keys) -> None:
    await unsubscribe(database, MAYOR)
    async with keys.opened(f"{NEW},{SECRET}") as both:
        files = Files(keys.files, Seal(f"{NEW},{SECRET}"))
        assert await old(both, files, [MAYOR]) == {"unsubscribed.address_hash": 1}
        assert await old(both, files) == {}


async def test_of_whom_no_address_is_left_it_is_said(
    database: Database, keys: Keys, capsys: pytest.CaptureFixture
) -> None:
    await mailed(database, *(f"{number}@city.example" for number in range(5)))
    await unsubscribe(database, MAYOR, "3@city.example")
    await keys.rotated(BODY)
    assert await keys.unknown(f"{NEW},{SECRET}", BODY) == 1
    assert await keys.unknown(SECRET, BODY) == 0  # there is no older key that could be taken out
    _tell_unknown(1)
    assert capsys.readouterr().out.startswith("1 who unsubscribed from the digest have no address here any more")
    _tell_unknown(0)
    assert capsys.readouterr().out == ""


async def test_who_unsubscribed_by_both_keys_is_one(database: Database, keys: Keys) -> None:
    await unsubscribe(database, MAYOR)
    async with keys.opened(f"{NEW},{SECRET}") as both:
        await unsubscribe(both, MAYOR)
        await keys.rotated(MAYOR)
        async with both.view() as view:
            assert len((await view._tx.execute(select(unsubscribed))).all()) == 1
    assert await keys.out(MAYOR) == {MAYOR}


async def test_who_subscribes_again_meanwhile_stays_subscribed(database: Database, keys: Keys) -> None:
    await unsubscribe(database, MAYOR)
    async with keys.opened(f"{NEW},{SECRET}") as both:
        async with both.view() as view:
            marks = await view.rotation.marks([MAYOR])
        async with both.work() as work:
            assert await work.unsubscribed.remove(MAYOR)
            assert await work.rotation.move(marks) == 0
            await work.commit()
    assert await keys.out(MAYOR) == frozenset()


async def referred(database: Database) -> None:
    await file(database, ticket("7K3-9QX", await citizen(database), outside="Water"))
    async with database.work() as work:
        referral = Referral(
            id=0, number="7K3-9QX", body="Water", address=BODY, language="es", note="n", at=NOON, login="rosa"
        )
        await work.referrals.add(referral, TOKEN)
        await work.commit()


async def test_the_link_of_a_body_that_answered_by_it_holds_with_the_new_key_alone(
    database: Database, keys: Keys
) -> None:
    await referred(database)
    async with keys.opened(f"{NEW},{SECRET}") as both:
        refer = Referring(store=both, render=Words(CITY), clock=keys.clock, city=CITY)
        await refer.returned(token=TOKEN, verdict=Verdict.LONGER, word="en mayo")
    await keys.rotated()
    async with keys.opened(NEW) as alone, alone.view() as view:
        found = await view.referrals.by_token(TOKEN)
    assert found is not None and found.body == "Water"


async def test_the_link_of_a_body_that_never_answered_is_told_to_be_lost(database: Database, keys: Keys) -> None:
    await referred(database)
    await keys.rotated()
    async with keys.opened(NEW) as alone, alone.view() as view:
        assert await view.referrals.by_token(TOKEN) is None
    assert "referrals.token_hash" in named()


def hashed() -> list[Column]:
    return [column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, Hash)]


def named() -> set[str]:
    """Columns that the table of what only the old key finds names, in its last column."""
    rows = [line.strip().strip("|").split("|") for line in TABLE.splitlines() if line.strip().startswith("|")]
    return {name for row in rows for name in re.findall(r"`(\w+\.\w+)`", row[-1])}


@pytest.mark.parametrize("column", hashed(), ids=str)
def test_every_hash_is_made_anew_or_its_loss_is_told(column: Column) -> None:
    assert column in REHASHED or str(column) in named()


def test_no_other_column_is_told_of() -> None:
    assert named() <= {str(column) for column in hashed()}


async def test_what_is_said_to_be_made_anew_is(database: Database, keys: Keys) -> None:
    async with database.work() as work:
        await work.citizens.lanes([ANA, BEA])
        await work.silenced.add(BEA, NOON)
        await work.unsubscribed.add(MAYOR, NOON)
        await work.commit()
    before = await contents(database)
    await keys.rotated(MAYOR)
    after = await contents(database)
    assert set(before) == set(after) == set(REHASHED)
    assert [column for column in REHASHED if before[column] & after[column]] == []


async def contents(database: Database) -> dict[Column, set[bytes]]:
    """What stands in the columns of REHASHED that are not empty."""
    async with database.view() as view:
        found = {one: set((await view._tx.execute(select(one))).scalars()) for one in REHASHED}
    return {column: values for column, values in found.items() if values}
