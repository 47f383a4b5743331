"""Whether the whole bot can run for years: memory, descriptors and tables after many minutes of a lifelike day.

    python -m benchmarks.soak [--minutes 30] [--rate 20] [--database sqlite] [--tickets 0] [--kept FOLDER]
        [--json FILE] [--picture FILE]

One `python -m bot serve` with its own Rasa and model, providers on loopback, every commit waits for the disk. Citizens
of four languages and three channels report (some with a photo, some have to be asked where, some join a neighbour's
report, some say STOP), ask and thank, by the clock; beside them clerks move reports on, and others read the public
pages and Open311. What a week would see happens in a minute: answered messages are forgotten after `--forget` seconds
(benchmarks/soaking/hasty.py). Judged by benchmarks/soaking/verdict.py; the exit status is 1 where a line of it is not
well. With `--tickets` the city has a history (benchmarks.kept), as one has that ran for years: in an empty one SQLite's
caches (24 MB of pages, store/sqlite.py) fill for as long as the database is smaller than they are. From ten minutes on
the issue's limits hold, below them wider ones, for noise.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.fleet import ROOT, NotStarted
from benchmarks.kept import filled
from benchmarks.rush.place import opened
from benchmarks.soaking.picture import draw
from benchmarks.soaking.run import Plan, Soaked, soak
from benchmarks.soaking.verdict import LONG, SHORT, Finding, judged
from nlu.child import NoRasa, command
from nlu.train import model_path
from tests.postgres import Missing

_LONG = 10.0  # minutes, from which the real limits hold
_WARM = 6  # the warm-up is this part of the run
_FORGETS = 10  # and messages are forgotten after this part


def main() -> int:
    given = _options()
    seconds = given.minutes * 60
    forgets = given.forget or min(120.0, max(10.0, seconds / _FORGETS))
    plan = Plan(rate=given.rate, seconds=seconds, forgets=forgets, seed=given.seed)
    copied = None
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start", flush=True)
    try:
        command(model_path(Path("var") / "models")).check()
        if given.tickets:
            copied = filled(given.kept, given.database, given.tickets)
        with opened(given.database, keep=given.keep, copied=copied) as place:
            soaked = asyncio.run(soak(place, plan))
    except (NoRasa, NotStarted, Missing) as why:
        sys.exit(f"not measured: {why}")
    return _told(given, plan, soaked)


def _told(given: argparse.Namespace, plan: Plan, soaked: Soaked) -> int:
    warm = max(20.0, plan.seconds / _WARM)
    limits = LONG if given.minutes >= _LONG else SHORT
    findings = judged(soaked.samples, soaked.ending, limits, warm, plan.forgets)
    print(*_lines(soaked, findings), sep="\n")
    print(f"load {os.getloadavg()[0]:.1f} at the end")
    if given.json:
        found = {"findings": [asdict(one) for one in findings], **asdict(soaked)}
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    if given.picture:
        title = f"{given.minutes:g} minutes at {given.rate:g} messages a second, {given.database}"
        title += f", {given.tickets:,} tickets before" if given.tickets else ""
        draw(soaked.samples, warm, title, given.picture)
    return 0 if all(one.well for one in findings) else 1


def _lines(soaked: Soaked, findings: Sequence[Finding]) -> list[str]:
    ending, last = soaked.ending, soaked.samples[-1]
    came = ", ".join(f"{kind} {times}" for kind, times in soaked.came.items())
    asked = ", ".join(f"{kind} {times}" for kind, times in sorted(soaked.asked.items()))
    rows = ", ".join(f"{name} {count}" for name, count in sorted(last.rows.items()) if count)
    replies = f"reply p50 {ending.p50:.0f}, p95 {ending.p95:.0f}, p99 {ending.p99:.0f} ms"
    return [
        f"{ending.sent:,} messages in {soaked.took:.0f} s; citizens: {came}", f"beside them: {asked}",
        f"{replies}; sent {ending.late * 1000:.0f} ms after they were due (99 in 100)",
        f"rows: {rows}", f"database {last.database:.1f} MB, write-ahead log {last.log:.1f} MB", "",
        "| what | seen | wanted | |", "| --- | --- | --- | --- |",
        *(f"| {one.what} | {one.seen} | {one.wanted} | {'well' if one.well else 'NOT WELL'} |" for one in findings),
        "",
    ]  # fmt: skip


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--minutes", type=float, default=30, help="how long (default 30)")
    add("--rate", type=float, default=20, help="citizens' messages a second (default 20)")
    add("--database", choices=("sqlite", "postgresql"), default="sqlite")
    add("--tickets", type=int, default=0, help="of a history that is there already (default 0)")
    add("--kept", type=Path, default=ROOT / "var" / "kept", help="where full databases are kept")
    add("--forget", type=float, default=0, help="seconds until answered messages go (default: a tenth, 120 at most)")
    add("--seed", type=int, default=1, help="of who comes and what they say (default 1)")
    add("--json", type=Path, help="everything that was seen, into this file")
    add("--picture", type=Path, help="an SVG into this file")
    add("--keep", action="store_true", help="keep the folder with SQLite's database and the log")
    return parser.parse_args()
