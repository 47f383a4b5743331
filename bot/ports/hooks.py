"""Subscribers: other people's programs that are told what happens to tickets, each by HTTP POST to a URL of theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tickets.happening import Happening

BROKEN = 5  # tries that fail one after the other: then it is tried seldom, with one event at a time


class State(StrEnum):
    """Whether a subscriber is told. What happens meanwhile waits for it, unless it is gone."""

    ON = "on"
    PAUSED = "paused"  # by an administrator
    FAILING = "failing"  # by us: it took nothing for days
    GONE = "gone"  # it answered 410: it wants no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One subscriber. `services`, `areas` and `happenings` are what it wants to be told of, empty: all. `secrets`, the
    newest first, sign what it is sent; the second one until `old_until`. `due`: not tried before. `failures` were one
    after the other, since `failing_since`; `status` (0: none) and `trouble` are of the last answer. `replaying`: until
    where its replay has come; none is under way where it is None."""

    id: int = 0
    name: str
    url: str = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    old_until: datetime | None = None
    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    happenings: tuple[Happening, ...] = ()
    state: State = State.ON
    made_at: datetime
    due: datetime
    failures: int = 0
    failing_since: datetime | None = None
    delivered_at: datetime | None = None
    status: int = 0
    trouble: str = ""
    replaying: datetime | None = None

    @property
    def broken(self) -> bool:
        return self.failures >= BROKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that a subscriber is to be told: the update of this number and version. `since`: when it was tried
    first; `token` is that of the claim."""

    id: int
    hook: Hook
    number: str
    version: int
    happening: Happening
    at: datetime
    since: datetime | None = None
    attempts: int = 0
    token: str = field(default="", repr=False)
    status: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How much a subscriber was not told yet: what waits, since when the oldest, and what was set aside."""

    waiting: int = 0
    oldest: datetime | None = None
    aside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """A try that failed: `status` (0: no answer) and a `trouble` of ours. It is tried again at `again`, and set aside
    where that is None; nothing else is tried with this subscriber before `hold`, which becomes `state`."""

    status: int
    trouble: str
    again: datetime | None
    hold: datetime
    state: State = State.ON


class Hooks(Protocol):
    """Events are written by `Cases` with the update that they are of, one for each subscriber that wants it. Each
    subscriber gets those of one ticket in their order; what is set aside holds up nothing."""

    async def add(self, hook: Hook) -> int:
        """Its id."""
        ...

    async def all(self) -> Sequence[Hook]:
        """By id. Without those whose address no key opens."""
        ...

    async def get(self, which: int) -> Hook | None: ...

    async def remove(self, which: int) -> bool:
        """And what waits for it. False where there is none."""
        ...

    async def turn(self, which: int, state: State, now: datetime) -> bool:
        """Pause it or go on. One that goes on is tried at once, as if nothing had failed. False: there is none."""
        ...

    async def renew(self, which: int, secret: bytes, old_until: datetime) -> bool:
        """Another secret; the one before is valid until then. False: there is none."""
        ...

    async def held(self) -> Mapping[int, Held]:
        """By subscriber, those for whom anything is kept."""
        ...

    async def aside(self, which: int, limit: int) -> Sequence[Happened]:
        """What was set aside of it, the newest first."""
        ...

    async def again(self, which: int, now: datetime) -> int:
        """Try what was set aside of it once more; how many."""
        ...

    async def ready(self, now: datetime) -> Sequence[Hook]:
        """Those that are to be told something now, by whom `due` is longest over."""
        ...

    async def claim(self, hook: Hook, owner: str, now: datetime, until: datetime, limit: int) -> Sequence[Happened]:
        """So many events of it that are due; nobody else gets them until then."""
        ...

    async def delivered(self, one: Happened, status: int, now: datetime) -> bool:
        """It was taken, and is forgotten. After a long failure all that waits is tried at once. False: somebody else
        has claimed it meanwhile."""
        ...

    async def dropped(self, one: Happened) -> bool:
        """There is nothing to be told. False as above."""
        ...

    async def failed(self, one: Happened, setback: Setback, now: datetime) -> bool:
        """False as above; the subscriber's failure is counted all the same."""
        ...

    async def release(self, owner: str) -> int:
        """Free whatever this owner holds; how many."""
        ...

    async def replay(self, which: int, since: datetime, until: datetime) -> bool:
        """Tell it again, by and by, whatever happened from `since` to `until`. Another replay that is under way ends.
        False: there is none."""
        ...

    async def refill(self, now: datetime) -> int:
        """Queue the next part of each replay whose last part was told; how many events."""
        ...

    async def forget(self, before: datetime) -> int:
        """What has waited or stood aside since before then, and what is of nobody; how many."""
        ...
