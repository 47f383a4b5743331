"""A copy of everything, put back into a database of the same kind and of the other one, is the same table by table."""

import asyncio
import errno
import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import SystemClock
from bot.commands import backup
from bot.commands.backup import source
from bot.commands.demo import fill
from bot.commands.restore import put_back
from bot.commands.serving import Unfit
from bot.config import Config, ConfigError
from bot.metrics import Counters
from bot.opening import open_store
from bot.roles.nightly import Nightly, Order, chores
from bot.schedule import Chore, Schedule
from bot.settings.backup import Backup
from store import archive, restore
from store.archive import BadArchive
from store.backup import POOL, SAFE, NoRoom, _room, archives, back_up, prune
from store.database import Database
from store.engine import parse_url
from store.files import Files
from store.held import GAP
from store.migrate import NewerSchema
from store.possession import InUse, sole
from store.restore import Occupied
from store.seal import ForeignKey, Seal
from store.tables import metadata, photos, tallies
from tests import postgres
from tests.bot.test_commands import DEMO, LIVE, loaded
from tests.store.everything import opened
from tests.store.samples import ANA, BEA, NOON, SECRET, StillClock, citizen, file, ticket
from tests.town import CITY

KEY = {"VECINO_SECRET_KEY": SECRET}
HELD = {"outbox", "inbox"}  # what waited in them is held
NOT_KEPT = {"leases", "slots", "tallies"}


@pytest.fixture
def other_url(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> str:
    """An empty database of the other kind."""
    if database_url.startswith("sqlite"):
        cluster: postgres.Cluster = request.getfixturevalue("cluster")
        asyncio.run(_fresh(cluster.url("postgres")))
        return cluster.url("restored")
    return f"sqlite:///{tmp_path / 'restored.db'}"


async def _fresh(url: str) -> None:
    engine = create_async_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("DROP DATABASE IF EXISTS restored WITH (FORCE)"))
        await connection.execute(text("CREATE DATABASE restored"))
    await engine.dispose()


async def configured(folder: Path, url: str, **more: str) -> Config:
    return await loaded(folder, (DEMO, LIVE), VECINO_DATABASE_URL=url, **KEY, **more)


async def rows_of(url: str) -> dict[str, list[Any]]:
    """Every row of every table as Python's values; how many tickets there are of each kind instead of their parts."""
    engine, found = create_async_engine(parse_url(url)), {}
    async with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name not in NOT_KEPT:
                found[table.name] = sorted(map(repr, (await connection.execute(select(table))).all()))
        counted = select(tallies.c.service, tallies.c.status, func.sum(tallies.c.change)).group_by(*tallies.c[:2])
        found["tallies"] = sorted(map(repr, (row for row in (await connection.execute(counted)).all() if row[2])))
    await engine.dispose()
    return found


async def copied(config: Config, folder: Path) -> Path:
    """The newest archive, just made."""
    await backup.backup(config, folder / "copies", None)
    return archives(folder / "copies")[-1]


async def filled(url: str, tickets: int = 60) -> None:
    await fill(url, Seal(SECRET), CITY, tickets=tickets, weeks=9, seed=3, now=NOON)


