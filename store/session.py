"""What a unit of work runs on: `Session`, one transaction, and `Access`, the way to begin them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Dialect, Executable, Result

Rows = Sequence[Mapping[str, Any]] | Mapping[str, Any] | None  # what fills a statement's places, once or many times


class Session(Protocol):
    """A transaction that has begun. Its errors are the driver's; `store.transaction` says which mean "try again"."""

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run SQL in the driver's own words and places; all its rows."""
        ...

    async def read(self, sql: str, arguments: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The same of very many rows: nobody else waits for it."""
        ...

    async def execute(self, statement: Executable, rows: Rows) -> Result[Any]:
        """Run a statement the usual way."""
        ...

    async def still(self) -> None:
        """All that is asked from now on is seen as of one instant. Only a view can, before it has asked anything else;
        what writes has to see what others wrote, and stays as it is."""
        ...

    async def commit(self, filled: Collection[str]) -> None:
        """When it returns, what was written is durable; `filled` are the queues to ring other processes for. Raises
        StoreUnavailable, and then nothing was written."""
        ...

    async def end(self, error: BaseException | None) -> None:
        """Undo what was not committed, and let others use what it ran on."""
        ...


class Access(Protocol):
    """One way to open transactions."""

    @property
    def dialect(self) -> Dialect: ...

    async def begin(self) -> Session:
        """Every one must come to its `end`. Raises StoreUnavailable."""
        ...

    async def close(self) -> None: ...
