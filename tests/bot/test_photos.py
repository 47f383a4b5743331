"""A photo is fetched once and kept once, whoever dies or comes too late; no file is left that no photo names."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from bot.inbox import photos
from bot.inbox.photos import GIVE_UP, LEASE, MAX_CLAIMS, RETRY, PhotoWorker, sweep
from bot.loop import Workplace
from bot.ports import Photo
from channels import Rejected, Unavailable
from channels.message import Media
from channels.reason import Reason
from channels.simulator import Simulator
from store.database import Database
from store.files import Files
from tests.store.samples import NOON, SECRET, StillClock, citizen, file, ticket

ROOT = Path(__file__).parents[2]
LARGEST = 20 * 1024 * 1024  # bytes: what the channels take at most


@dataclass(slots=True)
class Provider:
    """Hands out what it has; a fetch waits until `open`. Each fetch takes the next of `troubles`, if there is one."""

    troubles: list[Exception] = field(default_factory=list)
    content: bytes = b"picture"
    fetched: list[str] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, media: Media) -> bytes:
        self.fetched.append(media.reference)
        self.asked.set()
        await self.open.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        return self.content


def at_once(*troubles: Exception, content: bytes = b"picture") -> Provider:
    provider = Provider(list(troubles), content)
    provider.open.set()
    return provider


Hire = Callable[[Provider], PhotoWorker]


@pytest.fixture
def hire(database: Database, second: Database, clock: StillClock, files: Files) -> Hire:
    """A new process's worker, on one connection or the other."""
    stores, hired = (database, second), []

    def worker(provider: Provider) -> PhotoWorker:
        hired.append(provider)
        store = stores[len(hired) % 2]
        at = Workplace(store=store, clock=clock, random=Random(1), owner=f"p{len(hired)}", wake=store.bell)
        return PhotoWorker(at, channels={"telegram": Fetching(provider)}, files=files)

    return worker


class Fetching(Simulator):
    """A channel whose photos come from this provider."""

    def __init__(self, provider: Provider) -> None:
        super().__init__("telegram", lambda: NOON)
        self._provider = provider

    async def fetch(self, media: Media) -> bytes:
        return await self._provider.fetch(media)


async def report(database: Database, *references: str, channel: str = "telegram") -> None:
    """A ticket, number A, with these photos."""
    await file(database, ticket("A", await citizen(database)))
    async with database.work() as work:
        media = [Media(reference=reference, content_type="image/jpeg") for reference in references]
        await work.photos.add("A", channel, media, NOON)
        await work.commit()


async def kept(database: Database) -> list[Photo]:
    async with database.view() as view:
        return list(await view.photos.of_ticket("A"))


def on_disk(folder: Path) -> set[str]:
    return {path.name for path in (folder / "files").glob("*/*")}


async def swept(database: Database, files: Files, clock: StillClock, folder: Path) -> None:
    """After an hour and a second in which nobody wrote."""
    for path in (folder / "files" / "new").iterdir():
        os.utime(path, (clock.now().timestamp(),) * 2)
    await sweep(files, database, clock.now() + timedelta(hours=1, seconds=1))


async def test_each_photo_is_fetched_by_one_of_many_workers(database: Database, hire: Hire, tmp_path: Path) -> None:
    await report(database, "a", "b", "c")
    provider = at_once()
    await asyncio.gather(*(hire(provider).loop.step() for _ in range(4)))
    assert sorted(provider.fetched) == ["a", "b", "c"]
    assert on_disk(tmp_path) == {photo.name for photo in await kept(database)}
    assert list((tmp_path / "files" / "new").iterdir()) == []


