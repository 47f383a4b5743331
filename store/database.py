"""The database, SQLite or PostgreSQL by its URL."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import URL

from bot.ports import Clock, Store, StoreUnavailable, Wake
from store.codec import Codec
from store.crowd import Sight
from store.engine import open_access, parse_url
from store.erasures import Erasures
from store.postgresql import postgresql_engine
from store.seal import ForeignKey, Seal
from store.session import Access
from store.wake import Bell, listen
from store.work import Work

PATIENCE = 4.0  # s; a webhook waits for the writers' queue and then for the file's lock, and Twilio's caller 15 s


class Database:
    """Keeps `bot.ports.Store`; its `bell` keeps `bot.ports.Wake`. Made by `Database.open`."""

    def __init__(
        self, write: Access, read: Access, codec: Codec, clock: Clock, *, checked: bool, erasures: Erasures | None
    ) -> None:
        self._write, self._read, self._codec, self._clock, self._erasures = write, read, codec, clock, erasures
        self._checked, self._sight = checked, Sight()
        self.bell = Bell()
        self._listener: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, url: str, seal: Seal, *, clock: Clock, patience: float = PATIENCE, durable: bool = True,
        checked: bool = True, erasures: Erasures | None = None,
    ) -> "Database":  # fmt: skip
        """Raises BadUrl. A database that is down is no error yet: each unit of work says StoreUnavailable until it is
        back; where it is not `checked` yet, until `check_keys` has let it through. `patience` in seconds;
        `durable=False` (SQLite without fsync) is for tests. `erasures`: where it is noted who was erased."""
        parsed = parse_url(url)
        write, read = open_access(parsed, patience=patience, durable=durable)
        database = cls(write, read, Codec(seal), clock, checked=checked, erasures=erasures)
        if parsed.get_backend_name() == "postgresql":
            database._listener = asyncio.create_task(_listen(parsed, database.bell, patience))
        return database

    def work(self) -> Work:
        self._admit()
        return Work(self._write, self._codec, self._clock, self.bell, self._erasures, sight=self._sight)

    def view(self) -> Work:
        self._admit()
        return self._look()

    async def check_keys(self) -> None:
        """Before any work: whoever has written to us is sealed with a key that we have. Raises ForeignKey (nothing was
        touched) or StoreUnavailable."""
        async with self._look() as view:
            marks = await view.citizens.marks()
        if not all(map(self._codec.seal.knows, marks)):
            raise ForeignKey(str(ForeignKey.__doc__))
        self._checked = True

    def _look(self) -> Work:
        return Work(self._read, self._codec, self._clock, None, sight=self._sight)

    def _admit(self) -> None:
        if not self._checked:
            raise StoreUnavailable("The database was not reached yet since this process started; try again later")

    async def close(self) -> None:
        if self._listener:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
        # The writer last: with its last connection SQLite folds its log into the file.
        for access in (self._read, self._write):
            await access.close()


async def _listen(url: URL, bell: Bell, patience: float) -> None:
    engine = postgresql_engine(url, patience)
    try:
        await listen(engine, bell)
    finally:
        await engine.dispose()


if TYPE_CHECKING:  # mypy holds the database to the Protocols

    def _kept(database: Database) -> tuple[Store, Wake]:
        return database, database.bell
