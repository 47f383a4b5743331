"""Working time of a whole history, from one table: what `tickets.calendar` finds by walking through the days."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from math import inf

from tickets.calendar import Calendar


class WorkingTime:
    """Opening hours between two days, both included. Instants are seconds since 1970."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        sessions = [
            (opens.timestamp(), closes.timestamp()) for opens, closes in filter(None, map(calendar.hours_on, days))
        ]
        self._opens = [opens for opens, _ in sessions]
        self._lasts = [closes - opens for opens, closes in sessions]
        self._ends, total = [], 0.0  # working seconds until the end of each session
        for seconds in self._lasts:
            total += seconds
            self._ends.append(total)

    def until(self, at: float) -> float:
        """Working seconds from the beginning of the table."""
        n = bisect_right(self._opens, at) - 1
        return 0.0 if n < 0 else self._ends[n] - max(0.0, self._lasts[n] - (at - self._opens[n]))

    def after(self, at: float, seconds: float) -> float:
        """The instant so many working seconds later; infinite where the table ends before."""
        wanted = self.until(at) + seconds
        n = bisect_left(self._ends, wanted)
        return inf if n == len(self._ends) else self._opens[n] + self._lasts[n] - (self._ends[n] - wanted)
