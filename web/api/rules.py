"""What a key may be called, how long it lasts and how often it asks; and how a fresh one is made."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.ports.keys import Key, Scope

NAME = 60  # characters
RATE, MOST = 60, 6000  # requests a minute: the usual one, and the most
_NAME = re.compile(r"[^\W_](?:[\w .&'()+-]*[\w.)])?")
_MARK = "vk_"  # by which a scanner, and a person, know it for a key of ours


class Problem(StrEnum):
    """Why a key was not made or taken; templates have the words (api/words.html)."""

    NAME = "name"
    TAKEN = "taken"
    SCOPE = "scope"
    RATE = "rate"
    UNTIL = "until"
    SURE = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A key as it was asked for, in the words of a form. `until`: the last day of it, empty: it lasts."""

    name: str = ""
    scopes: frozenset[Scope] = frozenset({Scope.READ, Scope.FILE})
    rate: str = str(RATE)
    until: str = ""
    problems: dict[str, Problem] = field(default_factory=dict)

    def wrong(self, at: str, problem: Problem) -> "Wanted":
        return replace(self, problems={**self.problems, at: problem})


def fresh() -> str:
    """A key nobody can guess: 256 bits."""
    return _MARK + secrets.token_urlsafe(32)


def checked(wanted: Wanted, now: datetime, zone: str) -> Wanted:
    """With what is wrong about it."""
    if not 0 < len(wanted.name) <= NAME or not _NAME.fullmatch(wanted.name):
        wanted = wanted.wrong("name", Problem.NAME)
    if not wanted.scopes:
        wanted = wanted.wrong("scope", Problem.SCOPE)
    rate = wanted.rate
    if not (rate.isascii() and rate.isdigit() and len(rate) <= 9 and 1 <= int(rate) <= MOST):
        wanted = wanted.wrong("rate", Problem.RATE)
    end = _end(wanted.until, zone) if wanted.until else None
    return wanted.wrong("until", Problem.UNTIL) if wanted.until and (end is None or end <= now) else wanted


def made(wanted: Wanted, now: datetime, zone: str, by: str) -> Key:
    """Of what was found to be right."""
    return Key(
        name=wanted.name,
        scopes=_whole(wanted.scopes),
        rate=int(wanted.rate),
        made_at=now,
        made_by=by,
        expires_at=_end(wanted.until, zone) if wanted.until else None,
    )


def _whole(scopes: Collection[Scope]) -> frozenset[Scope]:
    """Who moves reports may say something of them as well."""
    return frozenset(scopes) | ({Scope.UPDATE} if Scope.MOVE in scopes else frozenset())


def _end(day: str, zone: str) -> datetime | None:
    """The end of this day in the city."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), ZoneInfo(zone))
    except (ValueError, OverflowError):
        return None
