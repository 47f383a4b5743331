"""What an answer may ask for beside words: `bot/record.py` writes it in the unit of work of the answer."""

from dataclasses import dataclass, field
from enum import StrEnum

from channels.message import Media
from tickets.model import Ticket, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTicket:
    """A new ticket with its first update and the photos that came with it."""

    ticket: Ticket
    update: Update
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTicket:
    """A ticket's next value, the update that says why, and photos. `tell`: its other followers, and its reporter where
    somebody else did it, are told as of a clerk's move."""

    ticket: Ticket
    update: Update
    media: tuple[Media, ...] = ()
    tell: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """This citizen hears of the ticket's news from now on; twice is once."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """And no more."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What the citizen thinks of a closed ticket: 1 (bad) to 5, and in words; the newest counts. None keeps what is
    there."""

    number: str
    score: int | None = None
    word: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClosure:
    """What the citizen says to "is it fixed?"."""

    number: str
    fixed: bool


class ThreadKind(StrEnum):
    """Why a person is wanted."""

    ASKED = "asked"  # they said so
    STUCK = "stuck"  # we did not understand them three times
    QUESTION = "question"  # our answer was not what they wanted to know
    REPLY = "reply"  # they answered what a clerk wrote about a report
    EMERGENCY = "emergency"
    DANGER = "danger"  # violence or self-harm


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A thread in the clerks' queue. `silent`: the bot answers no more until it is closed; otherwise it only alerts.
    `number`: of the ticket that it is about, whose clerk has it then."""

    kind: ThreadKind
    silent: bool = True
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToClerk:
    """This message goes into the citizen's open thread, for a person to read; nobody else answers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """The citizen wants the bot again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStaff:
    """The staff on duty are told at once of an emergency; of a ticket where there is one."""

    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Everything we keep of this citizen, as a file; `token` opens it. `content` is filled in before it is written."""

    token: str = field(repr=False)
    content: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """Everything we keep of this citizen goes; their cases stay, without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """They were told of this version of the privacy notice."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLanguage:
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Whether they want to be told of what programs filed for them, such as this report."""

    number: str
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """No more messages to this citizen, also none that are queued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn:
    """Messages again."""


Effect = (
    FileTicket | ChangeTicket | Follow | Leave | Rate | AnswerClosure | HandOver | ToClerk | TakeBack | AlertStaff
    | Export | Erase | Consent | ChooseLanguage | Claim | OptOut | OptIn
)  # fmt: skip
