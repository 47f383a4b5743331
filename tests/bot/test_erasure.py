"""One person stands everywhere; they have their data deleted; then nothing of them is found, and their cases go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.inbox.shredding import shred
from bot.ports import Closure, Kind, Lesson, Pace, Queued, Rating, Said, Stale
from bot.ports.links import Referral
from bot.ports.public import Clearing
from bot.schedule import forget
from channels.message import Contact, Media, Outbound
from channels.segments import gsm_safe
from channels.simulator import Style
from handlers.effects import ThreadKind
from handlers.turn import Asked, Dialogue, Draft
from store.seal import Seal
from tests.store.everything import opened
from tests.town import CITY, SECRET, ScriptedParser, Town, parse, town
from tickets.model import CITIZEN, Actor, Author, Change, Event, Field, Place, Point, Status, Ticket, Update
from tickets.workflow import change_service, comment, follow

PHONE = "+525587654321"
WORD = "zanahoria"  # in whatever they ever wrote, and nowhere else
REPORT = f"hay un bache en Av. Bolívar 123, soy {WORD}"
ERASED = gsm_safe("Listo, sus datos quedaron borrados. ¡Gracias por todo lo que nos avisó!")  # as SMS shows it
WELCOME = "Hola, soy Vecino"
CLERK = Actor(author=Author.CLERK, name="marta")
# What holds nothing of citizens.
NOBODYS = frozenset({
    "tallies", "clerks", "sessions", "cursors", "schedule_runs", "leases", "escalations", "editions", "unsubscribed",
    "amendments", "moved_in", "audit", "batches", "links", "passes", "saved", "tries", "hooks", "hook_events",
    "api_keys", "postings", "trims", "holds", "tombstones", "retention_runs",
})  # fmt: skip
# What holds their words or their number.
WORDY = frozenset({
    "citizens", "inbox", "outbox", "dialogues", "tickets", "updates", "photos", "ratings", "lessons", "thread_messages",
    "exports", "referrals", "cleared",
})  # fmt: skip
STYLES: tuple[Style, ...] = ("sms", "whatsapp", "telegram")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A town, its database, and how this test's person writes to it."""

    town: Town
    url: str
    style: Style

    @property
    def contact(self) -> Contact:
        return Contact(channel=f"simulated_{self.style}", address=PHONE)

    async def says(self, text: str, **more: object) -> list[str]:
        return await self.town.says(text, style=self.style, phone=PHONE, **more)  # type: ignore[arg-type]

    async def asks_for_erasure(self) -> str:
        """The code."""
        return (await self.says("borrar mis datos"))[-1].rpartition(" ")[2]

    async def erased(self) -> list[str]:
        return [gsm_safe(text) for text in await self.says(await self.asks_for_erasure())]

    async def citizen(self) -> int:
        async with self.town.store.view() as view:
            found = await view.citizens.find(self.contact)
        assert found
        return found.id

    async def found(self) -> list[str]:
        """The tables in which they still stand."""
        tables = await opened(self.url, Seal(SECRET))
        return [name for name, held in tables.items() if WORD.encode() in held or PHONE[1:].encode() in held]

    async def forgotten(self) -> None:
        """An hour passes, and the jobs run."""
        self.town.clock.forward(hours=1, minutes=1)
        await shred(self.town.files, self.town.store, self.town.clock.now())
        async with self.town.store.work() as work:
            await forget(work, self.town.clock.now(), 0)
            await work.commit()

    async def ticket(self, number: str) -> tuple[Ticket, list[Update]]:
        async with self.town.store.view() as view:
            ticket, history = await view.tickets.get(number), await view.tickets.history(number)
        assert ticket
        return ticket, list(history)


