"""What is typed after `python -m bot`: arguments, and errors as sentences."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bot import commands, logs
from bot.checking import load
from bot.config import Config, ConfigError
from bot.i18n import CatalogueMissing
from bot.ports import StoreUnavailable, Taken
from bot.server import PortTaken
from channels import BadOption
from nlu.child import NoRasa
from nlu.contract import LANGUAGES
from nlu.dataset import DataError
from nlu.train import TrainingFailed
from store.engine import BadUrl
from store.possession import InUse
from store.seal import ForeignKey, WeakSecret

REFUSED = (
    BadOption,
    BadUrl,
    CatalogueMissing,
    DataError,
    ForeignKey,
    InUse,
    NoRasa,
    PortTaken,
    TrainingFailed,
    WeakSecret,
    commands.Unfit,
)


def run() -> int:
    """The exit status: 0 done, 1 refused with a sentence, 2 wrong arguments."""
    arguments = _arguments().parse_args()
    logs.configure(json=not sys.stderr.isatty())
    try:
        asyncio.run(_run(arguments))
    except ConfigError as wrong:
        return _refuse("config.yml cannot be used:\n  " + "\n  ".join(map(str, wrong.problems)))
    except Taken:
        return _refuse("That login exists already; choose another.")
    except StoreUnavailable:
        return _refuse("The database cannot be reached; check VECINO_DATABASE_URL and that it runs.")
    except REFUSED as refusal:
        return _refuse(str(refusal))
    except KeyboardInterrupt:
        return 130
    return 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - for the person at the terminal
    return 1


async def _run(arguments: argparse.Namespace) -> None:
    if arguments.command == "train":
        commands.train(Path(os.environ.get("VECINO_VAR", "var")))
        return
    config = await _config(arguments)
    commands.usable(config.settings.var)
    match arguments.command:
        case "serve":
            await commands.serve(config)
        case "chat":
            await commands.chat(config, arguments.language)
        case "parse":
            await commands.parse(config)
        case "migrate":
            await commands.migrate(config)
        case "check":
            commands.check(config)
        case "clerk":
            await commands.add_clerk(config, arguments.login, arguments.name or arguments.login, arguments.language)


async def _config(arguments: argparse.Namespace) -> Config:
    return await load(Path(arguments.config or os.environ.get("VECINO_CONFIG", "config.yml")), os.environ)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Vecino: citizens report, the city answers.")
    parser.add_argument("--config", help="the city's file (default: VECINO_CONFIG, else config.yml)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the bot, the desk and, unless nlu_url is set, Rasa")
    chat = commands.add_parser("chat", help="talk to the bot in this terminal; nothing is kept")
    chat.add_argument("--language", choices=LANGUAGES, help="what the phone would say of its language")
    commands.add_parser("parse", help='JSON lines {"text": ...} in, one parse per line out')
    commands.add_parser("train", help="train the model if its data changed")
    commands.add_parser("migrate", help="bring the database to this version")
    commands.add_parser("check", help="say what is wrong in config.yml and the environment, without starting")
    clerks = commands.add_parser("clerk", help="accounts of the desk").add_subparsers(dest="act", required=True)
    add = clerks.add_parser("add", help="add an account; asks for its password")
    add.add_argument("login")
    add.add_argument("--name", help="as colleagues know them")
    add.add_argument("--language", default="es", help="of the desk's pages (default: es)")
    return parser
