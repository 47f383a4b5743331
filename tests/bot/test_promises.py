"""A promised date that is missed: told by us first, with a new date, once, however many processes look."""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.i18n import Words
from bot.jobs import talking
from bot.notices import Desk
from bot.ports import UnitOfWork
from bot.promises import Promises
from bot.schedule import Job, Schedule
from bot.telling import Telling
from store.database import Database
from tests.bot.conftest import WHOLE
from tests.bot.processes import process, together
from tests.store.samples import BEA, CLARA, SECRET, StillClock, citizen, file
from tests.store.samples import ticket as sample
from tests.town import CITY, Town
from tickets.calendar import due_at
from tickets.model import Author, Event, Field, Status, Ticket

ROOT = Path(__file__).parents[2]
WORDS = Words(CITY)


def schedule(store: Database, clock: StillClock) -> Schedule:
    return Schedule(store, clock, [job for job in talking(CITY, WORDS) if job.name == "promises"])


def promises() -> Promises:
    return Promises(city=CITY, telling=Telling(WORDS, CITY))


async def look(puerto: Town) -> list[str]:
    """What the citizen is then told."""
    seen = len(puerto.screen())
    await Schedule(puerto.store, puerto.clock, talking(CITY, WORDS)).look()
    await puerto.settle()
    return puerto.screen()[seen:]


async def filed(puerto: Town) -> Ticket:
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    return (await puerto.tickets())[0]


async def stored(store: Database, number: str = "7K3-9QX") -> Ticket:
    async with store.view() as view:
        found = await view.tickets.get(number)
    assert found
    return found


async def notices(store: Database, number: str = "7K3-9QX") -> int:
    async with store.view() as view:
        return len(await view.outbox.of_ticket(number))


async def test_the_citizen_hears_of_a_missed_date_with_a_new_one_and_history_keeps_both(puerto: Town) -> None:
    ticket = await filed(puerto)
    puerto.clock.at = ticket.due_at
    assert await look(puerto) == []  # not missed yet
    puerto.clock.forward(minutes=5)
    (said,) = await look(puerto)
    later = await stored(puerto.store, ticket.number)
    new = due_at(puerto.clock.at, CITY.service("pothole").target, CITY.calendar)  # type: ignore[union-attr]
    assert later.due_at == new
    assert (later.first_due_at, later.postponed) == (ticket.due_at, 1)
    day = WORDS.value(new, "es")
    assert said == (
        f"Le pido disculpas: el reporte {ticket.number} (Bache) no quedó listo para la fecha prometida. "
        f"La nueva fecha es el {day}."
    )
    async with puerto.store.view() as view:
        *_, last = await view.tickets.history(ticket.number)
    change = last.change(Field.DUE)
    assert (last.event, last.actor.author, last.public) == (Event.POSTPONED, Author.SYSTEM, True)
    assert change
    assert [datetime.fromisoformat(at) for at in (change.old, change.new)] == [ticket.due_at, new]


async def test_each_missed_date_is_told_once_and_the_first_promise_is_kept(puerto: Town) -> None:
    ticket = await filed(puerto)
    puerto.clock.at = ticket.due_at + timedelta(hours=1)
    assert len(await look(puerto)) == 1
    for _ in range(3):
        puerto.clock.forward(minutes=5)
        assert await look(puerto) == []
    puerto.clock.at = (await stored(puerto.store, ticket.number)).due_at + timedelta(hours=1)
    assert len(await look(puerto)) == 1
    later = await stored(puerto.store, ticket.number)
    assert (later.first_due_at, later.postponed) == (ticket.due_at, 2)


@pytest.mark.parametrize("to", [Status.WAITING, Status.RESOLVED, Status.DECLINED])
async def test_what_waits_for_the_citizen_or_is_closed_is_not_late(puerto: Town, to: Status) -> None:
    ticket = await filed(puerto)
    await puerto.desk.move(number=ticket.number, to=to, version=1, login="rosa", note="Falta su permiso.")
    await puerto.settle()
    puerto.clock.at = ticket.due_at + timedelta(days=1)
    assert all("disculpas" not in said for said in await look(puerto))


async def test_who_said_stop_hears_nothing_and_the_date_is_new_all_the_same(puerto: Town) -> None:
    ticket = await filed(puerto)
    await puerto.says("STOP")
    puerto.clock.at = ticket.due_at + timedelta(hours=1)
    assert await look(puerto) == []
    assert (await stored(puerto.store, ticket.number)).postponed == 1


