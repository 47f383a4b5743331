"""Those who work at the desk, their log-ins, and what they keep there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from channels.message import Contact
from tickets.rights import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """An account of the desk. `password` is an argon2 hash, empty for who logs in at the city's own service only, by
    which they are `subject`. `department`: None works for all. `contacts`: may see citizens' numbers. `second` is the
    secret of the second factor, `second_used` the last time step (RFC 6238) whose code was taken. `reach`: where its
    owner is told of changes to it. An account is ended, never deleted: histories name it."""

    login: str
    name: str
    language: str
    password: str = field(repr=False)
    role: Role = Role.CLERK
    department: str | None = None
    contacts: bool = False
    second: str | None = field(default=None, repr=False)
    second_used: int = 0
    subject: str | None = field(default=None, repr=False)
    reach: Contact | None = field(default=None, repr=False)
    made_at: datetime | None = None
    ended_at: datetime | None = None


class Pass(StrEnum):
    """What opens once."""

    INVITATION = "invitation"  # by a link: to choose a password
    RECOVERY = "recovery"  # in place of a code of the second factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A clerk's log-in. `token` is stored as a hash only; `csrf` is sent back with every form. `agent` is the kind of
    browser, for its clerk to know it by. `passed_at`: when the second factor was given; None: not, or not needed.
    `hint` is the ID token by which the city's log-in service sent them, None for who came in by password."""

    token: str = field(repr=False)
    login: str
    csrf: str = field(repr=False)
    expires_at: datetime
    opened_at: datetime | None = None
    seen_at: datetime | None = None
    agent: str = ""
    passed_at: datetime | None = None
    hint: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A session as its clerk sees it in the list. `key` names it, and opens nothing."""

    key: str
    login: str
    opened_at: datetime | None
    seen_at: datetime | None
    expires_at: datetime
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedList:
    """A list of tickets that a clerk kept under a name; `query` is the query of its address."""

    name: str
    query: str


class Clerks(Protocol):
    async def add(self, clerk: Clerk) -> None:
        """Raises Taken."""
        ...

    async def change(self, clerk: Clerk) -> bool:
        """Everything of this login's account but the login; False: there is none."""
        ...

    async def get(self, login: str) -> Clerk | None:
        """None too for an account that was ended."""
        ...

    async def by_subject(self, subject: str) -> Clerk | None:
        """Whom the city's log-in service calls so, unless their account was ended."""
        ...

    async def all(self) -> Sequence[Clerk]:
        """By login, the ended ones too."""
        ...

    async def hold(self) -> Sequence[Clerk]:
        """The same; until the end of this unit of work nobody else changes any account."""
        ...

    async def issue(self, login: str, kind: Pass, words: Collection[str], until: datetime | None = None) -> None:
        """Give a clerk these, in place of those of the kind that they have. Only keyed hashes are kept."""
        ...

    async def bearer(self, kind: Pass, word: str, now: datetime) -> str | None:
        """Whose it is, unless it was used or is past. It may still be used."""
        ...

    async def use(self, kind: Pass, word: str, now: datetime) -> str | None:
        """The same, and it opens nothing any more."""
        ...

    async def left(self, login: str, kind: Pass) -> int:
        """How many a clerk still has."""
        ...

    async def take_code(self, login: str, step: int) -> bool:
        """Note the time step of a code of the second factor; False where it, or a later one, was taken already."""
        ...

    async def open_session(self, session: Session) -> None: ...

    async def session(self, token: str, now: datetime) -> Session | None:
        """The session of this token unless it has expired."""
        ...

    async def seen(self, token: str, at: datetime) -> None: ...

    async def passed(self, token: str, at: datetime) -> None:
        """The second factor was given in this session."""
        ...

    async def close_session(self, token: str) -> None: ...

    async def sessions(self, login: str, now: datetime) -> Sequence[Listed]:
        """Those that have not expired, the newest first."""
        ...

    async def key(self, token: str) -> str:
        """What this token's session is called in the list; "" where there is none."""
        ...

    async def end_session(self, login: str, key: str) -> bool:
        """End one of this clerk's; False: there is none of that key."""
        ...

    async def end_sessions(self, login: str, but: str = "") -> int:
        """End all of this clerk's, but the one of this token; how many."""
        ...

    async def saved(self, login: str) -> Sequence[SavedList]:
        """By name."""
        ...

    async def save(self, login: str, kept: SavedList, at: datetime) -> None:
        """In place of one of the same name."""
        ...

    async def unsave(self, login: str, name: str) -> None: ...
