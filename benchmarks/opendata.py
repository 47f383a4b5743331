"""How long a full export of the open data takes in a city with very many tickets, and how much memory.

    python -m benchmarks.opendata [--database sqlite,postgresql] [--tickets 1000000] [--kept FOLDER] [--times 3]

Works on a copy of a database of `benchmarks.kept`. The export is written as each night: by the process of
bot/commands/exporting.py, started anew each time. `cpu` is that of this process and not the database's; `memory` the
most that it held. Then once more, with nothing changed; and the size of the files.
"""

import argparse
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.fleet import ROOT
from benchmarks.hostility.run import KEY
from benchmarks.kept import Copy, on_each, options
from bot import i18n
from bot.commands.numbers import whole
from bot.config import load
from bot.opendata import shelf
from bot.opendata.child import PROGRAM, SMALL, Errand
from bot.opendata.notes import notes

_MIB = 1024  # KiB
_GOAL = "60 s and 200 MiB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds, and MiB."""

    wall: float
    cpu: float
    memory: float


def exported(url: str, root: Path) -> Run:
    """Raises SystemExit where the process fails."""
    city = load(ROOT / "config.yml", {}).city
    errand = Errand(url=url, secret_keys=KEY, city=city, root=root, notes=notes(i18n.catalogue(city.languages[0])))
    start = perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**SMALL, **os.environ},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdin, child.stdout:
        child.stdin.write(pickle.dumps(errand))
        child.stdin.close()
        said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    took = perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the export failed: {said.decode(errors='replace')}")
    return Run(wall=took, cpu=used.ru_utime + used.ru_stime, memory=used.ru_maxrss / _MIB)


def _show(given: argparse.Namespace, database: str, copy: Copy) -> None:
    with tempfile.TemporaryDirectory(prefix="vecino-data-") as folder:
        runs = []
        for n in range(given.times):
            shutil.rmtree(Path(folder) / str(n - 1), ignore_errors=True)
            runs.append(exported(copy.url, Path(folder) / str(n)))
        last = Path(folder) / str(given.times - 1)
        _line(database, given.tickets, "all of it", runs)
        _line(database, given.tickets, "again, nothing changed", [exported(copy.url, last)])
        _sizes(last)


def _line(database: str, tickets: int, what: str, runs: list[Run]) -> None:
    wall, cpu = median(run.wall for run in runs), median(run.cpu for run in runs)
    memory = max(run.memory for run in runs)
    print(f"| {database}, {tickets:,} | {what} | {wall:.1f} s | {cpu:.1f} s | {memory:.0f} MiB |", flush=True)


def _sizes(root: Path) -> None:
    book = shelf.read(root)
    if book is None:
        raise SystemExit("there is no export")
    for name, file in book.files.items():
        if name.startswith(("tickets.", "open311.", "counts.")):
            plain = f", unpacked {file.plain / 1_000_000:,.1f} MB" if file.plain else ""
            print(f"    {name}: {file.size / 1_000_000:,.1f} MB{plain}")


def main() -> None:
    given = _options()
    print(f"target at 1,000,000: {_GOAL}")
    print("| database | export | wall | cpu | memory |", "| --- | --- | ---: | ---: | ---: |", sep="\n")
    on_each(given, partial(_show, given))


def _options() -> argparse.Namespace:
    parser = options(__doc__, tickets=1_000_000)
    parser.add_argument("--times", type=whole(1, 100), default=3, help="of the export (default 3)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
