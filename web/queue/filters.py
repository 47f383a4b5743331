"""What the list shows, as its address says it: whoever is sent the address sees the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from multidict import MultiDict

from bot.ports import NOBODY, Clerk, Flag, Query
from tickets.calendar import NeverOpen, Target, Unit, due_at
from tickets.city import City
from tickets.model import Status
from tickets.staff import DESK
from tickets.workflow import CLOSED, OPEN
from web.queue.sought import sought

GROUPS: Mapping[str, frozenset[Status]] = {"open": OPEN, "closed": CLOSED, "any": frozenset(Status)}
ME, NO_ONE = "me", "nobody"  # as an address calls assignees
_LONGEST: Final = 200  # characters that are looked for
_CODE = re.compile(r"[\w.@+-]{1,60}")  # what a login or a channel may be called
_NAMED = {
    "status", "service", "area", "department", "assignee", "channel", "spoken", "since", "until", "q",
    *(flag.value for flag in Flag),
}  # fmt: skip
_NEAR = Target(amount=1, unit=Unit.DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """`show` is a status or one of open, closed, any; `assignee` a login, ME or NO_ONE; days are of the city; what is
    empty is not asked for."""

    show: str = "open"
    services: tuple[str, ...] = ()
    area: str = ""
    department: str = ""
    assignee: str = ""
    channel: str = ""
    spoken: str = ""
    flags: tuple[Flag, ...] = ()
    since: date | None = None
    until: date | None = None
    text: str = ""

    def query(self, city: City, login: str, now: datetime) -> Query:
        """As the store is asked, for a clerk of this login; its first page."""
        who = {ME: login, NO_ONE: NOBODY, "": None}.get(self.assignee, self.assignee)
        return Query(
            open={"open": True, "closed": False}.get(self.show),
            status=None if self.show in GROUPS else Status(self.show), services=self.services,
            area=self.area or None, department=self.department or None, assignee=who, channel=self.channel or None,
            language=self.spoken or None, flags=frozenset(self.flags),
            levels=tuple(level for level in city.escalation if DESK in level.to),
            since=_begin(self.since, city), until=_begin(self.until and self.until + timedelta(days=1), city),
            words=sought(self.text, city), now=now, soon=soon(city, now),
        )  # fmt: skip

    def pairs(self) -> list[tuple[str, str]]:
        """As the address names them; the status always, so that an address never means a reader's own list."""
        single = {
            "area": self.area, "department": self.department, "assignee": self.assignee, "channel": self.channel,
            "spoken": self.spoken, "since": str(self.since or ""), "until": str(self.until or ""), "q": self.text,
        }  # fmt: skip
        found = [("status", self.show), *(("service", code) for code in self.services)]
        return found + [pair for pair in single.items() if pair[1]] + [(flag.value, "1") for flag in self.flags]

    @property
    def address(self) -> str:
        """Its query, as it is kept under a name."""
        return urlencode(self.pairs())

    def link(self, show: str = "") -> str:
        """The address of the list at its first page, or of the same with another status."""
        return f"/desk?{replace(self, show=show or self.show).address}"

    @property
    def narrow(self) -> bool:
        """Whether it asks for more than a status."""
        return self != Filters(show=self.show)


def read(asked: Mapping[str, str] | MultiDict[str], city: City, clerk: Clerk) -> Filters:
    """What an address asks for; what makes no sense in it counts as not asked. One that asks for nothing means the open
    tickets of the clerk's own department, if they have one."""
    if not _NAMED & set(asked):
        return Filters(department=clerk.department or "")
    values = MultiDict(asked)
    text = " ".join(values.get("q", "").replace("\0", " ").split())[:_LONGEST]
    show = values.get("status", "")
    return Filters(
        show=show if show in GROUPS or show in set(Status) else "any" if text else "open",
        services=tuple(service.code for service in city.services if service.code in values.getall("service", [])),
        area=_one_of(values.get("area", ""), [area.code for area in city.areas]),
        department=_one_of(values.get("department", ""), [one.code for one in city.departments]),
        assignee=_code(values.get("assignee", "")), channel=_code(values.get("channel", "")),
        spoken=_one_of(values.get("spoken", ""), city.languages),
        flags=tuple(flag for flag in Flag if values.get(flag.value) == "1"),
        since=_day(values.get("since", "")), until=_day(values.get("until", "")), text=text,
    )  # fmt: skip


def kept(query: str, city: City, clerk: Clerk) -> Filters:
    """What was kept under a name, as far as it makes sense today."""
    return read(MultiDict(parse_qsl(query, max_num_fields=100) or [("status", "open")]), city, clerk)


def soon(city: City, now: datetime) -> datetime:
    """Until when a date is near: within a working day."""
    try:
        return due_at(now, _NEAR, city.calendar)
    except NeverOpen:
        return now + timedelta(days=1)


def _one_of(code: str, known: Sequence[str]) -> str:
    return code if code in known else ""


def _code(text: str) -> str:
    return text if _CODE.fullmatch(text) else ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year < 3000 else None


def _begin(day: date | None, city: City) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(city.timezone)) if day else None