@pytest.mark.parametrize("late", [None, Rejected(Reason.NOT_FOUND), Unavailable(Reason.NETWORK), ValueError()])
async def test_who_comes_too_late_changes_nothing(
    database: Database, hire: Hire, clock: StillClock, tmp_path: Path, late: Exception | None
) -> None:
    await report(database, "a")
    slow = Provider([late] if late else [])
    step = asyncio.create_task(hire(slow).loop.step())
    await slow.asked.wait()
    clock.forward(LEASE)
    assert await hire(at_once()).loop.step() == 1
    winner = await kept(database)
    slow.open.set()
    await step
    assert await kept(database) == winner
    assert on_disk(tmp_path) == {winner[0].name}


async def test_whose_claim_is_over_names_no_file_though_nobody_else_claimed(
    database: Database, hire: Hire, clock: StillClock, tmp_path: Path
) -> None:
    await report(database, "a")
    slow = Provider()
    step = asyncio.create_task(hire(slow).loop.step())
    await slow.asked.wait()
    clock.forward(LEASE)
    slow.open.set()
    await step
    assert on_disk(tmp_path) == set()
    assert await hire(at_once()).loop.step() == 1
    assert on_disk(tmp_path) == {photo.name for photo in await kept(database)}


async def test_a_photo_that_is_gone_at_the_provider_is_not_asked_for_again(
    database: Database, hire: Hire, clock: StillClock
) -> None:
    await report(database, "a", "b")
    await hire(at_once(Rejected(Reason.NOT_FOUND), Rejected(Reason.NOT_FOUND))).loop.step()
    clock.forward(GIVE_UP.total_seconds())
    assert await hire(at_once()).loop.step() == 0
    assert [(photo.name, photo.reason) for photo in await kept(database)] == [(None, Reason.NOT_FOUND)] * 2


async def test_a_photo_of_a_channel_that_is_off_is_given_up(database: Database, hire: Hire) -> None:
    await report(database, "a", channel="whatsapp")
    await hire(at_once()).loop.step()
    assert [photo.reason for photo in await kept(database)] == ["channel_off"]


async def test_a_provider_that_is_away_is_asked_each_minute_of_a_day(
    database: Database, hire: Hire, clock: StillClock
) -> None:
    await report(database, "a")
    provider = at_once(*[Unavailable(Reason.NETWORK)] * 3)
    worker, minute, day = hire(provider), RETRY.total_seconds(), GIVE_UP.total_seconds()
    for later, asked in [(0, 1), (minute - 1, 0), (1, 1), (day, 1), (day, 0)]:
        clock.forward(later)
        assert await worker.loop.step() == asked
    assert provider.fetched == ["a"] * 3


