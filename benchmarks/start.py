"""How long a start takes with the model cached: from the process's first moment until a message is understood.

    python -m benchmarks.start [--times 5] [--database sqlite] [--json FILE]

Each time the whole of it: a new `python -m bot serve` with a Rasa of its own, on a database that is there already (but
for the first time). Told are the seconds until /healthz answers (imported, wired, listening), until /readyz is 200
(database brought to this version, work begun), until the bot says that messages are understood (Rasa loaded its
model), and until a citizen's first message, sent as soon as it is ready, is answered by the question that only who
understood it can ask. The exit status is 1 where the median of the last is 20 s or more.
"""

import argparse
import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from aiohttp import ClientError, ClientSession

from benchmarks.city import write_config
from benchmarks.fleet import ROOT, NotStarted, free_port
from benchmarks.hostility.ear import Ear, Meaning
from benchmarks.hostility.run import KEY
from benchmarks.rush.place import Place, opened
from benchmarks.rush.run import open_session
from benchmarks.rush.world import World
from bot.commands.numbers import whole
from channels.message import Contact
from nlu.contract import LANGUAGES
from tests.postgres import Missing

TARGET: Final = 20.0  # seconds
_READY: Final = b"ready: messages are understood"
_WITHIN = 120.0  # seconds
_ASKS = 0.02  # seconds between two questions whether it is there
_TEXT = "hay un bache enorme en la calle Los Pinos 12"
_CITIZENS = iter(range(5_900_001, 5_999_999))


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Seconds since the process was begun."""

    listening: float
    ready: float
    understands: float
    answered: float


class Asked:
    """A citizen, and when they were asked whether their report of a pothole is right."""

    def __init__(self) -> None:
        self._ear, self.at = Ear(LANGUAGES), asyncio.get_running_loop().create_future()
        self.contact = Contact(channel="sms", address=f"+5255{next(_CITIZENS)}")

    def hear(self, contact: Contact, text: str) -> None:
        meant = self._ear.meaning(text) is Meaning.CONFIRM
        if contact == self.contact and meant and not self.at.done():
            self.at.set_result(perf_counter())


async def started(place: Place) -> Start:
    """Once. Raises NotStarted."""
    citizen, port = Asked(), free_port()
    async with open_session() as session, World(session, [port], citizen.hear) as world:
        environment = os.environ | world.secrets | {
            "VECINO_VAR": str(place.folder), "VECINO_SECRET_KEY": KEY, "VECINO_DATABASE_URL": place.url,
            "VECINO_CONFIG": str(_config(place.folder, port, world)),
        }  # fmt: skip
        begun = perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", stdout=PIPE, env=environment, cwd=ROOT
        )
        assert process.stdout is not None
        said = asyncio.create_task(_says(process.stdout))
        try:
            async with asyncio.timeout(_WITHIN):
                listening = await _answers(session, f"http://127.0.0.1:{port}/healthz", process)
                ready = await _answers(session, f"http://127.0.0.1:{port}/readyz", process)
                if not await world.say(citizen.contact, _TEXT):
                    raise NotStarted("The bot is ready and did not take a message")
                answered = await citizen.at
                understands = await said
        except TimeoutError:
            raise NotStarted("The bot did not come up; see above") from None
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            said.cancel()
            await asyncio.gather(said, return_exceptions=True)
            await process.communicate()
    times = (one - begun for one in (listening, ready, understands, answered))
    return Start(**dict(zip(Start.__slots__, times, strict=True)))


async def _says(lines: asyncio.StreamReader) -> float:
    async for line in lines:
        if _READY in line:
            return perf_counter()
    raise NotStarted("The bot ended; see above")


async def _answers(session: ClientSession, url: str, process: Process) -> float:
    while process.returncode is None:
        with suppress(ClientError, OSError):
            async with session.get(url) as answer:
                if answer.status == 200:
                    return perf_counter()
        await asyncio.sleep(_ASKS)
    raise NotStarted("The bot ended; see above")


def _config(folder: Path, port: int, world: World) -> Path:
    config = write_config(folder / "config.yml", port=port, nlu_port=0, apis=world.apis, public=True)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("nlu_url: http://127.0.0.1:0", "nlu_url: ''"), encoding="utf-8")
    return config


async def _all(place: Place, times: int) -> list[Start]:
    (place.folder / "models").symlink_to(ROOT / "var" / "models")
    found = []
    for number in range(times):
        found.append(await started(place))
        print(_line(f"start {number + 1}", found[-1]), flush=True)
    return found


def _line(what: str, one: Start) -> str:
    return (
        f"{what}: listens after {one.listening:.2f}, ready {one.ready:.2f}, understands {one.understands:.2f}, "
        f"first message answered {one.answered:.2f} s"
    )


def middle(found: Sequence[Start]) -> Start:
    """The median of each part."""
    return Start(**{name: median(getattr(one, name) for one in found) for name in Start.__slots__})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=whole(1, 100), default=5)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--json", type=Path, help="every start, into this file")
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the first start", flush=True)
    try:
        with opened(given.database, keep=False) as place:
            found = asyncio.run(_all(place, given.times))
    except (NotStarted, Missing) as why:
        sys.exit(f"not measured: {why}")
    whole_of_it = middle(found)
    print(_line("median", whole_of_it), f"(wanted: under {TARGET:g} s; load {os.getloadavg()[0]:.1f} at the end)")
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found], indent=1), encoding="utf-8")
    return 0 if whole_of_it.answered < TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
