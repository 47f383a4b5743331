"""Keys of other programs from a terminal."""

from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.commands import keys
from bot.commands.serving import Unfit
from bot.config import Config
from bot.opening import open_store
from bot.ports.audit import Deed
from tests.bot.test_commands import KEY, loaded

LIVE = (("mode: demo", "mode: live"),)


async def config(folder: Path) -> Config:
    return await loaded(folder, *LIVE, **KEY)


async def test_a_key_is_printed_once_and_revoked_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = await config(tmp_path)
    await keys.add(city, "Fixers", ["file", "update"], 30, "2099-12-31")
    secret = capsys.readouterr().out.strip()
    await keys.show_keys(city)
    listed = capsys.readouterr().out
    assert secret.startswith("vk_")
    assert secret not in listed
    assert listed.split() == ["Fixers", "file", "update", "30/min", "until", "2099-12-31", "never", "used"]
    await keys.revoke(city, "Fixers")
    await keys.show_keys(city)
    assert capsys.readouterr().out.rstrip().endswith("revoked")
    store, _ = await open_store(city, SystemClock(), durable=False)
    async with store.view() as view:
        assert [one.deed for one in (await view.audit.page(0, 9)).rows] == [Deed.KEY_REVOKED, Deed.KEY_ADDED]
    await store.close()


async def test_what_cannot_be_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = await config(tmp_path)
    await keys.show_keys(city)
    assert "none yet" in capsys.readouterr().out
    for name, until, says in (
        ("", "", "A name has"),
        ("x", "2001-01-01", "still to come"),
        ("x", "soon", "still to come"),
    ):
        with pytest.raises(Unfit, match=says):
            await keys.add(city, name, ["file"], 60, until)
    with pytest.raises(Unfit, match="Say what it may"):
        await keys.add(city, "x", [], 60, "")
    await keys.add(city, "x", ["file"], 60, "")
    with pytest.raises(Unfit, match="There is a key x already"):
        await keys.add(city, "x", ["file"], 60, "")
    with pytest.raises(Unfit, match="No key y"):
        await keys.revoke(city, "y")
