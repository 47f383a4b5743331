"""Makes the two environments: `.venv` (the bot and its tools) and `nlu/.venv` (Rasa, Python 3.10), and fetches what
the desk's pages load beside our own files.

Runs before anything is installed, so it needs nothing but Python's own library: `python3 bot/environments.py`.
When nothing changed it only compares two hashes. An older Python than ours must be able to read this file, so that it
can be told what is missing: hence the postponed annotations.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT, RASA = ROOT / ".venv", ROOT / "nlu" / ".venv"
BOT_NEEDS, RASA_NEEDS = ROOT / "requirements-dev.txt", ROOT / "nlu" / "requirements.txt"
OLDEST = (3, 11)
VENDORED, VENDOR = ROOT / "web" / "vendored", ROOT / "web" / "static" / "vendor"
FILES = (  # of the packages of web/vendored/package.json; versions and checksums stand in its lock file
    "htmx.org/dist/htmx.min.js",
    "htmx.org/LICENSE",
    "leaflet/dist/leaflet.js",
    "leaflet/dist/leaflet.css",
    "leaflet/LICENSE",
)


class Missing(Exception):
    """Something that this machine needs is not there; the message names it and how to get it."""


class Progress:
    """Says what is done, and how many seconds after the start."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def say(self, words: str) -> None:
        print(f"[{time.monotonic() - self._started:4.0f} s] {words}", flush=True)


def main() -> int:
    """Both environments, made or left alone; the exit status."""
    progress = Progress()
    try:
        check_python()
        ensure(BOT, BOT_NEEDS, "the bot and its tools", make_bot, progress)
        ensure(RASA, RASA_NEEDS, "Rasa (about 2.5 GB)", make_rasa, progress)
        vendor(progress)
    except Missing as missing:
        print(f"\nSet-up stopped: {missing}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"\nSet-up stopped: `{failed.cmd[0]} {failed.cmd[1]} ...` failed, see above", file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    if sys.version_info < OLDEST:
        raise Missing(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make PYTHON=python3.11 ...")


def ensure(
    folder: Path, needs: Path, what: str, make: Callable[[Path, Path, Progress], None], progress: Progress
) -> None:
    """Make an environment unless its stamp says that it holds just these requirements."""
    wanted = hashlib.sha256(needs.read_bytes()).hexdigest()
    stamp = folder / "requirements.sha256"
    if stamp.exists() and stamp.read_text() == wanted and (folder / "bin" / "python").exists():
        return
    progress.say(f"installing {what} into {folder.relative_to(ROOT)} ...")
    stamp.unlink(missing_ok=True)
    make(folder, needs, progress)
    stamp.write_text(wanted)
    progress.say(f"{folder.relative_to(ROOT)} is ready")


def vendor(progress: Progress) -> None:
    """The pages' libraries, beside our own static files. Every page works without them, so a machine without npm is
    told what it will lack, and goes on."""
    wanted = hashlib.sha256((VENDORED / "package-lock.json").read_bytes() + repr(FILES).encode()).hexdigest()
    stamp = VENDOR / ".fetched"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not shutil.which("npm"):
        progress.say("npm is not installed: the desk will do without its moving map and without news while you look")
        return
    run("npm", "ci", "--prefix", str(VENDORED), "--silent", "--ignore-scripts", "--no-audit", "--no-fund")
    for name in FILES:
        there = vendored(VENDOR, name)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(VENDORED / "node_modules" / name, there)
    stamp.write_text(wanted)
    progress.say("the pages' libraries are in web/static/vendor")


def vendored(folder: Path, name: str) -> Path:
    """Where one of FILES lies below `web/static/vendor`."""
    return folder / name.split("/")[0] / Path(name).name


def make_bot(folder: Path, needs: Path, _: Progress) -> None:
    run(sys.executable, "-m", "venv", "--clear", str(folder))
    run(str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--require-hashes", "-r", str(needs))  # fmt: skip


def make_rasa(folder: Path, needs: Path, progress: Progress) -> None:
    uv = str(BOT / "bin" / "uv")
    python = python310(uv, progress)
    progress.say(f"Python 3.10 for Rasa: {subprocess.check_output([python, '--version'], text=True).strip()}")
    run(uv, "venv", "--quiet", "--clear", "--python", python, str(folder))
    run(uv, "pip", "sync", "--quiet", "--python", str(folder / "bin" / "python"), "--require-hashes", str(needs))


def python310(uv: str, progress: Progress) -> str:
    """A Python 3.10 that really runs: set by VECINO_PYTHON310, on the PATH, in pyenv, or fetched by uv."""
    for candidate in candidates():
        if works(candidate):
            return candidate
    progress.say("no Python 3.10 found here; asking uv for one ...")
    fetched = subprocess.run([uv, "python", "install", "--quiet", "3.10"], check=False)
    found = subprocess.run([uv, "python", "find", "3.10"], check=False, capture_output=True, text=True)
    if fetched.returncode == 0 and found.returncode == 0:
        return found.stdout.strip()
    raise Missing(
        "Rasa needs a Python 3.10, none was found, and uv could not fetch one. Install it (pyenv install 3.10, or your "
        "system's python3.10 with venv), or name one: VECINO_PYTHON310=/path/to/python3.10 make run"
    )


def candidates() -> Iterator[str]:
    if os.environ.get("VECINO_PYTHON310"):
        yield os.environ["VECINO_PYTHON310"]
    if shutil.which("python3.10"):
        yield "python3.10"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted((pyenv / "versions").glob("3.10*/bin/python"), reverse=True))


def works(python: str) -> bool:
    """pyenv's shims exist without working, so it is asked for its version."""
    question = "import sys, venv; sys.exit(sys.version_info[:2] != (3, 10))"
    try:
        return subprocess.run([python, "-c", question], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
