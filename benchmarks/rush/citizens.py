"""The citizens of the throughput bench, each with one conversation: they answer what they are asked."""

import asyncio
from collections.abc import Sequence
from itertools import count
from random import Random
from time import perf_counter

from benchmarks.hostility.ear import Ear, Meaning
from benchmarks.rush.load import LONGEST, Exchange
from benchmarks.rush.texts import Lines, Texts
from benchmarks.rush.world import World
from channels.message import Contact
from nlu.contract import LANGUAGES

CHANNELS = ("sms", "whatsapp", "telegram")
_PREFIXES = {"es": "+5255", "pt": "+5511", "en": "+4420", "fr": "+3361"}
_PEOPLE = count(5_550_001)  # one for all towns: who comes later to the same database is somebody new
_ASIDES = 3  # questions beside the usual ones, after which a citizen gives up


class Town:
    """Makes citizens, and tells each what a provider has for them. `astray`: those who gave up; `unasked`: replies
    that nobody waited for, so that a latency could be another message's."""

    world: World

    def __init__(self, seed: int, channels: Sequence[str] = CHANNELS) -> None:
        self._channels = channels
        self.texts, self.ear = Texts(Random(seed)), Ear(LANGUAGES)
        self._lines = self.texts.conversations()
        self._known: dict[Contact, Citizen] = {}
        self.astray = self.unasked = 0
        self._count = 0

    def begin(self) -> "Citizen":
        self._count += 1
        lines, channel = next(self._lines), self._channels[self._count % len(self._channels)]
        number = next(_PEOPLE)
        address = str(number) if channel == "telegram" else f"{_PREFIXES[lines.language]}{number}"
        citizen = self.make(Contact(channel=channel, address=address), lines)
        self._known[citizen.contact] = citizen
        return citizen

    def make(self, contact: Contact, lines: Lines) -> "Citizen":
        return Citizen(contact, lines, self)

    def hear(self, contact: Contact, text: str) -> None:
        self.unasked += not self._known[contact].hear(text, perf_counter())


class Citizen:
    """Keeps benchmarks.rush.load.Conversation."""

    def __init__(self, contact: Contact, lines: Lines, town: Town) -> None:
        self.contact, self._lines, self._town = contact, lines, town
        self._next, self._welcomed, self._asides, self.filed = lines.report, False, 0, False
        self._reply: asyncio.Future[tuple[float, str]] | None = None

    @property
    def over(self) -> bool:
        return not self._next

    def hear(self, text: str, at: float) -> bool:
        """Whether this was waited for. The welcome comes before the first reply."""
        if not self._welcomed:
            self._welcomed = True
            if self._town.ear.meaning(text) is Meaning.WELCOME:
                return True
        if self._reply is None or self._reply.done():
            return False
        self._reply.set_result((at, text))
        return True

    async def exchange(self) -> Exchange:
        said, self._next = self._town.texts.say(self._next), ""
        self._reply = asyncio.get_running_loop().create_future()
        if not await self._say(said):
            return Exchange(acknowledged=None, replied=None)
        acknowledged = perf_counter()
        try:
            async with asyncio.timeout(LONGEST):
                at, reply = await self._reply
        except TimeoutError:
            return Exchange(acknowledged=acknowledged, replied=None)
        self._next = self._answer(said, reply)
        return Exchange(acknowledged=acknowledged, replied=at)

    async def _say(self, text: str) -> bool:
        return await self._town.world.say(self.contact, text)

    def _answer(self, said: str, reply: str) -> str:
        """What is said to this reply; nothing when the conversation is over."""
        if self.filed:
            return "" if said == self._lines.thanks else self._lines.thanks
        match self._town.ear.meaning(reply):
            case Meaning.RECEIPT:
                self.filed = True
                return self._lines.status.format(number=self._town.ear.number(reply))
            case Meaning.CONFIRM:
                return self._lines.yes
            case Meaning.WHERE | Meaning.DETAILS | Meaning.MENU | Meaning.CHANGE if self._asides < _ASIDES:
                self._asides += 1
                return self._lines.place
            case _:
                self._town.astray += 1
                return ""
