"""When a digest is due, by the clocks of the city, and of which week it is then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digesting.subscriber import Sending, Subscriber
from tickets.period import WEEK, Period, last_week


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """This subscriber is to have this week's digest."""

    subscriber: Subscriber
    period: Period


def due(sending: Sending, now: datetime, zone: ZoneInfo) -> Sequence[Due]:
    """Of each subscriber the latest, whoever has it already: after a stop of weeks one digest, not one of each."""
    found = []
    for subscriber in sending.subscribers:
        at = latest(now, sending.day, subscriber.hour, zone)
        found.append(Due(subscriber=subscriber, period=last_week(at, zone)))
    return found


def latest(now: datetime, day: int, hour: int, zone: ZoneInfo) -> datetime:
    """The latest time, not after now, at which clocks show this hour of this weekday, in UTC."""
    today = now.astimezone(zone).date()
    this = today - timedelta(days=(today.weekday() - day) % WEEK)
    at = _instant(this, hour, zone)
    return at if at <= now else _instant(this - timedelta(days=WEEK), hour, zone)


def _instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """An hour that comes twice is its first; one that a clock change leaves out is the hour that comes in its place."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
