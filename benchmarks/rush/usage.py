"""CPU and memory of processes, as the kernel counts them (Linux)."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Of each named group of processes: seconds of CPU so far, and megabytes now."""

    at: float
    seconds: Mapping[str, float]
    memory: Mapping[str, float]

    def cores_since(self, before: "Usage") -> dict[str, float]:
        """Shares of a core; what ended meanwhile is left out."""
        span = self.at - before.at
        return {name: (self.seconds[name] - before.seconds[name]) / span for name in self.seconds}


def usage(groups: Mapping[str, Sequence[int]]) -> Usage:
    """`groups`: process ids by name; each counts with its children, save ours: those are what is measured."""
    whole = {name: [p for pid in pids for p in (pid, *_children(pid))] for name, pids in groups.items()}
    return Usage(
        at=perf_counter(),
        seconds={name: sum(map(_seconds, pids)) for name, pids in whole.items()},
        memory={name: _resident(pids) for name, pids in whole.items()},
    )


def _children(pid: int) -> list[int]:
    if pid == os.getpid():
        return []
    with suppress(OSError):
        found = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in _words(task / "children")]
        return [one for child in found for one in (child, *_children(child))]
    return []


def _words(path: Path) -> list[str]:
    return path.read_text().split()


def _seconds(pid: int) -> float:
    with suppress(OSError):
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        # utime and stime, with those of children that have ended: proc(5), fields 14 to 17
        return sum(map(int, after_name[11 : 13 if pid == os.getpid() else 15])) / _TICKS
    return 0.0


def _resident(pids: Sequence[int]) -> float:
    """Megabytes; of several processes that share memory, each with its part of it."""
    return sum(_megabytes(pid, "Rss:" if len(pids) == 1 else "Pss:") for pid in pids)


def _megabytes(pid: int, what: str) -> float:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024
    return 0.0
