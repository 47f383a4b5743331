"""One setting measured: so many processes on one database, at rest, at a set rate and at saturation."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from os import getpid
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout, TCPConnector

from benchmarks.city import write_config
from benchmarks.fleet import TOKEN, Bot, NotStarted, Understanding, free_port
from benchmarks.hostility.run import KEY
from benchmarks.rush.citizens import Town
from benchmarks.rush.load import LONGEST, Begin, Measured, at_rate, saturated
from benchmarks.rush.usage import Usage, usage
from benchmarks.rush.world import World

GENERATOR = "generator"
_REST = 10.0  # seconds
_SETTLES = 3.0  # seconds
_WARM = 2.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """How hard: messages a second at the set rate, seconds of each part, citizens at a time at saturation.
    `program`: what runs in place of `python -m bot`."""

    rate: float
    seconds: float
    crowd: int
    program: str = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was measured in one part, and the CPU that each process took, in shares of a core."""

    measured: Measured
    cores: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`rest`: shares of a core with nothing to do; `fresh` and `memory`: megabytes before and after."""

    rest: Mapping[str, float]
    fresh: Mapping[str, float]
    rated: Part
    full: Part
    memory: Mapping[str, float]


async def vecino(
    folder: Path, url: str, processes: int, others: Mapping[str, Sequence[int]], town: Town, pressure: Pressure
) -> Result:
    """Our own processes on this database; `others` are watched beside them, such as the database's."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session())
        nlu = Understanding(scripted=False)
        await nlu.start()
        stack.push_async_callback(nlu.kill)
        ports = [free_port() for _ in range(processes)]
        world = town.world = await stack.enter_async_context(World(session, ports, town.hear))
        bots = [_bot(folder, url, port, nlu, world, pressure.program) for port in ports]
        for bot in bots:
            bot.start()
            stack.push_async_callback(bot.stop)
        if not all(await asyncio.gather(*(bot.ready(session) for bot in bots))):
            raise NotStarted(f"A process did not start; its log is in {folder} (--keep)")
        groups = {f"bot {n}" if processes > 1 else "bot": [bot.pid] for n, bot in enumerate(bots, 1)}
        return await measure(town.begin, groups | {"Rasa": [nlu.pid]} | dict(others), pressure)


async def measure(begin: Begin, groups: Mapping[str, Sequence[int]], pressure: Pressure) -> Result:
    """The three parts, one after the other, of whoever `begin` talks to."""
    groups = {**groups, GENERATOR: [getpid()]}
    await asyncio.sleep(_SETTLES)
    fresh = usage(groups)
    await asyncio.sleep(_REST)
    rest = usage(groups)
    await saturated(begin, 4, _WARM)
    await asyncio.sleep(_SETTLES)
    rated, _ = await _part(groups, at_rate(begin, pressure.rate, pressure.seconds)) if pressure.rate else (_NONE, rest)
    await asyncio.sleep(_SETTLES)
    full, after = await _part(groups, saturated(begin, pressure.crowd, pressure.seconds))
    return Result(
        rest=rest.cores_since(fresh), fresh=rest.memory, rated=rated, full=full, memory=after.memory
    )  # fmt: skip


def open_session() -> ClientSession:
    return ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=LONGEST))


_NONE = Part(measured=Measured(), cores={})


async def _part(groups: Mapping[str, Sequence[int]], load: Coroutine[None, None, Measured]) -> tuple[Part, Usage]:
    before = usage(groups)
    measured = await load
    after = usage(groups)
    return Part(measured=measured, cores=after.cores_since(before)), after


def _bot(folder: Path, url: str, port: int, nlu: Understanding, world: World, program: str) -> Bot:
    config = write_config(folder / f"config-{port}.yml", port=port, nlu_port=nlu.port, apis=world.apis, public=True)
    settings = world.secrets | {
        "VECINO_VAR": str(folder), "VECINO_SECRET_KEY": KEY, "VECINO_NLU_TOKEN": TOKEN, "VECINO_DATABASE_URL": url,
    }  # fmt: skip
    return Bot(port, config, settings, folder / f"bot-{port}.log", program)
