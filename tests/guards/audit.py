"""`make audit`: known holes in what both lock files pin (pip-audit). Exit status 0: none but accepted ones; 1: some; 2: the
advisories could not be asked, so nothing is known, and it says so.

accepted.yml holds what a person accepted: package, id, reason, and a day from which it is asked again.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
ACCEPTED: Final = Path(__file__).with_name("accepted.yml")
LOCKS: Final = ("requirements.txt", "nlu/requirements.txt")
_PATIENCE: Final = 600.0  # seconds

Ask = Callable[[Path], str]  # a lock file -> pip-audit's JSON; raises NotAsked


class NotAsked(Exception):
    """The advisories could not be reached, or did not answer; the message says what was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A known hole in a pinned package; `known` are all names that the advisory goes by."""

    package: str
    version: str
    known: frozenset[str]
    mended: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    package: str
    id: str
    reason: str
    until: date


def main() -> int:
    return audited([ROOT / lock for lock in LOCKS], asked, read(ACCEPTED), datetime.now(UTC).date(), print)


def audited(
    locks: Sequence[Path], ask: Ask, accepted: Sequence[Acceptance], today: date, say: Callable[[str], None]
) -> int:
    """The exit status; `say` gets a line for each finding and one for each lock file."""
    worst = 0
    for lock in locks:
        try:
            findings = found(ask(lock))
        except NotAsked as why:
            say(f"{lock.name}: not audited: {why}")
            worst = max(worst, 2)
            continue
        left = [_told(finding, accepted, today, say) for finding in findings]
        say(f"{lock.name}: {len(findings)} known, {left.count(True)} of them not accepted")
        worst = max(worst, int(any(left)))
    return worst


def _told(finding: Finding, accepted: Sequence[Acceptance], today: date, say: Callable[[str], None]) -> bool:
    """Whether nobody accepted it, or not for today any more."""
    fits = [a for a in accepted if a.package == finding.package and a.id in finding.known]
    holds = next((a for a in fits if today < a.until), None)
    what = f"{finding.package} {finding.version} {'/'.join(sorted(finding.known))}"
    cure = f"mended in {', '.join(finding.mended)}" if finding.mended else "mended nowhere yet"
    if holds:
        say(f"  accepted until {holds.until}: {what}: {holds.reason}")
    else:
        say(f"  {'accepted no more' if fits else 'NOT ACCEPTED'}: {what}; {cure}")
    return holds is None


def asked(lock: Path) -> str:
    """What pip-audit says of it. Raises NotAsked."""
    words = [
        "pip_audit",
        "-r",
        str(lock),
        "--require-hashes",
        "--disable-pip",
        "-f",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(
            [sys.executable, "-m", *words], capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotAsked(f"no answer within {_PATIENCE:g} s") from None
    if not done.stdout.strip():
        raise NotAsked((done.stderr.strip().splitlines() or ["no answer"])[-1][:200])
    return done.stdout


def found(answer: str) -> list[Finding]:
    """Raises NotAsked where it is no answer, or leaves packages out: what was not looked at is not clean."""
    try:
        packages: list[Mapping[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise NotAsked("the answer cannot be read") from None
    left = [package["name"] for package in packages if "skip_reason" in package]
    if left or not packages:
        raise NotAsked(f"{len(left) or 'all'} packages were left out, such as {left[0] if left else 'each'}")
    return [
        Finding(
            package=package["name"], version=package["version"],
            known=frozenset({hole["id"], *hole.get("aliases", ())}), mended=tuple(hole.get("fix_versions", ())),
        )
        for package in packages
        for hole in package.get("vulns", ())
    ]  # fmt: skip


def read(path: Path) -> list[Acceptance]:
    return [Acceptance(**row) for row in yaml.safe_load(path.read_text(encoding="utf-8")) or ()]


if __name__ == "__main__":
    sys.exit(main())
