"""What is done for what is typed after `python -m bot`, and errors as sentences; bot/commands/parser.py reads it. What
only one command needs is imported by it: until a process listens, its citizens wait."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from bot import logs
from bot.clock import SystemClock
from bot.commands import acts
from bot.commands.checking import load
from bot.commands.parser import parser
from bot.commands.server import PortTaken
from bot.commands.serving import Unfit, serve
from bot.config import Config, ConfigError, data_root
from bot.i18n import CatalogueMissing
from bot.learning import NoLesson
from bot.ports import StoreUnavailable, Taken
from bot.ports.hooks import State
from bot.roles.account import OtherBot
from bot.roles.process import Role
from channels import BadOption
from nlu.child import NoRasa
from nlu.chosen import NoModel
from nlu.dataset import DataError
from nlu.gazetteer.found import Unreadable
from nlu.train import TrainingFailed
from store.archive import BadArchive
from store.backup import NoRoom
from store.engine import BadUrl
from store.migrate import NewerSchema
from store.possession import InUse
from store.restore import HalfRestored, Occupied
from store.seal import ForeignKey, WeakSecret
from tickets.rights import Role as DeskRole

REFUSED = (
    BadArchive,
    BadOption,
    BadUrl,
    CatalogueMissing,
    DataError,
    ForeignKey,
    HalfRestored,
    InUse,
    NewerSchema,
    NoLesson,
    NoModel,
    NoRoom,
    NoRasa,
    Occupied,
    OtherBot,
    PortTaken,
    TrainingFailed,
    Unreadable,
    WeakSecret,
    Unfit,
)


_TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: any other would have the mail thrown away


def run() -> int:
    """The exit status: 0 done, 1 refused with a sentence, 2 wrong arguments; 75 where a mail server is to try again."""
    arguments = parser().parse_args()
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
    if arguments.command == "init":  # there is no config.yml yet
        from bot.commands.beginning import begin

        begin(arguments.folder)
        return
    if arguments.command == "train":
        acts.train(data_root(os.environ))
        return
    if arguments.command == "rasa":  # its user may read neither config.yml nor the bot's secrets
        acts.rasa(data_root(os.environ), os.environ.get("VECINO_NLU_TOKEN", ""), arguments.host, arguments.port)
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
    if given.live:
        from bot.commands.doctor.looking import live

        await live(config, json=given.json)
        return
    await acts.check(config, accept_bot=given.accept_bot)


async def _backup(config: Config, given: argparse.Namespace) -> None:
    from bot.commands import backup

    if given.check:
        await backup.check_backup(config, given.check)
    else:
        await backup.backup(config, given.out, given.keep)


async def _restore(config: Config, given: argparse.Namespace) -> None:
    from bot.commands.restore import put_back, send_held

    if bool(given.file) is given.send_held:
        raise Unfit("Name the copy: python -m bot restore FILE; or nothing, with --send-held")
    if given.send_held:
        await send_held(config)
    else:
        await put_back(config, given.file, yes=given.yes)


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


async def _key(config: Config, given: argparse.Namespace) -> None:
    from bot.commands import keys

    if given.act == "list":
        await keys.show_keys(config)
    elif given.act == "revoke":
        await keys.revoke(config, given.name)
    else:
        await keys.add(config, given.name, given.scope, given.rate, given.until)


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


async def _export(config: Config, given: argparse.Namespace) -> None:
    from bot.commands import export

    clock = SystemClock()
    what = export.wanted(
        config, clock, out=given.out, month=given.month, formats=given.formats, fresh=given.fresh
    )  # fmt: skip
    await export.run(config, what, clock)


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


async def _rotate(config: Config, given: argparse.Namespace) -> None:
    from bot.commands.rotating import rotate

    await rotate(config, check=given.check)


async def _retention(config: Config, given: argparse.Namespace) -> None:
    from bot.commands.retention import retention

    await retention(config, dry=given.dry_run, only=given.rule)


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


async def _import(config: Config, given: argparse.Namespace) -> None:
    from bot.commands.moving import Asked, move_in

    await move_in(config, Asked(
        mapping=given.mapping, source=given.source, dry=given.dry_run, errors=given.errors, since=given.since
    ))  # fmt: skip


async def _hook(config: Config, given: argparse.Namespace) -> None:
    from bot.commands import hooks

    match given.act:
        case "add":
            await hooks.add(config, given.name, given.url, given.services, given.areas, given.events)
        case "list":
            await hooks.show_hooks(config)
        case "replay":
            await hooks.replay(config, given.id, given.since, given.event)
        case "pause" | "resume":
            await hooks.turn(config, given.id, State.ON if given.act == "resume" else State.PAUSED)
        case "ping":
            await hooks.ping(config, given.id)
        case "rotate":
            await hooks.rotate(config, given.id)
        case _:
            await hooks.remove(config, given.id)


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
    "backup": _backup,
    "restore": _restore,
    "clerk": _clerk,
    "key": _key,
    "demo": _demo,
    "import": _import,
    "digest": _digest,
    "export": _export,
    "undelivered": _undelivered,
    "bounced": _bounced,
    "reindex": _reindex,
    "rotate": _rotate,
    "retention": _retention,
    "settings": _settings,
    "hook": _hook,
    "nlu": _nlu,
    "simulate": _simulate,
}


async def _config(arguments: argparse.Namespace) -> Config:
    return await load(config_path(arguments), os.environ)


def config_path(arguments: argparse.Namespace) -> Path:
    """The city's file."""
    return Path(arguments.config or os.environ.get("VECINO_CONFIG", "config.yml"))
