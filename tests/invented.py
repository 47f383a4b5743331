"""Invented cases for tests, and what the values of the program would be for them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

from bot.demo.case import LAYOUT, Case
from bot.demo.history import History
from bot.demo.reports import Reports
from nlu.places import Gazetteer
from tests.town import CITY
from tickets.city import City
from tickets.model import Actor, Author, Event, Place, Point, Priority, Status, Ticket, Update

assert CITY is not None
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SAID = {("es", "pothole"): ["hay un bache"]}


@cache
def cases(seed: int, weeks: int, count: int = 800) -> Sequence[Case]:
    return invented(CITY, seed, weeks, count)


def invented(city: City, seed: int, weeks: int, count: int) -> Sequence[Case]:
    random = Random(seed)
    places = Gazetteer(city.areas, city.streets, city.landmarks)
    history = History(city, places, SAID, random, now=NOW, weeks=weeks)
    reports = Reports(city, history.seasons, random, now=history.now, taken=set())
    reports.meet(range(1, 300))
    return [history.case(report, range(1, 300)) for report in reports.of(reports.moments(count))]


def at(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def update_of(row: tuple[Any, ...]) -> Update:
    value = dict(zip(LAYOUT["updates"], row, strict=True))
    return Update(
        number=value["number"], version=value["version"], at=at(value["at"]) or NOW,
        actor=Actor(author=Author(value["author"]), name=value["actor"]), event=Event(value["event"]),
        old=Status(value["old"]) if value["old"] else None, new=Status(value["new"]) if value["new"] else None,
        changes=value["changes"] or (), note=value["note"], public=value["public"], citizen=value["citizen"],
    )  # fmt: skip


def ticket_of(case: Case) -> Ticket:
    value = dict(zip(LAYOUT["tickets"], case.row(), strict=True))
    point = Point(latitude=value["latitude"], longitude=value["longitude"]) if value["latitude"] else None
    place = Place(words=value["place_words"], point=point, street=value["street"], area=value["area"])
    named = (name for name in value if name.endswith("_at") or name == "waiting_since")
    times: dict[str, Any] = {name: at(value[name]) for name in named if name != "changed_at"}
    same = ("number", "version", "service", "department", "description", "reporter", "channel", "language")
    counts = ("confidence", "followers", "reopened", "postponed")
    return Ticket(
        **{name: value[name] for name in (*same, *counts)}, **times, status=Status(value["status"]), place=place,
        priority=Priority(value["priority"]), answers=value["answers"] or (),
    )  # fmt: skip
