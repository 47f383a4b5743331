"""Those who work tickets, and their log-ins."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """One who works tickets. `password` is an argon2 hash."""

    login: str
    name: str
    language: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A clerk's log-in. `token` is stored as a hash only; `csrf` is sent back with every form."""

    token: str = field(repr=False)
    login: str
    csrf: str = field(repr=False)
    expires_at: datetime


class Clerks(Protocol):
    async def add(self, clerk: Clerk) -> None:
        """Raises Taken."""
        ...

    async def get(self, login: str) -> Clerk | None: ...

    async def open_session(self, session: Session) -> None: ...

    async def session(self, token: str, now: datetime) -> Session | None:
        """The session of this token unless it has expired."""
        ...

    async def close_session(self, token: str) -> None: ...
