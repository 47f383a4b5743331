"""Where a person and a citizen talk: kept whole, found by whoever waits, taken by one clerk, once."""

import asyncio
from datetime import timedelta

import pytest

from bot.ports import Said, Thread
from channels.message import Delivery, Kind, Media, Receipt
from handlers.effects import ThreadKind
from store.database import Database
from store.seal import Seal
from tests.store.samples import ANA, BEA, NOON, StillClock, inbound, queued
from tickets.model import CITIZEN, Actor, Author, Point

CLERK = Actor(author=Author.CLERK, name="rosa")


async def met(database: Database) -> tuple[int, int]:
    async with database.work() as work:
        lanes = await work.citizens.lanes([ANA, BEA])
        await work.commit()
    return lanes[ANA], lanes[BEA]


async def opened(
    database: Database, citizen: int, kind: ThreadKind = ThreadKind.ASKED, *, silent: bool = True, text: str = "hola"
) -> Thread:  # fmt: skip
    async with database.work() as work:
        thread = await work.threads.open(citizen, kind, NOON, silent=silent)
        await work.threads.write(thread.id, CITIZEN, Said(text=text), NOON)
        await work.commit()
    return thread


async def thread_of(database: Database, citizen: int) -> int | None:
    async with database.view() as view:
        found = await view.citizens.get(citizen)
    return found.thread if found else None


async def test_an_open_silent_thread_is_known_with_its_citizen_until_it_is_closed(database: Database) -> None:
    ana, _ = await met(database)
    thread = await opened(database, ana)
    assert await thread_of(database, ana) == thread.id
    async with database.work() as work:
        assert await work.threads.close(thread.id, NOON)
        assert not await work.threads.close(thread.id, NOON)
        await work.commit()
    assert await thread_of(database, ana) is None


async def test_who_asks_twice_has_one_thread(database: Database) -> None:
    ana, _ = await met(database)
    assert (await opened(database, ana)).id == (await opened(database, ana)).id


async def test_an_alarm_leaves_the_bot_talking_and_stays_one_whatever_is_asked_then(database: Database) -> None:
    ana, _ = await met(database)
    alarm = await opened(database, ana, ThreadKind.EMERGENCY, silent=False)
    assert await thread_of(database, ana) is None
    asked = await opened(database, ana, ThreadKind.ASKED)
    assert (asked.id, asked.kind, asked.silent) == (alarm.id, ThreadKind.EMERGENCY, True)
    assert await thread_of(database, ana) == alarm.id


async def test_whatever_a_citizen_sends_is_kept_whole(database: Database) -> None:
    ana, _ = await met(database)
    thread = await opened(database, ana)
    said = Said(
        text="aquí", media=(Media(reference="file-1", content_type="image/jpeg"),),
        point=Point(latitude=14.6, longitude=-66.5), form=Kind.VOICE, pressed="yes",
    )  # fmt: skip
    async with database.work() as work:
        await work.threads.write(thread.id, CITIZEN, said, NOON)
        await work.commit()
    async with database.view() as view:
        _, letter = await view.threads.letters(thread.id)
        assert await view.threads.letter(letter.id) == letter
    assert letter.said == said


async def test_a_clerks_letter_tells_what_became_of_it(database: Database) -> None:
    ana, _ = await met(database)
    thread = await opened(database, ana)
    async with database.work() as work:
        assert await work.threads.write(thread.id, CLERK, Said(text="voy"), NOON, key="letter:1:a")
        assert not await work.threads.write(thread.id, CLERK, Said(text="voy"), NOON, key="letter:1:a")  # sent twice
        await work.outbox.enqueue([queued("letter:1:a", ana)], NOON)
        await work.commit()
    async with database.work() as work:
        receipt = Receipt(key="letter:1:a", external_id="x", delivery=Delivery.DELIVERED)
        await work.outbox.receipt("sms", receipt, NOON)
        await work.commit()
    async with database.view() as view:
        letters = await view.threads.letters(thread.id)
        found = await view.threads.get(thread.id)
    assert [letter.delivery for letter in letters] == [None, Delivery.DELIVERED]
    assert found is not None and not found.waiting


async def test_of_two_clerks_the_first_has_it_and_the_second_may_take_it_over_knowingly(database: Database) -> None:
    ana, _ = await met(database)
    thread = await opened(database, ana)
    async with database.work() as work:
        assert await work.threads.take(thread.id, "rosa")
        assert await work.threads.take(thread.id, "rosa")
        assert not await work.threads.take(thread.id, "ana")
        assert not await work.threads.take(thread.id, "ana", instead_of="luis")
        assert await work.threads.take(thread.id, "ana", instead_of="rosa")
        await work.commit()


