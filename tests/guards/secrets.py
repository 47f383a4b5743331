"""Looks for secrets in all that is committed (detect-secrets): `python -m tests.guards.secrets`, part of `make check`.

What only looks like one stands in known.json under its reason, as `file type hash`; nothing else is let through. After
a look at each line that it names, `--accept REASON` writes them down.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings

ROOT: Final = Path(__file__).parents[2]
KNOWN: Final = Path(__file__).with_name("known.json")
_CHECKSUMS: Final = ("requirements.txt", "requirements-dev.txt", "package-lock.json")  # files of nothing else
_PICTURES: Final = (".png", ".gz", ".jpg", ".pdf")


def main(arguments: list[str]) -> int:
    """The exit status: 1 where something was found."""
    known = read(KNOWN)
    found = dict(scanned(_files()))
    new = {mark: where for mark, where in found.items() if mark not in known}
    if arguments[:1] == ["--accept"] and len(arguments) == 2:
        _write(known, found, new, arguments[1])
        return 0
    for where in sorted(new.values()):
        print(f"{where}: looks like a secret. Is it one, take it out and change it; else see tests/guards/secrets.py")
    return 1 if new else 0


def read(known: Path) -> Mapping[str, str]:
    """What is let through, each with its reason."""
    return {mark: reason for reason, marks in json.loads(known.read_text()).items() for mark in marks}


def scanned(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What was found: a mark that outlives moved lines, and where it is; never the secret."""
    with ProcessPoolExecutor(2) as pool:
        for marks in pool.map(of_file, files, chunksize=40):
            yield from marks


def of_file(name: str) -> list[tuple[str, str]]:
    with default_settings():
        return [
            (f"{name} {secret.type} {_short(secret.secret_hash)}", f"{name}:{secret.line_number}: {secret.type}")
            for secret in scan_file(str(ROOT / name))
        ]


def _short(hashed: str) -> str:
    return hashlib.sha256(hashed.encode()).hexdigest()[:12]


def _files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = (name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
    return [name for name in names if not name.endswith(_CHECKSUMS + _PICTURES) and name != "tests/guards/known.json"]


def _write(known: Mapping[str, str], found: Mapping[str, str], new: Iterable[str], reason: str) -> None:
    kept = {mark: why for mark, why in known.items() if mark in found} | dict.fromkeys(new, reason)
    reasons = sorted(set(kept.values()))
    lists = {why: sorted(mark for mark, other in kept.items() if other == why) for why in reasons}
    KNOWN.write_text(json.dumps(lists, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
