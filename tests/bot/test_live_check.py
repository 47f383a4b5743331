"""The doctor says what is wrong and the next step, and never what it was told in confidence."""

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web as http
from aiohttp.test_utils import TestServer

from bot.commands.backup import backup
from bot.commands.doctor.finding import Finding, State, worst
from bot.commands.doctor.here import backups, disk, spools
from bot.commands.doctor.inside import database as inside
from bot.commands.doctor.looking import live
from bot.commands.doctor.looking import look as whole
from bot.commands.doctor.outside import Asking, public, rasa, telegram, twilio
from bot.commands.serving import Unfit
from bot.config import ChannelSettings, Config
from nlu.train import data_hash
from store.database import Database
from store.held import begin
from store.migrate import migrating
from tests.bot.test_backup import configured
from tests.bot.test_commands import DEAD, DEMO, LIVE, loaded
from tests.store.samples import NOON, StillClock, accept, citizen, enqueue, inbound, queued

TOKEN = "123456:very-secret-token"


def by_name(findings: object) -> Mapping[str, Finding]:
    assert isinstance(findings, list | tuple)
    return {one.name: one for one in findings}


def states(findings: object) -> Mapping[str, str]:
    return {name: one.state.value for name, one in by_name(findings).items()}


async def test_a_database_that_works_is_well(database: Database, database_url: str, tmp_path: Path) -> None:
    await citizen(database)
    async with database.work() as work:
        await work.inbox.accept([])
        await work.schedule.once("sweep", NOON)
        await work.commit()
    clock = StillClock()
    found = states(await inside(await configured(tmp_path, database_url), clock))
    assert {found[name] for name in ("database", "key", "schedule", "queue inbox")} == {"ok"}
    assert ("clock" in found) is database_url.startswith("postgresql")  # SQLite has no clock of its own


