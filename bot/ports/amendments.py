"""What the desk changed of the city's settings. config.yml stays the base; the newest change of each key counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """Of which settings."""

    CANNED = "canned"  # replies at hand; `key` is their code, `value` what stands in `desk.replies` without it
    ANSWER = "answer"  # to citizens' questions: the same of `information`
    SERVICE = "service"  # its texts and targets: {"names": {...}, "sla": {...}}
    ROUTE = "route"  # which department gets what: `key` is RULES, `value` the whole list of `routing`
    HOLIDAY = "holiday"  # `key` is the day, `value` {"names": {"language": "text"}}


RULES = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One change. `value` is JSON; None: the desk took it away; `null`: it is as config.yml has it."""

    kind: Kind
    key: str
    value: str | None
    at: datetime
    login: str
    id: int = 0


class Amendments(Protocol):
    """Only ever appended to."""

    async def now(self, kind: Kind) -> Sequence[Amendment]:
        """The newest of each key, by key; those taken away too."""
        ...

    async def history(self, kind: Kind, key: str, limit: int) -> Sequence[Amendment]:
        """The newest first."""
        ...

    async def amend(self, amendment: Amendment) -> None: ...

    async def hold(self) -> None:
        """Nobody else amends anything until the end of this unit of work."""
        ...

    async def all(self) -> Sequence[Amendment]:
        """The newest of each key of every kind, in the order in which they were made."""
        ...

    async def version(self) -> int:
        """Grows with every change, of whatever kind."""
        ...
