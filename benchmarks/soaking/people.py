"""Citizens as they come: most report and ask once after it; some send a photo, some must be asked where, some report
what a neighbour has told already and join, some want to hear no more."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import cycle
from random import Random
from time import perf_counter
from typing import Final

from benchmarks.hostility.ear import Meaning
from benchmarks.phrases import PHRASES
from benchmarks.rush.citizens import Citizen, Town
from benchmarks.rush.load import Exchange
from benchmarks.rush.texts import Lines, Texts
from channels.message import Contact

STOP: Final = "STOP"
_HOUSES = 1_000  # that are named
JOINED_SERVICE: Final = "graffiti"  # the one service whose neighbours are offered to join
_NEIGHBOURS: Mapping[str, tuple[str, str]] = {  # what is wrong, and where; all of a language mean the same wall
    "es": ("hay grafitis en la pared de la calle Los Pinos", "calle Los Pinos"),
    "pt": ("picharam o muro todo na Rua das Flores", "Rua das Flores"),
    "en": ("there is graffiti all over the wall on Mill Road", "Mill Road"),
    "fr": ("il y a des graffitis sur le mur rue des Écoles", "rue des Écoles"),
}


class Kind(StrEnum):
    """What a citizen comes for."""

    REPORT = "report"
    HALF = "half"
    PHOTO = "photo"
    NEIGHBOUR = "neighbour"
    LEAVER = "leaver"


MIX: Mapping[Kind, int] = {Kind.REPORT: 50, Kind.HALF: 18, Kind.PHOTO: 14, Kind.NEIGHBOUR: 10, Kind.LEAVER: 8}


class Photographer(Citizen):
    """The first message is a photo with the words below it."""

    _shown = False

    async def _say(self, text: str) -> bool:
        pictured, self._shown = not self._shown, True
        return await self._town.world.say(self.contact, text, pictured=pictured)


class Neighbour(Citizen):
    """Joins the first report that is offered; files one where there is none."""

    def _answer(self, said: str, reply: str) -> str:
        meaning = self._town.ear.meaning(reply)
        if meaning is Meaning.NEARBY:
            return "1"
        return "" if meaning is Meaning.JOINED else super()._answer(said, reply)


class Leaver(Citizen):
    """Says STOP at the end, to which some channels answer and others do not."""

    def _answer(self, said: str, reply: str) -> str:
        return super()._answer(said, reply) or (STOP if self.filed else "")

    async def exchange(self) -> Exchange:
        if self._next != STOP:
            return await super().exchange()
        self._next, self._reply = "", None
        taken = perf_counter() if await self._say(STOP) else None
        return Exchange(acknowledged=taken, replied=taken)


_KINDS: Mapping[Kind, type[Citizen]] = {
    Kind.REPORT: Citizen, Kind.HALF: Citizen, Kind.PHOTO: Photographer, Kind.NEIGHBOUR: Neighbour,
    Kind.LEAVER: Leaver,
}  # fmt: skip


class Crowd(Town):
    """`filed`: numbers of reports for clerks to work on, in order; the last ones, those of others are dropped."""

    def __init__(self, seed: int, keeps: int = 2_000) -> None:
        super().__init__(seed)
        # as in a city: were every number a new one, what remembers words would fill for hours
        self.texts = Texts(Random(seed), cycle(range(10_000, 10_000 + _HOUSES)))
        self._lines = self.texts.conversations()
        self._random = Random(f"{seed} who comes")
        self.filed: deque[str] = deque(maxlen=keeps)
        self.came: dict[Kind, int] = dict.fromkeys(Kind, 0)

    def begin(self) -> Citizen:
        (kind,) = self._random.choices(list(MIX), list(MIX.values()))
        self.came[kind] += 1
        self._kind = kind
        return super().begin()

    def make(self, contact: Contact, lines: Lines) -> Citizen:
        return _KINDS[self._kind](contact, self._worded(lines), self)

    def hear(self, contact: Contact, text: str) -> None:
        if self.ear.meaning(text) is Meaning.RECEIPT:
            self.filed.append(self.ear.number(text))
        super().hear(contact, text)

    def _worded(self, lines: Lines) -> Lines:
        if self._kind is Kind.HALF:
            return replace(lines, report=self._random.choice(PHRASES[lines.language].half))
        if self._kind is Kind.NEIGHBOUR:
            report, place = _NEIGHBOURS[lines.language]
            return replace(lines, report=report, place=place)
        return lines
