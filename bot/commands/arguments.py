"""What is typed after `python -m bot`: arguments, and errors as sentences. What only one command needs is imported by
it: until a process listens, its citizens wait."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from bot import logs
from bot.clock import SystemClock
from bot.commands import acts
from bot.commands.checking import load
from bot.commands.numbers import whole
from bot.commands.server import PortTaken
from bot.commands.serving import Unfit, serve
from bot.config import Config, ConfigError, data_root
from bot.i18n import CatalogueMissing
from bot.learning import NoLesson
from bot.ports import StoreUnavailable, Taken
from bot.roles.account import OtherBot
from bot.roles.process import Role
from channels import BadOption
from nlu.child import NoRasa
from nlu.chosen import NoModel
from nlu.contract import LANGUAGES
from nlu.dataset import DataError
from nlu.gazetteer.found import Unreadable
from nlu.train import TrainingFailed
from store.engine import BadUrl
from store.possession import InUse
from store.seal import ForeignKey, WeakSecret
from tickets.rights import Role as DeskRole

REFUSED = (
    BadOption,
    BadUrl,
    CatalogueMissing,
    DataError,
    ForeignKey,
    InUse,
    NoLesson,
    NoModel,
    NoRasa,
    OtherBot,
    PortTaken,
    TrainingFailed,
    Unreadable,
    WeakSecret,
    Unfit,
)


_MOST = 100_000  # messages of one list
_TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: any other would have the mail thrown away
_TICKETS, _WEEKS = 10_000_000, 1_040  # that can be invented: a third of all numbers, and twenty years
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def run() -> int:
    """The exit status: 0 done, 1 refused with a sentence, 2 wrong arguments; 75 where a mail server is to try again."""
    arguments = _arguments().parse_args()
    logs.configure(json=not sys.stderr.isatty())
    status = _done(arguments)
    return _TRY_LATER if status == 1 and arguments.command == "bounced" else status


def _done(arguments: argparse.Namespace) -> int:
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
        acts.train(data_root(os.environ))
        return
    if arguments.command == "places":  # config.yml may name files that are only to be made
        from bot.commands.places import import_places

        await import_places(arguments.files, config_path(arguments).parent)
        return
    config = await _config(arguments)
    acts.usable(config.settings.var)
    await ACTS[arguments.command](config, arguments)


async def _serve(config: Config, given: argparse.Namespace) -> None:
    await serve(config, Role(given.role))


async def _chat(config: Config, given: argparse.Namespace) -> None:
    await acts.chat(config, given.language)


async def _parse(config: Config, _: argparse.Namespace) -> None:
    await acts.parse(config)


async def _migrate(config: Config, _: argparse.Namespace) -> None:
    await acts.migrate(config)


async def _check(config: Config, given: argparse.Namespace) -> None:
    await acts.check(config, accept_bot=given.accept_bot)


async def _rasa(config: Config, given: argparse.Namespace) -> None:
    acts.rasa(config, given.host, given.port)


async def _clerk(config: Config, given: argparse.Namespace) -> None:
    from bot.commands import clerks

    if given.act == "list":
        await clerks.show_clerks(config)
    elif given.act == "end":
        await clerks.end(config, given.login)
    elif given.act == "password":
        await clerks.password(config, given.login)
    else:
        wanted = clerks.Wanted(
            login=given.login, name=given.name or given.login, language=given.language or config.city.languages[0],
            role=DeskRole(given.role) if given.role else None, department=given.department, contacts=given.contacts,
        )  # fmt: skip
        await clerks.add(config, wanted)


async def _demo(config: Config, given: argparse.Namespace) -> None:
    from bot.commands.demo import demo

    await demo(config, given.tickets, given.weeks, given.seed)


async def _digest(config: Config, given: argparse.Namespace) -> None:
    from bot.commands import digest

    if given.subscribers:
        await digest.show_subscribers(config)
    elif given.resubscribe:
        await digest.resubscribe(config, given.resubscribe)
    else:
        what = digest.wanted(
            config.city, SystemClock().now(), week_=given.week, language=given.language, scope=given.scope,
            out=given.out, fresh=given.fresh,
        )  # fmt: skip
        await digest.digest(config, what)


async def _bounced(config: Config, given: argparse.Namespace) -> None:
    from bot.commands.bounced import bounced

    await bounced(config, given.folder)


async def _undelivered(config: Config, given: argparse.Namespace) -> None:
    from bot.commands.undelivered import show_undelivered

    await show_undelivered(config, given.language or config.city.languages[0], given.most)


async def _settings(config: Config, _: argparse.Namespace) -> None:
    from bot.commands.settings import export

    await export(config)


async def _reindex(config: Config, _: argparse.Namespace) -> None:
    from bot.commands.reindex import reindex

    await reindex(config)


async def _simulate(config: Config, given: argparse.Namespace) -> None:
    from bot.commands.simulate import simulate
    from bot.simulate.persona import Goal, Wanted

    if given.persona and given.persona not in set(Goal):
        raise Unfit(f"{given.persona} is no persona's goal; there are {', '.join(Goal)}")
    goal = Goal(given.persona) if given.persona else None
    wanted = Wanted(language=given.language, channel=given.channel, goal=goal)
    await simulate(
        config, given.conversations, given.seed, wanted,
        into=given.transcripts, figures_to=given.json, failures=given.failures,
    )  # fmt: skip


async def _nlu(config: Config, given: argparse.Namespace) -> None:
    from bot.commands import nlu

    if given.act == "models":
        nlu.show_models(config)
    elif given.act == "use":
        nlu.use(config, given.model)
    elif given.act == "compare":
        await nlu.compare(config)
    else:
        ask = sys.stdin.isatty() and not (given.list or given.all)
        await nlu.review(config, given.accept, given.reject, given.forget, ask=ask, every=given.all)


ACTS: Mapping[str, Callable[[Config, argparse.Namespace], Awaitable[None]]] = {
    "serve": _serve,
    "chat": _chat,
    "parse": _parse,
    "migrate": _migrate,
    "check": _check,
    "rasa": _rasa,
    "clerk": _clerk,
    "demo": _demo,
    "digest": _digest,
    "undelivered": _undelivered,
    "bounced": _bounced,
    "reindex": _reindex,
    "settings": _settings,
    "nlu": _nlu,
    "simulate": _simulate,
}


async def _config(arguments: argparse.Namespace) -> Config:
    return await load(config_path(arguments), os.environ)


def config_path(arguments: argparse.Namespace) -> Path:
    """The city's file."""
    return Path(arguments.config or os.environ.get("VECINO_CONFIG", "config.yml"))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Vecino: citizens report, the city answers.")
    parser.add_argument("--config", help="the city's file (default: VECINO_CONFIG, else config.yml)")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the bot, the desk and, unless nlu_url is set, Rasa")
    serve.add_argument(
        "--role", choices=list(Role), default=Role.ALL, help="web: webhooks and desk; worker: answers; all (default)"
    )
    rasa = commands.add_parser("rasa", help="serve the trained model to processes whose nlu_url names this one")
    rasa.add_argument("--host", default="127.0.0.1")
    rasa.add_argument("--port", type=whole(1, 65_535), default=5005)
    chat = commands.add_parser("chat", help="talk to the bot in this terminal; nothing is kept")
    chat.add_argument("--language", choices=LANGUAGES, help="what the phone would say of its language")
    commands.add_parser("parse", help='JSON lines {"text": ...} in, one parse per line out')
    commands.add_parser("train", help="train the model if its data changed")
    commands.add_parser("migrate", help="bring the database to this version")
    check = commands.add_parser("check", help="say what is wrong in config.yml and the environment, without starting")
    help_ = "the database belongs to the bot of TELEGRAM_BOT_TOKEN from now on (stop all first)"
    check.add_argument("--accept-bot", action="store_true", help=help_)
    commands.add_parser("reindex", help="let all tickets be found by their words: once after an update or a new key")
    undelivered = commands.add_parser("undelivered", help="list messages that reached nobody, and why")
    undelivered.add_argument("--language", choices=LANGUAGES, help="of the list (default: the city's first)")
    undelivered.add_argument("--most", type=whole(1, _MOST), default=100, help="how many to list (default: 100)")
    help_ = "read a mail that came back, from a pipe, or all of a folder (docs/email.md)"
    bounced = commands.add_parser("bounced", help=help_, description=help_)
    bounced.add_argument("--folder", type=Path, metavar="DIR", help="a Maildir, or .eml files; they are only read")
    help_ = "what clerks changed of config.yml"
    settings = commands.add_parser("settings", help=help_).add_subparsers(dest="act", required=True)
    help_ = "write what holds now as sections of config.yml, to stdout"
    settings.add_parser("export", help=help_, description=help_)
    _add_clerk(commands)
    _add_demo(commands)
    _add_digest(commands)
    _add_places(commands)
    _add_nlu(commands)
    _add_simulate(commands)
    return parser


