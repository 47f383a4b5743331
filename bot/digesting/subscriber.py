"""Who reads the digest: `digest` of config.yml as frozen values (bot/settings/digest.py reads them)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from channels.mailbox import CHANNEL as EMAIL
from channels.message import Contact
from tickets.city import City
from tickets.figures import Kind, Scope

TELEGRAM = "telegram"  # the channel's name
SCOPES = "`city`, `department:roads` or `area:centro`"


class BadScope(ValueError):
    """No scope is written so; write `city`, `department:roads` or `area:centro`."""


class Attach(StrEnum):
    """What an e-mail carries beside itself."""

    PDF = "pdf"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One who gets the digest of `scope` in `language`, at `hour` of the city's day. A group on Telegram gets the short
    message. `role` is what they are to the city, for whoever reads the list."""

    contact: Contact
    language: str
    hour: int
    scope: Scope = field(default_factory=Scope)
    role: str = ""

    @property
    def by_email(self) -> bool:
        return self.contact.channel == EMAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """When the digest goes out, and to whom. `day`: Monday is 0."""

    day: int = 0
    subscribers: tuple[Subscriber, ...] = ()
    attach: tuple[Attach, ...] = (Attach.PDF,)


def read_scope(written: str) -> Scope:
    """Of `city`, `department:roads` or `area:centro`; raises BadScope. Whether the city has it, `known` tells."""
    kind, colon, code = written.strip().partition(":")
    if kind == Kind.CITY and not colon:
        return Scope()
    if kind not in {Kind.DEPARTMENT, Kind.AREA} or not colon or (kind == Kind.DEPARTMENT and not code):
        raise BadScope(f"{written} is no scope; write {SCOPES}")
    return Scope(kind=Kind(kind), code=code)


def write_scope(scope: Scope) -> str:
    """As `read_scope` reads it."""
    return str(scope.kind) if scope.kind is Kind.CITY else f"{scope.kind}:{scope.code}"


def known(scope: Scope, city: City) -> bool:
    """Whether the city has it today; the area "" is what lies in none."""
    return scope.kind is Kind.CITY or scope.code in codes(scope.kind, city)


def codes(kind: Kind, city: City) -> Collection[str]:
    """Of the city's departments, or of its areas and what lies in none."""
    if kind is Kind.DEPARTMENT:
        return [department.code for department in city.departments]
    return [*(area.code for area in city.areas), ""]
