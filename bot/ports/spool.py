"""Where messages go while the store is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from channels.message import Inbound, Receipt


class Spool(Protocol):
    """Where messages go while the store cannot take them: encrypted and fsynced, oldest first."""

    def append(self, arrivals: Sequence[Inbound]) -> None:
        """Raises OSError when even this fails."""
        ...

    def pending(self) -> bool: ...

    async def drain(self, accept: "Accept") -> int:
        """Hand everything to `accept`, then forget it; how many. What `accept` refuses stays."""
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


class Note(Protocol):
    async def __call__(self, told: Sequence[Told]) -> None: ...
