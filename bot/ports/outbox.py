"""Messages from us."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from channels.message import Delivery, Outbound, Receipt


class Kind(StrEnum):
    """What a message from us is for."""

    REPLY = "reply"  # to what the citizen wrote
    STOP = "stop"  # to STOP itself; said although the citizen opted out
    NOTICE = "notice"  # news of a ticket
    ALERT = "alert"  # to the staff on duty, of an emergency
    ESCALATION = "escalation"  # to the staff, of dates that are near or were missed
    ACCOUNT = "account"  # to a clerk, of their own account
    DIGEST = "digest"  # figures of a week, to those of the staff who want them
    REFERRAL = "referral"  # to a body beyond the city, which is to look at a ticket
    NEWS = "news"  # word that news wait (bot/delivery/window.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A claimed outbox row. `bulk`: a notice that goes after replies. `free_until`: when its citizen's channel ends to
    take free text from us, as was known when it was claimed; None where they never wrote or it has no such end."""

    id: int
    token: str
    citizen: int
    attempts: int
    queued_at: datetime
    outbound: Outbound
    kind: Kind
    bulk: bool = False
    free_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An outbound to enqueue. `number` and `version` name the ticket update it tells of; `bulk` notices go
    after replies. `place`: the row whose message it is once more; it goes before what came after that one.
    `tries`: how often it was queued since a person last asked for it. `queued_at`: when that was; None: now."""

    outbound: Outbound
    citizen: int
    kind: Kind = Kind.REPLY
    number: str | None = None
    version: int | None = None
    bulk: bool = False
    place: int | None = None
    tries: int = 1
    queued_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Whose message a receipt told of. `refused`: it has failed by that receipt, and they have not written since; where
    the reason is one that lasts, it is yet to be recorded (`Refusals.record`)."""

    citizen: int
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One outbox row as the desk shows it."""

    key: str = field(repr=False)
    number: str | None
    version: int | None
    delivery: Delivery
    reason: str
    queued_at: datetime
    text: str = field(repr=False)
    kind: Kind = Kind.NOTICE
    id: int = 0
    channel: str = ""
    citizen: int = 0  # who gets it: its reporter, or one of those who joined it
    photo: bool = False


class Outbox(Protocol):
    """Messages from us: durable, unique by key, sent one per citizen at a time in order."""

    async def enqueue(self, rows: Sequence[Queued], now: datetime) -> None:
        """Known keys are ignored. Nothing is queued for a citizen who opted out, save `Kind.STOP`."""
        ...

    async def claim(
        self, owner: str, now: datetime, lease: float, limit: int, closed: Iterable[str] = ()
    ) -> Sequence[Departure]:
        """As `Inbox.claim`, nothing of the `closed` channels. What may not be sent any more is failed instead: its
        citizen said STOP, or their provider refuses them."""
        ...

    async def sent(self, departure: Departure, external_id: str, now: datetime) -> None: ...

    async def retry(
        self, departure: Departure, due: datetime, reason: str, *,
        counted: bool = True, earliest: datetime | None = None,
    ) -> None:  # fmt: skip
        """Try again when it is `due`, or, once its provider is back, from `earliest` on; None: not before it is due."""
        ...

    async def hasten(self, channel: str) -> int:
        """Its provider is back: what failed on this channel is due at its `earliest` now; how many."""
        ...

    async def failed(self, departure: Departure, reason: str, now: datetime) -> None: ...

    async def receipt(self, channel: str, receipt: Receipt, now: datetime) -> Noted | None:
        """Move the delivery forward, never back; None when no row is meant."""
        ...

    async def drop_queued(self, citizen: int, now: datetime) -> int:
        """Fail, with reason `opted_out`, what is queued for a citizen; how many."""
        ...

    async def release(self, owner: str, unsure: Mapping[str, datetime] | None = None) -> int:
        """Free what a former self of this process held. What it may have sent by a channel in `unsure` is due only
        then: until that time a receipt may come and tell that it has arrived."""
        ...

    async def of_ticket(self, number: str) -> Sequence[Sent]: ...
