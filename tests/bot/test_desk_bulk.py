"""Acts on many tickets, on both databases: looked at, done once, undone, and told only where it stands."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.desk.bulk import Bulk
from bot.desk.bulk_book import MOST, Order, State, What, Why
from bot.desk.bulk_step import Stepping
from bot.desk.bulk_work import Working
from bot.ports import Verdict
from store.database import Database
from tests.bot.bulks import EVA, LIA, RESOLVE, TOM, book_of, bulk, done, history, many, texts, tickets
from tests.store.samples import CLARA, NOON, StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.model import Event, Field, Priority, Status
from tickets.promise import stood


@pytest.fixture
def acts(database: Database, clock: StillClock) -> Bulk:
    return bulk(database, clock)


@pytest.fixture
def elsewhere(second: Database, clock: StillClock) -> Bulk:
    """The same in another process."""
    return bulk(second, clock)


async def test_what_is_only_looked_at_does_nothing(database: Database, acts: Bulk) -> None:
    numbers = await many(database, 3)
    wanted = await acts.look_at(numbers, RESOLVE, EVA)
    preview = await acts.preview(await book_of(acts, wanted), EVA)
    assert (preview.changing, preview.people, preview.silent) == (3, 3, 0)
    assert [(row.number, row.after.status if row.after else None) for row in preview.rows] == [
        (number, Status.RESOLVED) for number in numbers
    ]
    (sample,) = preview.samples
    assert (sample.language, sample.people) == ("es", 3)
    assert "Se arregló" in sample.text and "resuelto" in sample.text.lower()
    await acts.working.look()
    assert {one.version for one in await tickets(database, numbers)} == {1}
    assert await acts.last() == []


async def test_each_ticket_is_moved_as_by_one_clerk_and_its_history_names_the_act(
    database: Database, acts: Bulk
) -> None:
    numbers = await many(database, 30)
    wanted = await done(acts, numbers, RESOLVE)
    assert {one.status for one in await tickets(database, numbers)} == {Status.RESOLVED}
    book = await book_of(acts, wanted)
    assert (book.state, book.count("done"), book.count("left")) == (State.DONE, 30, 0)
    *_, last = await history(database, numbers[0])
    assert (last.event, last.actor.name, last.note, last.public) == (Event.MOVED, "eva", "Se arregló", True)
    mark = last.change(Field.BATCH)
    assert mark and mark.new == str(wanted)


async def test_confirmed_twice_and_in_two_processes_at_once_it_is_done_once(
    database: Database, acts: Bulk, elsewhere: Bulk, clock: StillClock
) -> None:
    numbers = await many(database, 12)
    wanted = await acts.look_at(numbers, RESOLVE, EVA)
    await asyncio.gather(acts.confirm(wanted, EVA), elsewhere.confirm(wanted, EVA), acts.confirm(wanted, EVA))
    await asyncio.gather(acts.working.look(), elsewhere.working.look())
    assert {one.version for one in await tickets(database, numbers)} == {2}
    clock.forward(121)
    await asyncio.gather(acts.working.look(), elsewhere.working.look())
    assert [len(await texts(database, number)) for number in numbers] == [1] * 12


async def test_two_who_work_on_the_same_act_without_a_lease_do_each_ticket_once(
    database: Database, acts: Bulk, elsewhere: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease spares work; that it is done once rests on versions and histories."""

    async def held(self: Working, name: str, owner: str) -> bool:
        return True

    numbers = await many(database, 20)
    wanted = await acts.look_at(numbers, RESOLVE, EVA)
    monkeypatch.setattr(Working, "_hold", held)
    await asyncio.gather(acts.confirm(wanted, EVA), elsewhere.working.go_on(wanted), elsewhere.working.go_on(wanted))
    await acts.working.go_on(wanted)
    book = await book_of(acts, wanted)
    assert (book.state, book.count("done"), book.count("left")) == (State.DONE, 20, 0)
    assert {one.version for one in await tickets(database, numbers)} == {2}


async def test_only_who_looked_at_it_confirms_it(database: Database, acts: Bulk) -> None:
    numbers = await many(database, 1)
    wanted = await acts.look_at(numbers, RESOLVE, EVA)
    await acts.confirm(wanted, TOM)
    assert (await book_of(acts, wanted)).state is State.SHOWN


