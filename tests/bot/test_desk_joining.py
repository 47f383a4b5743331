"""Two clerks who merge at once, on both databases: one of them is told so, nobody is counted or told twice."""

import asyncio
from random import Random

import pytest

from bot.desk.joining import Joining
from bot.desk.seeing import Refused
from bot.i18n import Words
from bot.ports import Clerk, Stale
from store.database import Database
from tests.store.samples import ANA, BEA, CLARA, StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.model import Status
from tickets.rights import Role
from tickets.workflow import NotAllowed

ONE, TWO, THREE = "7K3-9QX", "F0P-0V8", "000-00C"
EVA = Clerk(login="eva", name="Eva", language="es", password="", role=Role.SUPERVISOR)
BEATEN = (Stale, Refused, NotAllowed)


@pytest.fixture
def joining(database: Database, clock: StillClock) -> Joining:
    return Joining(store=database, render=Words(CITY), clock=clock, city=CITY, random=Random(1))


@pytest.fixture
def elsewhere(second: Database, clock: StillClock) -> Joining:
    """The same in another process."""
    return Joining(store=second, render=Words(CITY), clock=clock, city=CITY, random=Random(2))


@pytest.fixture
async def three(database: Database) -> None:
    for number, who in ((ONE, ANA), (TWO, BEA), (THREE, CLARA)):
        await file(database, ticket(number, await citizen(database, who)))


async def settled(*acts: object) -> list[object]:
    return await asyncio.gather(*acts, return_exceptions=True)  # type: ignore[call-overload]


async def test_of_two_merges_crosswise_one_is_done(
    database: Database, joining: Joining, elsewhere: Joining, three: None
) -> None:
    said = await settled(
        joining.merge(number=ONE, version=1, by=EVA, into=TWO, note=""),
        elsewhere.merge(number=TWO, version=1, by=EVA, into=ONE, note=""),
    )
    assert sorted(isinstance(one, BEATEN) for one in said) == [False, True], said
    async with database.view() as view:
        found = [await view.tickets.get(number) for number in (ONE, TWO)]
    assert sorted(one.status for one in found if one) == [Status.DUPLICATE, Status.RECEIVED]


async def test_two_duplicates_of_one_ticket_are_merged_at_once(
    database: Database, joining: Joining, elsewhere: Joining, three: None
) -> None:
    said = await settled(
        joining.merge(number=ONE, version=1, by=EVA, into=THREE, note=""),
        elsewhere.merge(number=TWO, version=1, by=EVA, into=THREE, note=""),
    )
    assert said == [None, None]
    async with database.view() as view:
        into = await view.tickets.get(THREE)
        assert into and (into.followers, into.version) == (2, 3)
        assert len(await view.followers.of_ticket(THREE)) == 2
        assert [len(await view.outbox.of_ticket(number)) for number in (ONE, TWO, THREE)] == [1, 1, 0]


async def test_merged_and_taken_apart_on_either_database(database: Database, joining: Joining, three: None) -> None:
    async with database.view() as view:
        before = [await view.tickets.get(number) for number in (ONE, THREE)]
    await joining.merge(number=ONE, version=1, by=EVA, into=THREE, note="")
    await joining.unmerge(number=ONE, version=2, by=EVA)
    async with database.view() as view:
        after = [await view.tickets.get(number) for number in (ONE, THREE)]
        texts = [one.text for one in await view.outbox.of_ticket(ONE)]
    assert [(one.status, one.due_at, one.followers, one.merged_into) for one in after if one] == [
        (one.status, one.due_at, one.followers, one.merged_into) for one in before if one
    ]
    assert len(texts) == 2 and THREE in texts[0]