async def test_a_fetch_that_does_not_end_is_ended_and_tried_again(
    database: Database, hire: Hire, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(database, "a")
    monkeypatch.setattr(photos, "LONGEST", 0.01)
    await hire(Provider()).loop.step()
    assert [photo.reason for photo in await kept(database)] == ["TimeoutError"]
    clock.forward(RETRY.total_seconds())
    assert await hire(at_once()).loop.step() == 1
    assert [photo.reason for photo in await kept(database)] == [""]


async def test_a_photo_of_the_largest_size_comes_back_whole(database: Database, hire: Hire, files: Files) -> None:
    await report(database, "a")
    content = Random(7).randbytes(LARGEST)
    await hire(at_once(content=content)).loop.step()
    [photo] = await kept(database)
    assert photo.name
    assert await files.get(photo.name) == (content, "image/jpeg")


async def test_a_reference_that_cannot_be_opened_holds_up_no_other_photo(database: Database, hire: Hire) -> None:
    await report(database, "a", "b")
    async with database.work() as work:
        await work._tx.execute(text("UPDATE photos SET reference = :noise WHERE id = 1"), {"noise": b"of a lost key"})
        await work.commit()
    provider = at_once()
    await hire(provider).loop.step()
    assert provider.fetched == ["b"]
    assert [photo.reason for photo in await kept(database)] == [Reason.UNREADABLE, ""]


async def loose(files: Files, folder: Path, count: int) -> list[str]:
    """Files that nobody has named for long."""
    names = [await files.put(b"x", "image/jpeg") for _ in range(count)]
    for name in names:
        os.utime(folder / "files" / "new" / name, (0, 0))
    return names


@pytest.mark.parametrize("restarted", [True, False])
async def test_a_photo_that_kills_its_process_each_time_is_given_up(
    database: Database, hire: Hire, clock: StillClock, restarted: bool
) -> None:
    await report(database, "a")
    for _ in range(MAX_CLAIMS):
        async with database.work() as work:
            assert await work.photos.claim("dies", clock.now(), LEASE, 1)
            await work.commit()
        if restarted:
            async with database.work() as work:
                assert await work.photos.release("dies") == 1
                await work.commit()
        else:
            clock.forward(LEASE)
    provider = at_once()
    assert await hire(provider).loop.step() == 1
    assert (provider.fetched, [photo.reason for photo in await kept(database)]) == ([], ["never_finished"])
    clock.forward(GIVE_UP.total_seconds())
    assert await hire(provider).loop.step() == 0


async def test_tries_that_came_to_an_end_do_not_count_towards_that(
    database: Database, hire: Hire, clock: StillClock
) -> None:
    await report(database, "a")
    worker = hire(at_once(*[Unavailable(Reason.NETWORK)] * 2 * MAX_CLAIMS))
    for _ in range(2 * MAX_CLAIMS):
        assert await worker.loop.step() == 1
        clock.forward(RETRY.total_seconds())
    assert await worker.loop.step() == 1
    assert [(photo.reason, bool(photo.name)) for photo in await kept(database)] == [("", True)]


_KILLED = """
import asyncio, sys
from pathlib import Path
from random import Random
from bot.loop import Workplace
from bot.inbox.photos import PhotoWorker
from store.database import Database
from store.files import Files
from store.seal import Seal
from tests.bot.test_photos import Fetching, at_once
from tests.store.samples import StillClock

class Stuck(Files):
    async def put(self, content, content_type):
        await super().put(content, content_type)
        print("written", flush=True)
        await asyncio.Event().wait()

async def main(url, secret, folder):
    clock, seal = StillClock(), Seal(secret)
    store = await Database.open(url, seal, clock=clock, durable=False)
    at = Workplace(store=store, clock=clock, random=Random(1), owner="killed", wake=store.bell)
    await PhotoWorker(at, channels={"telegram": Fetching(at_once())}, files=Stuck(Path(folder), seal)).loop.step()

asyncio.run(main(*sys.argv[1:]))
"""


def killed_after_writing(url: str, folder: Path) -> None:
    """A process that has claimed all photos and written their files, but has not named them."""
    command = [sys.executable, "-c", _KILLED, url, SECRET, str(folder / "files")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.kill()


@pytest.mark.parametrize("restarted", [True, False])
async def test_a_kill_between_writing_and_naming_costs_nothing(
    database: Database, database_url: str, hire: Hire, files: Files, clock: StillClock, tmp_path: Path, restarted: bool
) -> None:
    await report(database, "a")
    await asyncio.to_thread(killed_after_writing, database_url, tmp_path)
    assert await hire(at_once()).loop.step() == 0
    if restarted:
        async with database.work() as work:
            assert await work.photos.release("killed") == 1
            await work.commit()
    else:
        clock.forward(LEASE)
    assert await hire(at_once()).loop.step() == 1
    [photo] = await kept(database)
    assert len(on_disk(tmp_path)) == 2
    await swept(database, files, clock, tmp_path)
    assert on_disk(tmp_path) == {photo.name}


async def test_a_vecino_on_the_wrong_database_sweeps_no_photo_away(
    database: Database, hire: Hire, files: Files, clock: StillClock, tmp_path: Path
) -> None:
    await report(database, "a")
    await hire(at_once()).loop.step()
    async with database.work() as work:
        await work._tx.execute(text("DELETE FROM photos"))
        await work.commit()
    before = on_disk(tmp_path)
    await swept(database, files, clock, tmp_path)
    assert on_disk(tmp_path) == before != set()
