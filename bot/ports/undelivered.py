"""Messages that reached nobody, for clerks; and contacts that a provider refuses."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.ports.outbox import Kind
from bot.ports.page import Page


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


class Undelivered(Protocol):
    async def page(self, offset: int, limit: int) -> Page[Failure]:
        """What no clerk has settled yet, newest first."""
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
