"""Feeds targets and prints one line for each: inputs, seconds of CPU, outcomes, lines reached, the slowest input.

    python -m tests.fuzz [--by changes|hypothesis] [--targets telegram,sms] [--inputs 100000] [--seed 1] [--begin 0] [--findings 1]

By changes: the engine goes on from what reached something new (engine.py). By Hypothesis: drawn whole, made small (drawn.py).
The exit status is 1 where something was found: its input is kept in var/fuzz/TARGET/; once it is mended it goes to
tests/fuzz/seeds/TARGET/, named for what it found. The command that is printed with it finds it again.
"""

import argparse
import logging
import sys
import traceback
import warnings
from pathlib import Path

from tests.fuzz.engine import Told, run
from tests.fuzz.target import Target
from tests.fuzz.targets import load, names

_FOUND = Path("var/fuzz")
_COLUMNS = "target", "inputs", "seconds of CPU", "outcomes", "lines", "by changes", "slowest, ms CPU", "findings"


def main() -> None:
    options = _options()
    logging.disable(logging.CRITICAL)  # what is refused is told to a log each time
    warnings.simplefilter("ignore")  # libraries warn of what is broken
    wanted = options.targets.split(",") if options.targets else names()
    print("| " + " | ".join(_COLUMNS) + " |\n|" + " --- |" * len(_COLUMNS), flush=True)
    found = 0
    for name in wanted:
        told = _told(load(name), options)
        _print(told)
        found += len(told.findings)
        _keep(told, options)
    sys.exit(1 if found else 0)


def _told(target: Target, options: argparse.Namespace) -> Told:
    if options.by == "changes":
        return run(target, options.inputs, options.seed, first=options.begin, enough=options.findings)
    from tests.fuzz.drawn import draw  # Hypothesis is not in Rasa's environment

    return draw(target, options.inputs, options.seed, first=options.begin)


def _print(told: Told) -> None:
    cells = (
        told.target, f"{told.inputs:,}", f"{told.seconds:.0f}", len(told.outcomes), told.lines, told.more,
        f"{told.slowest * 1000:.1f}", len(told.findings),
    )  # fmt: skip
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def _keep(told: Told, options: argparse.Namespace) -> None:
    again = (
        f"--by {options.by} --targets {told.target} --seed {options.seed} --begin {told.round} --inputs {told.of_round}"
    )
    for finding in told.findings:
        folder = _FOUND / told.target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / finding.name).write_bytes(finding.data)
        print(f"  {finding.why}\n  {finding.data[:200]!r}\n  again: python -m tests.fuzz {again}", flush=True)
        if options.trace and finding.error:
            traceback.print_exception(finding.error)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--by", choices=("changes", "hypothesis"), default="changes", help="who makes the inputs")
    parser.add_argument("--targets", default="", help="names with commas between them; all")
    parser.add_argument("--inputs", type=int, default=100_000, help="of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--begin", type=int, default=0, help="the round to begin at")
    parser.add_argument("--findings", type=int, default=1, help="after how many a target is left")
    parser.add_argument("--trace", action="store_true", help="print where an error came from")
    return parser.parse_args()


if __name__ == "__main__":
    main()
