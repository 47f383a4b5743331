"""Each subscriber one digest, each level one escalation: real processes that are killed, and a real mail server.

    python -m benchmarks.mailing --subscribers 24 --database postgresql --processes 4 --kills 3

Starts `python -m bot serve` so many times on one database, with a digest that is due for all subscribers (four
languages, all hours, the city and a department) and two dates that are near. The mail server (aiosmtpd on loopback)
greylists every third address, knows one not at all, is slow for another. At each kill it has just taken a mail and not
said so: then the process that prints, or every second time all of them, get `kill -9`, and are started again. At the
end one subscriber's mail comes back, by `python -m bot bounced`.

Prints one figure a line; the exit status is 1 when anything was lost, doubled, or not recorded as bounced.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from aiohttp import ClientSession

from benchmarks.fleet import ROOT, TOKEN, Bot, NotStarted, Understanding, free_port
from benchmarks.hostility.stores import opened, unfinished
from benchmarks.mailroom import Figure, Mailroom, judged
from bot.clock import SystemClock
from channels.message import Contact
from store.database import Database
from store.migrate import migrate
from store.seal import Seal
from tests.channels.bounces import report
from tests.peers.mail_server import HOST
from tests.postgres import Missing
from tests.store.samples import file, ticket

KEY = "m" * 43
PRINTS = b"bot.commands.printing"
_LANGUAGES = ("es", "pt", "en", "fr")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GONE, _SLOW, _BACK = "gone@city.example", "slow@city.example", "back@city.example"
_STAFF = {"chief@city.example": 1, "deputy@city.example": 1, "head@city.example": 1}
_PATIENCE = 420.0  # seconds


def main() -> None:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="vecino-mailing-"))
    try:
        good = asyncio.run(_measure(options, folder))
    except (Missing, NotStarted) as why:
        sys.exit(str(why))
    finally:
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


async def _measure(options: argparse.Namespace, folder: Path) -> bool:
    with opened(options.database, folder) as store:
        async with AsyncExitStack() as stack:
            run = Run(options, folder, store.url)
            await run.begin(stack)
            found = await run.whole()
    for name, value in found.items():
        print(f"{name}: {value}")
    return (
        not any(found[name] for name in ("lost", "doubled", "to_strangers", "crashes", "left"))
        and found["bounced"] == 2
    )


class Run:
    def __init__(self, options: argparse.Namespace, folder: Path, url: str) -> None:
        self._options, self._folder, self._url = options, folder, url
        self._random = Random(options.seed)
        self._subscribers = [_GONE, _SLOW, *(f"reader{n}@city.example" for n in range(options.subscribers - 2))]
        self._killed = 0
        mails = len(self._subscribers) - 1 + sum(_STAFF.values())
        self._room = Mailroom(
            greylisted=self._subscribers[2::3], gone=_GONE, slow=_SLOW, kills=self._plan(options.kills, mails)
        )
        self._nlu = Understanding(scripted=True)
        self._bots: list[Bot] = []
        self._begun = 0.0

    async def begin(self, stack: AsyncExitStack) -> None:
        """Everything started; the stack ends it."""
        await stack.enter_async_context(self._room)
        await self._nlu.start()
        stack.push_async_callback(self._nlu.kill)
        await self._two_dates_are_near()
        session = await stack.enter_async_context(ClientSession())
        self._begun = monotonic()
        for _ in range(self._options.processes):
            port = free_port()
            bot = Bot(port, self._config(port), self._environment, self._folder / f"bot-{port}.log")
            self._bots.append(bot)
            bot.start()
            stack.push_async_callback(bot.stop)
        if not all(await asyncio.gather(*(bot.ready(session) for bot in self._bots))):
            raise NotStarted(f"A process did not start; its log is in {self._folder} (--keep)")

    async def whole(self) -> Mapping[str, object]:
        arrived = await self._quiet()
        await asyncio.sleep(self._options.settle)
        left = await unfinished(self._url)
        some = next(one for one in self._room.taken if one.to == self._subscribers[-1])
        said = await self._asked("bounced", typed=report(some.sender, some.to))
        listed = await self._asked("digest", "--subscribers")
        figures: list[Figure] = [
            ("database", self._options.database), ("processes", self._options.processes), ("kills", self._killed),
            *judged(self._room, self._begun, subscribers=self._subscribers, staff=_STAFF, gone=_GONE),
            ("left", left), ("bounced", listed.count(" bounced") if "gets no more mail" in said else 0),
            ("crashes", sum(bot.crashes for bot in self._bots)), ("seconds", round(arrived - self._begun, 1)),
        ]  # fmt: skip
        return dict(figures)

    async def _quiet(self) -> float:
        """When everybody had theirs; at the end of patience the judge says what is missing."""
        wanted = {*self._subscribers, *_STAFF} - {_GONE}
        while monotonic() < self._begun + _PATIENCE:
            if wanted <= {one.to for one in self._room.taken} and not await unfinished(self._url):
                break
            await asyncio.sleep(0.2)
        return monotonic()

    def _plan(self, kills: int, mails: int) -> Mapping[int, Callable[[], None]]:
        """After how many mails what happens."""
        after = sorted(self._random.sample(range(1, mails), kills))
        return {count: self._kill_all if number % 2 else self._kill_printer for number, count in enumerate(after)}

    def _kill_all(self) -> None:
        self._killed += 1
        for bot in self._bots:
            bot.kill()

    def _kill_printer(self) -> None:
        """And with it whatever it sends just now; any, where none prints."""
        self._killed += 1
        printing = _parents_of_printers()
        (next((bot for bot in self._bots if bot.pid in printing), None) or self._random.choice(self._bots)).kill()

    async def _two_dates_are_near(self) -> None:
        """One for each of the two levels."""
        await migrate(self._url)
        store = await Database.open(self._url, Seal(KEY), clock=SystemClock())
        try:
            now, contact = SystemClock().now(), Contact(channel="sms", address="+525555550001")
            async with store.work() as work:
                reporter = (await work.citizens.lanes([contact]))[contact]
                await work.commit()
            begun, due = now - timedelta(days=9), {"7K3-9QX": timedelta(hours=6), "7K3-9QY": timedelta(hours=3)}
            await file(
                store,
                *(
                    ticket(one, reporter, filed_at=begun, due_at=now + left, department="roads")
                    for one, left in due.items()
                ),
            )
        finally:
            await store.close()

    @property
    def _environment(self) -> Mapping[str, str]:
        return {
            "VECINO_VAR": str(self._folder), "VECINO_SECRET_KEY": KEY, "VECINO_NLU_TOKEN": TOKEN,
            "VECINO_DATABASE_URL": self._url,
        }  # fmt: skip

    def _config(self, port: int) -> Path:
        city: dict[str, Any] = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
        yesterday = datetime.now(ZoneInfo(city["city"]["timezone"])).weekday() - 1  # all of its hours are past
        city |= {"mode": "live", "port": port, "nlu_url": f"http://127.0.0.1:{self._nlu.port}"}
        city["public_url"] = "https://city.example"
        city["channels"] = {"email": self._mail()}
        city["calendar"] = {"opening": dict.fromkeys(_DAYS, "00:00-24:00")}
        city["digest"] = {"day": _DAYS[yesterday], "subscribers": [*self._readers()]}
        city["staff"] = [
            {"role": "chief", "contacts": [{"channel": "email", "address": to} for to in list(_STAFF)[:2]]},
            {"role": "head", "contacts": [{"channel": "email", "address": list(_STAFF)[2]}]},
        ]
        city["escalation"] = [
            {"before": {"hours": 9}, "to": ["chief"]}, {"before": {"hours": 4}, "to": ["head", "desk"]},
        ]  # fmt: skip
        path = self._folder / f"config-{port}.yml"
        path.write_text(yaml.safe_dump(city, allow_unicode=True), encoding="utf-8")
        return path

    def _mail(self) -> dict[str, Any]:
        return {
            "enabled": True, "host": HOST, "port": str(self._room.port), "security": "none", "rate": 0,
            "from": "Vecino <vecino@city.example>", "bounces": _BACK,
        }  # fmt: skip

    def _readers(self) -> Sequence[Mapping[str, object]]:
        languages = _LANGUAGES[: self._options.languages]
        return [
            {"email": to, "language": languages[n % len(languages)], "hour": n * 5 % 24,
             "scope": "department:roads" if n % 8 == 7 else "city"}
            for n, to in enumerate(self._subscribers)
        ]  # fmt: skip

    async def _asked(self, *arguments: str, typed: bytes = b"") -> str:
        """What a command says."""
        config = self._folder / f"config-{self._bots[0].port}.yml"
        asked = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "--config", str(config), *arguments, cwd=ROOT,
            env={**os.environ, **self._environment},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return (await asked.communicate(typed))[0].decode()


def _parents_of_printers() -> set[int]:
    """Of the processes that print a digest now."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if PRINTS in (folder / "cmdline").read_bytes():
                found.add(int((folder / "stat").read_text().rpartition(")")[2].split()[1]))
        except OSError:  # it is over
            continue
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--subscribers", type=int, default=24, help="at least 4 (default 24)")
    add("--languages", type=int, choices=(1, 2, 3, 4), default=4, help="how many of the four (default 4)")
    add("--kills", type=int, default=3, help="kill -9 while a mail is sent (default 3)")
    add("--seed", type=int, default=1, help="at which mails (default 1)")
    add("--database", choices=("sqlite", "postgresql"), default="sqlite")
    add("--processes", type=int, default=1, help="more than one needs PostgreSQL (default 1)")
    add(
        "--settle",
        type=float,
        default=65,
        help="seconds to wait for mails too many (default 65: every process looks again)",
    )
    add("--keep", action="store_true", help="keep the folder with database and logs")
    given = parser.parse_args()
    if given.database == "sqlite" and given.processes != 1:
        parser.error("SQLite has one working process; --processes needs --database postgresql")
    if given.subscribers < 4:
        parser.error("--subscribers: at least 4")
    return given


if __name__ == "__main__":
    main()
