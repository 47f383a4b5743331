import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import store.spool
from bot.ports import StoreUnavailable
from channels.message import Inbound
from store import atomic
from store.seal import Seal
from store.spool import Spool, set_apart
from tests.store.samples import ANA, SECRET, inbound
from tests.store.test_unavailable import full_disk

ROOT = Path(__file__).parents[2]


class Keeper:
    """Accepts, keeps what it was given, and refuses when told to."""

    def __init__(self, *, refuses_after: int = 1_000_000) -> None:
        self.kept: list[str] = []
        self.refuses_after = refuses_after

    async def __call__(self, arrivals: Sequence[Inbound]) -> None:
        if len(self.kept) >= self.refuses_after:
            raise StoreUnavailable
        self.kept += [arrival.external_id for arrival in arrivals]


@pytest.fixture
def spool(tmp_path: Path, seal: Seal) -> Spool:
    return Spool(tmp_path / "spool", seal)


async def test_what_was_spooled_is_handed_over_in_order_and_forgotten(spool: Spool) -> None:
    assert not spool.pending()
    spool.append([inbound("1"), inbound("2")])
    spool.append([inbound("3")])
    spool.append([])
    assert spool.pending()
    keeper = Keeper()
    assert await spool.drain(keeper) == 3
    assert keeper.kept == ["1", "2", "3"]
    assert not spool.pending()
    assert await spool.drain(keeper) == 0


async def test_many_files_are_handed_over_in_few_batches(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.spool, "BATCH", 4)
    for n in range(10):
        spool.append([inbound(f"{n}")])
    keeper, sizes = Keeper(), []

    async def accept(arrivals: Sequence[Inbound]) -> None:
        sizes.append(len(arrivals))
        await keeper(arrivals)

    assert await spool.drain(accept) == 10
    assert sizes == [4, 4, 2]
    assert keeper.kept == [str(n) for n in range(10)]


async def test_one_file_that_is_refused_is_set_apart_and_the_others_of_its_batch_go_on(
    spool: Spool, tmp_path: Path
) -> None:
    for n in range(5):
        spool.append([inbound(str(n))])
    keeper = Keeper()

    async def accept(arrivals: Sequence[Inbound]) -> None:
        if any(arrival.external_id == "2" for arrival in arrivals):
            raise ValueError
        await keeper(arrivals)

    assert await spool.drain(accept) == 4
    assert keeper.kept == ["0", "1", "3", "4"]
    assert not spool.pending()
    assert spool.apart() == {"refused": 1, "unreadable": 0}
    for path in (tmp_path / "spool").glob("*.refused"):  # as deploy/README.md says, once it would be taken
        path.rename(path.with_suffix(".sealed"))
    assert await spool.drain(keeper) == 1
    assert keeper.kept == ["0", "1", "3", "4", "2"]


async def broken(arrivals: Sequence[Inbound]) -> None:
    raise KeyError(arrivals[0].text)


