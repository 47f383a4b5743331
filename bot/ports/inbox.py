"""Messages towards us."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.ports.page import Page
from channels.message import Inbound
from handlers.turn import Citizen, Dialogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A claimed inbox row with what its handling needs. `token` fences completion: whoever lost the
    lease changes nothing."""

    id: int
    token: str
    attempts: int
    accepted_at: datetime
    inbound: Inbound
    citizen: Citizen
    dialogue: Dialogue | None


class AsideReason(StrEnum):
    """Why a message was set aside; beside these stands the name of the error that handling it ended in."""

    OPTED_OUT = "opted_out"
    LOOP = "loop"  # more messages than a person writes
    NEVER_FINISHED = "never_finished"  # its handling ended the process, each time
    UNREADABLE = "unreadable"  # sealed with a key that is lost
    RESTORED = "restored"  # it waited in a copy of the database that was put back, and may have been answered since


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A message that could not be handled and waits for a clerk's eyes."""

    id: int
    channel: str
    accepted_at: datetime
    reason: str
    text: str = field(repr=False)
    photos: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A message that waits behind a claimed one of the same citizen."""

    id: int
    accepted_at: datetime
    inbound: Inbound


class Inbox(Protocol):
    """Messages towards us: durable, unique by (channel, external_id), given out one per citizen, oldest first."""

    async def accept(self, arrivals: Sequence[Inbound]) -> int:
        """Keep new ones, ignore those known; the number of new rows. Creates citizens on their first message."""
        ...

    async def claim(self, owner: str, now: datetime, lease: float, limit: int) -> Sequence[Arrival]:
        """The oldest due row of each free lane, leased for `lease` seconds; attempts grow by one."""
        ...

    async def answered(self, arrival: Arrival, now: datetime) -> bool:
        """Mark as done and lock the citizen; False when the lease was lost (then nothing else of this unit of work may
        be committed)."""
        ...

    async def lock(self, citizens: Collection[int]) -> None:
        """What waits to be answered of theirs, see `Cases.lock`; not what is accepted from now on."""
        ...

    async def retry(self, arrival: Arrival, due: datetime, *, counted: bool = True) -> None:
        """Give it back, due later; `counted=False` takes the attempt back (waiting is no failure)."""
        ...

    async def set_aside(self, arrival: Arrival, now: datetime, reason: str) -> bool:
        """Stop trying; a clerk sees it. False when the lease was lost."""
        ...

    async def release(self, owner: str) -> int:
        """Free what a former self of this process held; how many."""
        ...


class Bursts(Protocol):
    """Several messages that are one: those behind a claimed one may be answered with it."""

    async def behind(self, arrival: Arrival, limit: int) -> Sequence[Behind]:
        """The oldest of those that wait behind it, in order."""
        ...

    async def join(self, arrival: Arrival, rows: Sequence[int], now: datetime) -> bool:
        """Mark these as done together with it; False when one of them is gone (then nothing may be committed)."""
        ...


class SetAside(Protocol):
    """What was set aside, for clerks."""

    async def page(self, offset: int, limit: int) -> Page[Aside]:
        """Newest first."""
        ...

    async def again(self, row: int, now: datetime) -> bool:
        """Hand it out once more, behind what waits already; False when it is no longer set aside."""
        ...

    async def seen_all(self, row: int) -> int:
        """The same for all messages of the citizen who wrote this one; how many."""
        ...

    async def seen(self, row: int) -> bool:
        """No longer set aside: a clerk has dealt with it; False when it was not."""
        ...
