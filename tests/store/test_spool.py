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
from store.seal import Seal
from store.spool import Spool
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
    assert len(list((tmp_path / "spool").glob("*.refused"))) == 1


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
from store.spool import Spool
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
