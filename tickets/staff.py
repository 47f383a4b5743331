"""Who of the staff is told of a ticket, and when: before its promised date, and after that was missed."""

from dataclasses import dataclass, field
from enum import StrEnum

from tickets.calendar import Target, Unit

DESK = "desk"  # the console itself, as a role
DAYS = 1000  # a level's code counts hours up to here; above, and by the thousand, days


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the staff, or a group of them, on one channel."""

    channel: str
    address: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Whoever does this in the city, by all the ways in which they are told."""

    code: str
    people: tuple[Person, ...]


class Side(StrEnum):
    """Of the promised date."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """So much working time before or after the date these roles are told of tickets of these departments and services
    (none named: of all)."""

    side: Side
    span: Target
    to: tuple[str, ...]
    departments: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """By which the store knows it, whatever else of the list changes: -9 is 9 hours before, 2000 two days after.
        Two of one code are one level."""
        amount = self.span.amount * (DAYS if self.span.unit is Unit.DAYS else 1)
        return -amount if self.side is Side.BEFORE else amount

    def concerns(self, department: str, service: str) -> bool:
        return department in (self.departments or (department,)) and service in (self.services or (service,))


def side_of(code: int) -> Side:
    """Of a level's code."""
    return Side.BEFORE if code < 0 else Side.AFTER


def span_of(code: int) -> Target:
    """Of a level's code."""
    amount = abs(code)
    if amount < DAYS:
        return Target(amount=amount, unit=Unit.HOURS)
    return Target(amount=amount // DAYS, unit=Unit.DAYS)
