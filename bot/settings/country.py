"""The holidays of a country and region, found in a process of its own: the library loads every country of the world,
11 MB that a bot process would keep for as long as it lives.

    echo '["BR", "SP", {"pt": "pt_BR"}]' | python -m bot.settings.country
    {"regions": ["AC", ...], "days": {"2026-12-25": {"pt": "Natal"}, ...}}
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

BACK, AHEAD = 3, 10  # years: of tickets that are still open, and of the farthest promise
_COUNTRY: Final = re.compile(r"[A-Z]{2}")  # longer names of the library are stock exchanges
_SOURCE: Final = "en"  # names of holidays of a country that has none in a language of its own
_ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0  # seconds

Names = Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """What the library knows of one: its regions, and its days with those of the region that was asked for, each with
    its name in those of the languages that it has."""

    regions: tuple[str, ...]
    days: Mapping[date, Names]


def years() -> range:
    """Those of which holidays are known: around the start of the process."""
    year = datetime.now(UTC).year
    return range(year - BACK, year + AHEAD + 1)


def country(code: str, region: str, locales: Names) -> Country | None:
    """None for one that the library does not know; no days for a region that it does not. `locales`: by language."""
    if not _COUNTRY.fullmatch(code):
        return None
    found = json.loads(_asked(json.dumps([code, region, dict(locales)])))
    if found is None:
        return None
    days = {date.fromisoformat(day): names for day, names in found["days"].items()}
    return Country(regions=tuple(found["regions"]), days=days)


def _asked(question: str) -> str:
    """The child's answer; where no child can be had, our own."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(  # noqa: S603 - our own program, asked by a pipe
            [sys.executable, "-m", __name__], input=question, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8", timeout=_PATIENCE, check=True, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return _answer(question)
    return done.stdout


def _answer(question: str) -> str:
    import holidays  # only here

    code, region, locales = json.loads(question)
    known = getattr(holidays, code, None)
    if known is None:
        return "null"
    unknown = region and region not in known.subdivisions
    days = {} if unknown else {day.isoformat(): names for day, names in _named(known, region or None, locales).items()}
    return json.dumps({"regions": known.subdivisions, "days": days})


def _named(known: Any, region: str | None, locales: Names) -> Mapping[date, Names]:
    found: dict[date, dict[str, str]] = {day: {} for day in known(subdiv=region, years=years())}
    for language, tongue in _tongues(known, locales):
        for day, name in known(subdiv=region, years=years(), language=tongue).items():
            found.setdefault(day, {})[language] = name
    return found


def _tongues(known: Any, locales: Names) -> Iterator[tuple[str, str]]:
    """The city's languages, each with the code under which the library has it for this country, if it has."""
    offered = (*known.supported_languages, known.default_language or _SOURCE)
    for language, locale in locales.items():
        alike = sorted({code for code in offered if code.partition("_")[0] == language})
        if alike:
            yield language, locale if locale in alike else alike[0]


if __name__ == "__main__":
    sys.stdout.write(_answer(sys.stdin.read()))