def unlike(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    return {name for name in before if before[name] != after.get(name)}


async def test_a_copy_put_back_into_either_kind_of_database_is_the_same_table_by_table(
    tmp_path: Path, database_url: str, other_url: str
) -> None:
    await filled(database_url, 150)
    before = await rows_of(database_url)
    copy = await copied(await configured(tmp_path, database_url), tmp_path)
    again = f"sqlite:///{tmp_path / 'again.db'}"
    for url in (other_url, again):
        with archive.opened(copy) as found:
            await restore.load(url, found, NOON - timedelta(days=3650))  # nothing is due yet
        await restore.finish(url)
        assert unlike(before, await rows_of(url)) <= HELD
    assert (await opened(other_url, Seal(SECRET)))["tickets"]  # every word opens


async def test_the_command_puts_a_copy_back_where_vecino_then_works(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(database_url)
    config = await configured(tmp_path, database_url)
    copy = await copied(config, tmp_path)
    before = await rows_of(database_url)
    with pytest.raises(Occupied, match="With --yes"):
        await put_back(config, copy, yes=False)
    assert await rows_of(database_url) == before
    await put_back(config, copy, yes=True)
    assert len((await rows_of(database_url))["tickets"]) == 60
    (safe,) = archives(config.settings.backup.folder / "before-restore")
    with archive.opened(safe) as kept:
        kept.verify()
        assert kept.manifest.tables["tickets"].rows == 60
    store, _ = await open_store(config, SystemClock())
    async with store.view() as view:
        assert sum((await view.tickets.count_by_status()).values()) == 60
    await store.close()
    assert "what was there is in" in capsys.readouterr().out


async def test_an_id_that_was_given_out_before_the_loss_never_comes_again(
    tmp_path: Path, database: Database, database_url: str, other_url: str
) -> None:
    first = await citizen(database)
    copy = await copied(await configured(tmp_path, database_url), tmp_path)
    await put_back(config := await configured(tmp_path, other_url), copy, yes=False)
    store, _ = await open_store(config, SystemClock())
    later = await citizen(store, BEA)
    await store.close()
    assert later == first + GAP + 1


async def test_what_is_written_while_it_is_copied_is_in_it_wholly_or_not_at_all(
    tmp_path: Path, database: Database, database_url: str
) -> None:
    ana, config = await citizen(database), await configured(tmp_path, database_url)
    stop = asyncio.Event()

    async def write() -> int:
        written = 0
        while not stop.is_set():
            await file(database, ticket(f"{written:03}-AAA", ana))
            written += 1
            await asyncio.sleep(0)
        return written

    writing = asyncio.create_task(write())
    copies = [await back_up(source(config), tmp_path / "copies", NOON + timedelta(seconds=n)) for n in range(5)]
    stop.set()
    assert await writing > 0
    for copy in copies:
        tables = copy.manifest.tables
        assert tables["tickets"].rows == tables["updates"].rows == tables["ticket_words"].rows


async def test_an_archive_holds_no_word_and_no_contact_that_can_be_read(
    tmp_path: Path, database: Database, database_url: str
) -> None:
    await file(database, ticket("7K3-9QX", await citizen(database)))
    copy = await copied(await configured(tmp_path, database_url), tmp_path)
    with zipfile.ZipFile(copy) as zipped:
        content = b"".join(map(zipped.read, zipped.namelist()))
    assert b"7K3-9QX" in content  # no secret
    for secret in (ANA.address, ANA.address[4:], "hay un bache", SECRET):
        assert secret.encode() not in content
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


async def test_who_has_another_key_is_refused_and_nothing_is_touched(
    tmp_path: Path, database: Database, database_url: str, other_url: str
) -> None:
    await citizen(database)
    copy = await copied(await configured(tmp_path, database_url), tmp_path)
    foreign = await loaded(tmp_path, (DEMO, LIVE), VECINO_DATABASE_URL=other_url, VECINO_SECRET_KEY="f" * 40)
    with pytest.raises(ForeignKey, match="What is in this copy was written with a key"):
        await put_back(foreign, copy, yes=True)
    assert not await restore.occupied(other_url)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda content: content[: len(content) // 2], "damaged, or was never one"),
        (lambda content: b"hello", "damaged, or was never one"),
        (lambda content: content.replace(b"PK\x03\x04", b"PK\x03\x05", 3), "damaged"),
        (lambda content: content[:400] + bytes(50) + content[450:], "damaged"),
    ],
)
async def test_a_damaged_archive_is_refused_before_anything_is_touched(
    tmp_path: Path, database_url: str, harm: Callable[[bytes], bytes], says: str
) -> None:
    await filled(database_url)
    config = await configured(tmp_path, database_url)
    copy, before = await copied(config, tmp_path), await rows_of(database_url)
    copy.write_bytes(harm(copy.read_bytes()))
    with pytest.raises(BadArchive, match=says):
        await backup.check_backup(config, copy)
    with pytest.raises(BadArchive, match=says):
        await put_back(config, copy, yes=True)
    assert await rows_of(database_url) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_rows_that_are_not_those_of_the_manifest_are_damage(tmp_path: Path, database_url: str) -> None:
    await filled(database_url)
    copy = await copied(await configured(tmp_path, database_url), tmp_path)
    with archive.opened(copy) as found:
        manifest = found.manifest
        part = manifest.tables["tickets"]
        names = found.files()
        rows = {name: list(found.rows(name)) for name in manifest.tables}
    with archive.drafted(copy) as draft:
        for name, chunks in rows.items():
            with draft.table(name, manifest.tables[name].columns) as sheet:
                for chunk in chunks:
                    sheet.add(chunk[1:] if name == "tickets" else chunk)
        draft.names(names)
        draft.finish(manifest)
    with archive.opened(copy) as found, pytest.raises(BadArchive, match="tickets in it is not what was written"):
        found.verify()
    assert part.rows == 60


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_copy_by_a_newer_vecino_is_refused_with_a_sentence(tmp_path: Path, database_url: str) -> None:
    config = await configured(tmp_path, database_url)
    copy = await copied(config, tmp_path)
    with archive.opened(copy) as found:
        newer = replace(found.manifest, revision="9999", version="9.0")
    with archive.drafted(copy) as draft:
        draft.names(())
        draft.finish(newer)
    with pytest.raises(NewerSchema, match=r"made by Vecino 9\.0, which is newer than this one"):
        await put_back(config, copy, yes=True)


async def test_a_database_in_use_is_not_replaced(tmp_path: Path, database: Database, database_url: str) -> None:
    await citizen(database)
    config = await configured(tmp_path, database_url)
    copy = await copied(config, tmp_path)
    with pytest.raises(InUse):
        if database_url.startswith("sqlite"):
            with sole(database_url):
                await put_back(config, copy, yes=True)
        else:
            async with database.view() as view:  # somebody is connected
                await view.cursors.get("")
                await put_back(config, copy, yes=True)
    async with database.view() as view:
        assert await view.citizens.find(ANA)


async def test_photos_are_copied_once_and_come_back(
    tmp_path: Path, database: Database, database_url: str, other_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = await configured(tmp_path, database_url)
    files = Files(config.settings.var / "files", Seal(SECRET))
    name = await files.put(b"a picture", "image/jpeg")
    await files.keep(name)
    await file(database, ticket("7K3-9QX", await citizen(database)))
    await named(database_url, name, "0" * 32)
    copy = await copied(config, tmp_path)
    assert "1 photos that the database names are on no disk" in capsys.readouterr().out
    pool = tmp_path / "copies" / POOL
    assert [path.name for path in pool.glob("??/*")] == [name]
    await backup.check_backup(config, copy)
    assert "1 photos can be opened, 1 were lost before" in capsys.readouterr().out
    shutil.rmtree(config.settings.var / "files")
    await put_back(await configured(tmp_path, other_url), copy, yes=False)
    assert await files.get(name) == (b"a picture", "image/jpeg")
    (pool / name[:2] / name).write_bytes(b"scratched")
    with pytest.raises(Unfit, match="1 cannot be opened"):
        await backup.check_backup(config, copy)


async def named(url: str, *names: str) -> None:
    engine = create_async_engine(parse_url(url))
    async with engine.begin() as connection:
        for name in names:
            row = {"number": "7K3-9QX", "channel": "sms", "reference": b"x", "content_type": "image/jpeg"}
            await connection.execute(insert(photos).values(**row, added_at=NOON, name=name, reason=""))
    await engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_old_copies_go_and_photos_that_no_copy_names_go_with_them(
    tmp_path: Path, database: Database, database_url: str
) -> None:
    config, folder = await configured(tmp_path, database_url), tmp_path / "copies"
    files = Files(config.settings.var / "files", Seal(SECRET))
    await file(database, ticket("7K3-9QX", await citizen(database)))
    name = await files.put(b"a picture", "image/jpeg")
    await named(database_url, name)
    await back_up(source(config), folder, NOON)
    engine = create_async_engine(parse_url(database_url))
    async with engine.begin() as connection:
        await connection.execute(delete(photos))
    await engine.dispose()
    for day in (1, 2):
        await back_up(source(config), folder, NOON + timedelta(days=day))
    assert prune(folder, 3) == 0
    assert [path.name for path in (folder / POOL).glob("??/*")] == [name]
    assert prune(folder, 2) == 1
    assert [path.name for path in (folder / POOL).glob("??/*")] == []
    assert [path.name[7:15] for path in archives(folder)] == ["20260303", "20260304"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_was_copied_before_a_restore_goes_once_all_other_copies_are_newer(
    tmp_path: Path, database: Database, database_url: str
) -> None:
    config, folder = await configured(tmp_path, database_url), tmp_path / "copies"
    await back_up(source(config), folder, NOON)
    await back_up(source(config), folder / SAFE, NOON + timedelta(days=1), photos=False)
    for day in (2, 3):
        await back_up(source(config), folder, NOON + timedelta(days=day))
    assert prune(folder, 3) == 0
    assert len(archives(folder / SAFE)) == 1
    assert prune(folder, 2) == 2
    assert archives(folder / SAFE) == []


def test_a_full_disk_is_told_in_a_sentence_and_leaves_no_half_archive(tmp_path: Path) -> None:
    with pytest.raises(NoRoom, match="The disk has no room"), _room(), archive.drafted(tmp_path / "a.vecino"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_night_one_of_all_processes_makes_a_copy(
    tmp_path: Path, database: Database, second: Database, database_url: str, clock: StillClock
) -> None:
    config = await configured(tmp_path, database_url)
    folder, counters = config.settings.var / "backups", Counters()
    nightly = replace(config.settings.backup, hour=3, keep=2)
    config = replace(config, settings=replace(config.settings, backup=nightly))
    both = [Schedule(one, clock, chores(config, counters)) for one in (database, second)]
    await asyncio.gather(*(one.look() for one in both))
    assert (len(archives(folder)), counters.get("backups", outcome="made")) == (1, 1)
    await both[0].look()
    assert counters.get("backups") == 1
    clock.forward(24 * 3600)
    await both[1].look()
    assert counters.get("backups", outcome="made") == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_night_without_a_database_is_counted_and_explained(tmp_path: Path, database_url: str) -> None:
    config, counters = await configured(tmp_path, f"sqlite:///{tmp_path / 'none.db'}"), Counters()
    nightly = replace(config.settings.backup, hour=3)
    (chore,) = chores(replace(config, settings=replace(config.settings, backup=nightly)), counters)
    assert isinstance(chore, Chore)
    await chore.do(NOON)
    assert counters.get("backups", outcome="failed") == 1


def test_a_night_is_one_hour_of_the_citys_clocks(tmp_path: Path) -> None:
    order = Order(url="", files="", folder="", keep=1)
    nightly = Nightly(order=order, hour=3, zone=ZoneInfo("America/Puerto_Rico"))
    assert nightly.due(NOON) == NOON.replace(hour=7)
    assert nightly.due(NOON.replace(hour=6)) == NOON.replace(hour=7) - timedelta(days=1)


async def test_backup_stands_in_the_citys_file_with_its_mistakes(tmp_path: Path) -> None:
    config = await loaded(tmp_path, (DEMO, "mode: demo\nbackup: {keep: 3}"))
    assert config.settings.backup == Backup(folder=tmp_path / "var" / "demo" / "backups", hour=3, keep=3)
    assert (await loaded(tmp_path)).settings.backup.hour is None
    with pytest.raises(ConfigError) as refused:
        await loaded(tmp_path, (DEMO, "mode: demo\nbackup: {keep: 0, hour: 24, folders: x}"))
    assert {problem.key for problem in refused.value.problems} == {"backup.keep", "backup.hour", "backup.folders"}
