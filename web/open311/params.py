"""What stands in the address of a GET, read one by one. Whatever cannot be read is a 400 that names the parameter;
those that nobody knows are passed over. Lists are comma-delimited, repeated, or both."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from multidict import MultiMapping

from bot.ports.points import Box
from bot.ports.public import Near
from tickets.model import Point
from tickets.number import read_number
from web.open311.problems import Refused

SPAN = timedelta(days=90)  # the standard's
_SECOND = timedelta(seconds=1)
_WHOLE_DAY = timedelta(days=1, hours=1)  # that begins when summer time ends
_MOST_NAMED = 200  # numbers or codes in one list
_LONGEST = 40  # characters of a number
_FARTHEST = 50_000.0  # metres
_OPEN: Mapping[str, bool] = {"open": True, "closed": False}
# W3C date and time (https://www.w3.org/TR/NOTE-datetime); of a plus in an address a space is left
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?(Z|[+\- ]\d{2}:?\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
Query = MultiMapping[str]


def named(query: Query, name: str) -> tuple[str, ...]:
    """A list, each once, in its order; empty where it is not asked for."""
    items = ",".join(query.getall(name, ())).split(",")
    found = tuple(dict.fromkeys(item.strip() for item in items if item.strip()))
    if len(found) > _MOST_NAMED:
        raise Refused(400, f"{name}: at most {_MOST_NAMED} at once.")
    return found


def numbers(query: Query) -> tuple[str, ...] | None:
    """`service_request_id`, as people write them too, without what is no number; None: it is not asked for."""
    if "service_request_id" not in query:
        return None
    read = (read_number(text[:_LONGEST]) for text in named(query, "service_request_id"))
    return tuple(dict.fromkeys(number for number in read if number))


def is_open(query: Query) -> bool | None:
    """`status`: open, closed, or both of them (None)."""
    asked = named(query, "status")
    if any(status.lower() not in _OPEN for status in asked):
        raise Refused(400, "status: only open and closed are known.")
    wanted = {_OPEN[status.lower()] for status in asked}
    return wanted.pop() if len(wanted) == 1 else None


def count(query: Query, name: str, default: int, most: int) -> int:
    """A whole number from 1 on."""
    text = query.get(name, "").strip()
    if not text:
        return default
    if not _COUNT.fullmatch(text) or not 1 <= int(text) <= most:
        raise Refused(400, f"{name}: a whole number from 1 to {most}.")
    return int(text)


def since(query: Query, name: str, zone: str) -> datetime | None:
    """From when on. Of a day alone: from its first moment in the city."""
    text = query.get(name, "").strip()
    if _DAY.fullmatch(text):
        return _midnight(name, text, zone, days=0)
    return _moment(name, text) if text else None


def until(query: Query, name: str, zone: str) -> datetime | None:
    """Before when: what happened in the very second that is named belongs to it, and so does the whole of a day."""
    text = query.get(name, "").strip()
    if _DAY.fullmatch(text):
        return _midnight(name, text, zone, days=1)
    return _beside(name, _moment(name, text), _SECOND) if text else None


def span(query: Query, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """`start_date` and `end_date`, 90 days at most; with one of them the 90 days beside it, with none the last 90."""
    first, last = since(query, "start_date", zone), until(query, "end_date", zone)
    if first is not None and last is not None:
        if last <= first:
            raise Refused(400, "end_date: must not be before start_date.")
        whole = _DAY.fullmatch(query.get("end_date", "").strip())
        if last - first > SPAN + (_WHOLE_DAY if whole else _SECOND):
            raise Refused(400, "start_date and end_date: at most 90 days apart.")
        return first, last
    if first is not None:
        return first, _beside("start_date", first, SPAN)
    last = last or now + _SECOND
    return _beside("end_date", last, -SPAN - _SECOND), last


def box(query: Query) -> Box | None:
    """`bbox=min_lon,min_lat,max_lon,max_lat`."""
    text = query.get("bbox", "").strip()
    if not text:
        return None
    degrees = [_degrees("bbox", item, 180 if n % 2 == 0 else 90) for n, item in enumerate(text.split(",")[:5])]
    if len(degrees) != 4:
        raise Refused(400, "bbox: four numbers, min_lon,min_lat,max_lon,max_lat.")
    west, south, east, north = degrees
    if south > north or west > east:
        raise Refused(400, "bbox: the least longitude and latitude come first.")
    return Box(south=south, west=west, north=north, east=east)


def near(query: Query) -> Near | None:
    """`lat`, `long` and `radius` in metres: all three or none."""
    given = {name: query.get(name, "").strip() for name in ("lat", "long", "radius")}
    if not any(given.values()):
        return None
    missing = [name for name, text in given.items() if not text]
    if missing:
        raise Refused(400, f"{missing[0]}: is missing; lat, long and radius belong together.")
    point = Point(latitude=_degrees("lat", given["lat"], 90), longitude=_degrees("long", given["long"], 180))
    metres = _number("radius", given["radius"])
    if not 0 < metres <= _FARTHEST:
        raise Refused(400, f"radius: metres, more than 0 and at most {_FARTHEST:.0f}.")
    return Near(point=point, metres=metres)


def _number(name: str, text: str) -> float:
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Refused(400, f"{name}: a number is missing, or it is none.")
    return value


def _degrees(name: str, text: str, most: int) -> float:
    value = _number(name, text.strip())
    if abs(value) > most:
        raise Refused(400, f"{name}: degrees (WGS 84), from -{most} to {most}.")
    return value


def _moment(name: str, text: str) -> datetime:
    match = _TIME.fullmatch(text)
    day, minutes, seconds, _, zone = match.groups() if match else ("",) * 5
    try:
        return datetime.fromisoformat(f"{day}T{minutes}{seconds or ':00'}{zone.replace(' ', '+')}").astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Refused(400, f"{name}: a date and time with its zone, such as 2026-01-31T12:00:00Z.") from wrong


def _midnight(name: str, text: str, zone: str, days: int) -> datetime:
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Refused(400, f"{name}: there is no such day.") from wrong


def _beside(name: str, at: datetime, much: timedelta) -> datetime:
    try:
        return at + much
    except OverflowError as wrong:
        raise Refused(400, f"{name}: there is no such time here.") from wrong
