"""The question that waited is asked once, whatever happens at the same moment, on both databases."""

import asyncio

from bot.i18n import Words
from bot.jobs import talking
from bot.notices import Desk
from bot.schedule import Schedule
from handlers.turn import Asked, Dialogue
from store.database import Database
from tests.store.samples import ANA, BEA, NOON, StillClock, accept, citizen, file, inbound, ticket
from tests.town import CITY
from tickets.model import Status

WORDS = Words(CITY)


def closing(store: Database, clock: StillClock) -> Schedule:
    return Schedule(store, clock, [job for job in talking(CITY, WORDS) if job.name == "closing"])


async def answer_all(database: Database, dialogue: Dialogue | None) -> None:
    """What the inbox worker would do."""
    async with database.work() as work:
        for arrival in await work.inbox.claim("test", NOON, 60, 10):
            await work.inbox.answered(arrival, NOON)
            await work.dialogues.save(arrival.citizen.id, dialogue, NOON)
        await work.commit()


async def resolve(database: Database, clock: StillClock, number: str = "7K3-9QX") -> None:
    async with database.view() as view:
        found = await view.tickets.get(number)
    assert found
    desk = Desk(database, WORDS, clock, CITY)
    await desk.move(number=number, to=Status.RESOLVED, version=found.version, login="rosa", note="")


async def told(database: Database, number: str = "7K3-9QX") -> list[str]:
    async with database.view() as view:
        return [sent.text for sent in await view.outbox.of_ticket(number)]


async def test_by_several_processes_at_once_each_is_asked_once(
    database: Database, second: Database, clock: StillClock
) -> None:
    people = [await citizen(database, contact) for contact in (ANA, BEA)]
    for number, one in zip(("7K3-9QX", "7K3-9QZ"), people, strict=True):
        await file(database, ticket(number, one))
        await resolve(database, clock, number)  # their first message still waits for its answer
    await answer_all(database, None)
    clock.forward(60)
    await asyncio.gather(*(closing(store, clock).look() for store in (database, second, database, second)))
    for number in ("7K3-9QX", "7K3-9QZ"):
        news, question = await told(database, number)
        assert "quedó bien" not in news
        assert question.startswith(f"Reporte {number}, Bache")
    clock.forward(60)
    await closing(second, clock).look()
    assert len(await told(database)) == 2


async def test_a_clerk_and_a_message_at_the_same_moment_never_lead_to_two_questions(
    database: Database, second: Database, clock: StillClock
) -> None:
    ana = await citizen(database)
    await file(database, ticket("7K3-9QX", ana))
    await answer_all(database, None)
    await asyncio.gather(accept(second, inbound("now")), resolve(database, clock))
    async with database.work() as work:
        (arrival,) = await work.inbox.claim("test", NOON, 60, 10)
        await work.commit()
    (news,) = await told(database)
    asked = "quedó bien" in news
    assert asked is (arrival.dialogue is not None and arrival.dialogue.asked is Asked.FIXED)
    async with database.view() as view:
        (closure,) = await view.closures.of_ticket("7K3-9QX")
    assert (closure.asked_at is not None) is asked


async def test_a_run_that_is_broken_off_asks_when_it_is_done_again(database: Database, clock: StillClock) -> None:
    ana = await citizen(database)
    await file(database, ticket("7K3-9QX", ana))
    await resolve(database, clock)
    await answer_all(database, None)
    step = next(job.step for job in talking(CITY, WORDS) if job.name == "closing")
    async with database.work() as work:
        await step(work, clock.forward(60), 0)  # and no commit
    assert len(await told(database)) == 1
    await closing(database, clock).look()
    assert len(await told(database)) == 2


async def test_an_unfinished_answer_to_another_question_is_left_alone_for_a_day(
    database: Database, clock: StillClock
) -> None:
    ana = await citizen(database)
    await file(database, ticket("7K3-9QX", ana))
    await resolve(database, clock)
    draft = Dialogue(asked=Asked.PLACE, since=NOON)
    await answer_all(database, draft)
    for hours, asked in ((2, 1), (21, 1), (2, 2)):
        clock.forward(hours * 3600)
        await closing(database, clock).look()
        assert len(await told(database)) == asked