@pytest.fixture(params=STYLES)
async def world(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    parser = ScriptedParser({REPORT: parse("report_pothole", REPORT, location="Av. Bolívar 123", language="es")})
    async with town(tmp_path, parser, database_url=database_url) as place:
        yield World(town=place, url=database_url, style=request.param)


async def file_one(world: World) -> str:
    """A report of theirs, as it may look after a while; its number."""
    await world.says(REPORT, photo=b"\x89PNG of a hole")
    for _ in range(3):
        if world.town.screen(world.style, PHONE)[-1].startswith("¡Listo! Reporte"):
            break
        await world.says("sí")
    async with world.town.store.view() as view:
        [ticket] = await view.tickets.of_reporter(await world.citizen(), 10)
    return ticket.number


async def live_on(world: World, number: str, other: str) -> None:
    """Whatever else may be kept of somebody."""
    citizen, now = await world.citizen(), world.town.clock.now()
    async with world.town.store.work() as work:
        ticket = await work.tickets.get(number)
        assert ticket
        place = Place(words=f"casa de {WORD}", point=Point(latitude=14.6, longitude=-66.5), street="Avenida Bolívar")
        answers = (("kind", "off"), ("word", WORD))
        ticket = replace(ticket, place=place, answers=answers, version=ticket.version + 1)
        words = (Change(field=Field.PLACE, old=WORD, new=f"casa de {WORD}"),)
        await work.tickets.change(ticket, Update(
            number=number, version=ticket.version, at=now, actor=CITIZEN, event=Event.CORRECTED, changes=words,
            note=WORD, citizen=citizen,
        ))  # fmt: skip
        ticket, note = comment(ticket, actor=CLERK, at=now, note=f"llamé al {PHONE}, cuadrilla 7", public=False)
        await work.tickets.change(ticket, note)
        theirs = await work.tickets.get(other)
        assert theirs
        followed, joined = follow(theirs, at=now, note=f"yo también, {WORD}", urgent_from=5)
        await work.tickets.change(followed, replace(joined, citizen=citizen))
        await work.followers.add(other, citizen, now)
        await work.photos.add(
            other, world.contact.channel, [Media(reference=WORD, content_type="image/jpeg")], now, citizen
        )
        await work.ratings.rate(Rating(number=other, citizen=citizen, at=now, score=2, word=WORD))
        await work.closures.plan([Closure(number=other, citizen=citizen, resolved_at=now, due=now + timedelta(days=1))])
        await work.lessons.propose(Lesson(number=number, language="es", service="pothole", text=WORD), now)
        thread = await work.threads.open(citizen, ThreadKind.ASKED, now, silent=False)
        await work.threads.write(thread.id, CITIZEN, Said(text=WORD), now)
        await work.exports.keep("a" * 48, citizen, WORD, now + timedelta(hours=24))
        referral = Referral(
            id=0, number=number, body="Power", address="power@city.example", language="es", note=f"de {WORD}", at=now, login="marta"
        )  # fmt: skip
        await work.referrals.add(referral, "a token")
        shown = [photo.name for photo in await work.photos.of_ticket(number) if photo.name]
        clearing = Clearing(words=f"de {WORD}", news=WORD, photos=tuple(shown), at=now, login="marta")
        await work.public.clear(number, clearing)
        await work.paces.save(citizen, Pace(since=now, answers=1), WORD)
        await work.askings.asked(citizen, now)
        await work.askings.wait(number, citizen, now)
        await work.dialogues.save(
            citizen, Dialogue(asked=Asked.DETAILS, draft=Draft(service="tree", description=WORD), since=now), now
        )
        await work.silenced.add(Contact(channel="simulated_sms", address="of somebody else"), now)
        await work.erasure.fleeting("a key", now + timedelta(days=9))
        later = [queued(world, citizen, f"later:{n}", Kind.NOTICE) for n in range(2)]
        await work.outbox.enqueue(later, now)
        [departure, *_] = await work.outbox.claim("test", now, 60, 1)
        await work.windows.park(departure, now, now + timedelta(hours=12))
        await work.commit()


def queued(world: World, citizen: int, key: str, kind: Kind) -> Queued:
    return Queued(outbound=Outbound(key=key, recipient=world.contact, text=f"news, {WORD}"), citizen=citizen, kind=kind)


async def neighbour(world: World) -> str:
    """Somebody else's report."""
    whole = "hay un bache en Calle 8 1"
    world.town.inbox._understanding._parser.known[whole] = parse(  # type: ignore[attr-defined]
        "report_pothole", whole, location="Calle 8 1", language="es"
    )
    await world.town.says(whole, style="telegram", phone="777")
    await world.town.presses("Sí", style="telegram", phone="777")
    [ticket] = await world.town.tickets(style="telegram", phone="777")
    return ticket.number


async def test_after_an_erasure_nothing_of_them_is_found_anywhere(world: World, tmp_path: Path) -> None:
    other = await neighbour(world)
    number = await file_one(world)
    await live_on(world, number, other)
    tables = await opened(world.url, Seal(SECRET))
    everywhere = {name for name, held in tables.items() if held} | NOBODYS | {"parked", "windows", "slots", "doomed"}
    assert everywhere == set(tables), "a table holds nothing: what would be left of somebody there?"
    assert set(await world.found()) >= WORDY
    assert files_of(tmp_path) == 1
    assert await world.erased() == [ERASED]
    await world.forgotten()
    assert await world.found() == []
    assert files_of(tmp_path) == 0


def files_of(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "files").rglob("*"))


