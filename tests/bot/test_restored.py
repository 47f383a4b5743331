"""After a restore nobody is told anything twice: what may have been said after the copy was made is held."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot import rights
from bot.clock import SystemClock
from bot.commands.restore import put_back, send_held
from bot.config import Config
from bot.i18n import Words
from bot.jobs import talking
from bot.opening import open_store
from bot.ports import Closure
from bot.schedule import Schedule
from channels.message import Delivery, Receipt
from store.database import Database
from store.erasures import NAME, Erasures
from store.restore import HalfRestored
from store.seal import Seal
from tests.bot.conftest import WHOLE
from tests.bot.test_backup import configured, copied, filled, rows_of
from tests.bot.test_commands import DEMO, LIVE, loaded
from tests.store.everything import opened
from tests.store.samples import ANA, BEA, NOON, StillClock, citizen, enqueue, file, queued, ticket
from tests.town import CITY, SECRET, ScriptedParser, Town, town
from tests.town import Clock as TownClock
from tickets.model import Status, Ticket

ROOT = Path(__file__).parents[2]
WORDS = Words(CITY)


async def of_town(folder: Path, url: str) -> Config:
    return await loaded(folder, (DEMO, LIVE), VECINO_DATABASE_URL=url, VECINO_SECRET_KEY=SECRET)


def shown(place: Town) -> Sequence[str]:
    return place.screen()


async def moved(place: Town, one: Ticket, to: Status, note: str) -> None:
    await place.desk.move(number=one.number, to=to, version=one.version, login="rosa", note=note)


async def look(place: Town) -> None:
    await Schedule(place.store, place.clock, talking(CITY, WORDS)).look()
    await place.settle()


async def test_what_was_sent_after_the_copy_was_made_is_not_sent_again(
    tmp_path: Path, database_url: str, parser: ScriptedParser
) -> None:
    config = await of_town(tmp_path, database_url)
    async with town(tmp_path, parser, database_url=database_url) as before:
        await before.says(WHOLE)
        await before.presses("Sí")
        before.clock.forward(minutes=1)
        await before.says("gracias", settle=False)  # waits to be answered
        [one] = await before.tickets()
        await moved(before, one, Status.IN_PROGRESS, "Vamos mañana")  # waits to be sent
        copy = await copied(config, tmp_path)
        await before.settle()
        said = [*shown(before)]
        assert any("Vamos mañana" in line for line in said)
    await put_back(config, copy, yes=True, clock=TownClock(at=before.clock.at + timedelta(minutes=5)))
    async with town(tmp_path, parser, database_url=database_url) as after:
        after.clock.forward(hours=1)
        await look(after)
        assert shown(after) == []
        async with after.store.view() as view:
            undelivered, aside = await view.undelivered.page(0, 10), await view.set_aside.page(0, 10)
        assert [(one.reason, "Vamos mañana" in one.text) for one in undelivered.rows] == [("restored", True)]
        assert [(one.reason, one.text) for one in aside.rows] == [("restored", "gracias")]
        assert len(await after.tickets()) == 1


async def test_a_missed_date_that_was_told_after_the_copy_was_made_is_not_told_again(
    tmp_path: Path, database_url: str, parser: ScriptedParser
) -> None:
    config = await of_town(tmp_path, database_url)
    async with town(tmp_path, parser, database_url=database_url) as before:
        await before.says(WHOLE)
        await before.presses("Sí")
        copy = await copied(config, tmp_path)
        before.clock.forward(days=9)
        seen = len(shown(before))
        await look(before)
        assert len(shown(before)) > seen  # it is late, and they are told
    await put_back(config, copy, yes=True, clock=TownClock(at=before.clock.at))
    async with town(tmp_path, parser, database_url=database_url) as after:
        after.clock.at = before.clock.at + timedelta(minutes=10)
        await look(after)
        assert shown(after) == []
        [one] = await after.tickets()
        assert one.due_at > before.clock.at  # it was promised anew, as before


async def test_whether_it_is_fixed_is_not_asked_twice(tmp_path: Path, database: Database, database_url: str) -> None:
    config, later = await configured(tmp_path, database_url), NOON + timedelta(days=1)
    ana = await citizen(database)
    await file(database, ticket("7K3-9QX", ana))
    async with database.work() as work:
        await work.closures.plan([Closure(number="7K3-9QX", citizen=ana, resolved_at=NOON, due=later)])
        await work.commit()
    async with database.view() as view:
        assert len(await view.closures.due(later, 0, 10)) == 1
    copy = await copied(config, tmp_path)
    await database.close()
    clock = StillClock()
    clock.time = later + timedelta(hours=1)
    await put_back(config, copy, yes=True, clock=clock)
    store, _ = await open_store(config, clock)
    async with store.view() as view:
        assert await view.closures.due(later + timedelta(days=9), 0, 10) == []
    await store.close()


async def test_what_is_held_is_sent_when_a_person_says_so_and_each_once(
    tmp_path: Path, database: Database, database_url: str
) -> None:
    config = await configured(tmp_path, database_url)
    ana = await citizen(database)
    await enqueue(database, queued("a", ana), queued("b", ana))
    copy = await copied(config, tmp_path)
    await database.close()
    await put_back(config, copy, yes=True, clock=StillClock())
    await send_held(config, clock=StillClock())
    await send_held(config, clock=StillClock())
    store, _ = await open_store(config, StillClock())
    async with store.work() as work:
        (first,) = await work.outbox.claim("one", NOON, 30, 10)
        await work.outbox.sent(first, "x1", NOON)
        (second,) = await work.outbox.claim("one", NOON, 30, 10)
        await work.outbox.sent(second, "x2", NOON)
        assert await work.outbox.claim("one", NOON, 30, 10) == []
        assert [first.outbound.text, second.outbound.text] == ["text of a", "text of b"]
    await store.close()


async def test_a_receipt_that_comes_late_tells_that_a_held_message_has_arrived(
    tmp_path: Path, database: Database, database_url: str
) -> None:
    config = await configured(tmp_path, database_url)
    await enqueue(database, queued("a", await citizen(database)))
    copy = await copied(config, tmp_path)
    await database.close()
    await put_back(config, copy, yes=True, clock=StillClock())
    store, _ = await open_store(config, StillClock())
    async with store.work() as work:
        await work.outbox.receipt("sms", Receipt(key="a", external_id="", delivery=Delivery.DELIVERED), NOON)
        assert (await work.undelivered.page(0, 10)).total == 0
        await work.commit()
    await store.close()


async def test_who_was_erased_after_the_copy_was_made_is_erased_in_what_is_put_back(
    tmp_path: Path, database_url: str, clock: StillClock, seal: Seal
) -> None:
    config = await configured(tmp_path, database_url)
    store, _ = await open_store(config, clock)
    await file(store, ticket("7K3-9QX", await citizen(store), description="una farola rota frente a mi casa"))
    await file(store, ticket("8K3-9QX", await citizen(store, BEA), description="un bache enorme"))
    await store.close()
    copy = await copied(config, tmp_path)
    clock.forward(60)
    log = Erasures(config.settings.var / "files" / NAME)
    noting = await Database.open(database_url, seal, clock=clock, durable=False, erasures=log)
    async with noting.work() as work:
        ana = await work.citizens.find(ANA)
        assert ana
        await rights.erase(work, ana, CITY, clock.now())
        await work.commit()
    await noting.close()
    assert ANA.address not in (config.settings.var / "files" / NAME).read_text()
    clock.forward(60)
    await put_back(config, copy, yes=True, clock=clock)
    everything = b"\n".join((await opened(database_url, seal)).values())
    assert ANA.address.encode() not in everything and b"farola" not in everything
    assert BEA.address.encode() in everything and b"un bache enorme" in everything


async def test_who_came_back_after_an_erasure_is_not_erased_by_a_later_restore(
    tmp_path: Path, database: Database, database_url: str, seal: Seal, clock: StillClock
) -> None:
    config = await configured(tmp_path, database_url)
    Erasures(config.settings.var / "files" / NAME).note(seal.lookups("contact", ANA.channel, ANA.address), clock.now())
    clock.forward(1)
    await citizen(database)
    copy = await copied(config, tmp_path)
    await database.close()
    await put_back(config, copy, yes=True, clock=clock)
    assert ANA.address.encode() in (await opened(database_url, seal))["citizens"]


def test_a_line_that_a_kill_has_torn_spoils_no_other(tmp_path: Path) -> None:
    log = Erasures(tmp_path / "log")
    log.note([b"\x01" * 32], NOON)
    with (tmp_path / "log").open("ab") as file_:
        file_.write(b"2026-03-02T12:00:00+00:00 0102")
        file_.write(b"z")
    log.note([b"\x02" * 32], NOON)
    assert [one.mark[0] for one in log.all()] == [1, 2]


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.commands import checking, restore as command
from store import archive, restore
from tests.store.samples import NOON

def die(table, rows):
    if table == "updates":
        os.kill(os.getpid(), signal.SIGKILL)

async def main(url, made, file, when):
    with archive.opened(Path(file)) as found:
        if when == "in":
            await restore.load(made, found, NOON, die)
        else:
            await restore.load(made, found, NOON)
            os.kill(os.getpid(), signal.SIGKILL)

url, file, when = sys.argv[1:]
made = restore.beside(url) if url.startswith("sqlite") else url
asyncio.run(main(url, made, file, when))
"""


@pytest.mark.parametrize("when", ["in", "after"])
async def test_a_restore_that_is_killed_in_the_middle_says_so_and_can_be_run_again(
    tmp_path: Path, database_url: str, when: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(database_url)
    config = await configured(tmp_path, database_url)
    copy, before = await copied(config, tmp_path), await rows_of(database_url)
    killed = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        KILLED,
        database_url,
        str(copy),
        when,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert await killed.wait() == -signal.SIGKILL
    if when == "in" or database_url.startswith("sqlite"):
        assert await rows_of(database_url) == before  # it is as it was
    else:
        with pytest.raises(HalfRestored, match="Run `python -m bot restore FILE --yes` once more"):
            await open_store(config, SystemClock())
    await put_back(config, copy, yes=True, clock=StillClock())
    assert ("an earlier restore was broken off" in capsys.readouterr().out) is (
        when == "after" and not database_url.startswith("sqlite")
    )
    store, _ = await open_store(config, SystemClock())
    await store.close()
    after = await rows_of(database_url)
    assert [len(after[name]) for name in ("tickets", "citizens", "photos")] == [
        len(before[name]) for name in ("tickets", "citizens", "photos")
    ]
