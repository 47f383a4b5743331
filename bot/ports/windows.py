"""Channels that take free text only for a while after the citizen's last message, and what waits for them to write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.ports.outbox import Departure
from channels.message import Contact, Outbound, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A message that has waited for its citizen for too long, claimed; `id` is its outbox row's. `token` fences what is
    decided: whoever lost the lease changes nothing. `outbound` is None where it cannot be opened."""

    id: int
    token: str
    attempts: int
    citizen: int
    language: str | None
    outbound: Outbound | None = field(repr=False)


class Windows(Protocol):
    async def park(self, departure: Departure, now: datetime, sms_at: datetime) -> int:
        """Keep it until its citizen writes, or until `sms_at`; how many of theirs are kept then. 0: this one is not,
        for they wrote meanwhile and it is due again, or the lease was lost."""
        ...

    async def skip(self, departure: Departure, now: datetime) -> None:
        """It has nothing to say any more."""
        ...

    async def waiting(self, citizen: int) -> bool: ...

    async def open_until(self, citizen: int) -> datetime | None:
        """When this citizen's channel ends to take free text; None where it has no such end, or they never wrote."""
        ...

    async def release(self, citizen: int, now: datetime) -> int:
        """Queue what was parked for this citizen, in order, before what came after it; how many."""
        ...

    async def drop(self, citizen: int) -> int:
        """Fail it instead, for the citizen opted out; how many."""
        ...

    async def refused(self, departure: Departure, now: datetime) -> bool:
        """The provider says that the window is closed: so it is for us, and the message is queued anew, once; whether
        it was. Else it has failed."""
        ...

    async def refused_late(self, channel: str, receipt: Receipt, now: datetime) -> None:
        """The same, by a receipt that `Outbox.receipt` has noted; repeated ones change nothing."""
        ...

    async def claim(self, now: datetime, lease: float, limit: int) -> Sequence[Parked]:
        """What has waited long enough, of each citizen the oldest, leased for `lease` seconds; attempts grow by one."""
        ...

    async def by_sms(self, parked: Parked, contact: Contact, now: datetime) -> bool:
        """Queue it for this contact of the same person instead, made where missing; False when they opted out there,
        when it is refused, or when the lease was lost."""
        ...

    async def put_back(self, parked: Parked) -> None:
        """The store was away while it was decided on: that is no attempt. It comes again when the lease ends."""
        ...

    async def give_up(self, parked: Parked, reason: str) -> bool:
        """Fail it: a clerk sees it. False when the lease was lost."""
        ...
