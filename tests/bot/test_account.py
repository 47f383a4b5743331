"""A database and the Telegram bot to which its citizens wrote."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app import build
from bot.commands import acts
from bot.commands.serving import NotHere
from bot.config import Config
from bot.roles import account
from bot.roles.account import OtherBot
from channels import BadOption, telegram
from store.database import Database
from tests.bot.test_commands import DEMO, KEY, loaded

ON = ("telegram: {enabled: false}", "telegram: {enabled: true}")


def bot(number: int) -> Sequence[telegram.Telegram]:
    return [telegram.Telegram("http://127.0.0.1:9", f"{number}:x")]


async def offset(database: Database, value: int | None = None) -> int:
    async with database.work() as work:
        if value is not None:
            await work.cursors.set("telegram", value)
        await work.commit()
    async with database.view() as view:
        return await view.cursors.get("telegram")


async def live(folder: Path, url: str, token: str) -> Config:
    environment = KEY | {"TELEGRAM_BOT_TOKEN": token, "VECINO_DATABASE_URL": url}
    return await loaded(folder, (DEMO, "mode: live\nport: 0"), ON, **environment)


async def test_the_first_bot_is_kept_and_another_one_is_refused(database: Database) -> None:
    await account.verify(database, bot(7_000_000_001))
    await account.keep(database, bot(7_000_000_001))
    await account.verify(database, bot(7_000_000_001))
    with pytest.raises(OtherBot, match=r"bot 7000000001, and the token is of bot 8.*check --accept-bot"):
        await account.verify(database, bot(8))


async def test_the_same_bot_goes_on_polling_where_it_stood_and_an_accepted_one_begins_anew(database: Database) -> None:
    await account.keep(database, bot(7))
    await offset(database, 500)
    await account.keep(database, bot(7))
    assert await offset(database) == 500
    await account.keep(database, bot(8))
    assert await offset(database) == 0
    await account.verify(database, bot(8))


async def test_a_process_with_another_bots_token_does_not_start_until_that_is_accepted(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, other = await live(tmp_path, database_url, "7:x"), await live(tmp_path, database_url, "8:x")
    vecino = await build(first, NotHere(), durable=False)
    await vecino.prepare()
    await vecino.stop()
    await acts.check(first)
    with pytest.raises(OtherBot):
        await acts.check(other)
    vecino = await build(other, NotHere(), durable=False)
    with pytest.raises(OtherBot):
        await vecino.start()
    await vecino.stop()
    await acts.check(other, accept_bot=True)
    await acts.check(other)
    assert "config.yml is right" in capsys.readouterr().out


async def test_check_makes_no_database(tmp_path: Path) -> None:
    await acts.check(await live(tmp_path, f"sqlite:///{tmp_path / 'none.db'}", "7:x"))
    assert not (tmp_path / "none.db").exists()


async def test_check_says_when_it_could_not_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await acts.check(await live(tmp_path, "postgresql://nobody@127.0.0.1:1/none", "7:x"))
    assert "whose it is was not looked at" in capsys.readouterr().out


@pytest.mark.parametrize("token", ["x", "x:y", ":y", "0:y", "7:", "7:a b"])
def test_what_is_no_token_is_told(token: str) -> None:
    options = {"api_url": "http://127.0.0.1:9"}
    with pytest.raises(BadOption, match="as BotFather gives it"):
        telegram.open(options, {"TELEGRAM_BOT_TOKEN": token}, "")
