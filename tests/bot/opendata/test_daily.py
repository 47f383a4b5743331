"""The open data of each day: at its hour, once, in a process of its own."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.metrics import Counters
from bot.opendata import child, shelf
from bot.opendata.child import Errand, NotExported, Told, exported
from bot.opendata.daily import Daily, due
from bot.ports import StoreUnavailable
from store.database import Database
from tests.store.samples import NOON, SECRET, StillClock, citizen, file, ticket
from tests.town import CITY

ROOT = Path(__file__).parents[3]
ZONE = ZoneInfo(CITY.timezone)


@dataclass
class Sent:
    """Keeps what it is sent for."""

    errands: list[Errand] = field(default_factory=list)
    trouble: Exception | None = None

    async def __call__(self, errand: Errand) -> Told:
        self.errands.append(errand)
        if self.trouble:
            raise self.trouble
        return Told(tickets=1, months=1, same=0)


def daily(database: Database, clock: StillClock, sent: Sent, counters: Counters | None = None) -> Daily:
    errand = Errand(url="", secret_keys=SECRET, city=CITY, root=Path("data"), notes={})
    return Daily(
        store=database, clock=clock, city=CITY, errand=errand, hour=3, send=sent,
        notes=lambda language: {"received": language}, counters=counters or Counters(),
    )  # fmt: skip


def test_it_is_due_at_its_hour_on_the_city_s_clocks() -> None:
    assert due(datetime(2026, 3, 2, 7, 0, tzinfo=UTC), 3, ZONE) == datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    assert due(datetime(2026, 3, 2, 6, 59, tzinfo=UTC), 3, ZONE) == datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


async def test_of_several_processes_one_writes_it_once_a_day(database: Database, clock: StillClock) -> None:
    sent = Sent()
    several = [daily(database, clock, sent) for _ in range(3)]
    for _ in range(2):
        for one in several:
            await one.look()
    assert len(sent.errands) == 1
    assert sent.errands[0].notes == {"received": "es"}
    clock.forward(86_400)
    for one in several:
        await one.look()
    assert len(sent.errands) == 2


@pytest.mark.parametrize("trouble", [NotExported("no room"), StoreUnavailable("away")])
async def test_what_fails_is_counted_and_tried_on_the_next_day(
    database: Database, clock: StillClock, trouble: Exception
) -> None:
    sent, counters = Sent(trouble=trouble), Counters()
    one = daily(database, clock, sent, counters)
    await one.look()
    await one.look()
    assert (len(sent.errands), counters.get("exports", outcome="failed")) == (1, 1)
    sent.trouble = None
    clock.forward(86_400)
    await one.look()
    assert counters.get("exports", outcome="made") == 1


async def errand(database: Database, database_url: str, root: Path, count: int = 5) -> Errand:
    ana = await citizen(database)
    await file(database, *(ticket(f"T{n}", ana, filed_at=NOON + timedelta(days=n)) for n in range(count)))
    return Errand(url=database_url, secret_keys=SECRET, city=CITY, root=root, notes={})


async def test_the_child_writes_it(database: Database, database_url: str, tmp_path: Path) -> None:
    what = await errand(database, database_url, tmp_path / "data")
    assert await exported(what) == Told(tickets=5, months=1, same=0)
    assert await exported(what) == Told(tickets=5, months=1, same=1)
    book = shelf.read(tmp_path / "data")
    assert book
    assert book.tickets == 5


async def test_a_child_that_cannot_says_why(database: Database, database_url: str, tmp_path: Path) -> None:
    what = await errand(database, database_url, tmp_path / "data")
    with pytest.raises(NotExported, match=r"other|key"):
        await exported(replace(what, secret_keys="another-key-for-the-tests-of-no-worth-at-all"))
    (tmp_path / "file").write_text("")
    with pytest.raises(NotExported, match="could not be written"):
        await exported(replace(what, root=tmp_path / "file" / "data"))
    with shelf.held(tmp_path / "data"), pytest.raises(NotExported, match="Another export"):
        await exported(what)


async def test_without_its_database_it_is_unavailable(tmp_path: Path) -> None:
    what = Errand(
        url=f"postgresql://nobody@/none?host={tmp_path}",
        secret_keys=SECRET,
        city=CITY,
        root=tmp_path / "data",
        notes={},
    )
    with pytest.raises(StoreUnavailable):
        await exported(what)


async def test_a_child_that_is_killed_leaves_the_last_export_whole(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    root = tmp_path / "data"
    what = await errand(database, database_url, root)
    await exported(what)
    before = shelf.read(root)
    program = (
        "import os, signal, sys\n"
        "import bot.opendata.export as export\n"
        "from bot.commands.exporting import main\n"
        "export.whole_parquet = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.exit(main())\n"
    )
    import pickle

    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], input=pickle.dumps(what), cwd=ROOT, env=os.environ,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert shelf.read(root) == before
    assert (root / "current" / "tickets.csv.gz").exists()
    assert len([path for path in root.iterdir() if not path.name.startswith(".")]) == 3  # what it left in the middle
    await exported(what)
    assert len([path for path in root.iterdir() if not path.name.startswith(".")]) == 2


async def test_whoever_stops_waiting_leaves_no_process_behind(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = await errand(database, database_url, tmp_path / "data")
    monkeypatch.setattr(child, "PATIENCE", 0.05)
    with pytest.raises(NotExported, match="no answer within"):
        await exported(what)
    assert shelf.read(tmp_path / "data") is None
