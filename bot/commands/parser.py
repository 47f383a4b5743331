"""What may be typed after `python -m bot`: every command with its arguments, and their help."""

import argparse
from pathlib import Path
from typing import TypeAlias

from bot import __version__
from bot.commands.numbers import day, whole
from bot.ports.keys import Scope
from bot.roles.process import Role
from nlu.contract import LANGUAGES
from tickets.happening import Happening
from tickets.rights import Role as DeskRole

_MOST = 100_000  # messages of one list
_TICKETS, _WEEKS = 10_000_000, 1_040  # that can be invented: a third of all numbers, and twenty years
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m bot", description="Vecino: citizens report, the city answers.")
    top.add_argument("--config", help="the city's file (default: VECINO_CONFIG, else config.yml)")
    top.add_argument("--version", action="version", version=f"Vecino {__version__}")
    commands = top.add_subparsers(dest="command", required=True)
    help_ = "write a config.yml to begin with, and say what comes next"
    begin = commands.add_parser("init", help=help_, description=help_)
    begin.add_argument("folder", type=Path, metavar="DIR")
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
    check.add_argument(
        "--live", action="store_true", help="ask also the database, the providers and this machine how they are"
    )
    check.add_argument("--json", action="store_true", help="with --live: as JSON")
    check.add_argument("--accept-bot", action="store_true", help=help_)
    commands.add_parser("reindex", help="let all tickets be found by their words: once after an update or a new key")
    help_ = "seal all that is kept with the newest key of VECINO_SECRET_KEY, while everything runs"
    rotating = commands.add_parser("rotate", help=help_, description=f"{help_}; goes on where it was stopped")
    help_ = "do now what the rules of `retention` in config.yml want; it is done each night by itself"
    retention = commands.add_parser("retention", help=help_, description=help_)
    help_ = "only say how many reports of which services and years"
    retention.add_argument("--dry-run", action="store_true", help=help_)
    help_ = "only this one, as --dry-run numbers them"
    retention.add_argument("--rule", type=whole(1, 1_000), metavar="N", help=help_)
    rotating.add_argument("--check", action="store_true", help="only count what older keys sealed")
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
    _add_backup(commands)
    _add_clerk(commands)
    _add_demo(commands)
    _add_digest(commands)
    _add_export(commands)
    _add_places(commands)
    _add_hook(commands)
    _add_import(commands)
    _add_key(commands)
    _add_nlu(commands)
    _add_simulate(commands)
    return top


def _add_backup(commands: Commands) -> None:
    help_ = "copy the database and the photos into one folder, while everything runs"
    backup = commands.add_parser("backup", help=help_, description=help_)
    backup.add_argument("--out", type=Path, metavar="DIR", help="where to (default: `backup` of config.yml)")
    backup.add_argument("--keep", type=whole(1, 3_650), metavar="N", help="remove all older ones but so many")
    backup.add_argument(
        "--check", type=Path, metavar="FILE", help="copy nothing; read this one wholly and say if it is whole"
    )
    help_ = "put a copy back, into a database of either kind; nothing is sent twice"
    restore = commands.add_parser("restore", help=help_, description=help_)
    restore.add_argument("file", type=Path, nargs="?", metavar="FILE", help="what `backup` made, its photos beside it")
    restore.add_argument(
        "--yes", action="store_true", help="replace what the database holds; a copy of that is made first"
    )
    help_ = "restore nothing; send what an earlier restore holds, for it may have arrived before"
    restore.add_argument("--send-held", action="store_true", help=help_)


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


