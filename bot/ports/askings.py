"""Whom a program named as a report's reporter: they are asked once whether they want to be written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """When somebody was asked last, and what they said; None: nothing yet."""

    at: datetime
    said: bool | None


class Askings(Protocol):
    async def get(self, citizen: int) -> Asking | None: ...

    async def asked(self, citizen: int, at: datetime) -> None:
        """They are being asked now."""
        ...

    async def answered(self, citizen: int, *, said: bool) -> None:
        """Of who was asked."""
        ...

    async def wait(self, number: str, citizen: int, at: datetime) -> None:
        """This report is theirs once they say yes."""
        ...

    async def waiting(self, citizen: int) -> Sequence[str]:
        """The numbers of the reports that wait for their yes."""
        ...

    async def settle(self, citizen: int) -> None:
        """None of theirs waits any more."""
        ...

    def token(self, citizen: int, until: datetime) -> str:
        """What says yes for who was asked by e-mail: it stands in a link, and nobody else can make one."""
        ...

    def holder(self, token: str, now: datetime) -> int | None:
        """Whose yes it is; None where it is none of ours, or too old."""
        ...

    async def forget(self, before: datetime) -> int:
        """Reports that have waited since before then are nobody's for good; how many."""
        ...