async def test_what_somebody_changed_since_is_left_alone_and_named(database: Database, acts: Bulk) -> None:
    numbers = await many(database, 3)
    wanted = await acts.look_at(numbers, RESOLVE, EVA)
    await acts.working.stepping.desk.note(number=numbers[1], version=1, login="tom", text="Voy yo")
    preview = await acts.preview(await book_of(acts, wanted), EVA)
    assert [row.why for row in preview.rows] == [None, Why.CHANGED, None]
    await acts.confirm(wanted, EVA)
    book = await book_of(acts, wanted)
    assert [line.left for line in book.lines] == [None, Why.CHANGED, None]
    assert [one.status for one in await tickets(database, numbers)] == [
        Status.RESOLVED, Status.RECEIVED, Status.RESOLVED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "values", "why"),
    [
        (Order(what=What.ASSIGN, to="eva"), {"assignee": "eva"}, Why.SAME),
        (Order(what=What.ASSIGN, to="lia"), {}, Why.NO_CLERK),
        (Order(what=What.ASSIGN, to="nobody-such"), {}, Why.NO_CLERK),
        (Order(what=What.ASSIGN), {}, Why.SAME),
        (Order(what=What.ASSIGN, to="eva"), {"status": Status.RESOLVED, "closed_at": NOON}, Why.CLOSED),
        (Order(what=What.MOVE, to=Status.RECEIVED), {"status": Status.TRIAGED}, Why.NO_MOVE),
        (Order(what=What.MOVE, to=Status.TRIAGED), {"status": Status.TRIAGED}, Why.SAME),
        (RESOLVE, {"priority": Priority.EMERGENCY}, Why.EMERGENCY),
        (Order(what=What.MOVE, to=Status.DECLINED, note="No"), {"priority": Priority.EMERGENCY}, Why.EMERGENCY),
        (RESOLVE, {"status": Status.DUPLICATE, "merged_into": "7K3-9QX", "closed_at": NOON}, Why.MERGED),
        (Order(what=What.MOVE, to=Status.RESOLVED, note="a" * 400), {}, Why.TOO_LONG),
        (Order(what=What.PRIORITY, to=Priority.URGENT), {"priority": Priority.URGENT}, Why.SAME),
        (Order(what=What.SERVICE, to="pothole"), {}, Why.SAME),
        (Order(what=What.SERVICE, to="no-such"), {}, Why.SERVICE),
        (Order(what=What.DEPARTMENT, to="works"), {}, Why.SAME),
    ],
)
async def test_what_cannot_be_done_is_said_before_and_after(
    database: Database, acts: Bulk, order: Order, values: dict[str, Any], why: Why
) -> None:
    numbers = await many(database, 1, **values)
    wanted = await acts.look_at(numbers, order, EVA)
    (row,) = (await acts.preview(await book_of(acts, wanted), EVA)).rows
    assert (row.why, row.after) == (why, None)
    await acts.confirm(wanted, EVA)
    (line,) = (await book_of(acts, wanted)).lines
    assert (line.done, line.left) == (False, why)
    assert (await tickets(database, numbers))[0].version == 1


async def test_whoever_may_not_work_on_a_ticket_does_not_by_an_act_on_many(database: Database, acts: Bulk) -> None:
    numbers = await many(database, 1)
    wanted = await acts.look_at(numbers, Order(what=What.NOTE, note="hola"), LIA)
    await acts.confirm(wanted, LIA)
    assert [line.left for line in (await book_of(acts, wanted)).lines] == [Why.NOT_YOURS]


async def test_whose_account_ended_meanwhile_does_nothing_more(database: Database, acts: Bulk) -> None:
    numbers = await many(database, 26)
    wanted = await acts.look_at(numbers, Order(what=What.NOTE, note="hola"), EVA)
    await acts.confirm(wanted, EVA)  # the first 25 of them
    async with database.work() as work:
        await work.clerks.change(replace(EVA, ended_at=NOON))
        await work.commit()
    await acts.working.look()
    assert [line.left for line in (await book_of(acts, wanted)).lines if line.left] == [Why.NOT_YOURS]


async def test_at_most_five_hundred_and_each_number_once(database: Database, acts: Bulk) -> None:
    numbers = await many(database, 2)
    wanted = await acts.look_at([*numbers, *numbers, "no-such"] * (MOST + 1), RESOLVE, EVA)
    assert [line.number for line in (await book_of(acts, wanted)).lines] == numbers


async def test_nobody_is_told_for_two_minutes_and_then_everybody_once(
    database: Database, acts: Bulk, clock: StillClock
) -> None:
    numbers = await many(database, 3)
    await done(acts, numbers, RESOLVE)
    clock.forward(119)
    await acts.working.look()
    assert [await texts(database, number) for number in numbers] == [[], [], []]
    clock.forward(2)
    await acts.working.look()
    await acts.working.look()
    assert [len(await texts(database, number)) for number in numbers] == [1, 1, 1]
    async with database.view() as view:
        assert len(await view.closures.of_ticket(numbers[0])) == 1
        assert await view.leases.over("batch:", clock.forward(1_000_000), 10) == []


async def test_undone_within_two_minutes_nobody_hears_anything(
    database: Database, acts: Bulk, clock: StillClock
) -> None:
    numbers = await many(database, 3)
    wanted = await done(acts, numbers, RESOLVE)
    clock.forward(60)
    await acts.undo(wanted, EVA)
    clock.forward(600)
    await acts.working.look()
    assert [await texts(database, number) for number in numbers] == [[], [], []]
    book = await book_of(acts, wanted)
    assert (book.state, book.count("undone"), book.undone_by) == (State.UNDONE, 3, "eva")


