"""Who talks: dealt from a seed, so that the same number gives the same person each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

from channels.simulator import Style
from nlu.contract import LANGUAGES


class Goal(StrEnum):
    """What somebody writes to the city for."""

    REPORT = "report"
    TWO = "two"  # two problems in one message
    STATUS = "status"
    CORRECT = "correct"  # a word or the place, after filing
    JOIN = "join"  # a neighbour's report
    LEAVE = "leave"  # it again
    REOPEN = "reopen"  # it is not fixed
    RATE = "rate"
    COMMENT = "comment"  # a word or a photo, days later
    MY_DATA = "my_data"
    ERASE = "erase"
    STOP = "stop"
    HUMAN = "human"
    INFORMATION = "information"
    EMERGENCY = "emergency"
    OUTSIDE = "outside"  # a place that is not the city's


class Telling(StrEnum):
    """How somebody brings a report."""

    WHOLE = "whole"  # service and place in one message
    DRIP = "drip"  # only what is asked for
    FRAGMENTS = "fragments"  # one sentence in several quick messages
    GREETING = "greeting"  # hello, then the problem
    PIN = "pin"  # a spot on the map instead of words
    PHOTO = "photo"  # the photo first
    VOICE = "voice"  # a voice note first


class Temper(StrEnum):
    PATIENT = "patient"
    LATE = "late"  # answers after hours
    CORRECTS = "corrects"  # has said a wrong place first
    SWITCHES = "switches"  # to another language
    IGNORES = "ignores"  # says something else first
    DIGITS = "digits"  # types digits where buttons are
    OLD_BUTTONS = "old_buttons"  # presses a button of an earlier question


WEIGHTS: Mapping[Goal, int] = {
    Goal.REPORT: 38, Goal.TWO: 5, Goal.STATUS: 7, Goal.CORRECT: 8, Goal.JOIN: 6, Goal.LEAVE: 3, Goal.REOPEN: 5,
    Goal.RATE: 5, Goal.COMMENT: 5, Goal.MY_DATA: 2, Goal.ERASE: 2, Goal.STOP: 3, Goal.HUMAN: 3, Goal.INFORMATION: 3,
    Goal.EMERGENCY: 3, Goal.OUTSIDE: 2,
}  # fmt: skip
TELLINGS: Mapping[Telling, int] = {
    Telling.WHOLE: 45, Telling.DRIP: 25, Telling.FRAGMENTS: 8, Telling.GREETING: 8, Telling.PIN: 8, Telling.PHOTO: 4,
    Telling.VOICE: 2,
}  # fmt: skip
TEMPERS: Mapping[Temper, int] = {
    Temper.PATIENT: 50, Temper.LATE: 10, Temper.CORRECTS: 8, Temper.SWITCHES: 6, Temper.IGNORES: 8, Temper.DIGITS: 10,
    Temper.OLD_BUTTONS: 8,
}  # fmt: skip
CHANNELS: Sequence[Style] = ("telegram", "sms", "whatsapp")
_PREFIX = {"es": "+525", "pt": "+5521", "en": "+447", "fr": "+336"}
_ABROAD = 0.2  # whose number or phone tells of another language than theirs
_SLOPPY = 0.5
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """`hint`: what their phone tells of its language, on Telegram; `careless`: bad spelling; `seed` decides whatever
    else they choose."""

    index: int
    goal: Goal
    language: str
    channel: Style
    telling: Telling
    temper: Temper
    careless: bool
    phone: str
    hint: str | None
    service: str
    seed: str

    def __str__(self) -> str:
        how = "careless" if self.careless else "clean"
        return f"#{self.index} {self.goal} in {self.language} by {self.channel}: {self.telling}, {self.temper}, {how}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What all personas of a run have in common; None: all sorts."""

    language: str | None = None
    channel: Style | None = None
    goal: Goal | None = None


def deal(
    index: int, seed: int, services: Sequence[str], wanted: Wanted, *, offered: Sequence[str] | None = None
) -> Persona:
    """Person number `index` of this seed. Languages and channels take turns, so that each gets its share. `offered` are
    the services of which a neighbour's report can be joined, where not all are."""
    random = Random(f"{seed}/{index}")  # noqa: S311 - the same people each time
    language = wanted.language or LANGUAGES[index % len(LANGUAGES)]
    channel = wanted.channel or CHANNELS[index // len(LANGUAGES) % len(CHANNELS)]
    goal = wanted.goal or _drawn(WEIGHTS, random)
    home = random.choice(LANGUAGES) if random.random() < _ABROAD else language
    digits = f"{index:06}{random.randrange(100):02}"
    return Persona(
        index=index, goal=goal, language=language, channel=channel, telling=_drawn(TELLINGS, random),
        temper=_tempered(goal, channel, random), careless=random.random() < _SLOPPY,
        phone=f"t{digits}" if channel == "telegram" else f"{_PREFIX[home]}{digits}",
        hint=home if channel == "telegram" and random.random() < 0.5 else None,
        service=random.choice(offered if offered and goal in _JOINING else services), seed=f"{seed}/{index}/talk",
    )  # fmt: skip


_JOINING = frozenset({Goal.JOIN, Goal.LEAVE})


def _drawn(weights: Mapping[T, int], random: Random) -> T:
    return random.choices(list(weights), list(weights.values()))[0]


def _tempered(goal: Goal, channel: Style, random: Random) -> Temper:
    temper = _drawn(TEMPERS, random)
    if temper is Temper.OLD_BUTTONS and channel != "telegram":  # only there are buttons
        return Temper.DIGITS
    if temper is Temper.SWITCHES and goal is not Goal.REPORT:  # else a goal's later words would be in a third language
        return Temper.PATIENT
    return temper
