"""Where messages go while the store is away."""

from collections.abc import Sequence
from typing import Protocol

from channels.message import Inbound


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
