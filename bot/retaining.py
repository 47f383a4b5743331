"""Rules of retention, carried out each night: reports whose time is over lose their words, photos and people, or go.

Each rule is a job of the schedule, so whichever processes there are do it once, in parts, and a kill loses one part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.ports import UnitOfWork
from tickets.retention import Rule

PART: Final = 200  # reports in a unit of work: others wait meanwhile
HOUR: Final = 4  # of the city's clocks: behind the copy of the night, before the offices open
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retaining:
    """One rule. `due`: for when it is done, as the schedule counts."""

    rule: Rule
    due: Callable[[datetime], datetime]
    part: int = PART

    @property
    def name(self) -> str:
        """Of its job: a rule that was changed is another one."""
        return f"retention {self.rule}"

    async def step(self, work: UnitOfWork, now: datetime, after: int) -> int | None:
        """`after`: from which time of closing on, in microseconds since 1970; 0: from the beginning. The day that a run
        began counts for all of it, so that its parts take the same reports whenever they are done."""
        begun = self.due(now)
        part = await work.retention.carry(self.rule, begun, _time(after), self.part)
        await work.retention.ran(begun, self.rule, part.reports)
        return None if part.next is None else (part.next - _EPOCH) // _MICRO


def nightly(zone: ZoneInfo) -> Callable[[datetime], datetime]:
    """Due when these clocks show HOUR."""

    def due(now: datetime) -> datetime:
        today = now.astimezone(zone).date()
        at = datetime.combine(today, time(HOUR), zone).astimezone(UTC)
        return at if at <= now else datetime.combine(today - timedelta(days=1), time(HOUR), zone).astimezone(UTC)

    return due


def every_night(rules: Sequence[Rule], zone: str) -> Sequence[Retaining]:
    """One for each rule, in their order, by the clocks of this zone."""
    due = nightly(ZoneInfo(zone))
    return [Retaining(rule=rule, due=due) for rule in rules]


def _time(micros: int) -> datetime | None:
    return _EPOCH + micros * _MICRO if micros else None
