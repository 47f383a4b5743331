"""One message in context, what a handler decides about it, and the effects it may ask for. All frozen values."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from channels.message import Contact, Inbound, Media
from handlers.say import Option, Reply
from nlu.parse import Parse
from tickets.city import City
from tickets.model import Place, Ticket, Update
from tickets.ports import Tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """Who writes to us. `language` was `chosen` by them or last detected; None before the first message. `refused`: why
    their provider takes nothing for them any more, until they write again."""

    id: int
    contact: Contact
    language: str | None = None
    chosen: bool = False
    opted_out: bool = False
    welcomed: bool = False
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report on its way to be filed. `details` is None until that question was answered."""

    service: str | None = None
    place: Place | None = None
    description: str = field(default="", repr=False)
    details: str | None = field(default=None, repr=False)
    media: tuple[Media, ...] = ()
    confidence: float | None = None


class Asked(StrEnum):
    """The question a dialogue waits for."""

    SERVICE = "service"
    PLACE = "place"
    DETAILS = "details"
    CONFIRM = "confirm"
    CHANGE = "change"
    LANGUAGE = "language"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """An unfinished conversation. `question` names the question that is open, so that a press on an older button is
    known as such; `offered` are the option ids in the order shown, so that "2" means the second one."""

    asked: Asked
    draft: Draft = field(default_factory=Draft)
    question: str = ""
    offered: tuple[str, ...] = ()
    misses: int = 0
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message in context. `chosen` is the option id it answers with (a button, or "2" typed); `parse` is None
    when the understanding is down; `number` is a fresh ticket number should one be needed."""

    inbound: Inbound
    citizen: Citizen
    language: str
    parse: Parse | None
    dialogue: Dialogue | None
    now: datetime
    number: str
    place: Place | None = None
    chosen: str | None = None

    @property
    def intent(self) -> str | None:
        return self.parse.intent if self.parse else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTicket:
    """A new ticket with its first update and the photos that came with it."""

    ticket: Ticket
    update: Update
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment:
    """A ticket's next value, the update that says why, and photos."""

    ticket: Ticket
    update: Update
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLanguage:
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """No more messages to this citizen, also none that are queued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn:
    """Messages again."""


Effect = FileTicket | AddComment | ChooseLanguage | OptOut | OptIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a handler decided: what to say, how the dialogue goes on (None: it is over), what else shall happen."""

    replies: tuple[Reply, ...]
    dialogue: Dialogue | None = None
    effects: tuple[Effect, ...] = ()


class Handle(Protocol):
    """What every file in handlers/ offers."""

    async def __call__(self, turn: Turn, city: City, tickets: Tickets) -> Answer: ...


def ask(turn: Turn, asked: Asked, draft: Draft, *replies: Reply, misses: int = 0) -> Answer:
    """An answer that ends in a question; the options of the last reply are what digits will mean."""
    options: tuple[Option, ...] = replies[-1].options if replies else ()
    dialogue = Dialogue(
        asked=asked,
        draft=draft,
        question=turn.number,
        offered=tuple(o.id for o in options),
        misses=misses,
        since=turn.now,
    )
    return Answer(replies=replies, dialogue=dialogue)


def with_media(draft: Draft, turn: Turn) -> Draft:
    """The draft with the photos of this message."""
    return replace(draft, media=(*draft.media, *turn.inbound.media))
