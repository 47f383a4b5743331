"""One hostile run: builds the world, lets citizens live in it while things happen, and waits until all is quiet."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic
from typing import Self

from aiohttp import ClientSession, TCPConnector

from benchmarks.city import write_config
from benchmarks.fleet import TOKEN, Bot, NotStarted, Understanding, free_port
from benchmarks.hostility.citizens import Citizen, scripts
from benchmarks.hostility.dice import Dice
from benchmarks.hostility.ear import Ear
from benchmarks.hostility.ledger import Heard, Ledger
from benchmarks.hostility.stores import Disturbed, Held, held, unfinished
from benchmarks.hostility.troubles import Happen, happen, plan
from benchmarks.hostility.verdict import FORGED, Figure
from benchmarks.hostility.world import World
from channels.message import Contact
from nlu.contract import LANGUAGES

KEY = "h" * 43
_AWAY = (3.0, 8.0)  # seconds that a database is away
_SETTLES_WITHIN = 180.0  # seconds, beyond the outage
_PATIENCE = 240.0  # seconds a citizen waits, beyond the outage
_FORGES_EVERY = 40  # messages
_PREFIXES = {"es": "+5255", "pt": "+5511", "en": "+4420", "fr": "+3361"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for on the command line."""

    messages: int
    kills: int
    restarts: int
    rasa_restarts: int
    outage: float
    seed: int
    database: str
    processes: int
    crowd: int
    nlu: str
    polled: bool


class Run:
    """Made by `begin`; `whole` lives it and returns what the database holds."""

    def __init__(self, options: Options, store: Disturbed, session: ClientSession, folder: Path) -> None:
        self._options, self._store, self._session, self._folder = options, store, session, folder
        self.ledger, self._ear = Ledger(), Ear(LANGUAGES)
        self._fate = Dice(Random(options.seed))  # drawn from before anything runs: the same in every run of a seed
        self._dice = Dice(Random(f"{options.seed} as it comes"))
        self._world = World(self._dice, self.ledger, self._hear, polled=options.polled)
        self._nlu = Understanding(scripted=options.nlu == "fake")
        self._ports = [free_port() for _ in range(options.processes)]
        self._citizens: dict[Contact, Citizen] = {}
        self._bots: list[Bot] = []
        self._seconds = 0.0

    @classmethod
    async def begin(cls, stack: AsyncExitStack, options: Options, folder: Path, store: Disturbed) -> Self:
        """Everything started and ready; the stack ends it."""
        session = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
        run = cls(options, store, session, folder)
        await run._world.enter(stack, session, run._ports)
        await run._nlu.start()
        stack.push_async_callback(run._nlu.kill)
        run._bots = [run._bot(port) for port in run._ports]
        for bot in run._bots:
            bot.start()
            stack.push_async_callback(bot.stop)
        if not all(await asyncio.gather(*(bot.ready(session) for bot in run._bots))):
            raise NotStarted(f"A process did not start; its log is in {folder} (--keep)")
        return run

    async def whole(self) -> Held:
        begin = monotonic()
        options = self._options
        counts = {
            "kill": options.kills, "database_restart": options.restarts, "rasa_restart": options.rasa_restarts,
            "outage": int(options.outage > 0), "forgery": 0 if options.polled else options.messages // _FORGES_EVERY,
        }  # fmt: skip
        planned, lives = plan(counts, options.messages, self._fate), [*scripts(options.messages, self._fate)]
        troubles = asyncio.create_task(happen(planned, self._doings(), self.ledger))
        await self._live(lives)
        await troubles
        await self._settled()
        self._seconds = monotonic() - begin
        await asyncio.gather(*(bot.stop() for bot in self._bots))
        return await held(self._store.url, KEY)

    def figures(self) -> Iterator[Figure]:
        counts = self.ledger.counts
        yield "seconds", round(self._seconds, 1)
        yield "messages_per_s", round(self.ledger.accepted / self._seconds, 1)
        yield "crashes", sum(bot.crashes for bot in self._bots)
        yield "stop_s", round(max(bot.stop_seconds for bot in self._bots), 1)
        yield "spooled_left", sum(path.suffix != ".draft" for path in (self._folder / "spool").glob("*"))
        yield from ((name.replace(" ", "_"), counts[name]) for name in sorted(counts))

    async def _live(self, lives: Sequence[tuple[str, ...]]) -> None:
        """So many citizens at a time, one script after the other."""
        waiting = iter([*enumerate(lives)])

        async def place() -> None:
            for number, acts in waiting:
                await self._citizen(number).live(acts)

        await asyncio.gather(*(place() for _ in range(self._options.crowd)))

    def _citizen(self, number: int) -> Citizen:
        channels = sorted(self._world.carriers)
        channel, language = channels[number % len(channels)], self._dice.random.choice(LANGUAGES)
        address = str(70_000 + number) if channel == "telegram" else f"{_PREFIXES[language]}{5_550_000 + number}"
        contact = Contact(channel=channel, address=address)
        citizen = Citizen(
            contact, language, self._world.carriers[channel], self._ear, self._dice, self.ledger,
            _PATIENCE + self._options.outage,
        )  # fmt: skip
        self._citizens[contact] = citizen
        return citizen

    async def _settled(self) -> None:
        """Until nothing is to be answered or sent any more, or patience ends: the judge then sees what is left."""
        end = monotonic() + _SETTLES_WITHIN + self._options.outage
        while monotonic() < end:
            if not self._world.under_way and not await unfinished(self._store.url):
                return
            await asyncio.sleep(0.5)

    def _hear(self, heard: Heard) -> None:
        citizen = self._citizens.get(heard.contact)
        if citizen:
            citizen.hear(heard)

    def _doings(self) -> dict[str, Happen]:
        return {
            "kill": self._kill, "database_restart": self._disturb, "rasa_restart": self._nlu.restart,
            "outage": self._outage, "forgery": self._forge,
        }  # fmt: skip

    async def _kill(self) -> None:
        bot = self._dice.random.choice(self._bots)
        bot.kill()
        if not await bot.ready(self._session):
            self.ledger.count("not back after a kill")

    async def _disturb(self) -> None:
        await self._store.disturb(self._dice.random.uniform(*_AWAY))

    async def _outage(self) -> None:
        await self._world.outage(self._options.outage)

    async def _forge(self) -> None:
        """In the name of someone who does write to us."""
        contact = self._dice.random.choice(list(self._citizens))
        status = await self._world.carriers[contact.channel].forge(contact, f"{FORGED} hay un bache en la calle 5")
        self.ledger.count(f"forgery answered {status}")

    def _bot(self, port: int) -> Bot:
        config = write_config(
            self._folder / f"config-{port}.yml", port=port, nlu_port=self._nlu.port, apis=self._world.apis,
            public=not self._world.polled,
        )  # fmt: skip
        settings = self._world.secrets | {
            "VECINO_VAR": str(self._folder), "VECINO_SECRET_KEY": KEY, "VECINO_NLU_TOKEN": TOKEN,
            "VECINO_DATABASE_URL": self._store.url,
        }  # fmt: skip
        return Bot(port, config, settings, self._folder / f"bot-{port}.log")
