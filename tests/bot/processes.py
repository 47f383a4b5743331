"""Processes that a test starts at the same moment: their script says `ready` and waits for a line before it begins."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
Process = subprocess.Popen[str]


def process(script: str, *arguments: str) -> Process:
    """A Python with this script, which waits."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def begin(*processes: Process) -> None:
    """All at the same moment."""
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()


def together(*processes: Process) -> list[int]:
    """From the same moment on; their exit statuses."""
    begin(*processes)
    for one in processes:
        one.communicate(timeout=60)
    return [one.returncode for one in processes]
