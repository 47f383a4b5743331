"""What the digest page is asked for: which days, of whom; and what of it makes no sense, as it was typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tickets.city import City
from tickets.figures import Kind, Scope
from tickets.period import WEEK, BadWeek, Period, last_week, week

LONGEST = 400  # days: more than a year, and eight times as many are still counted quickly
_FIRST = date(2000, 1, 1)
_TYPED = 120  # characters that are kept of what was typed
_CITY = Scope()
_CODE = re.compile(r"[^\x00-\x1f\x7f]{0,100}")  # as config.yml and the outlines have them


class Problem(StrEnum):
    """Why something that was typed is not shown; templates have the words."""

    WEEK = "week"
    DATE = "date"
    MISSING = "missing"
    BACKWARDS = "backwards"
    LONG = "long"
    FUTURE = "future"
    OLD = "old"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The days and the scope; where `problems` (by the field's name) says what is wrong, those are only what stands in
    for them. `typed`: each field as it came."""

    period: Period
    scope: Scope = _CITY
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def days(self) -> dict[str, str]:
        """How an address asks for the period."""
        first, last = self.period.begin.isoformat(), self.period.last.isoformat()
        return {"week": self.period.week} if self.period.week else {"from": first, "to": last}

    def at(self, period: Period) -> "Asked":
        """The same of other days."""
        return Asked(period=period, scope=self.scope)

    def of(self, scope: Scope) -> "Asked":
        """The same of another scope."""
        return Asked(period=self.period, scope=scope)

    def link(self, path: str, **more: str) -> str:
        scope = {} if self.scope == _CITY else {"scope": written(self.scope)}
        return f"{path}?{urlencode({**self.days, **scope, **more})}"


def asked(query: Mapping[str, str], city: City, now: datetime) -> Asked:
    """What an address asks for; without days the latest week that is over, as the e-mail has it."""
    zone = ZoneInfo(city.timezone)
    typed = {name: query.get(name, "").strip()[:_TYPED] for name in ("week", "from", "to", "scope")}
    period, problems = _period(typed, now.astimezone(zone).date())
    scope = scope_of(typed["scope"]) if typed["scope"] else _CITY
    if scope is None:
        problems["scope"] = Problem.SCOPE
    return Asked(
        period=period or last_week(now, zone), scope=scope or _CITY, typed=typed, problems=problems
    )  # fmt: skip


def written(scope: Scope) -> str:
    """`department:roads`, `area:centro`, `area:` for what lies in none, `city`."""
    return scope.kind.value if scope.kind is Kind.CITY else f"{scope.kind}:{scope.code}"


def scope_of(text: str) -> Scope | None:
    """The scope written so; None where nothing is."""
    kind, colon, code = text.partition(":")
    if kind not in set(Kind) or not _CODE.fullmatch(code) or bool(colon) == (kind == Kind.CITY):
        return None
    return None if kind == Kind.DEPARTMENT and not code else Scope(kind=Kind(kind), code=code)


def is_known(scope: Scope, city: City) -> bool:
    """Whether the city has it today."""
    match scope.kind:
        case Kind.DEPARTMENT:
            return scope.code in {one.code for one in city.departments}
        case Kind.AREA:
            return not scope.code or scope.code in {one.code for one in city.areas}
        case Kind.CITY:
            return True


def presets(now: datetime, city: City) -> Mapping[str, Period]:
    """Stretches that are often looked at; what is not over yet ends with today, save the week."""
    today = now.astimezone(ZoneInfo(city.timezone)).date()
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    previous = (first - timedelta(days=1)).replace(day=1)
    return {
        "this_week": Period(begin=monday),
        "last_week": Period(begin=monday - timedelta(days=WEEK)),
        "four_weeks": Period(begin=monday - timedelta(days=4 * WEEK), days=4 * WEEK),
        "this_month": _between(first, today),
        "last_month": _between(previous, first - timedelta(days=1)),
        "twelve_months": _between(first.replace(year=first.year - 1), first - timedelta(days=1)),
    }


def _between(first: date, last: date) -> Period:
    return Period(begin=first, days=(last - first).days + 1)


def _period(typed: Mapping[str, str], today: date) -> tuple[Period | None, dict[str, Problem]]:
    """None where nothing was asked for, or nothing that can be shown."""
    if typed["from"] or typed["to"]:
        return _range(typed, today)
    if not typed["week"]:
        return None, {}
    try:
        found = week(typed["week"].upper())
    except BadWeek:
        return None, {"week": Problem.WEEK}
    problem = _unknown(found.begin, today)
    return (None, {"week": problem}) if problem else (found, {})


def _range(typed: Mapping[str, str], today: date) -> tuple[Period | None, dict[str, Problem]]:
    dates = {name: _date(typed[name]) for name in ("from", "to")}
    problems = {name: found for name, found in dates.items() if isinstance(found, Problem)}
    first, last = dates["from"], dates["to"]
    if isinstance(first, Problem) or isinstance(last, Problem):
        return None, problems
    if last < first:
        return None, {"to": Problem.BACKWARDS}
    if problem := _unknown(first, today):
        return None, {"from": problem}
    found = _between(first, last)
    return (None, {"to": Problem.LONG}) if found.days > LONGEST else (found, {})


def _date(text: str) -> date | Problem:
    try:
        return date.fromisoformat(text) if text else Problem.MISSING
    except ValueError:
        return Problem.DATE


def _unknown(first: date, today: date) -> Problem | None:
    """Days that nothing is known of."""
    return Problem.FUTURE if first > today else Problem.OLD if first < _FIRST else None
