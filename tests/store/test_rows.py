"""Citizens, dialogues, photos, clerks, sessions, cursors, schedule: what is written comes back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from bot.ports import Clerk, Session, Taken
from channels.message import Media
from handlers.turn import Asked, Dialogue
from store.database import Database
from tests.store.everything import everything
from tests.store.samples import ANA, CLARA, NOON, StillClock, accept, citizen, file, inbound, ticket

MARTA = Clerk(login="marta", name="Marta Ñ.", language="es", password="argon2 ...")
SECOND = timedelta(seconds=1)


async def test_a_citizen_is_saved_and_found_by_contact_and_id(database: Database) -> None:
    ana = await citizen(database)
    async with database.work() as work:
        found = await work.citizens.get(ana)
        assert found
        changed = replace(found, language="pt", chosen=True, opted_out=True, welcomed=True)
        await work.citizens.save(changed)
        await work.commit()
    async with database.view() as view:
        assert await view.citizens.find(ANA) == await view.citizens.get(ana) == changed
        assert await view.citizens.find(CLARA) is None
        assert await view.citizens.get(ana + 1) is None


async def test_a_dialogue_is_replaced_and_ended(database: Database) -> None:
    ana = await citizen(database)
    asked = [Dialogue(asked=asked, since=NOON) for asked in (Asked.SERVICE, Asked.PLACE)]
    for dialogue, expected in [(asked[0], asked[0]), (asked[1], asked[1]), (None, None), (None, None)]:
        async with database.work() as work:
            await work.dialogues.save(ana, dialogue, NOON)
            [arrival] = await work.inbox.claim("one", NOON, 30, 1)
            assert arrival.dialogue == expected
            await work.inbox.retry(arrival, NOON)
            await work.commit()


async def test_photos_are_due_until_they_are_fetched_or_given_up(database: Database) -> None:
    await file(database, ticket("A", await citizen(database)))
    media = [Media(reference=f"https://example.org/{n}", content_type="image/jpeg") for n in range(3)]
    async with database.work() as work:
        await work.photos.add("A", "sms", media, NOON)
        await work.photos.add("A", "sms", [], NOON)
        first, second, third = await work.photos.claim("one", NOON, 30, 10)
        assert [photo.media for photo in (first, second, third)] == media
        assert await work.photos.fetched(first, "name", NOON)
        assert await work.photos.failed(second, "provider_down", NOON + SECOND)
        assert await work.photos.failed(third, "gone", None)
        assert await work.photos.claim("one", NOON, 30, 10) == []
        assert [photo.id for photo in await work.photos.claim("one", NOON + SECOND, 30, 10)] == [second.id]
        await work.commit()
    async with database.view() as view:
        photos = await view.photos.of_ticket("A")
    assert [(photo.name, photo.reason) for photo in photos] == [("name", ""), (None, "provider_down"), (None, "gone")]


async def test_no_more_photos_than_asked_for_are_claimed(database: Database) -> None:
    await file(database, ticket("A", await citizen(database)))
    async with database.work() as work:
        await work.photos.add("A", "sms", [Media(reference=str(n), content_type="image/jpeg") for n in range(3)], NOON)
        assert len(await work.photos.claim("one", NOON, 30, 2)) == 2


async def test_a_login_is_taken_once(database: Database) -> None:
    async with database.work() as work:
        await work.clerks.add(MARTA)
        with pytest.raises(Taken):
            await work.clerks.add(replace(MARTA, name="other"))
        await work.commit()
    async with database.view() as view:
        assert await view.clerks.get("marta") == MARTA
        assert await view.clerks.get("nobody\0") is None


async def test_a_session_lasts_until_it_expires_or_is_closed(database: Database, clock: StillClock) -> None:
    session = Session(token="t1", login="marta", csrf="c1", expires_at=NOON + SECOND)
    async with database.work() as work:
        await work.clerks.add(MARTA)
        await work.clerks.open_session(session)
        await work.clerks.open_session(replace(session, token="t2"))
        await work.clerks.close_session("t2")
        await work.commit()
    async with database.view() as view:
        assert await view.clerks.session("t1", NOON) == session
        assert await view.clerks.session("t1", NOON + SECOND) is None
        assert await view.clerks.session("t2", NOON) is None


async def test_opening_a_session_forgets_those_that_have_expired(database: Database, clock: StillClock) -> None:
    async with database.work() as work:
        await work.clerks.add(MARTA)
        await work.clerks.open_session(Session(token="t1", login="marta", csrf="c", expires_at=NOON + SECOND))
        later = clock.forward(2)
        await work.clerks.open_session(Session(token="t2", login="marta", csrf="c", expires_at=later + SECOND))
        assert await work.clerks.session("t1", NOON) is None


async def test_a_cursor_starts_at_zero_and_is_moved(database: Database) -> None:
    async with database.work() as work:
        assert await work.cursors.get("telegram") == 0
        for value in (5, 2**40):
            await work.cursors.set("telegram", value)
            assert await work.cursors.get("telegram") == value
        assert await work.cursors.get("other") == 0


async def test_a_scheduled_job_is_run_by_the_first_who_asks(database: Database) -> None:
    async with database.work() as work:
        assert await work.schedule.once("digest", NOON)
        assert not await work.schedule.once("digest", NOON)
        assert await work.schedule.once("digest", NOON + SECOND)
        assert await work.schedule.once("closure", NOON)
        await work.commit()
    async with database.work() as work:
        assert not await work.schedule.once("digest", NOON)


async def test_a_job_whose_transaction_failed_is_still_to_be_run(database: Database) -> None:
    async with database.work() as work:
        assert await work.schedule.once("digest", NOON)
    async with database.work() as work:
        assert await work.schedule.once("digest", NOON)


async def test_times_come_back_as_utc_to_the_microsecond(database: Database) -> None:
    ana = await citizen(database)
    exact = datetime(2026, 10, 25, 2, 30, 0, 123457, tzinfo=timezone(timedelta(hours=-6)))
    await file(
        database, ticket("A", ana, filed_at=exact, due_at=datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
    )
    async with database.view() as view:
        found = await view.tickets.get("A")
    assert found
    assert (found.filed_at, found.filed_at.tzinfo) == (exact, UTC)
    assert found.due_at < datetime(1970, 1, 1, tzinfo=UTC)


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    ana = await citizen(database)
    async with database.work() as work:
        with pytest.raises(StatementError, match="without a zone"):
            await work.outbox.drop_queued(ana, datetime(2026, 3, 2))


async def test_no_row_holds_a_contact_or_a_word_in_clear(database: Database, database_url: str) -> None:
    """Every column of every row is searched for what Ana wrote, where, and from which number."""
    await accept(database, inbound("1", ANA, "SECRETWORDS"))
    ana = await citizen(database)
    await file(database, ticket("A", ana, description="SECRETWORDS"))
    dump = await everything(database_url)
    assert b"SECRETWORDS" not in dump
    assert ANA.address.encode() not in dump
    assert "Av. Bolívar 123".encode() not in dump  # her words; the street that was found is clear
    assert "Av. Bolívar".encode() in dump
