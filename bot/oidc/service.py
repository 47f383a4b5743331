"""A city's log-in service as config.yml describes it, who comes from there, and why somebody does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from tickets.rights import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A claim of the ID token, and what each of its values means to us; of several the first in this order counts."""

    claim: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`departments` None: they are set at the desk. `acr`, `amr`: one of these is asked of each log-in; empty: nothing
    is. `adopt`: an account without a subject whose login is their `preferred_username` becomes theirs. `only`: nobody
    comes in by password."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    name: str = ""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    roles: Lot
    departments: Lot | None = None
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()
    adopt: bool = False
    only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who the service says they are. `subject` is `issuer subject`, by which they are known for good; `login` and
    `name` are what it calls them, `username` its own name for them alone; `department` None: it says nothing of it.
    `hint` is their ID token."""

    subject: str
    login: str
    username: str
    name: str
    language: str
    role: Role
    department: str | None
    hint: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A log-in that is under way, kept by the browser that began it."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class Why(StrEnum):
    """Why somebody did not come in; templates have the words."""

    AWAY = "away"  # the service does not answer, or not as such services do
    STRAY = "stray"  # not begun in this browser, too long ago, or ended already
    DENIED = "denied"  # the service let them not in
    FALSE = "false"  # what the service sent cannot be trusted
    NO_ROLE = "no_role"
    NO_DEPARTMENT = "no_department"
    WEAK = "weak"  # without the factors that the city asks for
    ENDED = "ended"  # their account was ended at the desk


class NotIn(Exception):
    """They do not come in. `detail` is for the audit: a few words of ours, and of who is known for
    sure what the service calls them."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


class Elsewhere(Protocol):
    """The log-in service. Kept by `bot.oidc.provider.Provider`."""

    service: Service

    async def begin(self, back: str, language: str) -> tuple[str, Errand]:
        """Where to send the browser, which is to come `back`. Raises NotIn."""
        ...

    async def finish(self, errand: Errand, said: Mapping[str, str], back: str) -> Person:
        """Who came back, with what their browser `said`. Raises NotIn."""
        ...

    async def leave(self, hint: str, back: str) -> str | None:
        """Where to send the browser to end the log-in there too; None where the service has no such page."""
        ...


def safe(address: str) -> bool:
    """An address over TLS, or on this machine."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and _here(parts.hostname)))
    except ValueError:
        return False


def _here(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
