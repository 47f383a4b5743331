"""Subscribers are told everything that they asked for, in order, and nothing is lost however often it fails."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.ports.hooks import BROKEN, Happened, Hook, Setback, State
from store.database import Database
from tests.store.samples import NOON, StillClock, citizen, file, ticket
from tickets.calendar import Calendar
from tickets.happening import Happening
from tickets.model import CITIZEN, Actor, Author, Change, Event, Field, Status, Ticket, Update
from tickets.workflow import comment, follow, move

CLERK = Actor(author=Author.CLERK, name="marta")
ALWAYS = Calendar(timezone="UTC", opening={})
LEASE = timedelta(seconds=60)


def hook(name: str = "Power", **values: object) -> Hook:
    fields: dict[str, object] = {
        "name": name, "url": "https://power.example/in?key=1", "secrets": (b"s" * 32,), "made_at": NOON, "due": NOON
    }  # fmt: skip
    return Hook(**(fields | values))  # type: ignore[arg-type]


async def subscribed(database: Database, one: Hook) -> Hook:
    async with database.work() as work:
        which = await work.hooks.add(one)
        await work.commit()
    found = await got(database, which)
    assert found
    return found


async def got(database: Database, which: int) -> Hook | None:
    async with database.view() as view:
        return await view.hooks.get(which)


async def claimed(database: Database, one: Hook, now: datetime = NOON, limit: int = 10) -> list[Happened]:
    async with database.work() as work:
        found = await work.hooks.claim(one, "me", now, now + LEASE, limit)
        await work.commit()
    return list(found)


async def told(database: Database, one: Happened, now: datetime = NOON) -> bool:
    async with database.work() as work:
        ours = await work.hooks.delivered(one, 204, now)
        await work.commit()
    return ours


async def failed(
    database: Database, one: Happened, again: datetime | None, *, now: datetime = NOON, state: State = State.ON
) -> bool:
    async with database.work() as work:
        back = Setback(status=500, trouble="status", again=again, hold=now, state=state)
        ours = await work.hooks.failed(one, back, now)
        await work.commit()
    return ours


async def moved(database: Database, one: Ticket, to: Status, at: datetime = NOON) -> Ticket:
    after, update = move(one, to, ALWAYS, actor=CLERK, at=at)
    async with database.work() as work:
        await work.tickets.change(after, update)
        await work.commit()
    return after


async def test_a_ticket_that_is_filed_closed_and_opened_again_is_told_in_that_order(database: Database) -> None:
    one = await subscribed(database, hook())
    filed = ticket("AAA-001", await citizen(database))
    await file(database, filed)
    closed = await moved(database, filed, Status.RESOLVED)
    await moved(database, closed, Status.IN_PROGRESS)
    seen = []
    while found := await claimed(database, one):
        seen += [(two.number, two.version, two.happening) for two in found]
        assert len(found) == 1, "what comes after it of the same ticket waits"
        assert await told(database, found[0])
    assert seen == [("AAA-001", 1, "filed"), ("AAA-001", 2, "closed"), ("AAA-001", 3, "reopened")]
    async with database.view() as view:
        assert await view.hooks.held() == {}


async def test_what_clerks_say_among_themselves_is_no_event(database: Database) -> None:
    one = await subscribed(database, hook())
    filed = ticket("AAA-001", await citizen(database))
    await file(database, filed)
    noted, update = comment(filed, actor=CLERK, at=NOON, note="call the depot", public=False)
    joined, more = follow(noted, at=NOON, note="yo también", urgent_from=5)
    async with database.work() as work:
        await work.tickets.change(noted, update)
        await work.tickets.change(joined, more)
        await work.commit()
    [first] = await claimed(database, one)
    assert await told(database, first)
    [second] = await claimed(database, one)
    assert (second.version, second.happening) == (3, "updated")


async def test_an_event_that_is_taken_back_with_its_ticket_was_never_there(database: Database) -> None:
    one = await subscribed(database, hook())
    reporter = await citizen(database)
    with pytest.raises(ZeroDivisionError):
        async with database.work() as work:
            filed = ticket("AAA-001", reporter)
            await work.tickets.file(filed, _filing(filed))
            raise ZeroDivisionError
    assert await claimed(database, one) == []


def _filing(one: Ticket) -> Update:
    return Update(number=one.number, version=1, at=NOON, actor=CITIZEN, event=Event.FILED, new=one.status, public=True)


async def test_each_is_told_only_of_what_it_asked_for(database: Database) -> None:
    lamps = await subscribed(database, hook("Lamps", services=("lighting", "traffic_signal")))
    ends = await subscribed(database, hook("Ends", happenings=(Happening.CLOSED, Happening.REOPENED)))
    gone = await subscribed(database, hook("Gone", state=State.GONE))
    reporter = await citizen(database)
    signal, hole = ticket("AAA-001", reporter, service="traffic_signal"), ticket("AAA-002", reporter)
    trap = ticket("AAA-003", reporter, service="trafficXsignal")  # `_` is no wildcard
    await file(database, signal, hole, trap)
    await moved(database, hole, Status.RESOLVED)
    assert [one.number for one in await claimed(database, lamps)] == ["AAA-001"]
    assert [(one.number, one.happening) for one in await claimed(database, ends)] == [("AAA-002", "closed")]
    assert await claimed(database, gone) == []


async def test_who_was_told_of_a_ticket_hears_that_it_is_of_another_service_now(database: Database) -> None:
    holes = await subscribed(database, hook(services=("pothole",)))
    filed = ticket("AAA-001", await citizen(database))
    await file(database, filed)
    [first] = await claimed(database, holes)
    await told(database, first)
    change = Change(field=Field.SERVICE, old="pothole", new="tree")
    async with database.work() as work:
        await work.tickets.change(
            replace(filed, service="tree", version=2),
            Update(number="AAA-001", version=2, at=NOON, actor=CLERK, event=Event.CORRECTED, changes=(change,)),
        )
        await work.commit()
    assert [one.happening for one in await claimed(database, holes)] == ["updated"]


async def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(database: Database) -> None:
    one = await subscribed(database, hook())
    await file(database, ticket("AAA-001", await citizen(database)))
    [first] = await claimed(database, one)
    assert await claimed(database, one) == []
    [again] = await claimed(database, one, NOON + LEASE)
    assert again.attempts == 2
    assert not await told(database, first), "its claim is somebody else's now"
    assert await told(database, again)


async def test_a_process_that_starts_again_frees_what_it_held(database: Database) -> None:
    one = await subscribed(database, hook())
    await file(database, ticket("AAA-001", await citizen(database)))
    await claimed(database, one)
    async with database.work() as work:
        assert await work.hooks.release("me") == 1
        await work.commit()
    assert len(await claimed(database, one)) == 1


async def test_what_failed_comes_again_and_holds_up_only_its_own_ticket(database: Database) -> None:
    one = await subscribed(database, hook())
    reporter = await citizen(database)
    await file(database, ticket("AAA-001", reporter), ticket("AAA-002", reporter))
    await moved(database, ticket("AAA-001", reporter), Status.RESOLVED)
    first, second = await claimed(database, one)
    assert await failed(database, first, NOON + timedelta(minutes=5))
    assert await told(database, second)
    assert await claimed(database, one) == []
    [again] = await claimed(database, one, NOON + timedelta(minutes=5))
    assert (again.number, again.version, again.since) == ("AAA-001", 1, NOON)


async def test_what_is_set_aside_holds_up_nothing_and_can_be_tried_again(database: Database) -> None:
    one = await subscribed(database, hook())
    filed = ticket("AAA-001", await citizen(database))
    await file(database, filed)
    await moved(database, filed, Status.RESOLVED)
    [first] = await claimed(database, one)
    await failed(database, first, None)
    [second] = await claimed(database, one)
    assert second.version == 2
    await told(database, second)
    async with database.view() as view:
        assert [(it.version, it.status) for it in await view.hooks.aside(one.id, 10)] == [(1, 500)]
        assert (await view.hooks.held())[one.id].aside == 1
    async with database.work() as work:
        assert await work.hooks.again(one.id, NOON) == 1
        await work.commit()
    assert [it.version for it in await claimed(database, one)] == [1]


async def test_one_that_answers_again_after_long_is_told_all_at_once(database: Database) -> None:
    one = await subscribed(database, hook())
    reporter = await citizen(database)
    await file(database, *(ticket(f"AAA-00{n}", reporter) for n in range(BROKEN + 1)))
    events = await claimed(database, one)
    for event in events:
        await failed(database, event, NOON + timedelta(hours=1))
    now = await got(database, one.id)
    assert now and now.broken and now.failing_since == NOON and now.status == 500
    later = NOON + timedelta(hours=1)
    [probe] = await claimed(database, now, later, 1)
    await told(database, probe, later)
    well = await got(database, one.id)
    assert well and well.failures == 0 and well.failing_since is None and well.delivered_at == later
    assert len(await claimed(database, well, later)) == BROKEN


async def test_one_that_is_paused_is_told_later(database: Database) -> None:
    one = await subscribed(database, hook())
    await _turned(database, one, State.PAUSED)
    await file(database, ticket("AAA-001", await citizen(database)))
    assert await _ready(database) == []
    await _turned(database, one, State.ON)
    assert await _ready(database) == [one.id]
    assert len(await claimed(database, one)) == 1


async def test_a_failure_does_not_wake_one_that_is_paused(database: Database) -> None:
    one = await subscribed(database, hook())
    await file(database, ticket("AAA-001", await citizen(database)))
    [event] = await claimed(database, one)
    await _turned(database, one, State.PAUSED)
    await failed(database, event, NOON, state=State.FAILING)
    now = await got(database, one.id)
    assert now and now.state is State.PAUSED


async def test_one_that_wants_no_more_is_told_nothing(database: Database) -> None:
    one = await subscribed(database, hook())
    await file(database, ticket("AAA-001", await citizen(database)))
    [event] = await claimed(database, one)
    await failed(database, event, NOON, state=State.GONE)
    assert await _ready(database) == []


async def test_after_it_is_removed_nothing_is_left(database: Database) -> None:
    one = await subscribed(database, hook())
    await file(database, ticket("AAA-001", await citizen(database)))
    async with database.work() as work:
        assert await work.hooks.remove(one.id)
        assert not await work.hooks.remove(one.id)
        await work.commit()
    async with database.view() as view:
        assert await view.hooks.held() == {}
        assert await view.hooks.all() == []


async def test_another_secret_stands_before_the_old_one(database: Database) -> None:
    one = await subscribed(database, hook())
    async with database.work() as work:
        assert await work.hooks.renew(one.id, b"n" * 32, NOON + timedelta(hours=24))
        assert not await work.hooks.renew(99, b"n" * 32, NOON)
        await work.commit()
    now = await got(database, one.id)
    assert now and now.secrets == (b"n" * 32, b"s" * 32) and now.old_until == NOON + timedelta(hours=24)


async def test_a_replay_tells_again_what_happened_since_then(database: Database, clock: StillClock) -> None:
    reporter = await citizen(database)
    one = await subscribed(database, hook(happenings=(Happening.FILED, Happening.CLOSED)))
    days = [NOON + timedelta(days=n) for n in range(5)]
    for n, day in enumerate(days):
        early = ticket(f"AAA-00{n}", reporter, filed_at=day)
        async with database.work() as work:
            await work.tickets.file(early, replace(_filing(early), at=day))
            await work.commit()
    await moved(database, ticket("AAA-000", reporter), Status.RESOLVED, days[3])
    while found := await claimed(database, one):
        for event in found:
            await told(database, event)
    async with database.work() as work:
        assert await work.hooks.replay(one.id, days[2], days[4])
        await work.commit()
    async with database.work() as work:
        assert await work.hooks.refill(days[4]) == 4
        assert await work.hooks.refill(days[4]) == 0
        await work.commit()
    now = await got(database, one.id)
    assert now and now.replaying is None
    found = await claimed(database, now, days[4])
    told_again = {(event.number, event.version, event.happening) for event in found}
    assert told_again == {
        ("AAA-002", 1, "filed"),
        ("AAA-003", 1, "filed"),
        ("AAA-004", 1, "filed"),
        ("AAA-000", 2, "closed"),
    }


async def test_a_long_replay_goes_on_as_its_events_are_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.replays._TICKETS", 2)
    monkeypatch.setattr("store.replays._ENOUGH", 2)
    reporter, many = await citizen(database), [f"AAA-00{n}" for n in range(7)]
    await file(database, *(ticket(number, reporter) for number in many))
    one = await subscribed(database, hook())
    async with database.work() as work:
        await work.hooks.replay(one.id, NOON, NOON)
        await work.commit()
    seen: list[str] = []
    for _ in range(20):
        async with database.work() as work:
            await work.hooks.refill(NOON)
            await work.commit()
        found = await claimed(database, one)
        assert len(found) <= 2
        for event in found:
            assert await told(database, event)
        seen += [event.number for event in found]
    assert sorted(seen) == many


async def test_what_waited_too_long_is_forgotten(database: Database) -> None:
    one = await subscribed(database, hook(state=State.PAUSED))
    await file(database, ticket("AAA-001", await citizen(database)))
    async with database.work() as work:
        assert await work.hooks.forget(NOON) == 0
        assert await work.hooks.forget(NOON + timedelta(days=1)) == 1
        await work.commit()
    assert await claimed(database, one) == []


async def _turned(database: Database, one: Hook, state: State) -> None:
    async with database.work() as work:
        assert await work.hooks.turn(one.id, state, NOON)
        await work.commit()


async def _ready(database: Database) -> list[int]:
    async with database.view() as view:
        return [one.id for one in await view.hooks.ready(NOON)]