def _add_clerk(commands: Commands) -> None:
    clerks = commands.add_parser("clerk", help="accounts of the desk").add_subparsers(dest="act", required=True)
    add = clerks.add_parser("add", help="add an account; asks for its password")
    add.add_argument("login")
    add.add_argument("--name", help="as colleagues know them")
    add.add_argument("--language", choices=LANGUAGES, help="of the desk's pages (default: the city's first)")
    add.add_argument("--role", choices=list(DeskRole), help="default: admin for the first of all, then clerk")
    add.add_argument("--department", metavar="CODE", help="whose tickets they work (default: all)")
    add.add_argument("--contacts", action="store_true", help="they may see citizens' numbers")
    clerks.add_parser("list", help="who there is, and what they may")
    clerks.add_parser("end", help="let somebody in no more").add_argument("login")
    help_ = "set another password, also for who can get in no more; asks for it"
    clerks.add_parser("password", help=help_, description=help_).add_argument("login")


def _add_demo(commands: Commands) -> None:
    help_ = "fill the demo's database with an invented history that ends now"
    demo = commands.add_parser("demo", help=help_, description=help_)
    demo.add_argument("--tickets", type=whole(1, _TICKETS), default=1000, help="how many (default: 1000)")
    demo.add_argument("--weeks", type=whole(1, _WEEKS), default=12, help="over how long (default: 12)")
    demo.add_argument("--seed", type=int, default=1, help="the same seed, the same history (default: 1)")


