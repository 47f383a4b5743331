import os
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.commands import acts, checking
from bot.commands.acts import Unfit, usable
from bot.config import Config, ConfigError
from bot.opening import open_store
from bot.roles.keys import demo_key
from nlu.train import model_path
from store.engine import parse_url

ROOT = Path(__file__).parents[2]
KEY = {"VECINO_SECRET_KEY": "k" * 40}
TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "b"}
DEMO, LIVE = "mode: demo", "mode: live"
SMS_OFF, SMS_ON = 'sms: {enabled: false, from: "+15550100"}', "sms: {enabled: true, from: 5550100}"
Loads = Callable[[Path], Awaitable[Config]]
DEAD = "http://127.0.0.1:1"


def city(folder: Path, *changes: tuple[str, str]) -> Path:
    """The demo city's file after these replacements."""
    source = (ROOT / "config.yml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    path = folder / "config.yml"
    path.write_text(source, encoding="utf-8")
    return path


async def loaded(folder: Path, *changes: tuple[str, str], **environment: str) -> Config:
    return await checking.load(city(folder, *changes), {"VECINO_VAR": str(folder / "var")} | environment)


def test_a_folder_that_cannot_be_made_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unfit, match=r"cannot be written \(Not a directory\); set VECINO_VAR"):
        usable(tmp_path / "file" / "var")


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    usable(tmp_path / "a" / "var")
    assert list((tmp_path / "a" / "var").iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "environment", "at", "says"),
    [
        ([(DEMO, LIVE)], {"VECINO_SECRET_KEY": "short"}, "", "VECINO_SECRET_KEY: Key 1 of VECINO_SECRET_KEY has 5 characters; it needs 32"),
        ([(DEMO, LIVE)], {"VECINO_SECRET_KEY": " , "}, "", "VECINO_SECRET_KEY: VECINO_SECRET_KEY is empty: set it to a random key"),
        ([], {"VECINO_DATABASE_URL": "mysql://x"}, "", "VECINO_DATABASE_URL: VECINO_DATABASE_URL must be `sqlite:///path"),
        ([(SMS_OFF, SMS_ON)], TWILIO, "  sms:", "channels.sms.from: write a number such as"),
        ([("telegram: {enabled: false}", "telegram: {enabled: true}"), ('public_url: ""', "public_url: https://a.example")],
         {"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_WEBHOOK_SECRET": "¡!"}, "  telegram:", "channels.telegram: set TELEGRAM_WEBHOOK_SECRET to"),
        ([("whatsapp: {enabled: false", "whatsapp:\n    {enabled: true, templates: hello")],
         TWILIO, "    {enabled: true, templates", "channels.whatsapp.templates: write lines such as"),
        ([(SMS_OFF, "sms: {enabled: true, api_url: nowhere, from: \"+15550100\"}")], TWILIO, "  sms:", "channels.sms.api_url: must be the address"),
        ([(DEMO, "mode: demo\nport: true")], {}, "port: true", "port: must be a port"),
    ],
)  # fmt: skip
async def test_what_a_part_would_refuse_is_told_with_key_line_and_advice(
    tmp_path: Path, changes: list[tuple[str, str]], environment: dict[str, str], at: str, says: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        await loaded(tmp_path, *changes, **environment)
    (problem,) = refused.value.problems
    before, _, _ = (tmp_path / "config.yml").read_text(encoding="utf-8").partition(at or "nowhere in it")
    assert str(problem).startswith(f"line {before.count(chr(10)) + 1}: {says}" if at else says)


async def test_channels_with_right_options_are_no_problem(tmp_path: Path) -> None:
    on = SMS_OFF.replace("false", "true")
    config = await loaded(tmp_path, (SMS_OFF, on), (DEMO, LIVE), **KEY, **TWILIO)
    assert [channel.name for channel in config.settings.channels] == ["sms"]


def test_check_prints_all_of_it_at_once_and_no_trace(tmp_path: Path) -> None:
    path = city(tmp_path, (DEMO, LIVE), (SMS_OFF, SMS_ON), ("sla: {days: 5}", "sla: 5"))
    environment = os.environ | TWILIO | {
        "VECINO_CONFIG": str(path), "VECINO_VAR": str(tmp_path), "VECINO_SECRET_KEY": "short", "VECINO_DATABASE_URL": "mysql://x",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )  # fmt: skip
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert said[0] == "config.yml cannot be used:"
    for key in ("services[1].sla", "channels.sms.from", "VECINO_SECRET_KEY", "VECINO_DATABASE_URL"):
        assert sum(f"{key}: " in line for line in said) == 1, said
    assert len(said) == 5


async def test_after_the_demo_a_live_city_starts_clean(tmp_path: Path) -> None:
    """The same folder, another key: nothing of the demo is in the way."""
    demo = await loaded(tmp_path)
    live = await loaded(tmp_path, (DEMO, LIVE), **KEY)
    for config in (demo, live, demo):
        store, _ = await open_store(config, SystemClock())
        await store.close()
    assert parse_url(demo.settings.database_url).database == str(tmp_path / "var" / "demo" / "vecino.db")
    assert {path.name for path in (tmp_path / "var").iterdir() if path.suffix in {"", ".db", ".key"}} == {
        "demo",
        "vecino.db",
    }


def test_the_demos_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    key = demo_key(tmp_path / "demo")
    assert len(key) >= 32
    assert demo_key(tmp_path / "demo") == key
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "demo").iterdir()] == [0]


async def _dead_url(folder: Path) -> Config:
    return await loaded(folder, (DEMO, f"{DEMO}\nnlu_url: {DEAD}"))


async def _keeps_dying(folder: Path) -> Config:
    """A model, and an interpreter that ends at once."""
    config = await loaded(folder)
    config = replace(config, settings=replace(config.settings, models=folder))
    model_path(folder).touch()
    return config


@pytest.mark.parametrize("command", ["parse", "chat"])
@pytest.mark.parametrize(
    ("city_with", "says"),
    [(_dead_url, f"Rasa at {DEAD} .nlu_url. does not answer"), (_keeps_dying, "Rasa does not come up; the log above")],
    ids=["dead url", "keeps dying"],
)
async def test_who_waits_at_a_terminal_is_told_when_rasa_does_not_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, city_with: Loads, says: str
) -> None:
    monkeypatch.setenv("VECINO_NLU_PYTHON", str(shutil.which("false")))
    config = await city_with(tmp_path)
    with pytest.raises(Unfit, match=f"Nothing is understood after 0.3 s: {says}"):
        await (acts.parse(config, patience=0.3) if command == "parse" else acts.chat(config, None, patience=0.3))


def test_what_is_switched_off_or_comes_later_is_not_loaded_before_a_process_listens(tmp_path: Path) -> None:
    heavy = ("alembic", "telegram", "twilio", "bot.demo.history", "nlu.gazetteer.osm")
    script = f"""
import asyncio, sys
from pathlib import Path
import bot.commands.arguments
from bot.commands.checking import load
asyncio.run(load(Path({str(city(tmp_path))!r}), {{}}))
print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


async def test_check_tells_what_was_set_apart_of_the_spools(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = await loaded(tmp_path)
    await acts.check(config)
    assert "wait for a person" not in capsys.readouterr().out
    for name in ("spool/1-a.refused", "spool/2-a.refused", "receipts/1-a.unreadable"):
        path = config.settings.var / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    await acts.check(config)
    said = capsys.readouterr().out
    assert "spool: 2 files are refused" in said
    assert "receipts: 1 files are unreadable" in said
