"""`desk` of config.yml, as far as it says how clerks come in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.oidc.service import Service
from bot.settings import tiles
from bot.settings.oidc import read_oidc
from bot.settings.replies import OWN
from bot.settings.section import Section, among

_OPTIONAL, _REQUIRED = "optional", "required"
_LONGEST = 12  # hours; no session lasts longer
_KEPT, _SHORTEST = 730, 30  # days of the audit; a month is the least in which anybody would look into it


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """`second`: nobody works without a second factor. `idle`: after how long a session of which nothing was asked
    ends. `audit`: how long lines of the audit are kept. `elsewhere`: the city's own log-in service, if it has one."""

    second: bool = False
    idle: timedelta = timedelta(hours=8)
    audit: timedelta = timedelta(days=_KEPT)
    elsewhere: Service | None = None


def read_admission(
    top: Section, environment: Mapping[str, str] | None = None, public_url: str = "", departments: Collection[str] = ()
) -> Admission:  # fmt: skip
    """`desk: {second_factor: required, idle_hours: 8, audit_days: 730, oidc: {…}}`."""
    if not top.has("desk"):
        return Admission()
    section = top.section("desk")
    section.skip(OWN | tiles.OWN)
    factor = section.get(
        "second_factor", among((_OPTIONAL, _REQUIRED)), f"`{_OPTIONAL}` or `{_REQUIRED}`", _OPTIONAL, required=False
    )
    hours = section.get("idle_hours", _hours, f"hours, more than 0 and at most {_LONGEST}", 8.0, required=False)
    days = section.get("audit_days", _days, f"days, {_SHORTEST} or more", _KEPT, required=False)
    elsewhere = read_oidc(section, environment or {}, public_url, departments)
    section.done()
    return Admission(
        second=factor == _REQUIRED, idle=timedelta(hours=hours), audit=timedelta(days=days), elsewhere=elsewhere
    )


def _hours(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        raise ValueError
    return float(value)


def _days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not _SHORTEST <= value <= 36_500:
        raise ValueError
    return value
