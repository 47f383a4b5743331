"""The hostile bench itself, small: real processes, fake providers, the scripted parser."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_small_run_loses_nothing_and_says_so() -> None:
    command = [sys.executable, "-m", "benchmarks.hostile", "--messages", "6", "--kills", "0", "--restarts", "0"]
    done = subprocess.run([*command, "--nlu", "fake"], cwd=ROOT, capture_output=True, text=True, timeout=170)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"lost: 0", "doubled: 0", "out_of_order: 0", "sends_lost: 0"} <= set(lines)


def test_more_processes_than_sqlite_bears_are_refused_with_a_sentence() -> None:
    command = [sys.executable, "-m", "benchmarks.hostile", "--processes", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "needs --database postgresql" in done.stderr) == (2, True)