async def test_outside_whatsapps_window_the_approved_text_carries_it(puerto: Town) -> None:
    await puerto.says(WHOLE, style="whatsapp")
    await puerto.says("1", style="whatsapp")
    (ticket,) = await puerto.tickets(style="whatsapp")
    puerto.clock.at = ticket.due_at + timedelta(hours=1)
    await look(puerto)
    assert puerto.screen("whatsapp")[-1].startswith("Le pido disculpas")


async def test_by_many_processes_at_once_each_is_told_once(
    database: Database, second: Database, clock: StillClock
) -> None:
    ana = await citizen(database)
    numbers = [f"00{n}-00{n}" for n in range(8)]
    await file(database, *(sample(number, ana, hours=1) for number in numbers))
    clock.forward(2 * 3600)
    await asyncio.gather(*(schedule(store, clock).look() for store in (database, second, database)))
    await schedule(second, clock).look()
    for number in numbers:
        assert (await stored(database, number)).postponed == 1
        assert await notices(database, number) == 1


async def test_after_a_long_stop_ten_thousand_are_not_told_all_at_once(database: Database, clock: StillClock) -> None:
    ana = await citizen(database)
    await file(database, *(sample(f"{n:03X}-000", ana, hours=1) for n in range(600)))
    clock.forward(30 * 24 * 3600)
    await schedule(database, clock).look()
    async with database.view() as view:
        assert len(await view.tickets.overdue(clock.now(), 1_000)) == 100
    clock.forward(300)
    await schedule(database, clock).look()
    async with database.view() as view:
        assert await view.tickets.overdue(clock.now(), 1_000) == []


async def test_a_service_that_is_gone_gets_as_long_as_was_promised_at_first(
    database: Database, clock: StillClock
) -> None:
    ana = await citizen(database)
    await file(database, sample("7K3-9QX", ana, hours=72, service="fountain"))
    clock.forward(73 * 3600)
    await schedule(database, clock).look()
    assert (await stored(database)).due_at == clock.now() + timedelta(hours=72)


async def test_a_calendar_that_never_opens_still_gives_a_date(database: Database, clock: StillClock) -> None:
    closed = replace(CITY, calendar=replace(CITY.calendar, opening={}))
    ana = await citizen(database)
    await file(database, sample("7K3-9QX", ana, hours=1))
    clock.forward(2 * 3600)
    step = Promises(city=closed, telling=Telling(WORDS, closed)).step
    await Schedule(database, clock, [Job(name="promises", due=lambda now: now, step=step)]).look()
    assert (await stored(database)).due_at == clock.now() + timedelta(days=1)


async def test_a_clock_set_back_promises_nothing_and_tells_nobody_twice(database: Database, clock: StillClock) -> None:
    ana = await citizen(database)
    await file(database, sample("7K3-9QX", ana, hours=1))
    clock.forward(2 * 3600)
    await schedule(database, clock).look()
    clock.forward(-3 * 3600)
    await schedule(database, clock).look()
    clock.forward(3 * 3600)
    await schedule(database, clock).look()
    assert (await stored(database)).postponed == 1
    assert await notices(database) == 1


async def test_another_part_can_postpone_one_ticket_in_its_own_unit_of_work(
    database: Database, clock: StillClock
) -> None:
    ana = await citizen(database)
    await file(database, sample("7K3-9QX", ana, hours=1))
    now = clock.forward(2 * 3600)
    async with database.work() as work:
        postponed = await promises().postpone(work, await stored(database), now)
        await work.commit()
    assert await stored(database) == postponed
    assert await notices(database) == 1


class Reading:
    """A unit of work whose list of what is late was read before somebody else changed one of them."""

    def __init__(self, work: UnitOfWork, found: Sequence[Ticket]) -> None:
        self._work, self._found = work, found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work.tickets if name == "change" else self._work, name)

    @property
    def tickets(self) -> "Reading":
        return self

    async def overdue(self, now: datetime, limit: int) -> Sequence[Ticket]:
        return self._found


