"""The databases of the throughput bench: empty or copies of full ones, with fsync, and gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Executable, func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from store.engine import parse_url
from store.tables import inbox, outbox
from tests.postgres import running


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a database is, and the processes that are its own."""

    folder: Path
    url: str
    groups: dict[str, Sequence[int]]

    async def megabytes(self) -> float:
        if self.url.startswith("sqlite"):
            return sum(path.stat().st_size for path in self.folder.glob("vecino.db*")) / 1e6
        return await self._count(text("SELECT pg_database_size(current_database())")) / 1e6

    async def troubles(self) -> str:
        """What was tried more than once, and what is still to do: nothing, where all went well."""
        counts = []
        for table in (inbox, outbox):
            rows = select(func.count()).select_from(table)
            again = await self._count(rows.where(table.c.attempts > 1))
            left = await self._count(rows.where(table.c.done_at.is_(None)))
            counts.append(f"{table.name} {again} tried again, {left} left")
        return "; ".join(counts)

    async def _count(self, question: Executable) -> int:
        engine = create_async_engine(parse_url(self.url))
        try:
            async with engine.connect() as connection:
                return int((await connection.execute(question)).scalar_one())
        finally:
            await engine.dispose()


@contextmanager
def opened(database: str, *, keep: bool, copied: Path | None = None) -> Iterator[Place]:
    """Raises tests.postgres.Missing. `keep` leaves the folder, with SQLite's database and all logs; `copied` is one of
    benchmarks.kept."""
    with _folder(keep=keep) as folder:
        if database == "sqlite":
            if copied:
                shutil.copy(copied / "vecino.db", folder)
            yield Place(folder=folder, url=f"sqlite:///{folder / 'vecino.db'}", groups={})
            return
        with running(fsync=True, copied=copied) as cluster:
            yield Place(folder=folder, url=cluster.url("postgres"), groups={"PostgreSQL": [cluster.pid]})


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="vecino-throughput-"))
    try:
        yield folder
    finally:
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
