"""What the desk changed of the city's settings. config.yml stays the base; the newest change of each key counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """Of which settings."""

    CANNED = "canned"  # replies at hand; `key` is their code, `value` {"language": "text"}
    ANSWER = "answer"  # to citizens' questions
    SERVICE = "service"  # its texts and targets
    ROUTE = "route"  # which department gets what
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One change. `value` is JSON, None: the desk took it away."""

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

    async def version(self) -> int:
        """Grows with every change, of whatever kind."""
        ...
