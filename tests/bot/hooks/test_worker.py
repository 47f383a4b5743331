"""Subscribers are told everything, at least once, in order, and only what anybody may see, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_address
from random import Random

import pytest

from bot.hooks.acts import Hooking, NoHook, TooMany, Wanted
from bot.hooks.patience import GIVE_UP
from bot.hooks.sending import Answer, Sender
from bot.hooks.target import Refused, allowed_by
from bot.hooks.worker import LEASE, HookWorker, forget
from bot.i18n import Words
from bot.loop import Workplace
from bot.metrics import Counters
from bot.ports.hooks import BROKEN, Hook, State
from bot.ports.public import Clearing
from store.database import Database
from tests.bot.hooks.receiver import Receiver, receiving, verified
from tests.store.samples import NOON, StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.calendar import Calendar
from tickets.erasing import bare
from tickets.happening import Happening
from tickets.model import Actor, Author, Status, Ticket
from tickets.openness import Openness, Precision
from tickets.workflow import move
from web.hooks.telling import Telling

CLERK = Actor(author=Author.CLERK, name="marta")
ALWAYS = Calendar(timezone="UTC", opening={})
SOURCE = "https://city.example/open311/v2"
WORDS = Words(CITY)


@dataclass
class Standing:
    """A city that a test changes."""

    now = CITY


@dataclass
class Tower:
    """Workers on one database, and a subscriber that listens."""

    database: Database
    clock: StillClock
    there: Receiver
    city: Standing
    acts: Hooking
    counters: Counters
    secret: str = ""
    hook: int = 0

    def worker(self, database: Database | None = None, owner: str = "one") -> HookWorker:
        store = database or self.database
        at = Workplace(store=store, clock=self.clock, random=Random(3), owner=owner, wake=store.bell)
        tell = Telling(render=WORDS, translation=WORDS.translation, public_url="https://city.example")
        return HookWorker(
            at, city=self.city, send=self.acts.send, tell=tell, source=SOURCE, counters=self.counters
        )  # fmt: skip

    async def subscribe(self, **filters: object) -> None:
        wanted = Wanted(name="Power", url=self.there.url, **filters)  # type: ignore[arg-type]
        self.hook, self.secret = await self.acts.add(wanted, "ada")

    async def settle(self) -> None:
        """Until nothing is due."""
        worker = self.worker()
        while await worker.loop.step():
            pass

    async def state(self) -> Hook:
        async with self.database.view() as view:
            found = await view.hooks.get(self.hook)
        assert found
        return found

    async def waiting(self) -> tuple[int, int]:
        """What waits, and what was set aside."""
        async with self.database.view() as view:
            held = (await view.hooks.held()).get(self.hook)
        return (held.waiting, held.aside) if held else (0, 0)

    async def moved(self, one: Ticket, to: Status, note: str = "") -> Ticket:
        after, update = move(one, to, ALWAYS, actor=CLERK, at=self.clock.now(), note=note)
        async with self.database.work() as work:
            await work.tickets.change(after, update)
            await work.commit()
        return after


@pytest.fixture
async def tower(database: Database, clock: StillClock) -> AsyncIterator[Tower]:
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(receiving())
        send = Sender(lambda: allowed_by(["127.0.0.0/8"]))
        acts = Hooking(store=database, clock=clock, send=send, source=SOURCE)
        yield Tower(database, clock, there, Standing(), acts, Counters())


async def filed(tower: Tower, *numbers: str, **values: object) -> list[Ticket]:
    reporter = await citizen(tower.database)
    found = [ticket(number, reporter, **values) for number in numbers]  # type: ignore[arg-type]
    await file(tower.database, *found)
    return found


async def test_a_subscriber_is_told_in_open311s_words_and_knows_who_speaks(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001")
    await tower.settle()
    [(headers, body)] = tower.there.seen
    assert headers["webhook-id"] == "AAA-001.1"
    assert headers["content-type"] == "application/json"
    assert verified(headers, body, tower.secret)
    told = json.loads(body)
    data = told.pop("data")
    assert told == {
        "specversion": "1.0", "id": "AAA-001.1", "source": SOURCE, "type": "ticket.filed", "time": "2026-03-02T12:00:00Z",
        "datacontenttype": "application/json", "subject": "AAA-001", "version": 1,
    }  # fmt: skip
    assert (data["service_request_id"], data["status"], data["service_code"]) == ("AAA-001", "open", "pothole")
    assert data["requested_datetime"] == "2026-03-02T12:00:00Z"


async def test_nothing_private_leaves_and_what_was_cleared_does_until_it_is_taken_back(tower: Tower) -> None:
    await tower.subscribe()
    [one] = await filed(tower, "AAA-001", description="soy Zoraida, hay un bache", confidence=0.123456)
    await tower.settle()
    async with tower.database.work() as work:
        cleared = Clearing(words="hay un bache", at=NOON, login="marta")
        await work.public.clear(one.number, cleared)
        await work.commit()
    moved = await tower.moved(one, Status.TRIAGED, "llamé a Zoraida")
    await tower.settle()
    async with tower.database.work() as work:
        await work.public.unclear(one.number)
        await work.commit()
    await tower.moved(moved, Status.RESOLVED, "Zoraida está feliz")
    await tower.settle()
    assert [told["data"]["description"] for told in tower.there.taken] == ["Bache", "hay un bache", "Bache"]
    everything = b"".join(body for _, body in tower.there.seen).decode().lower()
    for private in ("zoraida", "5500000001", "sms", "marta", "0.123456", "av. bolívar 123"):
        assert private not in everything


async def test_an_erased_citizen_is_erased_in_what_is_told_later(tower: Tower) -> None:
    await tower.subscribe()
    [one] = await filed(tower, "AAA-001", description="hay un bache")
    async with tower.database.work() as work:
        await work.public.clear(one.number, Clearing(words="hay un bache", at=NOON, login="marta"))
        blank, update = bare(one, None, at=NOON)
        await work.public.unclear(one.number)
        await work.tickets.change(blank, update)
        await work.commit()
    await tower.settle()
    assert tower.there.order() == [("AAA-001.1", "ticket.filed"), ("AAA-001.2", "ticket.updated")]
    assert b"hay un bache" not in b"".join(body for _, body in tower.there.seen)


async def test_a_sensitive_place_is_told_as_openly_as_anywhere_and_no_filter_finds_it(tower: Tower) -> None:
    tower.city.now = replace(CITY, openness=Openness(precisions={"animal": Precision.AREA}, few=2))
    area = CITY.areas[0].code
    await tower.subscribe(areas=(area,))
    place = replace(ticket("x", 1).place, area=area)
    await filed(tower, "AAA-001", service="animal", place=place)
    await tower.settle()
    assert tower.there.seen == [], "too few stand there for it to be told, in whatever way"
    await filed(tower, "AAA-002", service="animal", place=place)
    await filed(tower, "AAA-003", service="pothole", place=place)
    await filed(tower, "AAA-004", service="pothole")
    await tower.settle()
    assert {name for name, _ in tower.there.order()} == {"AAA-002.1", "AAA-003.1"}
    told = next(one["data"] for one in tower.there.taken if one["subject"] == "AAA-002")
    assert place.point
    assert told["lat"] != place.point.latitude
    assert "Bolívar" not in told["address"]
    assert await tower.waiting() == (0, 0)


async def test_events_of_a_ticket_arrive_in_their_order_whatever_fails(tower: Tower) -> None:
    await tower.subscribe()
    [one, _] = await filed(tower, "AAA-001", "AAA-002")
    closed = await tower.moved(one, Status.RESOLVED)
    await tower.moved(closed, Status.IN_PROGRESS)
    tower.there.answers = [(500, {}), (503, {}), (204, {}), (429, {}), (400, {})]
    for _ in range(12):
        await tower.settle()
        tower.clock.forward(700)
    order = [name for name, _ in tower.there.order()]
    assert [name for name in order if name.startswith("AAA-001")] == ["AAA-001.1", "AAA-001.2", "AAA-001.3"]
    assert sorted(order) == ["AAA-001.1", "AAA-001.2", "AAA-001.3", "AAA-002.1"]


async def test_each_try_is_signed_anew_under_the_same_id(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001")
    tower.there.answers = [(500, {})]
    await tower.settle()
    tower.clock.forward(60)
    await tower.settle()
    (first, body), (second, same) = tower.there.seen
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 60
    assert verified(first, body, tower.secret)
    assert verified(second, same, tower.secret)


async def test_what_is_refused_for_three_days_is_set_aside_and_tried_again_on_demand(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001")
    tower.there.refuses = "AAA-001"
    for hour in range(80):
        await filed(tower, f"BBB-{hour:03}")  # others are well
        await tower.settle()
        tower.clock.forward(3600)
    assert await tower.waiting() == (0, 1)
    assert (await tower.state()).state is State.ON
    assert len(tower.there.taken) == 80
    assert tower.counters.get("hooks", outcome="aside", reason="status") == 1
    tower.there.refuses = ""
    assert await tower.acts.again(tower.hook, "ada") == 1
    await tower.settle()
    assert tower.there.order()[-1] == ("AAA-001.1", "ticket.filed")


async def test_a_subscriber_that_is_down_is_asked_seldom_then_stopped_and_gets_all_when_it_goes_on(
    tower: Tower,
) -> None:
    await tower.subscribe()
    await filed(tower, *(f"AAA-{n:03}" for n in range(20)))
    tower.there.usual = 500
    await tower.settle()
    for _ in range(60):
        tower.clock.forward(60)
        await tower.settle()
    tries = len(tower.there.seen)
    assert tries < 40, "an hour of a subscriber that is down"
    assert (await tower.state()).broken
    tower.clock.forward(GIVE_UP.total_seconds())
    await tower.settle()
    assert (await tower.state()).state is State.FAILING
    tower.clock.forward(86_400)
    before = len(tower.there.seen)
    await tower.settle()
    assert len(tower.there.seen) == before
    tower.there.usual = 200
    await tower.acts.turn(tower.hook, State.ON, "ada")
    await tower.settle()
    assert len(tower.there.taken) == 20
    assert await tower.waiting() == (0, 0)


async def test_after_an_outage_nothing_waits_for_the_end_of_its_pause(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, *(f"AAA-{n:03}" for n in range(BROKEN + 3)))
    tower.there.usual = 500
    for _ in range(30):
        await tower.settle()
        tower.clock.forward(120)
    tower.there.usual = 200
    tower.clock.forward(900)
    await tower.settle()
    assert len(tower.there.taken) == BROKEN + 3


async def test_410_ends_it(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001", "AAA-002")
    tower.there.usual = 410
    await tower.settle()
    assert (await tower.state()).state is State.GONE
    await filed(tower, "AAA-003")
    seen = len(tower.there.seen)
    tower.clock.forward(86_400)
    await tower.settle()
    assert len(tower.there.seen) == seen


async def test_a_process_that_dies_before_it_notes_sends_it_again_under_the_same_id(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001")
    killed = tower.worker()

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(killed, "_note", dies)
    with pytest.raises(asyncio.CancelledError):
        await killed.loop.step()
    assert len(tower.there.taken) == 1
    await tower.settle()
    assert len(tower.there.taken) == 1, "its claim is still held"
    tower.clock.forward(LEASE.total_seconds())
    await tower.settle()
    assert tower.there.order() == [("AAA-001.1", "ticket.filed")] * 2


async def test_two_processes_tell_each_event_once(tower: Tower, second: Database) -> None:
    await tower.subscribe()
    made = await filed(tower, *(f"AAA-{n:03}" for n in range(12)))
    for one in made:
        await tower.moved(one, Status.RESOLVED)
    workers = (tower.worker(), tower.worker(second, "two"))

    async def working(worker: HookWorker) -> None:
        idle = 0
        while idle < 5:
            idle = 0 if await worker.loop.step() else idle + 1
            await asyncio.sleep(0)

    await asyncio.gather(*map(working, workers))
    order = [name for name, _ in tower.there.order()]
    assert sorted(order) == sorted(f"{one.number}.{n}" for one in made for n in (1, 2))
    assert all(order.index(f"{one.number}.1") < order.index(f"{one.number}.2") for one in made)


async def test_a_slow_subscriber_leaves_hands_for_others(tower: Tower) -> None:
    async with receiving() as quick:
        slow: list[str] = []
        going_on = asyncio.Event()

        async def send(url: str, body: bytes, headers: object) -> Answer:
            if url == quick.url:
                return Answer(status=204)
            slow.append(url)
            await going_on.wait()
            return Answer(status=204)

        await tower.subscribe()
        first = tower.hook
        await tower.acts.add(Wanted(name="Quick", url=quick.url), "ada")
        tower.acts = replace(tower.acts, send=send)  # type: ignore[arg-type]
        await filed(tower, *(f"AAA-{n:03}" for n in range(30)))
        worker = tower.worker()
        task = asyncio.create_task(worker.loop.run())
        while (await _held(tower)).keys() != {first} and not task.done():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
        assert len(slow) == 4
        going_on.set()
        worker.loop.stop()
        await task


async def _held(tower: Tower) -> dict[int, int]:
    async with tower.database.view() as view:
        return {hook: one.waiting for hook, one in (await view.hooks.held()).items() if one.waiting}


async def test_it_is_told_again_from_an_event_on(tower: Tower) -> None:
    await tower.subscribe()
    [one, two] = await filed(tower, "AAA-001", "AAA-002")
    tower.clock.forward(60)
    closed = await tower.moved(one, Status.RESOLVED)
    tower.clock.forward(60)
    await tower.moved(two, Status.TRIAGED)
    await tower.settle()
    tower.there.taken.clear()
    since = await tower.acts.happened(f"{closed.number}.{closed.version}")
    assert since
    await tower.acts.replay(tower.hook, since, "ada")
    await tower.settle()
    assert sorted(tower.there.order()) == [("AAA-001.2", "ticket.closed"), ("AAA-002.2", "ticket.updated")]
    assert (await tower.state()).replaying is None
    for unknown in ("AAA-001.9", "ZZZ-999.1", "", ".", "x.y"):
        assert await tower.acts.happened(unknown) is None


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(tower: Tower) -> None:
    await tower.subscribe()
    fresh, until = await tower.acts.rotate(tower.hook, "ada")
    assert until == NOON + timedelta(hours=24)
    await filed(tower, "AAA-001")
    await tower.settle()
    tower.clock.forward(86_400)
    await filed(tower, "AAA-002")
    await tower.settle()
    (first, body), (second, more) = tower.there.seen
    assert [verified(first, body, key) for key in (tower.secret, fresh)] == [True, True]
    assert [verified(second, more, key) for key in (tower.secret, fresh)] == [False, True]


async def test_each_act_stands_in_the_audit_without_address_or_secret(tower: Tower) -> None:
    await tower.subscribe()
    assert (await tower.acts.ping(tower.hook, "ada")).status == 204
    await tower.acts.turn(tower.hook, State.PAUSED, "ada")
    await tower.acts.rotate(tower.hook, "ada")
    await tower.acts.replay(tower.hook, NOON, "ada")
    await tower.acts.again(tower.hook, "ada")
    await tower.acts.remove(tower.hook, "ada")
    async with tower.database.view() as view:
        entries = (await view.audit.page(0, 50)).rows
    assert [one.deed for one in reversed(entries)] == ["hook_added", *["hook_changed"] * 5, "hook_removed"]
    assert all(one.login == "ada" and one.subject == f"hook {tower.hook}" for one in entries)
    said = "".join(one.detail for one in entries)
    assert tower.secret not in said
    assert "127.0.0.1" not in said
    ping = tower.there.taken[0]
    assert (ping["type"], ping["data"]) == ("ping", {})


async def test_who_is_not_there_can_do_nothing(tower: Tower) -> None:
    acts: Sequence[Callable[[], object]] = (
        lambda: tower.acts.turn(9, State.ON, "a"), lambda: tower.acts.rotate(9, "a"), lambda: tower.acts.ping(9, "a"),
        lambda: tower.acts.replay(9, NOON, "a"), lambda: tower.acts.again(9, "a"), lambda: tower.acts.remove(9, "a"),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NoHook):
            await act()  # type: ignore[misc]
    async with tower.database.view() as view:
        assert (await view.audit.page(0, 50)).rows == ()


async def test_an_address_inside_is_not_taken_and_fifty_are_enough(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused):
        await tower.acts.add(Wanted(name="x", url="https://10.0.0.1/"), "ada")
    monkeypatch.setattr("bot.hooks.acts.MOST", 1)
    await tower.subscribe()
    with pytest.raises(TooMany):
        await tower.subscribe()
    assert ip_address("10.0.0.1").is_private


async def test_what_has_waited_for_a_month_is_forgotten(tower: Tower) -> None:
    await tower.subscribe(happenings=(Happening.FILED,))
    await tower.acts.turn(tower.hook, State.PAUSED, "ada")
    await filed(tower, "AAA-001")
    async with tower.database.work() as work:
        assert await forget(work, NOON + timedelta(days=29), 0) is None
        await work.commit()
    assert await tower.waiting() == (1, 0)
    async with tower.database.work() as work:
        await forget(work, NOON + timedelta(days=31), 0)
        await work.commit()
    assert await tower.waiting() == (0, 0)
