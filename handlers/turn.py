"""One message in context, what a handler decides about it, and the effects it may ask for. All frozen values."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from channels.message import Contact, Inbound, Media
from handlers.effects import Effect
from handlers.say import Option, Reply
from nlu.danger import Danger
from nlu.parse import Parse
from tickets.city import City
from tickets.model import Place
from tickets.ports import Tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """Who writes to us. `language` was `chosen` by them or last detected; None before the first message. `refused`: why
    their provider takes nothing for them any more, until they write again. `thread`: the one in which a person talks
    with them, while the bot is silent. `consent`: the version of the privacy notice that they were told of last."""

    id: int
    contact: Contact
    language: str | None = None
    chosen: bool = False
    opted_out: bool = False
    welcomed: bool = False
    refused: str | None = None
    thread: int | None = None
    consent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report on its way to be filed. `details` is None until that question was answered; `answers` are those to the
    service's own questions, as in a ticket. `danger`: to be filed as an emergency. `sought`: the citizen was shown the
    neighbours' reports and wants one of their own."""

    service: str | None = None
    place: Place | None = None
    description: str = field(default="", repr=False)
    details: str | None = field(default=None, repr=False)
    media: tuple[Media, ...] = ()
    confidence: float | None = None
    answers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    danger: bool = False
    sought: bool = False

    def answer(self, question: str) -> str | None:
        """What was answered to a question of this code."""
        return next((value for code, value in self.answers if code == question), None)


class Asked(StrEnum):
    """The question a dialogue waits for."""

    SERVICE = "service"
    PLACE = "place"
    DETAILS = "details"
    CONFIRM = "confirm"
    CHANGE = "change"
    LANGUAGE = "language"
    STOP = "stop"
    QUESTION = "question"  # one of the service's own; `item` is its code
    DUPLICATE = "duplicate"  # is it one of these?
    TICKET = "ticket"  # which of your reports? `item` is the intent that wants one
    CORRECT = "correct"  # what shall be changed in the report `about`
    NEW_PLACE = "new_place"  # the right place of the report `about`
    NEW_SERVICE = "new_service"
    FIXED = "fixed"  # is the report `about` fixed?
    RATING = "rating"
    WORD = "word"  # anything to tell us on top of the rating?
    REOPENED = "reopened"  # what is still wrong?
    ANEW = "anew"  # too late to reopen: a new report?
    CODE = "code"  # `item` is what the code confirms, a salt and a keyed hash of the code, as `erase:5f0c.9a1e`
    INFORMED = "informed"  # was this what you wanted to know?
    CLAIM = "claim"  # a program filed the report `about` for them: do they want to be told?
    WRITTEN = "written"  # nothing: a clerk wrote about the report `about`, of the service `item`, and may be answered
    NOTHING = "nothing"  # we could not help; kept to tell how often in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """An unfinished conversation. `question` names the question that is open, so that a press on an older button is
    known as such; `offered` are the option ids in the order shown, so that "2" means the second one. `waiting` are
    further drafts, of several problems told at once. `about` is the number of the ticket that is asked about, `item`
    what else the question needs to know. `reminded`: it was brought up once after a silence."""

    asked: Asked
    draft: Draft = field(default_factory=Draft)
    question: str = ""
    offered: tuple[str, ...] = ()
    misses: int = 0
    since: datetime
    waiting: tuple[Draft, ...] = ()
    about: str = ""
    item: str = field(default="", repr=False)
    reminded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One problem of a message that tells of several."""

    text: str = field(repr=False)
    parse: Parse
    place: Place | None


class Keyed(Protocol):
    """Hashes of words that only who has the environment's key can make."""

    def __call__(self, *words: str) -> tuple[str, ...]:
        """By each key, the newest first: the first one is to be kept, any of them to be found."""
        ...


class NoKey(Exception):
    """Nothing is hashed in this turn: whoever makes turns that may ask for a code gives them a `keyed`."""


def _unknown(words: str) -> Place:
    return Place(words=words)


def without_key(*words: str) -> tuple[str, ...]:
    """Raises NoKey: a hash that anybody could make would keep no code."""
    raise NoKey(str(NoKey.__doc__))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message in context. `look_up` finds the place that words name. `chosen` is the option id it answers with (a
    button, or "2" typed); `parse` is None when the understanding is down; `number` is a fresh ticket number should one
    be needed, `code` fresh digits and `token` a fresh secret; `keyed` hashes what may not be kept. `parts`: the
    problems that it tells of, where there are several. `danger`: what its words tell of by rule, whatever the model
    makes of them."""

    inbound: Inbound
    citizen: Citizen
    language: str
    parse: Parse | None
    dialogue: Dialogue | None
    now: datetime
    number: str
    place: Place | None = None
    chosen: str | None = None
    code: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    keyed: Keyed = field(default=without_key, repr=False)
    parts: tuple["Part", ...] = ()
    look_up: Callable[[str], Place] = field(default=_unknown, repr=False)
    danger: Danger | None = None

    @property
    def intent(self) -> str | None:
        return self.parse.intent if self.parse else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a handler decided: what to say, how the dialogue goes on (None: it is over), what else shall happen."""

    replies: tuple[Reply, ...]
    dialogue: Dialogue | None = None
    effects: tuple[Effect, ...] = ()


class Handle(Protocol):
    """What every file in handlers/ offers."""

    async def __call__(self, turn: Turn, city: City, tickets: Tickets) -> Answer: ...


def ask(
    turn: Turn, asked: Asked, draft: Draft, *replies: Reply, misses: int = 0, about: str = "", item: str = ""
) -> Answer:  # fmt: skip
    """An answer that ends in a question; the options of the last reply are what digits will mean. Drafts that wait go
    on waiting."""
    options: tuple[Option, ...] = replies[-1].options if replies else ()
    dialogue = Dialogue(
        asked=asked,
        draft=draft,
        question=turn.number,
        offered=tuple(o.id for o in options),
        misses=misses,
        since=turn.now,
        waiting=turn.dialogue.waiting if turn.dialogue else (),
        about=about,
        item=item,
    )
    return Answer(replies=replies, dialogue=dialogue)


def with_media(draft: Draft, turn: Turn) -> Draft:
    """The draft with the photos of this message."""
    return replace(draft, media=(*draft.media, *turn.inbound.media))
