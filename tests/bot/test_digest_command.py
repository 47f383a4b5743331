"""`python -m bot digest`: every form in files, the list of subscribers, and errors as sentences."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands import digest as command
from bot.commands.checking import load
from bot.commands.serving import Unfit
from bot.config import Config
from bot.digesting.subscriber import Sending
from store.database import Database
from store.migrate import migrate
from store.seal import Seal
from tests.bot.digests import ANA, BEA, GROUP, ROADS
from tests.store.samples import SECRET, StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.figures import Figure, Scope
from tickets.period import week

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)  # Wednesday of week 48


@pytest.fixture
async def config(tmp_path: Path) -> Config:
    demo = await load(ROOT / "config.yml", {"VECINO_VAR": str(tmp_path / "var")})
    url = f"sqlite:///{tmp_path / 'v.db'}"
    await migrate(url)
    sending = Sending(subscribers=(ANA, replace(BEA, role="mayor", scope=ROADS), GROUP))
    return replace(demo, settings=replace(demo.settings, database_url=url, secret_keys=SECRET, digest=sending))


@pytest.fixture
def clock() -> StillClock:
    clock = StillClock()
    clock.time = NOW
    return clock


@pytest.fixture
async def store(config: Config, clock: StillClock) -> Database:
    return await Database.open(config.settings.database_url, Seal(SECRET), clock=clock, durable=False)


def asked(
    out: Path, week_: str | None = None, language: str | None = None, scope: str = "city", **more: bool
) -> command.Wanted:
    return command.wanted(
        CITY, NOW, week_=week_, language=language, scope=scope, out=out, fresh=more.get("fresh", False)
    )  # fmt: skip


def test_left_out_it_is_the_latest_week_that_is_over_in_the_first_language(tmp_path: Path) -> None:
    what = asked(tmp_path)
    assert (what.period.week, what.language, what.scope) == ("2026-W47", "es", Scope())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"week_": "47"}, "47 is no week; write one such as 2026-W47"),
        ({"week_": "2026-W54"}, "that year has no such week"),
        ({"week_": "2026-W49"}, "2026-W49 has not begun; the latest week that is over is 2026-W47"),
        ({"language": "de"}, "de is not among city.languages: es, pt, en, fr"),
        ({"scope": "roads"}, "roads is no scope; write `city`, `department:roads` or `area:centro`"),
        ({"scope": "department:"}, "is no scope"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(tmp_path: Path, given: dict[str, str], says: str) -> None:
    with pytest.raises(Unfit, match=re.escape(says)):
        asked(tmp_path, **given)  # type: ignore[arg-type]


async def test_every_form_is_written_and_named(
    config: Config, store: Database, clock: StillClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ana = await citizen(store)
    await file(store, *(ticket(f"A{n}", ana, filed_at=NOW - timedelta(days=5)) for n in range(3)))
    out = tmp_path / "a" / "b"
    await command.digest(config, asked(out, "2026-W47", "pt", "department:roads"), clock)
    name = "vecino-2026-W47-department-roads-pt"
    written = {path.name for path in out.iterdir()}
    forms = {f"{name}.{ending}" for ending in ("html", "txt", "pdf", "csv", "json", "short.txt")}
    assert forms < written
    page = (out / f"{name}.html").read_text(encoding="utf-8")
    shown = set(re.findall(r'src="([^"]+)"', page))
    assert shown == written - forms
    assert (out / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    said = capsys.readouterr().out.splitlines()
    assert {line.split()[1] for line in said} == {str(out / file) for file in written}
    await store.close()


async def test_an_edition_is_printed_as_it_was_sent_unless_asked_for_fresh(
    config: Config, store: Database, clock: StillClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period = week("2026-W47")
    async with store.work() as work:
        await work.editions.keep(await work.statistics.digest(CITY, period, Scope(), NOW))
        await work.commit()
    await file(store, ticket("A1", await citizen(store), filed_at=NOW - timedelta(days=5)))
    kept, _ = await command._found(store, CITY, asked(tmp_path), NOW)
    fresh, sent = await command._found(store, CITY, asked(tmp_path, fresh=True), NOW)
    assert [one.whole.now.counts["filed"] for one in (kept, fresh)] == [0, 1]  # type: ignore[index]
    assert not sent
    await command.digest(config, asked(tmp_path / "out"), clock)
    assert "2026-W47 as it was sent, counted 2026-11-25 11:00" in capsys.readouterr().out
    await store.close()


async def test_a_scope_that_the_city_has_not_is_refused_and_named(
    config: Config, store: Database, clock: StillClock, tmp_path: Path
) -> None:
    with pytest.raises(Unfit, match="no department:mars; of that kind there are roads"):
        await command.digest(config, asked(tmp_path, scope="department:mars"), clock)
    await store.close()


async def test_a_folder_that_cannot_be_written_is_named(config: Config, clock: StillClock, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unfit, match=r"file cannot be written \(File exists\)"):
        await command.digest(config, asked(tmp_path / "file"), clock)


async def test_the_list_says_who_gets_what_and_who_does_not_and_why(
    config: Config, store: Database, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> None:
    async with store.work() as work:
        await work.unsubscribed.add(ANA.contact.address, NOW)
        lane = (await work.citizens.lanes([GROUP.contact]))[GROUP.contact]
        await work.refusals.record(lane, "blocked")
        await work.commit()
    await command.show_subscribers(config)
    ana, bea, group = capsys.readouterr().out.splitlines()[1:]
    assert ana.split() == ["07:00", "es", "city", "email", "an...@city.example", "unsubscribed"]
    assert bea.split() == ["07:00", "pt", "department:roads", "email", "be...@city.example", "mayor"]
    assert group.split() == ["07:00", "es", "city", "telegram", "-100...", "bounced"]
    await command.resubscribe(config, "ANA@city.example")
    await command.resubscribe(config, "-100777")
    capsys.readouterr()
    await command.show_subscribers(config)
    said = capsys.readouterr().out
    assert "unsubscribed" not in said
    assert "bounced" not in said
    with pytest.raises(Unfit, match=r"no\.\.\.@x\.example is not among"):
        await command.resubscribe(config, "nobody@x.example")
    await store.close()


def test_the_command_line_takes_it(tmp_path: Path) -> None:
    environment = os.environ | {"VECINO_CONFIG": "config.yml", "VECINO_VAR": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "digest", "--week", "2026-W99", "--out", str(tmp_path)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "2026-W99: that year has no such week" in done.stderr


async def test_an_edition_of_a_week_that_is_not_over_was_of_a_wrong_clock(
    config: Config, store: Database, tmp_path: Path
) -> None:
    running = asked(tmp_path, "2026-W48")
    async with store.work() as work:
        counted = await work.statistics.digest(CITY, running.period, Scope(), NOW + timedelta(days=30))
        await work.editions.keep(counted)
        await work.commit()
    _, sent = await command._found(store, CITY, running, NOW)
    assert not sent
    await store.close()


def test_the_documentation_has_every_figure() -> None:
    told = (ROOT / "docs" / "digest.md").read_text(encoding="utf-8")
    assert [figure for figure in Figure if f"`{figure}`" not in told] == []


async def test_who_said_stop_is_not_said_to_get_it_and_must_take_it_back_themselves(
    config: Config, store: Database
) -> None:
    async with store.work() as work:
        lane = (await work.citizens.lanes([GROUP.contact]))[GROUP.contact]
        said = await work.citizens.get(lane)
        assert said
        await work.citizens.save(replace(said, opted_out=True))
        await work.commit()
    with pytest.raises(Unfit, match=r"-100\.\.\. said STOP; it gets the digest once START is written there"):
        await command.resubscribe(config, GROUP.contact.address)
    await store.close()
