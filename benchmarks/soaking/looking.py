"""Takes samples: of the processes by /proc, of the bot by /metrics, of the database by counting."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Final

from aiohttp import ClientError, ClientSession
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.soaking.sample import Process, Sample, Times
from store.tables import metadata

_MEGA: Final = 1e6
_TABLES: Final = tuple(metadata.sorted_tables)
_NONE: Final = Process(memory=0.0, descriptors=0, threads=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What the bot says of itself."""

    tasks: int
    waiting: Mapping[str, int]
    oldest: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """`pid` is the bot's; `metrics` the address of its /metrics; `file` SQLite's, None on PostgreSQL."""

    pid: int
    metrics: str
    engine: AsyncEngine
    file: Path | None
    session: ClientSession

    async def look(self, at: float, said: int, times: Times) -> Sample:
        metrics, (database, log) = await self._metrics(), await self._sizes()
        return Sample(
            at=at, said=said, bot=process(self.pid), rasa=process(rasa_of(self.pid)), tasks=metrics.tasks,
            rows=await self._rows(), database=database, log=log, waiting=metrics.waiting, oldest=metrics.oldest,
            times=times,
        )  # fmt: skip

    async def _metrics(self) -> Metrics:
        waiting: dict[str, int] = {}
        oldest: dict[str, float] = {}
        tasks = 0
        with suppress(ClientError, TimeoutError, OSError):
            async with self.session.get(self.metrics) as answer:
                for family in text_string_to_metric_families(await answer.text()):
                    for one in family.samples:
                        if one.name == "vecino_tasks":
                            tasks = int(one.value)
                        elif one.name == "vecino_waiting":
                            waiting[one.labels["queue"]] = int(one.value)
                        elif one.name == "vecino_oldest_seconds":
                            oldest[one.labels["queue"]] = one.value
        return Metrics(tasks=tasks, waiting=waiting, oldest=oldest)

    async def _rows(self) -> Mapping[str, int]:
        counts = (select(literal(table.name), func.count()).select_from(table) for table in _TABLES)
        async with self.engine.connect() as connection:
            return {name: int(count) for name, count in await connection.execute(union_all(*counts))}

    async def _sizes(self) -> tuple[float, float]:
        """MB of the database and of what is written before it."""
        if self.file is not None:
            return _size(self.file), _size(self.file.with_name(f"{self.file.name}-wal"))
        async with self.engine.connect() as connection:
            size = (await connection.execute(text("SELECT pg_database_size(current_database())"))).scalar_one()
        return int(size) / _MEGA, 0.0


def process(pid: int) -> Process:
    """All 0 where there is none."""
    folder = Path(f"/proc/{pid}")
    try:
        # not its part of what is shared (Pss): that changes with whoever else begins or ends beside us
        held = sum(_field(folder / "smaps_rollup", name) for name in ("Rss:", "Swap:"))
        threads = _field(folder / "status", "Threads:")
        return Process(memory=held / 1024, descriptors=len([*(folder / "fd").iterdir()]), threads=threads)
    except (OSError, StopIteration):
        return _NONE


def rasa_of(pid: int) -> int:
    """The bot's child that understands; 0 where there is none."""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                with suppress(OSError):
                    if b"nlu/serve.py" in Path(f"/proc/{child}/cmdline").read_bytes():
                        return int(child)
    return 0


def errors(log: Path) -> Counter[str]:
    """How often which event of the log is an error: ours are JSON, libraries begin with their level."""
    found: Counter[str] = Counter()
    with log.open(encoding="utf-8", errors="replace") as lines:
        for one in lines:
            if one.startswith(("ERROR ", "CRITICAL ")):
                found[one.split()[1]] += 1
            elif one.startswith("{"):
                with suppress(JSONDecodeError):
                    event = loads(one)
                    if event.get("level") in ("error", "critical"):
                        found[str(event.get("event"))] += 1
            elif one.startswith("Traceback "):
                found["a trace"] += 1
    return found


def _field(path: Path, name: str) -> int:
    return int(next(line for line in path.read_text().splitlines() if line.startswith(name)).split()[1])


def _size(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_size / _MEGA
    return 0.0