async def test_nothing_is_written_in_a_closed_thread(database: Database) -> None:
    ana, _ = await met(database)
    thread = await opened(database, ana)
    async with database.work() as work:
        await work.threads.close(thread.id, NOON)
        assert not await work.threads.write(thread.id, CITIZEN, Said(text="hola"), NOON)
        assert not await work.threads.take(thread.id, "rosa")
        assert not await work.threads.silence(thread.id, silent=True)
        await work.commit()


async def test_emergencies_come_first_then_who_waits_longest(database: Database) -> None:
    ana, bea = await met(database)
    async with database.work() as work:
        first = await work.threads.open(ana, ThreadKind.ASKED, NOON, silent=True)
        await work.threads.write(first.id, CITIZEN, Said(text="una persona"), NOON)
        alarm = await work.threads.open(bea, ThreadKind.EMERGENCY, NOON, silent=False)
        await work.threads.write(alarm.id, CITIZEN, Said(text="fuego"), NOON + timedelta(hours=1))
        await work.commit()
    async with database.view() as view:
        page = await view.threads.page(0, 50)
        assert await view.threads.waiting() == (1, 2)
    assert [entry.thread.id for entry in page.rows] == [alarm.id, first.id]
    assert [entry.last.text for entry in page.rows] == ["fuego", "una persona"]
    assert page.total == 2


async def test_a_thread_without_words_is_listed_as_well(database: Database) -> None:
    ana, _ = await met(database)
    async with database.work() as work:
        await work.threads.open(ana, ThreadKind.DANGER, NOON, silent=False)
        await work.commit()
    async with database.view() as view:
        [entry] = (await view.threads.page(0, 50)).rows
    assert entry.last == Said()


@pytest.mark.parametrize(("hours", "found"), [(1, 0), (25, 1)])
async def test_silent_threads_in_which_nobody_writes_are_found(
    database: Database, clock: StillClock, hours: int, found: int
) -> None:
    ana, bea = await met(database)
    await opened(database, ana)
    await opened(database, bea, ThreadKind.EMERGENCY, silent=False)
    before = clock.forward(hours * 3600) - timedelta(hours=24)
    async with database.work() as work:
        assert len(await work.threads.idle(before, 0, 10)) == found
        await work.commit()


async def test_two_clerks_at_two_processes_do_not_both_have_it(
    database: Database, database_url: str, seal: Seal, clock: StillClock
) -> None:
    ana, _ = await met(database)
    thread = await opened(database, ana)
    second = await Database.open(database_url, seal, clock=clock, durable=False)

    async def take(store: Database, clerk: str) -> bool:
        async with store.work() as work:
            taken = await work.threads.take(thread.id, clerk)
            await work.commit()
        return taken

    assert sorted(await asyncio.gather(take(database, "ana"), take(second, "rosa"))) == [False, True]
    await second.close()


async def test_when_a_channel_ends_to_take_free_text_is_known(database: Database) -> None:
    ana, _ = await met(database)
    async with database.work() as work:
        await work.inbox.accept([inbound("1")])
        assert await work.windows.open_until(ana) is None
        await work.commit()


async def test_a_key_is_known_in_its_own_thread(database: Database) -> None:
    ana, bea = await met(database)
    one, other = await opened(database, ana), await opened(database, bea)
    async with database.work() as work:
        written = [await work.threads.write(thread, CLERK, Said(text="hola"), NOON, "k") for thread in
                   (one.id, other.id, one.id)]  # fmt: skip
    assert written == [True, True, False]


async def test_what_was_said_in_a_thread_is_forgotten_half_a_year_after_it_was_closed(database: Database) -> None:
    ana, bea = await met(database)
    closed, open_ = await opened(database, ana), await opened(database, bea)
    async with database.work() as work:
        await work.threads.close(closed.id, NOON)
        await work.commit()
    for days, left in ((180, True), (181, False)):
        async with database.work() as work:
            now = NOON + timedelta(days=days)
            await work.housekeeping.rest(now, now - timedelta(days=7))
            await work.commit()
        async with database.view() as view:
            assert (await view.threads.get(closed.id) is not None) is left
            assert bool(await view.threads.letters(closed.id)) is left
            assert len(await view.threads.letters(open_.id)) == 1