async def test_undone_later_those_who_were_told_hear_that_it_was_a_mistake(
    database: Database, acts: Bulk, clock: StillClock
) -> None:
    numbers = await many(database, 2)
    wanted = await done(acts, numbers, RESOLVE)
    clock.forward(121)
    await acts.working.look()
    await acts.undo(wanted, TOM)
    await acts.undo(wanted, TOM)
    for number in numbers:
        _, sorry = await texts(database, number)
        assert (
            sorry == f"Perdón, nuestro último mensaje sobre {number} (Bache) fue un error. Sigue como antes: recibido."
        )
    async with database.view() as view:
        assert await view.closures.due(clock.forward(10**6), 0, 9) == []  # nobody is asked whether it is fixed
    *_, last = await history(database, numbers[0])
    assert (last.event, last.actor.name, last.old, last.new) == (
        Event.UNDONE, "tom", Status.RESOLVED, Status.RECEIVED,
    )  # fmt: skip


async def test_who_never_got_the_news_gets_no_excuse(database: Database, acts: Bulk, clock: StillClock) -> None:
    numbers = await many(database, 1)
    wanted = await done(acts, numbers, RESOLVE)
    clock.forward(121)
    await acts.working.look()
    async with database.work() as work:
        (held,) = await work.outbox.claim("me", clock.now(), 60, 10)
        await work.outbox.failed(held, "gone", clock.now())
        await work.commit()
    await acts.undo(wanted, EVA)
    assert len(await texts(database, numbers[0])) == 1


async def test_what_was_changed_since_is_not_undone_and_its_news_go_out_all_the_same(
    database: Database, acts: Bulk, clock: StillClock
) -> None:
    numbers = await many(database, 2)
    wanted = await done(acts, numbers, RESOLVE)
    await acts.working.stepping.desk.note(number=numbers[0], version=2, login="tom", text="Lo vi")
    await acts.undo(wanted, EVA)
    book = await book_of(acts, wanted)
    assert [(line.undone, line.kept) for line in book.lines] == [(False, Why.CHANGED), (True, None)]
    clock.forward(121)
    await acts.working.look()
    assert [len(await texts(database, number)) for number in numbers] == [1, 0]


async def test_news_that_were_overtaken_by_another_move_are_not_told(
    database: Database, acts: Bulk, clock: StillClock
) -> None:
    numbers = await many(database, 1)
    await done(acts, numbers, RESOLVE)
    await acts.working.stepping.desk.move(
        number=numbers[0], to=Status.IN_PROGRESS, version=2, login="tom", note="Todavía no"
    )  # fmt: skip
    clock.forward(121)
    await acts.working.look()
    (only,) = await texts(database, numbers[0])
    assert "Todavía no" in only


async def test_after_a_day_and_by_others_it_cannot_be_undone(database: Database, acts: Bulk, clock: StillClock) -> None:
    numbers = await many(database, 1)
    wanted = await done(acts, numbers, RESOLVE)
    await acts.undo(wanted, LIA)
    assert (await book_of(acts, wanted)).state is State.DONE
    clock.forward(24 * 3600)
    await acts.undo(wanted, EVA)
    assert (await book_of(acts, wanted)).state is State.DONE


async def test_an_undone_wait_never_stood_and_an_undone_service_taught_nothing(
    database: Database, acts: Bulk, clock: StillClock
) -> None:
    numbers = await many(database, 1)
    wanted = await done(acts, numbers, Order(what=What.MOVE, to=Status.WAITING))
    clock.forward(20 * 3600)
    await acts.undo(wanted, EVA)
    assert not stood(await history(database, numbers[0]), CITY.calendar)
    wanted = await done(acts, numbers, Order(what=What.SERVICE, to="lighting"))
    async with database.view() as view:
        assert len(await view.lessons.with_verdict(Verdict.PROPOSED, 9)) == 1
    await acts.undo(wanted, EVA)
    async with database.view() as view:
        assert await view.lessons.with_verdict(Verdict.PROPOSED, 9) == []


async def test_an_act_that_meets_a_fault_goes_on_with_the_others(
    database: Database, acts: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = Stepping.beside

    async def failing(self: Stepping, work: Any, one: Any, order: Order) -> None:
        if one.number == "001-001":
            raise RuntimeError("+15550123 wrote something private")
        await beside(self, work, one, order)

    numbers = await many(database, 3)
    monkeypatch.setattr(Stepping, "beside", failing)
    wanted = await done(acts, numbers, RESOLVE)
    assert [line.left for line in (await book_of(acts, wanted)).lines] == [None, Why.FAULT, None]
    assert [one.version for one in await tickets(database, numbers)] == [2, 1, 2]


async def test_followers_are_counted_and_each_person_once(database: Database, acts: Bulk) -> None:
    numbers = await many(database, 2)
    who = await citizen(database, CLARA)
    await file(database, ticket("7K3-9QX", who), ticket("F0P-0V8", who))
    wanted = await acts.look_at([*numbers, "7K3-9QX", "F0P-0V8"], RESOLVE, EVA)
    preview = await acts.preview(await book_of(acts, wanted), EVA)
    assert (preview.changing, preview.people) == (4, 3)
