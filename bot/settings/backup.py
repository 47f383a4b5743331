"""`backup` of config.yml: when a copy of everything is made each night, where it lies, and how many are kept."""

from dataclasses import dataclass
from pathlib import Path

from bot.settings.section import Section, some_text

FOLDER, HOUR, KEEP = "backups", 3, 14
_MOST = 3_650  # copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """`hour` of the city's clocks, None: no copy is made by itself."""

    folder: Path
    hour: int | None = None
    keep: int = KEEP


def read_backup(top: Section, var: Path) -> Backup:
    """`backup: {hour: 3, keep: 14, folder: backups}`; the folder is one below the folder of all data, unless it begins
    with a slash."""
    if not top.has("backup"):
        return Backup(folder=var / FOLDER)
    section = top.section("backup")
    hour = section.get("hour", _hour, "an hour from 0 to 23", HOUR, required=False)
    keep = section.get("keep", _keep, f"how many copies, from 1 to {_MOST}", KEEP, required=False)
    folder = section.get("folder", some_text, "a folder", FOLDER, required=False)
    section.done()
    return Backup(folder=var / folder, hour=hour, keep=keep)


def _hour(value: object) -> int:
    return _whole(value, 0, 23)


def _keep(value: object) -> int:
    return _whole(value, 1, _MOST)


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError
    return value
