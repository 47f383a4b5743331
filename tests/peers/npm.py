"""The peers that come from npm, installed once beside their lock file; every session finds them there."""

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_LOCK = HERE / "package-lock.json"
_STAMP = HERE / "node_modules" / ".installed"


def installed() -> Path:
    """The folder node_modules as the lock file says; skips the test, with the reason, where that cannot be."""
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed: Prism and twilio's own signatures need Node.js 20 or later")
    wanted = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    with _LOCK.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # parallel test processes install once
        if not _STAMP.is_file() or _STAMP.read_text() != wanted:
            _install()
            _STAMP.write_text(wanted)
    return HERE / "node_modules"


def _install() -> None:
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"npm ci in tests/peers failed (no package registry?): {done.stderr[-300:]}")
