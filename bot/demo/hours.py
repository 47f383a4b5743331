"""Working time of a whole history, from one table: what `tickets.calendar` finds by walking through the days."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

from tickets.calendar import Calendar


class WorkingTime:
    """Opening hours between two days, both included. Instants are whole seconds since 1970."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        sessions = [session for day in days for session in calendar.sessions_on(day)]
        self._opens = [int(opens.timestamp()) for opens, _ in sessions]
        self._lasts = [int((closes - opens).total_seconds()) for opens, closes in sessions]
        self._ends, total = [], 0  # working seconds until the end of each session
        for seconds in self._lasts:
            total += seconds
            self._ends.append(total)

    def until(self, at: int) -> int:
        """Working seconds from the beginning of the table."""
        n = bisect_right(self._opens, at) - 1
        return 0 if n < 0 else self._ends[n] - max(0, self._lasts[n] - (at - self._opens[n]))

    def after(self, at: int, seconds: int) -> int | None:
        """The instant so many working seconds later; None where the table ends before."""
        wanted = self.until(at) + seconds
        n = bisect_left(self._ends, wanted)
        return None if n == len(self._ends) else self._opens[n] + self._lasts[n] - (self._ends[n] - wanted)