async def test_what_waits_for_too_long_is_bad_and_says_what_to_look_at(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await enqueue(database, queued("a", await citizen(database)))
    clock = StillClock()
    clock.forward(3 * 3600)
    found = by_name(await inside(await configured(tmp_path, database_url), clock))
    assert found["queue inbox"].state is found["queue outbox"].state is State.BAD
    assert found["queue inbox"].said == "1 wait, the oldest for 3:00:00"
    assert "its log says what hinders it" in found["queue inbox"].step.lower()
    assert found["schedule"].state is State.WARN


async def test_a_foreign_key_is_told_with_where_it_belongs(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await citizen(database)
    config = await loaded(tmp_path, (DEMO, LIVE), VECINO_DATABASE_URL=database_url, VECINO_SECRET_KEY="f" * 40)
    found = by_name(await inside(config, StillClock()))
    assert found["key"].state is State.BAD and "VECINO_SECRET_KEY" in found["key"].step


async def test_a_restore_that_was_broken_off_is_told(database_url: str, tmp_path: Path) -> None:
    engine = migrating(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(begin)
    await engine.dispose()
    found = by_name(await inside(await configured(tmp_path, database_url), StillClock()))
    assert found["restore"].step == "`python -m bot restore FILE --yes` once more"


@pytest.mark.parametrize(
    ("url", "said"),
    [("sqlite:///{}/none.db", "there is none yet"), ("postgresql://x@127.0.0.1:1/none", "it cannot be reached")],
)
async def test_without_a_database_one_line_says_so(tmp_path: Path, url: str, said: str) -> None:
    (found,) = await inside(await configured(tmp_path, url.format(tmp_path)), StillClock())
    assert (found.state, found.said) == (State.BAD, said)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_age_of_the_newest_copy_is_looked_at(database_url: str, tmp_path: Path) -> None:
    config = await configured(tmp_path, database_url)
    (tmp_path / "var").mkdir(exist_ok=True)
    [none] = backups(config, NOON)
    assert (none.state, "`python -m bot backup` now" in none.step) == (State.BAD, True)
    await backup(config, None, None)
    from bot.clock import SystemClock

    now = SystemClock().now()
    ages = [timedelta(hours=1), timedelta(days=2), timedelta(days=9)]
    assert [backups(config, now + age)[0].state for age in ages] == [State.OK, State.WARN, State.BAD]


async def test_files_that_were_set_apart_are_told(tmp_path: Path) -> None:
    config = await loaded(tmp_path)
    folder = config.settings.var / "spool"
    assert [one.state for one in spools(config)] == [State.OK]
    folder.mkdir(parents=True)
    (folder / "1.refused").write_bytes(b"")
    (folder / "2.sealed").write_bytes(b"")
    assert sorted(one.state for one in spools(config)) == [State.BAD, State.WARN]


async def test_room_on_the_disk_is_told(tmp_path: Path) -> None:
    config = await loaded(tmp_path)
    config.settings.var.mkdir(parents=True)
    [found] = disk(config)
    free = shutil.disk_usage(tmp_path).free
    assert (found.state is State.OK) is (free >= 2 << 30)


@asynccontextmanager
async def answering(routes: Mapping[str, object], status: int = 200) -> AsyncIterator[str]:
    """A server that gives these answers; its address."""
    app = http.Application()
    for path, said in routes.items():

        async def give(_: http.Request, said: object = said) -> http.Response:
            return http.json_response(said, status=status)

        app.router.add_get(path, give)
    server = TestServer(app)
    await server.start_server()
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


def bot(url: str) -> ChannelSettings:
    return ChannelSettings(name="telegram", options={"api_url": url}, secrets={"TELEGRAM_BOT_TOKEN": TOKEN})


@pytest.mark.parametrize(
    ("hook", "public_url", "state"),
    [
        ({"url": ""}, "", State.OK),
        ({"url": "https://a.example/channels/telegram", "pending_update_count": 3}, "https://a.example", State.OK),
        ({"url": ""}, "https://a.example", State.BAD),
        ({"url": "https://b.example/x"}, "", State.BAD),
        ({"url": "", "pending_update_count": 500}, "", State.WARN),
    ],
)
async def test_telegram_is_asked_whether_it_knows_us_and_sends_to_us(
    hook: dict[str, object], public_url: str, state: State
) -> None:
    routes = {f"/bot{TOKEN}/getMe": {"ok": True}, f"/bot{TOKEN}/getWebhookInfo": {"ok": True, "result": hook}}
    async with answering(routes) as url, aiohttp.ClientSession() as session:
        found = by_name(await telegram(bot(url), public_url, Asking(session)))
    assert (found["telegram"].state, found["telegram webhook"].state) == (State.OK, state)


async def test_who_refuses_us_and_who_is_away_have_steps_of_their_own_and_no_token_is_shown() -> None:
    async with aiohttp.ClientSession() as session:
        async with answering({f"/bot{TOKEN}/getMe": {"ok": False}}, status=401) as url:
            refused = await telegram(bot(url), "", Asking(session))
        away = await telegram(bot(DEAD), "", Asking(session))
    assert "BotFather" in refused[0].step and "internet" in away[0].step
    assert TOKEN not in str([*map(str, refused), *map(str, away)])


@pytest.mark.parametrize(
    ("said", "status", "state"),
    [({"status": "active"}, 200, State.OK), ({"status": "suspended"}, 200, State.BAD), ({}, 401, State.BAD)],
)
async def test_twilio_is_asked_for_our_account(said: object, status: int, state: State) -> None:
    async with answering({"/2010-04-01/Accounts/AC1.json": said}, status) as url, aiohttp.ClientSession() as session:
        secrets = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "b"}
        channel = ChannelSettings(name="sms", options={"api_url": url}, secrets=secrets)
        [found] = await twilio(channel, Asking(session))
    assert found.state is state


async def test_rasa_is_asked_for_its_model(tmp_path: Path) -> None:
    settings = (await loaded(tmp_path)).settings
    async with aiohttp.ClientSession() as session:
        [untrained] = await rasa(replace(settings, models=tmp_path), session)
        [away] = await rasa(replace(settings, nlu_url=DEAD), session)
        async with answering({"/status": {"model_id": "x", "fingerprint": "x"}}) as url:
            [other] = await rasa(replace(settings, nlu_url=url), session)
    assert [one.state for one in (untrained, away, other)] == [State.BAD] * 3
    assert untrained.step == "`python -m bot train`"
    assert data_hash()


async def test_our_own_address_must_lead_to_us(tmp_path: Path) -> None:
    settings = (await loaded(tmp_path)).settings
    async with aiohttp.ClientSession() as session:
        async with answering({"/healthz": {"status": "ok"}}) as url:
            [ours] = await public(replace(settings, public_url=url), Asking(session))
        async with answering({"/healthz": {"hello": "nginx"}}) as url:
            [others] = await public(replace(settings, public_url=url), Asking(session))
        [none] = await public(settings, Asking(session))
    assert [one.state for one in (ours, others, none)] == [State.OK, State.BAD, State.OK]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_command_ends_with_a_status_and_can_speak_json(
    database: Database, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await accept(database, inbound("a"))
    config: Config = await configured(tmp_path, database_url)
    (tmp_path / "var").mkdir(exist_ok=True)
    with pytest.raises(Unfit, match="are bad; what to do stands behind each arrow"):
        await live(config, json=True)
    told = json.loads(capsys.readouterr().out)
    assert {"name", "state", "said", "step"} == set(told[0])
    assert all(one["step"] for one in told if one["state"] != "ok")
    found = await whole(config, StillClock())
    assert worst(list(found)) is State.BAD
    assert "+5255" not in json.dumps(told)
