"""Files that no photo names are removed, and nothing else."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.inbox import photos
from bot.inbox.photos import BATCH, LEASE, sweep
from bot.schedule import Chore, Schedule, every
from store.database import Database
from store.files import Files
from store.seal import Seal
from tests.bot.test_photos import loose, on_disk, report, swept
from tests.store.samples import NOON, StillClock


async def test_what_a_photo_names_is_kept_by_sweeping_and_the_rest_removed(
    database: Database, files: Files, clock: StillClock, tmp_path: Path
) -> None:
    await report(database, "a")
    names = [await files.put(b"x", "image/jpeg") for _ in range(3)]
    async with database.work() as work:
        [photo] = await work.photos.claim("one", NOON, LEASE, 1)
        assert await work.photos.fetched(photo, names[0], NOON)  # and killed before it was kept
        await work.commit()
    await swept(database, files, clock, tmp_path)
    assert on_disk(tmp_path) == {names[0]}
    await swept(database, files, clock, tmp_path)
    assert await files.get(names[0]) == (b"x", "image/jpeg")
    assert list((tmp_path / "files" / "new").iterdir()) == []


async def test_more_than_one_batch_is_swept(
    database: Database, files: Files, clock: StillClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "BATCH", 2)
    assert BATCH > 2
    await loose(files, tmp_path, 5)
    await sweep(files, database, clock.now())
    assert on_disk(tmp_path) == set()


class OneSticks(Files):
    """A disk on which this file cannot be removed."""

    stuck = ""

    async def remove(self, name: str) -> None:
        if name == self.stuck:
            raise OSError(5, "Input/output error")
        await super().remove(name)


@pytest.mark.parametrize("batch", [1, 2, 500])
async def test_a_file_that_cannot_be_swept_holds_up_no_other_and_no_sweep(
    database: Database, seal: Seal, clock: StillClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(photos, "BATCH", batch)
    files = OneSticks(tmp_path / "files", seal)
    names = await loose(files, tmp_path, 4)
    OneSticks.stuck = names[0]
    async with asyncio.timeout(30):
        await sweep(files, database, clock.now())
    left = on_disk(tmp_path)
    assert names[0] in left
    assert batch == 1 or left == {names[0]}  # alone in its batch it is met first or last, and ends the sweep


class Witness(Files):
    """A disk where, while a file is removed, somebody else writes into the database."""

    other: Database

    async def remove(self, name: str) -> None:
        async with asyncio.timeout(2), self.other.work() as work:
            await work.cursors.set("witness", 1)
            await work.commit()
        await super().remove(name)


async def test_nobody_who_writes_waits_for_the_disk_that_is_swept(
    database: Database, second: Database, seal: Seal, clock: StillClock, tmp_path: Path
) -> None:
    files = Witness(tmp_path / "files", seal)
    files.other = second
    await loose(files, tmp_path, 3)
    chore = Chore(name="sweep", due=every(timedelta(hours=1)), do=partial(sweep, files, database))
    await Schedule(database, clock, [chore]).look()
    assert on_disk(tmp_path) == set()