def _add_key(commands: Commands) -> None:
    keys = commands.add_parser("key", help="keys of other programs (Open311)").add_subparsers(dest="act", required=True)
    help_ = "add one and print it, this once"
    add = keys.add_parser("add", help=help_, description=help_)
    add.add_argument("name", help="whose program it is")
    help_ = "what it may (default: file)"
    add.add_argument("--scope", nargs="+", choices=list(Scope), default=[Scope.FILE], help=help_)
    add.add_argument("--rate", type=whole(1, 6_000), default=60, help="requests a minute (default: 60)")
    add.add_argument("--until", metavar="YYYY-MM-DD", default="", help="its last day (default: it lasts)")
    keys.add_parser("list", help="which there are, and what they may")
    keys.add_parser("revoke", help="let one open nothing any more").add_argument("name")


def _add_hook(commands: Commands) -> None:
    help_ = "who else is told of reports (docs/hooks.md)"
    hooks = commands.add_parser("hook", help=help_).add_subparsers(dest="act", required=True)
    help_ = "tell one more; its secret is printed, this once"
    add = hooks.add_parser("add", help=help_, description=help_)
    add.add_argument("name", help="whose program it is")
    add.add_argument("url", help="where it is told, such as https://example.org/hook")
    add.add_argument("--services", nargs="+", metavar="CODE", default=[], help="only of these (default: all)")
    add.add_argument("--areas", nargs="+", metavar="CODE", default=[], help="only in these (default: all)")
    add.add_argument("--events", nargs="+", choices=list(Happening), default=[], help="only these (default: all)")
    hooks.add_parser("list", help="which there are, and how it goes with them")
    for act, help_ in (
        ("pause", "tell it nothing; what happens waits for it"),
        ("resume", "tell it what waited"),
        ("ping", "send it a test, and say what it answers"),
        ("rotate", "another secret; the old one works for 24 hours more"),
        ("remove", "tell it nothing any more, and keep nothing for it"),
        ("replay", "tell it again what happened"),
    ):
        one = hooks.add_parser(act, help=help_, description=help_)
        one.add_argument("id", type=whole(1, 999_999_999), metavar="N", help="as `hook list` numbers them")
    since = one.add_mutually_exclusive_group(required=True)
    since.add_argument("--since", type=day, metavar="YYYY-MM-DD", help="from this day on")
    since.add_argument("--event", default="", metavar="ID", help="from this event on, such as 7K3-9QX.4")


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


def _add_export(commands: Commands) -> None:
    help_ = "write the open data: all that anybody may see, in files (docs/open-data.md)"
    export = commands.add_parser("export", help=help_, description=help_)
    export.add_argument("--out", type=Path, metavar="DIR", help="where to (default: where /data/ shows it)")
    export.add_argument("--month", metavar="YYYY-MM", help="only what was reported in this month (default: all)")
    help_ = "which of csv,geojson,parquet,open311 (default: all)"
    export.add_argument("--formats", default="csv,geojson,parquet,open311", metavar="LIST", help=help_)
    export.add_argument("--fresh", action="store_true", help="write also the months in which nothing changed")


def _add_places(commands: Commands) -> None:
    places = commands.add_parser("places", help="the city's gazetteer").add_subparsers(dest="act", required=True)
    help_ = "streets, landmarks and areas from OpenStreetMap, GeoJSON or CSV"
    importing = places.add_parser("import", help=help_, description=f"{help_}, written beside config.yml")
    importing.add_argument("files", nargs="+", metavar="FILE", help=".osm, .osm.pbf, .geojson or .csv")


def _add_import(commands: Commands) -> None:
    help_ = "file the cases of another system, with their history; nobody is told (docs/import.md)"
    moving = commands.add_parser("import", help=help_, description=f"{help_}; again: only what is new or changed")
    moving.add_argument("--mapping", type=Path, required=True, metavar="FILE", help="what its words mean, in YAML")
    moving.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    moving.add_argument("--errors", type=Path, metavar="FILE", help="where to write which rows were refused, and why")
    help_ = "of an Open311 server, what was filed since (default: ten years ago)"
    moving.add_argument("--since", type=day, metavar="YYYY-MM-DD", help=help_)
    moving.add_argument("source", metavar="SOURCE", help="a CSV file, or the address of an Open311 server")


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
