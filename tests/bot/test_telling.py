"""News of a ticket with many followers: each told once, in their own language, in one unit of work."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.i18n import Words
from bot.notices import Desk
from bot.ports import Stale
from channels.message import Contact
from store.database import Database
from store.engine import parse_url
from store.tables import outbox
from tests.store.samples import ANA, NOON, StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.model import Place, Status

NUMBER, MANY = "7K3-9QX", 200
WORDS = Words(CITY)
LANGUAGES = ("es", "pt", "en", "fr")


@pytest.fixture
async def joined(database: Database) -> list[int]:
    """The reporter and so many followers of one ticket, on three channels and in four languages."""
    ana = await citizen(database, ANA)
    await file(database, ticket(NUMBER, ana, followers=MANY, place=Place(words="frente a mi casa")))
    contacts = [Contact(channel=("telegram", "sms", "whatsapp")[n % 3], address=f"+1555{n:07}") for n in range(MANY)]
    async with database.work() as work:
        lanes = await work.citizens.lanes(contacts)
        for n, contact in enumerate(contacts):
            one = await work.citizens.get(lanes[contact])
            assert one
            await work.citizens.remember(replace(one, language=LANGUAGES[n % 4]))
            await work.followers.add(NUMBER, one.id, NOON)
        await work.commit()
    return [ana, *(lanes[contact] for contact in contacts)]


async def move(database: Database, clock: StillClock, to: Status, version: int, note: str = "") -> None:
    desk = Desk(database, WORDS, clock, CITY)
    await desk.move(number=NUMBER, to=to, version=version, login="rosa", note=note)


async def queued(url: str) -> list[int]:
    """Whom a notice of the ticket waits for."""
    engine = create_async_engine(parse_url(url))
    async with engine.connect() as connection:
        waiting = select(outbox.c.lane).where(outbox.c.number == NUMBER, outbox.c.done_at.is_(None))
        found = list((await connection.execute(waiting)).scalars())
    await engine.dispose()
    return sorted(found)


@pytest.mark.parametrize("to", [Status.IN_PROGRESS, Status.RESOLVED])
async def test_everybody_is_told_once(
    database: Database, database_url: str, clock: StillClock, joined: list[int], to: Status
) -> None:
    await move(database, clock, to, 1)
    assert await queued(database_url) == sorted(joined)


async def test_in_their_own_language_and_without_the_reporters_words(
    database: Database, clock: StillClock, joined: list[int]
) -> None:
    await move(database, clock, Status.IN_PROGRESS, 1, "Vamos.")
    async with database.work() as work:
        sent = {one.citizen: one.outbound for one in await work.outbox.claim("test", NOON, 60, 500)}
    begins = {"es": "Novedades", "pt": "Novidades", "en": "News on", "fr": "Du nouveau"}
    for n, one in enumerate(joined[1:]):
        assert sent[one].text.startswith(begins[LANGUAGES[n % 4]]), sent[one].text
        assert "mi casa" not in sent[one].text


async def test_a_follower_of_no_known_language_hears_of_it_in_that_of_their_number_and_the_reporter_in_the_tickets(
    database: Database, clock: StillClock
) -> None:
    ana, rio = await citizen(database, ANA), await citizen(database, Contact(channel="sms", address="+5521990001"))
    await file(database, ticket(NUMBER, ana, followers=1, language="fr"))
    async with database.work() as work:
        await work.followers.add(NUMBER, rio, NOON)
        await work.commit()
    await move(database, clock, Status.IN_PROGRESS, 1)
    async with database.work() as work:
        sent = {one.citizen: one.outbound.text for one in await work.outbox.claim("test", NOON, 60, 500)}
    assert (sent[ana][:10], sent[rio][:9]) == ("Du nouveau", "Novidades")


async def test_who_said_stop_and_who_left_are_told_nothing(
    database: Database, database_url: str, clock: StillClock, joined: list[int]
) -> None:
    _, silent, left, *rest = joined
    async with database.work() as work:
        one = await work.citizens.get(silent)
        assert one
        await work.citizens.save(replace(one, opted_out=True))
        await work.followers.remove(NUMBER, left)
        await work.commit()
    await move(database, clock, Status.IN_PROGRESS, 1)
    assert await queued(database_url) == sorted([joined[0], *rest])


async def test_who_was_erased_is_told_nothing(
    database: Database, database_url: str, clock: StillClock, joined: list[int]
) -> None:
    async with database.work() as work:
        await work.erasure.person(joined[1], NOON)
        await work.commit()
    await move(database, clock, Status.IN_PROGRESS, 1)
    assert await queued(database_url) == sorted([joined[0], *joined[2:]])


async def test_of_two_clerks_who_move_it_at_once_one_tells_and_nobody_hears_it_twice(
    database: Database, database_url: str, clock: StillClock, joined: list[int]
) -> None:
    await move(database, clock, Status.IN_PROGRESS, 1)
    with pytest.raises(Stale):
        await move(database, clock, Status.IN_PROGRESS, 1)
    assert await queued(database_url) == sorted(joined)
