"""Nothing lost, nothing twice, told in time: proved against a world that duplicates, reorders, breaks and kills.

    python -m benchmarks.hostile --messages 5000 --kills 20 --restarts 3 --rasa-restarts 2 --outage 60 --seed 1 \
        --database postgresql --processes 4

Vecino runs as real processes against providers of our own on loopback that do what the real ones do, and worse: they
deliver a message up to three times and not in order, hang up, refuse with 429 and 500, break the connection after they
took a message, and forge. Meanwhile processes are killed with `kill -9`, PostgreSQL is stopped at once and started
again (SQLite: somebody else holds its lock), Rasa is killed, a provider is out. The seed decides who says what, and
after how many messages what happens; which request that meets is a matter of this machine's timing. The judge
(benchmarks/hostility/verdict.py) looks only at what the providers saw and at what the database holds.

Prints one figure a line; the exit status is 1 when anything was lost, doubled, out of order or forged.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.fleet import NotStarted
from benchmarks.hostility.run import Options, Run
from benchmarks.hostility.stores import opened
from benchmarks.hostility.verdict import figures, sound
from nlu.child import NoRasa
from tests.postgres import Missing


def main() -> None:
    options, keep = _options()
    folder = Path(tempfile.mkdtemp(prefix="vecino-hostile-"))
    try:
        good = asyncio.run(_measure(options, folder))
    except (Missing, NoRasa, NotStarted) as why:
        sys.exit(str(why))
    finally:
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


async def _measure(options: Options, folder: Path) -> bool:
    with opened(options.database, folder) as store:
        async with AsyncExitStack() as stack:
            run = await Run.begin(stack, options, folder, store)
            held = await run.whole()
    found = [("seed", options.seed), ("database", options.database), ("processes", options.processes)]
    found += [*figures(run.ledger, held), *run.figures()]
    for name, value in found:
        print(f"{name}: {value}")
    return sound(found)


def _options() -> tuple[Options, bool]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--messages", type=int, default=300, help="citizens' messages, copies not counted (default 300)")
    add("--kills", type=int, default=3, help="kill -9 of a bot process (default 3)")
    add("--restarts", type=int, default=1, help="of the database (default 1)")
    add("--rasa-restarts", type=int, default=0, help="kill -9 of Rasa (default 0)")
    add("--outage", type=float, default=0, help="seconds for which one provider is out (default 0: none)")
    add("--seed", type=int, default=1, help="names the run (default 1)")
    add("--database", choices=("sqlite", "postgresql"), default="sqlite")
    add("--processes", type=int, default=1, help="bot processes; more than one needs PostgreSQL (default 1)")
    add("--crowd", type=int, default=24, help="citizens who write at the same time (default 24)")
    add("--nlu", choices=("real", "fake"), default="real", help="fake: a scripted parser, which starts at once")
    add("--polled", action="store_true", help="Telegram alone, by polling, as without a public address")
    add("--keep", action="store_true", help="keep the folder with database and logs")
    given = vars(parser.parse_args())
    keep = given.pop("keep")
    if given["database"] == "sqlite" and given["processes"] != 1:
        parser.error("SQLite has one working process; --processes needs --database postgresql")
    return Options(**given), keep
