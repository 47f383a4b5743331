"""Where messages go while the store is away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from channels.message import Inbound, Receipt


class Spool(Protocol):
    """Where messages go while the store cannot take them: encrypted and fsynced, oldest first. Its questions raise
    OSError where the disk does not answer."""

    def append(self, arrivals: Sequence[Inbound]) -> None:
        """Raises OSError when even this fails."""
        ...

    def pending(self) -> bool: ...

    async def drain(self, accept: "Accept") -> int:
        """Hand everything to `accept`, then forget it; how many. Raises StoreUnavailable, OSError, and what `accept`
        refuses everything with: then what was not handed over stays. What it refuses alone is set apart."""
        ...

    def apart(self) -> Mapping[str, int]:
        """How many files wait for a person: `refused` by the store, or `unreadable` for want of a key."""
        ...


class Accept(Protocol):
    async def __call__(self, arrivals: Sequence[Inbound]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a channel told of a message that we sent."""

    channel: str
    receipt: Receipt


class ReceiptSpool(Protocol):
    """The same for receipts: a provider tells most of them once only."""

    def append(self, arrivals: Sequence[Told]) -> None: ...

    def pending(self) -> bool: ...

    async def drain(self, accept: "Note") -> int: ...

    def apart(self) -> Mapping[str, int]: ...


class Note(Protocol):
    async def __call__(self, told: Sequence[Told]) -> None: ...