@pytest.mark.parametrize("batch", [1, 4, 64])
async def test_a_store_that_takes_nothing_loses_nothing(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(store.spool, "BATCH", batch)
    for n in range(10):
        spool.append([inbound(str(n))])
    for _ in range(2):
        with pytest.raises(KeyError):
            await spool.drain(broken)
    assert spool.apart() == {"refused": 0, "unreadable": 0}
    keeper = Keeper()
    assert await spool.drain(keeper) == 10
    assert keeper.kept == [str(n) for n in range(10)]


async def test_what_is_refused_with_nothing_taken_behind_it_stays_until_something_is(
    spool: Spool, tmp_path: Path
) -> None:
    """From some moment on a store may refuse all: what was taken before tells nothing."""
    keeper = Keeper()

    async def accept(arrivals: Sequence[Inbound]) -> None:
        if any(arrival.external_id == "bad" for arrival in arrivals):
            raise ValueError
        await keeper(arrivals)

    spool.append([inbound("before")])
    spool.append([inbound("bad")])
    with pytest.raises(ValueError):
        await spool.drain(accept)
    (tmp_path / "spool" / "9-torn.sealed").write_bytes(b"torn")  # nothing of it was taken
    with pytest.raises(ValueError):
        await spool.drain(accept)
    assert (keeper.kept, spool.apart()) == (["before"], {"refused": 0, "unreadable": 1})
    spool.append([inbound("behind")])
    assert await spool.drain(accept) == 1
    assert (keeper.kept, spool.apart()) == (["before", "behind"], {"refused": 1, "unreadable": 1})


async def test_processes_of_one_number_at_one_moment_lose_nothing_of_each_other(
    tmp_path: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Containers share a folder, and in each the process may be number 7."""
    monkeypatch.setattr("store.spool.time.time_ns", lambda: 1)
    spools = [Spool(tmp_path, seal) for _ in range(3)]
    for n in range(4):
        for number, one in enumerate(spools):
            one.append([inbound(f"{number}:{n}")])
    keeper = Keeper()
    assert await spools[0].drain(keeper) == 12
    assert len(set(keeper.kept)) == 12


def test_no_draft_is_written_over(tmp_path: Path) -> None:
    path, draft = tmp_path / "a.sealed", tmp_path / "a.draft"
    draft.write_bytes(b"another writer's")
    with pytest.raises(FileExistsError):
        atomic.write(path, b"mine", draft)
    assert (draft.read_bytes(), path.exists()) == (b"another writer's", False)


def test_what_killed_writers_left_is_removed_and_what_is_being_written_is_not(tmp_path: Path, seal: Seal) -> None:
    old, new = tmp_path / "1-a.draft", tmp_path / "2-b.draft"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    Spool(tmp_path, seal)
    assert [path.name for path in tmp_path.iterdir()] == [new.name]


def test_a_spool_that_never_was_has_nothing_apart(tmp_path: Path) -> None:
    assert set_apart(tmp_path / "none") == {"refused": 0, "unreadable": 0}


async def test_a_restarted_process_finds_what_its_former_self_spooled(tmp_path: Path, seal: Seal) -> None:
    Spool(tmp_path, seal).append([inbound("1")])
    keeper = Keeper()
    await Spool(tmp_path, Seal(f"{'n' * 40},{SECRET}")).drain(keeper)
    assert keeper.kept == ["1"]


async def test_what_is_refused_stays_with_all_that_follows(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.spool, "BATCH", 1)
    for n in range(4):
        spool.append([inbound(str(n))])
    keeper = Keeper(refuses_after=2)
    with pytest.raises(StoreUnavailable):
        await spool.drain(keeper)
    assert spool.pending()
    keeper.refuses_after = 1_000_000
    assert await spool.drain(keeper) == 2
    assert keeper.kept == ["0", "1", "2", "3"]


async def test_what_comes_while_draining_follows_at_once(spool: Spool) -> None:
    keeper = Keeper()

    async def accept(arrivals: Sequence[Inbound]) -> None:
        if not keeper.kept:
            spool.append([inbound("late")])
        await keeper(arrivals)

    spool.append([inbound("early")])
    await spool.drain(accept)
    assert not spool.pending()
    assert keeper.kept == ["early", "late"]


async def test_who_drains_second_waits_for_the_first(spool: Spool) -> None:
    spool.append([inbound("1")])
    keeper, go = Keeper(), asyncio.Event()

    async def slow(arrivals: Sequence[Inbound]) -> None:
        await go.wait()
        await keeper(arrivals)

    first = asyncio.create_task(spool.drain(slow))
    second = asyncio.create_task(spool.drain(keeper))
    await asyncio.wait({second}, timeout=0.05)
    assert not second.done()
    go.set()
    assert [await first, await second] == [1, 0]
    assert keeper.kept == ["1"]


async def test_a_cancelled_drain_loses_nothing(spool: Spool) -> None:
    spool.append([inbound("1")])

    async def hang(arrivals: Sequence[Inbound]) -> None:
        await asyncio.Event().wait()

    draining = asyncio.create_task(spool.drain(hang))
    await asyncio.wait({draining}, timeout=0.05)
    draining.cancel()
    await asyncio.wait({draining})
    keeper = Keeper()
    assert await spool.drain(keeper) == 1


def unreadable(folder: Path) -> list[Path]:
    return list(folder.glob("*.unreadable"))


async def test_a_file_that_no_key_opens_is_kept_aside_and_holds_up_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Spool(tmp_path, Seal("x" * 40)).append([inbound("1")])
    (tmp_path / "0-torn.sealed").write_bytes(b"torn")
    spool, keeper = Spool(tmp_path, Seal(SECRET)), Keeper()
    spool.append([inbound("2")])
    assert await spool.drain(keeper) == 1
    assert not spool.pending()
    assert len(unreadable(tmp_path)) == 2
    assert "VECINO_SECRET_KEY" in caplog.text


def test_no_file_holds_a_contact_or_a_word_in_clear(tmp_path: Path, spool: Spool) -> None:
    spool.append([inbound("1", ANA, "SECRETWORDS")])
    [path] = (tmp_path / "spool").iterdir()
    assert b"SECRETWORDS" not in path.read_bytes()
    assert ANA.address.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


async def test_a_full_disk_is_said_and_leaves_no_half_file(tmp_path: Path, spool: Spool) -> None:
    with full_disk(1024), pytest.raises(OSError):
        spool.append([inbound("1", text="x" * 5000)])
    assert list((tmp_path / "spool").iterdir()) == []
    spool.append([inbound("2")])
    keeper = Keeper()
    await spool.drain(keeper)
    assert keeper.kept == ["2"]


_APPENDER = """
import sys
from pathlib import Path
from store.seal import Seal
from store.spool import Spool, set_apart
from tests.store.samples import SECRET, inbound
spool = Spool(Path(sys.argv[1]), Seal(SECRET))
for n in range(1_000_000):
    spool.append([inbound(str(n))])
    print(n, flush=True)
"""


def killed_while_appending(folder: Path) -> int:
    """How many appends were acknowledged before the kill."""
    command = [sys.executable, "-c", _APPENDER, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(30):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        return 30 + process.stdout.read().count("\n")


async def test_a_kill_in_the_middle_loses_nothing_that_was_acknowledged(tmp_path: Path, seal: Seal) -> None:
    acknowledged = killed_while_appending(tmp_path)
    keeper = Keeper()
    count = await Spool(tmp_path, seal).drain(keeper)
    assert count in (acknowledged, acknowledged + 1)  # one more may be kept and not yet acknowledged
    assert keeper.kept == [str(n) for n in range(count)]
