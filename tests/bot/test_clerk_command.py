"""Accounts from a terminal: the same rules as at the desk, and their owners are told."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.commands import clerks
from bot.commands.clerks import Wanted, add, password
from bot.commands.serving import Unfit
from bot.config import Config, load
from bot.opening import open_store
from bot.ports import Kind
from channels.message import Contact

CONFIG = Path(__file__).parents[2] / "config.yml"
ANA = Wanted(login="ana", name="Ana Ruiz", language="es", role=None, department=None, contacts=False)
CHAT = Contact(channel="simulated_telegram", address="77")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(CONFIG, {"VECINO_VAR": str(tmp_path), "VECINO_SECRET_KEY": "a-secret-for-tests-that-is-long-enough"})


def types(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerks, "_typed", lambda: words)


@pytest.mark.parametrize("typed", ["ana.ruiz.2026", "password1234", "Puerto Vecino 1"])
async def test_a_password_that_others_would_guess_is_refused_with_what_to_do(
    config: Config, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    types(typed, monkeypatch)
    with pytest.raises(Unfit, match="four words"):
        await add(config, ANA)


async def test_who_gets_another_password_from_a_terminal_is_told(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    types("four words in a row", monkeypatch)
    monkeypatch.setattr(clerks, "_channels", lambda _: ("simulated_telegram",))
    await add(config, ANA)
    store, _ = await open_store(config, SystemClock())
    async with store.work() as work:
        ana = next(iter(await work.clerks.all()))
        await work.clerks.change(replace(ana, reach=CHAT))
        await work.commit()
    await store.close()
    await password(config, "ana")
    store, _ = await open_store(config, SystemClock())
    async with store.work() as work:
        gone = await work.outbox.claim("test", SystemClock().now(), 60, 9)
        await work.commit()
    await store.close()
    assert [(one.kind, one.outbound.recipient) for one in gone] == [(Kind.ACCOUNT, CHAT)]
    assert gone[0].outbound.text.startswith("Mesa de atención de Puerto Vecino, ana: un administrador restableció")