async def test_an_open_case_stays_workable_and_its_clerk_knows(world: World) -> None:
    other = await neighbour(world)
    number = await file_one(world)
    await live_on(world, number, other)
    before, _ = await world.ticket(number)
    await world.erased()
    ticket, history = await world.ticket(number)
    assert (ticket.service, ticket.status, ticket.filed_at, ticket.due_at) == (
        before.service, before.status, before.filed_at, before.due_at,
    )  # fmt: skip
    assert ticket.place == replace(before.place, words="")
    assert (ticket.description, ticket.answers) == ("", ())
    assert history[-1].event is Event.ERASED
    [note] = [update for update in history if update.actor == CLERK]
    assert note.note == "llamé al ..., cuadrilla 7"
    theirs, _ = await world.ticket(other)
    assert (theirs.followers, theirs.description) == (0, "hay un bache en Calle 8 1")


async def test_a_clerk_goes_on_with_the_case_and_nobody_is_written_to(world: World) -> None:
    number = await file_one(world)
    await world.erased()
    shown = len(world.town.screen(world.style, PHONE))
    ticket, _ = await world.ticket(number)
    await world.town.desk.move(number=number, to=Status.RESOLVED, version=ticket.version, login="rosa", note="listo")
    await world.town.settle()
    assert len(world.town.screen(world.style, PHONE)) == shown


async def test_a_clerk_who_decided_on_what_was_there_before_brings_no_word_back(world: World) -> None:
    number = await file_one(world)
    ticket, _ = await world.ticket(number)
    await world.erased()
    tree = CITY.service("tree")
    assert tree
    changed = change_service(ticket, tree, CITY.calendar, actor=CLERK, at=world.town.clock.now())
    async with world.town.store.work() as work:
        with pytest.raises(Stale):
            await work.tickets.change(*changed)


async def test_the_next_message_is_a_first_contact(world: World) -> None:
    await file_one(world)
    await world.erased()
    assert (await world.says("hola"))[0].startswith(WELCOME)
    async with world.town.store.view() as view:
        assert await view.tickets.of_reporter(await world.citizen(), 10) == []


async def test_what_waits_behind_the_code_is_answered_as_a_newcomers(world: World) -> None:
    await file_one(world)
    code = await world.asks_for_erasure()
    await world.says(code, settle=False)
    await world.says("hola", settle=False)
    await world.town.settle()
    *_, erased, hello, _ = world.town.screen(world.style, PHONE)
    assert gsm_safe(erased) == ERASED
    assert hello.startswith(WELCOME)


async def test_erasing_twice_is_once(world: World) -> None:
    number = await file_one(world)
    citizen = await world.citizen()
    await world.erased()
    _, history = await world.ticket(number)
    async with world.town.store.work() as work:
        await work.erasure.person(citizen, world.town.clock.now())
        await work.commit()
    assert (await world.ticket(number))[1] == history
    assert (await world.erased())[-1] == ERASED  # of the newcomer that they are now


async def test_the_last_word_arrives_and_is_gone_an_hour_later(world: World) -> None:
    await world.says("hola")
    assert await world.erased() == [ERASED]
    tables = await opened(world.url, Seal(SECRET))
    assert PHONE[1:].encode() in tables["outbox"]
    await world.forgotten()
    assert PHONE[1:].encode() not in (await opened(world.url, Seal(SECRET)))["outbox"]


async def test_a_last_word_that_waits_for_its_provider_is_kept_until_it_was_said(world: World) -> None:
    await world.says("hola")
    code = await world.asks_for_erasure()
    await world.says(code, settle=False)
    await world.town.inbox.loop.step()
    await world.forgotten()
    await world.town.settle()
    assert gsm_safe(world.town.screen(world.style, PHONE)[-1]) == ERASED