async def test_one_ticket_that_somebody_changes_meanwhile_stops_no_other(database: Database, clock: StillClock) -> None:
    ana = await citizen(database)
    await file(database, sample("000-000", ana, hours=1), sample("7K3-9QX", ana, hours=1))
    now = clock.forward(2 * 3600)
    found = [await stored(database, "000-000"), await stored(database)]
    async with database.work() as work:
        await promises().postpone(work, found[0], now)
        await work.commit()
    async with database.work() as work:
        reading: Any = Reading(work, found[:1])
        after = await promises().step(reading, now, 0)
        await work.commit()
    assert after
    async with database.work() as work:
        await promises().step(work, now, after)
        await work.commit()
    assert [(await stored(database, one.number)).postponed for one in found] == [1, 1]
    assert [await notices(database, one.number) for one in found] == [1, 1]


async def test_followers_hear_of_it_too_each_once_whatever_the_reporter_wants(
    database: Database, clock: StillClock
) -> None:
    """The reporter said STOP; of two neighbours, in two languages on two channels, both are told."""
    ana = await citizen(database)
    await file(database, sample("7K3-9QX", ana, hours=1, followers=2))
    contacts = {BEA: "pt", CLARA: "fr"}
    async with database.work() as work:
        for contact, language in contacts.items():
            lane = (await work.citizens.lanes([contact]))[contact]
            person = await work.citizens.get(lane)
            assert person
            await work.citizens.save(replace(person, language=language))
            await work.followers.add("7K3-9QX", lane, clock.now())
        reporter = await work.citizens.get(ana)
        assert reporter
        await work.citizens.save(replace(reporter, opted_out=True))
        await work.commit()
    clock.forward(2 * 3600)
    for _ in range(2):
        await schedule(database, clock).look()
        clock.forward(300)
    async with database.work() as work:
        sent = {one.outbound.recipient: one.outbound.text for one in await work.outbox.claim("one", clock.now(), 30, 9)}
    assert sent.keys() == {BEA, CLARA}
    assert sent[BEA].startswith("Peço desculpas")
    assert WORDS.value((await stored(database)).due_at, "pt") in sent[BEA]
    assert WORDS.value((await stored(database)).due_at, "fr") in sent[CLARA]


async def test_a_ticket_that_waited_over_its_date_is_late_only_by_the_date_that_the_wait_moved(
    database: Database, clock: StillClock
) -> None:
    ana = await citizen(database)
    await file(database, sample("7K3-9QX", ana, hours=48))
    desk = Desk(database, WORDS, clock, CITY)
    clock.forward(24 * 3600)
    await desk.move(number="7K3-9QX", to=Status.WAITING, version=1, login="rosa", note="")
    clock.forward(7 * 24 * 3600)
    await schedule(database, clock).look()
    await desk.move(number="7K3-9QX", to=Status.IN_PROGRESS, version=2, login="rosa", note="")
    await schedule(database, clock).look()
    waited = await stored(database)
    assert (waited.postponed, await notices(database)) == (0, 2)
    assert waited.due_at > clock.now()
    clock.time = waited.due_at + timedelta(minutes=5)
    await schedule(database, clock).look()
    assert ((await stored(database)).postponed, await notices(database)) == (1, 3)


_PROCESS = """
import asyncio, os, signal, sys
from datetime import datetime, timedelta
from bot.jobs import talking
from bot.i18n import Words
from bot.schedule import Job, Schedule
from store.database import Database
from store.seal import Seal
from tests.store.samples import StillClock
from tests.town import CITY

async def main(url, secret, since, dies):
    clock, parts = StillClock(), 0
    clock.time = datetime.fromisoformat(since)
    store = await Database.open(url, Seal(secret), clock=clock, durable=False)
    (job,) = [job for job in talking(CITY, Words(CITY)) if job.name == "promises"]

    async def step(work, now, after):
        nonlocal parts
        reached = await job.step(work, now, after)
        parts += 1
        if parts == int(dies):
            os.kill(os.getpid(), signal.SIGKILL)
        return reached

    schedule = Schedule(store, clock, [Job(name=job.name, due=job.due, step=step)])
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(2):
        await schedule.look()
        clock.forward(300)
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_four_processes_of_which_two_are_killed_tell_each_missed_date_once(
    database: Database, database_url: str, clock: StillClock
) -> None:
    ana, numbers = await citizen(database), [f"{n:03}-000" for n in range(12)]
    await file(database, *(sample(number, ana, hours=1) for number in numbers))
    since = clock.forward(2 * 3600).isoformat()
    four = [process(_PROCESS, database_url, SECRET, since, str(dies)) for dies in (0, 3, 0, 1)]
    assert {*together(*four)} <= {0, -signal.SIGKILL}
    for number in numbers:
        assert ((await stored(database, number)).postponed, await notices(database, number)) == (1, 1)
