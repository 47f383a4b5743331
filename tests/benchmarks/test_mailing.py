"""The mailing bench itself, small: four processes on PostgreSQL, one on SQLite, a real mail server, a kill."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import Missing, binaries

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(400)  # seconds, on a machine that has much else to do
@pytest.mark.parametrize(("database", "processes"), [("postgresql", 4), ("sqlite", 1)])
def test_each_subscriber_has_one_digest_and_each_level_was_told_once(database: str, processes: int) -> None:
    if database == "postgresql":
        try:
            binaries()
        except Missing as why:
            pytest.skip(str(why))  # it names what is missing: PostgreSQL's binaries, or a user that may run them
    command = [sys.executable, "-m", "benchmarks.mailing", "--database", database, "--processes", str(processes)]
    small = ["--subscribers", "5", "--languages", "2", "--kills", "1", "--settle", "3"]
    done = subprocess.run([*command, *small], cwd=ROOT, capture_output=True, text=True, timeout=390)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"subscribers: 4", "escalations: 3", "kills: 1", "lost: 0", "doubled: 0", "bounced: 2"} <= set(
        done.stdout.splitlines()
    )
