"""`desk` of config.yml, as far as it says how clerks come in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.oidc.service import Service
from bot.settings import tiles
from bot.settings.oidc import read_oidc
from bot.settings.replies import OWN
from bot.settings.section import Section, among
from tickets.rights import Right, Role, may

_LONGEST = 12  # hours; no session lasts longer
_KEPT, _SHORTEST = 730, 30  # days of the audit; a month is the least in which anybody would look into it


class Factor(StrEnum):
    """Who works at the desk only with a second factor."""

    OPTIONAL = "optional"  # nobody must
    ADMINS = "admins"  # who gives accounts
    REQUIRED = "required"  # everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """`second`: who must have a second factor. `idle`: after how long a session of which nothing was asked
    ends. `audit`: how long lines of the audit are kept. `elsewhere`: the city's own log-in service, if it has one."""

    second: Factor = Factor.OPTIONAL
    idle: timedelta = timedelta(hours=8)
    audit: timedelta = timedelta(days=_KEPT)
    elsewhere: Service | None = None

    def asks(self, role: Role) -> bool:
        """Whether whoever is this works only with a second factor."""
        return self.second is Factor.REQUIRED or (self.second is Factor.ADMINS and may(role, Right.ADMIT))


def read_admission(
    top: Section, environment: Mapping[str, str] | None = None, public_url: str = "", departments: Collection[str] = (),
    *, demo: bool = False,
) -> Admission:  # fmt: skip
    """`desk: {second_factor: required, idle_hours: 8, audit_days: 730, oidc: {…}}`. Unless it is said, admins must have
    a second factor; in a demo nobody must."""
    usual = Factor.OPTIONAL if demo else Factor.ADMINS
    if not top.has("desk"):
        return Admission(second=usual)
    section = top.section("desk")
    section.skip(OWN | tiles.OWN)
    names = tuple(map(str, Factor))
    factor = section.get(
        "second_factor", among(names), " or ".join(f"`{one}`" for one in names), str(usual), required=False
    )
    hours = section.get("idle_hours", _hours, f"hours, more than 0 and at most {_LONGEST}", 8.0, required=False)
    days = section.get("audit_days", _days, f"days, {_SHORTEST} or more", _KEPT, required=False)
    elsewhere = read_oidc(section, environment or {}, public_url, departments)
    section.done()
    return Admission(
        second=Factor(factor), idle=timedelta(hours=hours), audit=timedelta(days=days), elsewhere=elsewhere
    )


def _hours(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        raise ValueError
    return float(value)


def _days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not _SHORTEST <= value <= 36_500:
        raise ValueError
    return value
