"""A person and a citizen talk, through the citizen's own channel."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.ports.page import Page
from channels.message import Delivery, Kind, Media
from handlers.effects import ThreadKind
from tickets.model import Actor, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """`silent`: the bot answers nothing until it is closed. `waiting`: the citizen wrote last. `clerk`: who took it."""

    id: int
    citizen: int
    kind: ThreadKind
    silent: bool
    opened_at: datetime
    last_at: datetime
    waiting: bool
    clerk: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one message of a thread holds: whatever a citizen can send. Files stay at the provider, by reference;
    `pressed` is the option of an older question of ours."""

    text: str = field(default="", repr=False)
    media: tuple[Media, ...] = ()
    point: Point | None = field(default=None, repr=False)
    form: Kind = Kind.MESSAGE
    pressed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message of a thread. `key`: of the outbox row that carries a clerk's, with its `delivery` and why it failed;
    None once that row is forgotten."""

    id: int
    thread: int
    at: datetime
    actor: Actor
    said: Said
    key: str | None = field(default=None, repr=False)
    delivery: Delivery | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A thread as the list shows it, with what was said last."""

    thread: Thread
    channel: str
    language: str | None
    last: Said


class Threads(Protocol):
    async def open(self, citizen: int, kind: ThreadKind, now: datetime, *, silent: bool) -> Thread:
        """Theirs that is open already, made silent where this is, else a new one; kept with the citizen while it is
        silent. Of two kinds the graver one stays."""
        ...

    async def get(self, thread: int) -> Thread | None: ...

    async def of_citizen(self, citizen: int) -> Thread | None:
        """The open one, silent or not."""
        ...

    async def write(self, thread: int, actor: Actor, said: Said, now: datetime, key: str | None = None) -> bool:
        """Append a message; False when the thread is closed, or one of this key is there already."""
        ...

    async def take(self, thread: int, clerk: str, instead_of: str | None = None) -> bool:
        """False when somebody else has taken it (`instead_of`: than the one named), or it is closed."""
        ...

    async def silence(self, thread: int, *, silent: bool) -> bool:
        """Whether the bot answers in this open thread; False when it is closed or so already."""
        ...

    async def close(self, thread: int, now: datetime) -> bool:
        """The bot answers again; False when it was closed."""
        ...

    async def lock(self, citizens: Collection[int]) -> None:
        """Their open ones, see `Cases.lock`."""
        ...

    async def letters(self, thread: int) -> Sequence[Letter]:
        """Oldest first."""
        ...

    async def letter(self, letter: int) -> Letter | None: ...

    async def page(self, offset: int, limit: int) -> Page[Entry]:
        """Open ones; emergencies first, then danger, then by who waits longest."""
        ...

    async def waiting(self) -> tuple[int, int]:
        """How many open ones are emergencies, and in how many a citizen waits for an answer."""
        ...

    async def idle(self, before: datetime, after: int, limit: int) -> Sequence[Thread]:
        """Silent ones in which nobody has written since, with an id above `after`; by id. Locked until the commit."""
        ...
