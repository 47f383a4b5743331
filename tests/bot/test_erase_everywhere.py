"""One person stands in every table and file that can hold them; an admin has their data deleted at a letter's wish; then
every sealed value of every table and every file is opened, and nothing of them is found."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.desk.erasing import Erasing
from bot.ports import Clerk
from bot.ports.audit import Deed
from bot.ports.clerks import SavedList
from bot.ports.links import Batch
from channels.message import Contact, Inbound
from store.apart import purge
from store.codec import encode
from store.erasures import NAME, Erasures
from store.seal import MARK, Seal, Unsealable
from tests.bot.test_erasure import PHONE, REPORT, STYLES, WORD, World, file_one, live_on, neighbour
from tests.store.everything import opened
from tests.town import CITY, SECRET, ScriptedParser, parse, town

SEAL = Seal(SECRET)
PURPOSES = ("spool", "receipts", "file")


@pytest.fixture(params=STYLES)
async def world(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    parser = ScriptedParser({REPORT: parse("report_pothole", REPORT, location="Av. Bolívar 123", language="es")})
    async with town(tmp_path, parser, database_url=database_url) as place:
        yield World(town=place, url=database_url, style=request.param)


def erasing(world: World) -> Erasing:
    return Erasing(world.town.store, world.town.clock, CITY)


async def in_notes(world: World) -> None:
    """What clerks wrote of them where nobody looks for it."""
    now, store = world.town.clock.now(), world.town.store
    async with store.work() as work:
        steps = json.dumps({"note": f"llamar al +52 55 8765-4321, y al {PHONE}", "version": 12345678})
        await work.batches.add(Batch(id=0, at=now, login="marta", act="note", steps=steps))
        await work.commit()


def apart(folder: Path, name: str, *senders: Contact, at: datetime) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    said = [
        Inbound(sender=one, external_id=str(n), received_at=at, text=WORD if PHONE in one.address else "otra")
        for n, one in enumerate(senders)
    ]
    path.write_bytes(SEAL.seal(encode(said), "spool"))
    return path


def held(folder: Path) -> bytes:
    """All that files say, the sealed ones opened."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in (".db", ".db-wal", ".db-shm"):
            content = path.read_bytes()
            found.append(content)
            if SEAL.knows(content[:MARK]):
                found += [opens(content, purpose) for purpose in (*PURPOSES, f"file {path.name}")]
    return b"\n".join(found)


def opens(content: bytes, purpose: str) -> bytes:
    try:
        return SEAL.open(content, purpose)
    except Unsealable:
        return b""


async def test_by_a_letter_everything_goes_from_every_table_and_file(world: World, tmp_path: Path) -> None:
    other = await neighbour(world)
    number = await file_one(world)
    await live_on(world, number, other)
    await in_notes(world)
    spool = tmp_path / "spool"
    now = world.town.clock.now()
    mine = apart(spool, "1-a.refused", world.contact, at=now)
    both = apart(spool, "2-a.refused", world.contact, Contact(channel="sms", address="+525500000009"), at=now)
    later = apart(spool, "3-a.refused", world.contact, at=now + timedelta(days=9))
    log = Erasures(tmp_path / "files" / NAME)
    store = world.town.store
    store._erasures = log  # as `bot.app` opens it
    found = await erasing(world).find(world.contact)
    assert found
    assert found.counts["reports"] == 1
    assert found.counts["messages_from_you"] >= 1
    assert PHONE[1:].encode() in held(spool)
    assert await erasing(world).erase(world.contact, "ada")
    await world.forgotten()
    assert purge(spool, SEAL, log) == 2
    assert await world.found() == []
    batches = (await opened(world.url, SEAL))["batches"]
    assert b"8765" not in batches
    assert b"12345678" in batches
    assert (mine.exists(), both.exists(), later.exists()) == (False, True, True)
    later.unlink()  # they wrote that after they were erased
    said = held(tmp_path)
    assert b"+525500000009" in said
    assert PHONE[1:].encode() not in said
    assert WORD.encode() not in said


async def test_it_is_written_down_that_it_was_done_and_not_whose_it_was(world: World) -> None:
    await file_one(world)
    await erasing(world).erase(world.contact, "ada")
    async with world.town.store.view() as view:
        [entry] = (await view.audit.page(0, 9, deed=Deed.ERASED)).rows
    assert (entry.login, entry.subject, entry.detail) == ("ada", "", "1 reports")


async def test_they_are_not_written_to(world: World) -> None:
    await file_one(world)
    shown = len(world.town.screen(world.style, PHONE))
    await erasing(world).erase(world.contact, "ada")
    await world.town.settle()
    assert len(world.town.screen(world.style, PHONE)) == shown


async def test_who_never_wrote_is_nobody(world: World) -> None:
    stranger = Contact(channel=world.contact.channel, address="+525500000000")
    assert await erasing(world).find(stranger) is None
    assert not await erasing(world).erase(stranger, "ada")


async def test_by_a_report_its_reporter_is_found(world: World) -> None:
    number = await file_one(world)
    assert await erasing(world).reporter(number) == world.contact
    await erasing(world).erase(world.contact, "ada")
    assert await erasing(world).reporter(number) is None
    assert await erasing(world).reporter("QQQ-QQQ") is None


async def test_a_saved_list_that_looks_for_them_goes_and_others_stay(world: World) -> None:
    await file_one(world)
    async with world.town.store.work() as work:
        await work.clerks.add(Clerk(login="marta", name="Marta", language="es", password=""))
        for name, query in (("theirs", "q=%2B52+55+8765-4321"), ("roads", "service=pothole")):
            await work.clerks.save("marta", SavedList(name=name, query=query), world.town.clock.now())
        await work.commit()
    await erasing(world).erase(world.contact, "ada")
    async with world.town.store.view() as view:
        assert [one.name for one in await view.clerks.saved("marta")] == ["roads"]


def test_what_no_key_opens_waits_for_a_person(tmp_path: Path) -> None:
    path = tmp_path / "1-a.unreadable"
    path.write_bytes(Seal("b" * 40).seal(b"[]", "spool"))
    log = Erasures(tmp_path / NAME)
    log.note([b"x" * 32], datetime.now(tz=UTC))
    assert purge(tmp_path, SEAL, log) == 0
    assert path.exists()
