"""The clock of the real world."""

from datetime import UTC, datetime


class SystemClock:
    """Keeps bot.ports.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)
