"""`desk` of config.yml, as far as it says how clerks come in."""

from dataclasses import dataclass
from datetime import timedelta

from bot.settings.replies import OWN
from bot.settings.section import Section, among

_OPTIONAL, _REQUIRED = "optional", "required"
_LONGEST = 12  # hours; no session lasts longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """`second`: nobody works without a second factor. `idle`: after how long a session of which nothing was asked
    ends."""

    second: bool = False
    idle: timedelta = timedelta(hours=8)


def read_admission(top: Section) -> Admission:
    """`desk: {second_factor: required, idle_hours: 8}`."""
    if not top.has("desk"):
        return Admission()
    section = top.section("desk")
    section.skip(OWN)
    factor = section.get(
        "second_factor", among((_OPTIONAL, _REQUIRED)), f"`{_OPTIONAL}` or `{_REQUIRED}`", _OPTIONAL, required=False
    )
    hours = section.get("idle_hours", _hours, f"hours, more than 0 and at most {_LONGEST}", 8.0, required=False)
    section.done()
    return Admission(second=factor == _REQUIRED, idle=timedelta(hours=hours))


def _hours(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        raise ValueError
    return float(value)
