"""`make dist`: the wheel, the source archive, the bill of materials (CycloneDX) and their checksums, in `dist/`.

The same commit gives the same bytes: every time in them is the commit's. Run from a checkout; a wheel cannot make one.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from bot import __version__
from bot.environments import FILES, ROOT, VENDOR, VENDORED, vendored

DIST: Final = ROOT / "dist"
_LOCKS: Final = (("requirements.txt", "the bot"), ("nlu/requirements.txt", "Rasa's own process"))
_SPACE: Final = uuid.UUID("7f3d2c1a-5b64-4d0f-9a57-0d2f6c0e8b11")  # of our bills' serial numbers
_HEADING: Final = re.compile(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", re.MULTILINE)
Part = dict[str, Any]


class Unreleasable(Exception):
    """What is to be released is not whole; the message says what to do."""


def main() -> int:
    """The exit status."""
    try:
        check(ROOT, __version__)
        made = build(DIST)
    except Unreleasable as why:
        print(f"Nothing was released: {why}", file=sys.stderr)
        return 1
    for path in made:
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")
    return 0


def check(root: Path, version: str) -> None:
    """Raises Unreleasable unless the changelog tells of this version first and the pages' libraries are there."""
    told = _HEADING.search((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    if told is None or told[1] != version:
        raise Unreleasable(
            f"CHANGELOG.md's newest version is {told[1] if told else 'none'}, bot/__init__.py says {version}; "
            "write a heading such as `## 1.0.0 (2026-11-23)` there, or change __version__"
        )
    missing = [file for file in FILES if not vendored(root / VENDOR.relative_to(ROOT), file).exists()]
    if missing:
        raise Unreleasable(f"{missing[0]} is not in web/static/vendor; run `make setup`")


def build(into: Path) -> list[Path]:
    """All files of the release, the checksums last. Raises Unreleasable."""
    into.mkdir(exist_ok=True)
    for old in into.iterdir():
        old.unlink()
    when = _committed()
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(into)],
        cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": when}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unreleasable(f"hatchling failed: {done.stderr.strip()[-500:]}")
    bill = into / f"vecino-{__version__}.cdx.json"
    bill.write_text(json.dumps(bill_of_materials(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    files = sorted(into.iterdir())
    sums = into / "SHA256SUMS"
    sums.write_text("".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files))
    return [*files, sums]


def _committed() -> str:
    """When the commit was made, in seconds; a source archive has no history, and takes the first day zip can tell."""
    done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.strip() or "315532800"


def bill_of_materials() -> Part:
    """All that runs with Vecino, CycloneDX 1.6: both lock files and the pages' libraries, each once per process.
    `cyclonedx-py` reads the locks; no registry is named, for a city may use its own."""
    parts = [part for lock, where in _LOCKS for part in _python(ROOT / lock, where)]
    parts += _pages(json.loads((VENDORED / "package-lock.json").read_text(encoding="utf-8")))
    known = hashlib.sha256("".join(sorted(part["bom-ref"] for part in parts)).encode()).hexdigest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, __version__ + known)}",
        "metadata": {"component": _vecino(), "lifecycles": [{"phase": "build"}]},
        "components": parts,
        "dependencies": [{"ref": _vecino()["bom-ref"], "dependsOn": sorted(part["bom-ref"] for part in parts)}],
    }


def _vecino() -> Part:
    return {
        "bom-ref": f"pkg:pypi/vecino@{__version__}",
        "type": "application",
        "name": "vecino",
        "version": __version__,
        "purl": f"pkg:pypi/vecino@{__version__}",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }


def _python(lock: Path, where: str) -> list[Part]:
    done = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "requirements", str(lock), "--of", "JSON", "--output-reproducible"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unreleasable(f"{lock.name} cannot be read: {done.stderr.strip()[-500:]}")
    return [_plain(part, where) for part in json.loads(done.stdout)["components"]]


def _plain(part: Mapping[str, Any], where: str) -> Part:
    """Without the lock file's line, and with the checksums where readers of bills look for them."""
    found = {(h["alg"], h["content"]) for ref in part.get("externalReferences", ()) for h in ref.get("hashes", ())}
    return _part(part["name"], part["version"], part["purl"], where, found)


def _part(name: str, version: str, purl: str, where: str, hashes: Iterable[tuple[str, str]]) -> Part:
    return {
        "bom-ref": f"{purl}#{where.replace(' ', '-')}",
        "type": "library",
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [{"alg": alg, "content": content} for alg, content in sorted(hashes)],
        "properties": [{"name": "vecino:runs-in", "value": where}],
    }


def _pages(lock: Mapping[str, Any]) -> list[Part]:
    named = ((path.rpartition("node_modules/")[2], told) for path, told in lock["packages"].items() if path)
    return [
        {
            **_part(name, told["version"], f"pkg:npm/{name}@{told['version']}", "the desk's pages", ()),
            "licenses": [{"license": {"name": told["license"]}}],
        }
        for name, told in named
    ]


if __name__ == "__main__":
    sys.exit(main())
