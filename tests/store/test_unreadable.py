"""A row sealed with a key that is lost is put aside, and what stands behind it goes on."""

from datetime import timedelta

from sqlalchemy import text

from bot import rights
from channels.message import Contact, Delivery
from channels.reason import Reason
from handlers.turn import Asked, Dialogue
from store.database import Database
from store.seal import Seal
from tests.store.everything import opened
from tests.store.samples import ANA, BEA, NOON, accept, citizen, enqueue, file, inbound, queued, ticket
from tests.town import CITY

NOISE = b"sealed with a key that nobody has any more"


async def spoil(database: Database, statement: str) -> None:
    async with database.work() as work:
        await work._tx.execute(text(statement), {"noise": NOISE})
        await work.commit()


async def claimed(database: Database) -> list[str]:
    async with database.work() as work:
        arrivals = await work.inbox.claim("one", NOON, 30, 10)
        await work.commit()
    return sorted(arrival.inbound.external_id for arrival in arrivals)


async def test_a_message_that_cannot_be_opened_is_set_aside_for_a_clerk(database: Database) -> None:
    await accept(database, inbound("1"), inbound("2"), inbound("3", BEA))
    await spoil(database, "UPDATE inbox SET inbound = :noise WHERE id = 1")
    assert await claimed(database) == ["3"]
    assert await claimed(database) == ["2"]
    async with database.view() as view:
        [aside] = (await view.set_aside.page(0, 10)).rows
        page = await view.set_aside.page(0, 10)
    assert (aside.id, aside.reason, aside.text) == (1, "unreadable", "")
    assert page.total == 1


async def test_a_citizen_who_cannot_be_opened_blocks_nobody_else(database: Database) -> None:
    await accept(database, inbound("1"), inbound("2", BEA))
    await spoil(database, "UPDATE citizens SET address = :noise WHERE id = 1")
    assert await claimed(database) == ["2"]
    async with database.view() as view:
        [aside] = (await view.set_aside.page(0, 10)).rows
    assert aside.reason == "unreadable"


async def test_an_answer_that_cannot_be_opened_fails_and_the_next_one_goes(database: Database) -> None:
    ana = await citizen(database)
    await enqueue(database, queued("1", ana), queued("2", ana))
    await spoil(database, "UPDATE outbox SET outbound = :noise WHERE id = 1")
    async with database.work() as work:
        [departure] = await work.outbox.claim("one", NOON, 30, 10)
        await work.commit()
    assert (departure.outbound.key, departure.outbound.recipient) == ("2", ANA)
    async with database.view() as view:
        row = (await view._tx.execute(text("SELECT delivery, reason FROM outbox WHERE id = 1"))).one()
    assert tuple(row) == (Delivery.FAILED, Reason.UNREADABLE)


async def test_late_tickets_are_told_of_behind_any_number_that_cannot_be_opened(database: Database) -> None:
    ana = await citizen(database)
    await file(database, *(ticket(f"A{n:02}", ana) for n in range(60)), ticket("B01", ana), ticket("B02", ana))
    await spoil(database, "UPDATE tickets SET description = :noise WHERE number LIKE 'A%'")
    late = NOON + timedelta(days=9)
    async with database.view() as view:
        assert [one.number for one in await view.tickets.overdue(late, 1)] == ["B01"]
        assert [one.number for one in await view.tickets.overdue(late, 50)] == ["B01", "B02"]


async def test_who_left_a_report_is_found_behind_any_number_that_cannot_be_opened(database: Database) -> None:
    ids = [await citizen(database, Contact(channel="telegram", address=f"{n}")) for n in range(5)]
    async with database.work() as work:
        for one in ids:
            await work.dialogues.save(one, Dialogue(asked=Asked.PLACE, question="q", since=NOON), NOON)
        await work.commit()
    await spoil(database, f"UPDATE citizens SET address = :noise WHERE id < {ids[-1]}")
    day = timedelta(days=1)
    async with database.view() as view:
        found = await view.dialogues.left(NOON - day, NOON + day, 0, 2)
        assert [one.id for one, _ in found] == ids[-1:]
        assert await view.dialogues.left(NOON - day, NOON + day, ids[-1], 2) == []


async def reported(database: Database) -> int:
    """The citizen of three reports; of one and of the history of another no key opens the words."""
    ana = await citizen(database)
    await file(database, *(ticket(number, ana) for number in ("A01", "A02", "A03")))
    await spoil(database, "UPDATE tickets SET description = :noise WHERE number = 'A01'")
    await spoil(database, "UPDATE updates SET note = :noise WHERE number = 'A02'")
    return ana


async def test_a_report_that_cannot_be_opened_hides_no_other_from_its_citizen(database: Database) -> None:
    ana = await reported(database)
    async with database.view() as view:
        reports = (await view.exports.everything(ana))["reports"]
        assert [one.number for one in await view.tickets.of_reporter(ana, 9)] == ["A02", "A03"]
    assert isinstance(reports, list)
    assert [(one["number"], len(one["history"])) for one in reports] == [("A02", 0), ("A03", 1)]


async def test_a_report_that_cannot_be_opened_stops_no_erasure_and_can_be_worked_on_then(
    database: Database, database_url: str, seal: Seal
) -> None:
    ana = await reported(database)
    async with database.work() as work:
        known = await work.citizens.get(ana)
        assert known
        await rights.erase(work, known, CITY, NOON)
        await work.commit()
    async with database.view() as view:
        tickets = [await view.tickets.get(number) for number in ("A01", "A02", "A03")]
        assert [len(await view.tickets.history(number)) for number in ("A01", "A02", "A03")] == [2, 2, 2]
    assert [one and (one.description, one.place.words, one.service) for one in tickets] == [("", "", "pothole")] * 3
    assert NOISE not in b"".join((await opened(database_url, seal)).values())
