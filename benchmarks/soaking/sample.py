"""One look at everything that could grow."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Of one process: MB (resident and swapped out), open descriptors, threads."""

    memory: float
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Replies since the last look: their number, and their delays in milliseconds. No replies: all 0."""

    replies: int = 0
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """`at`: seconds since the first message; `said`: messages of citizens so far; `rows` by table; `database` and `log`
    (what is written before it: SQLite's WAL) in MB; `waiting` rows and `oldest`, in seconds, by queue; `tasks` of the
    bot's loop."""

    at: float
    said: int
    bot: Process
    rasa: Process
    tasks: int
    rows: Mapping[str, int]
    database: float
    log: float
    waiting: Mapping[str, int]
    oldest: Mapping[str, float]
    times: Times