def _add_digest(commands: Commands) -> None:
    help_ = "the figures of a week in every form, and who gets them (docs/digest.md)"
    digest = commands.add_parser("digest", help=help_, description=help_)
    digest.add_argument("--week", metavar="YYYY-Www", help="such as 2026-W47 (default: the latest that is over)")
    digest.add_argument("--language", help="one of the city's (default: its first)")
    digest.add_argument("--scope", default="city", help="city (default), department:CODE or area:CODE")
    digest.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where to write it (default: here)")
    digest.add_argument("--fresh", action="store_true", help="count anew, also where an edition was sent")
    instead = digest.add_mutually_exclusive_group()
    instead.add_argument("--subscribers", action="store_true", help="only list who gets it")
    instead.add_argument("--resubscribe", metavar="ADDRESS", help="send it again to whom unsubscribed or bounced")


def _add_places(commands: Commands) -> None:
    places = commands.add_parser("places", help="the city's gazetteer").add_subparsers(dest="act", required=True)
    help_ = "streets, landmarks and areas from OpenStreetMap, GeoJSON or CSV"
    importing = places.add_parser("import", help=help_, description=f"{help_}, written beside config.yml")
    importing.add_argument("files", nargs="+", metavar="FILE", help=".osm, .osm.pbf, .geojson or .csv")


def _add_nlu(commands: Commands) -> None:
    nlu = commands.add_parser("nlu", help="what the model learns").add_subparsers(dest="act", required=True)
    help_ = "examples from clerks' corrections: listed, accepted or rejected"
    reviewing = nlu.add_parser("review", help=help_, description=f"{help_}; one by one at a terminal")
    reviewing.add_argument("--list", action="store_true", help="only list them")
    reviewing.add_argument("--all", action="store_true", help="list those that were judged too")
    reviewing.add_argument("--accept", nargs="+", type=int, default=[], metavar="N", help="by the numbers of the list")
    reviewing.add_argument("--reject", nargs="+", type=int, default=[], metavar="N", help="likewise")
    help_ = "erase what these tickets taught: from database, files and models"
    reviewing.add_argument("--forget", nargs="+", default=[], metavar="TICKET", help=help_)
    help_ = "train with what is accepted and show what that would change; swaps nothing"
    nlu.add_parser("compare", help=help_, description=help_)
    nlu.add_parser("models", help="the trained models, and which serves")
    using = nlu.add_parser("use", help="let another trained model serve from the next start on")
    using.add_argument("model", nargs="?", help="its file's name (default: that of what is accepted now)")


def _add_simulate(commands: Commands) -> None:
    help_ = "invented citizens talk to the whole bot, and are counted (docs/simulate.md)"
    simulate = commands.add_parser("simulate", help=help_, description=f"{help_}; status 0 when all is as promised")
    simulate.add_argument("--conversations", type=whole(1, _MOST), default=1000, help="how many (default: 1000)")
    simulate.add_argument("--seed", type=int, default=1, help="the same seed, the same people (default: 1)")
    simulate.add_argument("--language", choices=LANGUAGES, help="of all (default: each)")
    simulate.add_argument("--channel", choices=("telegram", "sms", "whatsapp"), help="of all (default: each)")
    simulate.add_argument("--persona", metavar="GOAL", help="what all come for, such as report or reopen")
    simulate.add_argument("--transcripts", type=Path, metavar="DIR", help="write some whole conversations there")
    simulate.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    simulate.add_argument("--failures", type=whole(0, _MOST), default=0, help="show so many that went wrong")