async def test_a_killed_shredder_leaves_its_files_to_the_next(world: World, tmp_path: Path) -> None:
    await file_one(world)
    await world.erased()
    async with world.town.store.view() as view:
        [name] = await view.photos.doomed(10)
    await world.town.files.remove(name)  # and killed before it said so
    await shred(world.town.files, world.town.store, world.town.clock.now())
    async with world.town.store.view() as view:
        assert await view.photos.doomed(10) == []
    assert files_of(tmp_path) == 0


async def test_a_photo_that_is_being_fetched_meanwhile_is_not_kept(world: World, tmp_path: Path) -> None:
    number = await file_one(world)
    now = world.town.clock.now()
    async with world.town.store.work() as work:
        await work.photos.add(number, "simulated_sms", [Media(reference="x", content_type="image/png")], now)
        [photo] = await work.photos.claim("test", now, 60, 1)
        await work.commit()
    await world.erased()
    name = await world.town.files.put(b"x", "image/png")
    await world.town.photos._fetched(photo, name)
    await world.forgotten()
    assert files_of(tmp_path) == 0


@pytest.mark.parametrize("world", ["sms", "whatsapp"], indirect=True)
async def test_stop_outlives_an_erasure_on_both_channels_of_the_number(world: World) -> None:
    await world.says("hola")
    citizen = await world.citizen()
    await world.says("no más mensajes")
    async with world.town.store.work() as work:
        await work.erasure.person(citizen, world.town.clock.now())
        await work.commit()
    assert await world.says("hola") == []
    other: Style = "whatsapp" if world.style == "sms" else "sms"
    assert await world.town.says("hola", style=other, phone=PHONE) == []
    assert await world.says("alta") != []
    assert await world.says("hola") != []
    assert await world.town.says("hola", style=other, phone=PHONE) != []


@pytest.mark.parametrize("world", ["sms", "whatsapp"], indirect=True)
async def test_who_is_erased_on_one_channel_is_erased_on_the_other_of_their_number(world: World) -> None:
    other: Style = "whatsapp" if world.style == "sms" else "sms"
    await world.town.says(f"hola {WORD}", style=other, phone=PHONE)
    await world.says("hola")
    await world.erased()
    await world.forgotten()
    assert await world.found() == []


@pytest.mark.parametrize("world", ["sms", "whatsapp"], indirect=True)
async def test_a_message_in_another_workers_hands_on_the_other_channel_becomes_a_newcomers(world: World) -> None:
    other: Style = "whatsapp" if world.style == "sms" else "sms"
    await world.town.says("hola", style=other, phone=PHONE)
    await world.says("hola")
    await world.town.reception.accept([world.town.phones[f"simulated_{other}"].say(PHONE, "hola otra vez")])
    async with world.town.store.work() as work:
        (arrival,) = await work.inbox.claim("another", world.town.clock.now(), 60, 10)
        await work.commit()
    await world.erased()
    await world.town.inbox._handle(arrival)  # by who claimed it before
    await world.town.settle()
    hello = [text for text in world.town.screen(other, PHONE) if text.startswith(WELCOME)]
    assert len(hello) == 2


async def test_two_who_erase_and_move_at_once_end_well(world: World) -> None:
    number = await file_one(world)
    code = await world.asks_for_erasure()
    await world.says(code, settle=False)
    ticket, _ = await world.ticket(number)

    async def move() -> None:
        with suppress(Exception):
            await world.town.desk.move(
                number=number, to=Status.RESOLVED, version=ticket.version, login="rosa", note="listo"
            )

    await asyncio.gather(world.town.inbox.loop.step(), move())
    await world.town.settle()
    left, history = await world.ticket(number)
    assert left.description == ""
    assert [update.version for update in history] == list(range(1, left.version + 1))
    assert [update.event for update in history].count(Event.ERASED) == 1


async def test_no_kind_of_message_but_the_confirmation_is_queued_after_stop(world: World) -> None:
    await world.says("hola")
    citizen = await world.citizen()
    await world.says("no más mensajes")
    shown = len(world.town.screen(world.style, PHONE))
    async with world.town.store.work() as work:
        rows = [queued(world, citizen, f"after:{kind}", kind) for kind in Kind if kind is not Kind.STOP]
        await work.outbox.enqueue(rows, world.town.clock.now())
        await work.commit()
    async with world.town.store.view() as view:
        waiting = {backlog.queue: backlog.waiting for backlog in await view.backlogs.all()}
    assert waiting["outbox"] == 0
    await world.town.settle()
    assert len(world.town.screen(world.style, PHONE)) == shown
