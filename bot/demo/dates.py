"""Promised dates of an invented history: those of `tickets/calendar.py`, looked up where there are a million."""

from datetime import UTC, date, datetime, timedelta

from bot.demo.hours import WorkingTime
from tickets.calendar import Target, Unit, due_at, later, worked
from tickets.city import City
from tickets.model import Priority

_BEYOND = timedelta(days=400)  # until which working time is known; what is promised for later is rare, and walked to


class Dates:
    """Of a city from `begin` on. Instants are whole seconds since 1970."""

    def __init__(self, city: City, begin: datetime, now: datetime) -> None:
        self._calendar, self._zone = city.calendar, city.calendar.zone
        first, last = (at.astimezone(self._zone).date() for at in (begin, now + _BEYOND))
        self._time = WorkingTime(city.calendar, first, last)
        self._begin = begin.timestamp()
        self._services = {service.code: service for service in city.services}
        self._targets: dict[tuple[str, str, str | None], Target] = {}
        self._by_day: dict[tuple[date, int], int] = {}

    def due(self, service: str, priority: str, area: str | None, at: int) -> int:
        """What is promised for such a report from this instant on. Raises NeverOpen."""
        key = service, priority, area
        target = self._targets.get(key)
        if target is None:
            target = self._targets[key] = self._services[service].target_for(Priority(priority), area)
        return self._counted(target, at)

    def urgent(self, service: str, at: int) -> int | None:
        """The same once it is urgent; None where its service makes no difference."""
        target = self._services[service].targets.priorities.get(Priority.URGENT)
        return self._counted(target, at) if target else None

    def working(self, start: int, seconds: float) -> int | None:
        """So many working seconds later; None where that is too far away."""
        return self._time.after(start, int(seconds))

    def worked(self, start: int, end: int) -> int:
        """Working seconds between two instants."""
        if start < self._begin:
            return int(worked(_at(start), _at(end), self._calendar).total_seconds())
        return max(0, self._time.until(end) - self._time.until(start))

    def later(self, at: int, seconds: int) -> int:
        """`at` itself for none. Raises NeverOpen."""
        found = self._time.after(at, seconds) if seconds else at
        return _seconds(later(_at(at), timedelta(seconds=seconds), self._calendar)) if found is None else found

    def _counted(self, target: Target, at: int) -> int:
        """Days are counted from the day of filing, whatever its hour: one answer for all of it."""
        if target.unit is Unit.HOURS:
            found = self._time.after(at, target.amount * 3600)
            return _seconds(due_at(_at(at), target, self._calendar)) if found is None else found
        key = datetime.fromtimestamp(at, self._zone).date(), target.amount
        if key not in self._by_day:
            self._by_day[key] = _seconds(due_at(_at(at), target, self._calendar))
        return self._by_day[key]


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
