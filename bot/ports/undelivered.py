"""Messages that reached nobody, for clerks; and contacts that a provider refuses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.ports.outbox import Kind
from bot.ports.page import Page
from channels.message import Contact, Outbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One outbound that did not arrive. `reason` is one of `channels.reason.Reason`. `text`: what was said; of an
    e-mail its subject. `to`: the address of staff, which stands in config.yml; "" where it was for a citizen."""

    id: int
    channel: str
    kind: Kind
    number: str | None
    reason: str
    queued_at: datetime
    text: str = field(repr=False)
    to: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which failures are wanted; an empty one wants all. `number` is a ticket's."""

    reason: str = ""
    channel: str = ""
    department: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A failure as a clerk deals with it: the message as it was to go (None: no key of ours opens it), and what of its
    citizen and its ticket decides on what can be done."""

    failure: Failure
    outbound: Outbound | None = field(repr=False)
    citizen: int
    language: str | None
    opted_out: bool
    service: str | None = None
    department: str | None = None
    priority: str | None = None
    due_at: datetime | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of one reason, channel and department; "" where there is no ticket."""

    reason: str
    channel: str
    department: str
    count: int


class Undelivered(Protocol):
    async def page(self, offset: int, limit: int) -> Page[Failure]:
        """What no clerk has settled yet, newest first."""
        ...

    async def missed(self, offset: int, limit: int, only: Only, now: datetime) -> Page[Missed]:
        """The same, what presses most first: alerts of an emergency, then open tickets by priority, late ones before
        others, those that more neighbours joined, and the latest failure of what is alike."""
        ...

    async def one(self, id: int) -> Missed | None:  # noqa: A002
        """None once it is settled."""
        ...

    async def tallies(self) -> Sequence[Tally]: ...

    async def by_sms(self, id: int, contact: Contact, now: datetime) -> bool:  # noqa: A002
        """Queue it for this contact of the same person instead, made where missing, and settle the failure; False when
        it is settled already, or they want or can have no messages there."""
        ...

    async def again(self, id: int, now: datetime) -> bool:  # noqa: A002 - the row's name
        """Queue it once more, at the end of its citizen's queue, and settle the failure; False when it is settled
        already, has arrived after all, or its citizen wants no messages."""
        ...

    async def settle(self, id: int, now: datetime) -> bool:  # noqa: A002
        """Take it off the list; False when it stands there no more."""
        ...


class Refusals(Protocol):
    async def record(self, citizen: int, reason: str) -> None:
        """Their provider refuses this contact for good (a reason in `channels.reason.LASTING`; others are ignored):
        whatever is queued or will be fails at once with that reason, until they write again."""
        ...

    async def forget(self, citizen: int) -> None:
        """A person says that this contact takes messages again: one of the staff, who does not write to us."""
        ...
