"""The forms of a subscriber as they were sent, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.hooks.acts import Wanted, codes
from bot.hooks.target import LONGEST
from tickets.city import City
from tickets.happening import Happening

LONGEST_NAME = 80  # characters
_EVENT = re.compile(r"[0-9A-Z-]{1,20}\.[1-9][0-9]{0,8}", re.ASCII)


class Problem(StrEnum):
    """Why a form was not taken, beside what `bot.hooks.target.Trouble` says of an address."""

    NAME = "no_name"
    TOO_MANY = "too_many"
    SURE = "sure"
    SINCE = "since"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in a form. `chosen` are names of its boxes: `service.pothole`, `area.centro`, `event.filed`."""

    name: str = ""
    url: str = field(default="", repr=False)
    chosen: frozenset[str] = frozenset()
    since: str = ""
    event: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    def wrong(self, name: str, problem: str) -> "Typed":
        return replace(self, problems={**self.problems, name: problem})


def read(fields: Mapping[str, str]) -> Typed:
    """Of a new one."""
    typed = Typed(
        name=" ".join(fields.get("name", "").split()), url=fields.get("url", "").strip()[: LONGEST + 1],
        chosen=frozenset(name for name in fields if name.partition(".")[0] in ("service", "area", "event")),
    )  # fmt: skip
    return typed if 0 < len(typed.name) <= LONGEST_NAME else typed.wrong("name", Problem.NAME)


def wanted(typed: Typed, city: City) -> Wanted:
    """As it is asked for."""

    def of(kind: str) -> list[str]:
        return [name.removeprefix(f"{kind}.") for name in typed.chosen if name.startswith(f"{kind}.")]

    return Wanted(
        name=typed.name, url=typed.url, services=codes(of("service"), [one.code for one in city.services]),
        areas=codes(of("area"), [one.code for one in city.areas]),
        happenings=tuple(Happening(one) for one in codes(of("event"), tuple(Happening))),
    )  # fmt: skip


def again_from(fields: Mapping[str, str]) -> Typed:
    """The form by which something is told again: from a day on, or from an event."""
    typed = Typed(since=fields.get("since", "").strip()[:40], event=fields.get("event", "").strip()[:40])
    if typed.event:
        return typed if _EVENT.fullmatch(typed.event) else typed.wrong("event", Problem.EVENT)
    return typed if _day(typed.since) else typed.wrong("since", Problem.SINCE)


def midnight(typed: Typed, city: City) -> datetime:
    """At which the day begins that was typed; it was read before."""
    day = _day(typed.since) or date.max
    return datetime.combine(day, time(), ZoneInfo(city.timezone))


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 2000 <= day.year < 3000 else None
