"""What a city counts of its tickets, as frozen values: one scope in one period, and all that a digest shows.

Definitions are here and nowhere else; `store/figures.py` counts by them, the tests count again in another way, and
`digest/` and the desk only show them. "At the end" is the period's last instant; a ticket's date is the one that was
promised first (`Ticket.first_due_at`, else `due_at`); hours are by the clock on the wall, not working hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tickets.model import Point, Status
from tickets.period import Period

BEFORE = 8  # periods that this one is compared with
OLDEST = 10
AGES = (7, 30, 90)  # days; the last group is older
SMALL = 10  # below so many, a share or a median is named a small sample
UNSURE = 0.6  # of the service, 0-1: below it a classification is of low confidence


class Kind(StrEnum):
    """What a scope is."""

    CITY = "city"
    DEPARTMENT = "department"
    AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Scope:
    """The city, or one of its departments or areas by its code; the area "" holds what lies in none."""

    kind: Kind = Kind.CITY
    code: str = ""


class Figure(StrEnum):
    """Each number that is shown; what it counts."""

    FILED = "filed"  # tickets, in the period
    CLOSED = "closed"  # tickets that were closed in it, however, and were so at its end
    OPEN = "open"  # at its end
    LATE = "late"  # open at its end, its date is past, and its clock runs: it does not wait for its citizen
    DUE = "due"  # its date lies in the period
    ON_TIME = "on_time"  # of those, closed until then, and not open again at the end
    ANSWERED = "answered"  # a clerk did the first thing that its citizen may see, in the period
    RESOLVED = "resolved"  # resolved in the period, and so at its end
    REOPENED = "reopened"  # opened again in the period, by whomever; each ticket once
    ASKED = "asked"  # questions "is it fixed?" that we asked in the period, of each resolution its own
    CONFIRMED = "confirmed"  # of those, answered yes
    DISPUTED = "disputed"  # of those, answered no; a "no" that nobody asked for is no answer, but counts as REOPENED
    UNANSWERED = "unanswered"  # of those, not answered
    RATED = "rated"  # ratings given in the period, of each citizen and ticket the newest of these
    FOLLOWERS = "followers"  # of tickets that are open at its end
    SPARED = "spared"  # neighbours who joined in the period instead of filing the same again
    BROKEN = "broken"  # promised dates that were missed in the period, each with a new one told
    UNDELIVERED = "undelivered"  # notices of the period that failed for good
    UNLOCATED = "unlocated"  # filed in the period without a point and without a street that we know
    UNSURE = "unsure"  # filed in the period, classified with low confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Of `n` durations, in hours; between two values by linear interpolation, as PostgreSQL's percentile_cont."""

    n: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One scope in one period. A figure that is not among `counts` is not known, which is not zero. `answer`: from
    filing to the first answer, of ANSWERED; `resolution`: from filing to the latest closing, of RESOLVED;
    `satisfaction`: mean of RATED, 1-5. None where there was none."""

    period: Period
    counts: Mapping[Figure, int]
    answer: Spread | None = None
    resolution: Spread | None = None
    satisfaction: float | None = None

    def count(self, figure: Figure) -> int | None:
        return self.counts.get(figure)

    @property
    def on_time(self) -> float | None:
        """The share of DUE that was closed by its date, 0-1."""
        due = self.counts.get(Figure.DUE)
        return self.counts.get(Figure.ON_TIME, 0) / due if due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One scope: the periods before, oldest first, None where the city did not use Vecino yet, and this one."""

    scope: Scope
    before: tuple[Figures | None, ...]
    now: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A place where reports of one service pile up: so many filed in the period."""

    service: str
    area: str | None
    street: str | None
    point: Point | None = field(default=None, repr=False)
    filed: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """One of the oldest that are open at the end. No word of a citizen."""

    number: str
    service: str
    department: str
    area: str | None
    street: str | None
    status: Status
    filed_at: datetime
    due_at: datetime
    followers: int

    def late(self, end: datetime) -> bool:
        """As LATE counts it; `due_at` is the date promised first."""
        return self.status is not Status.WAITING and self.due_at < end


class Source(StrEnum):
    """What figures come from beside the tickets; a digest names those that do not reach back far enough."""

    OUTBOX = "outbox"  # what could not be delivered
    CLOSURES = "closures"  # answers to "is it fixed?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """All that is shown of one scope in one period. `parts`: of the city its departments and areas, of a department the
    areas, of an area the departments; those with nothing to tell are left out. `ages`: open at the end by age, one
    number more than AGES. `services`, `channels`, `languages`: filed in the period, by code."""

    city: str
    period: Period
    made_at: datetime
    whole: Series
    parts: tuple[Series, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    oldest: tuple[Old, ...] = ()
    ages: tuple[int, ...] = ()
    services: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Of the tickets behind a figure those of one number that a digest shows beside it: of a scope's part (of the
    city's departments and areas, a department's areas ...), of what it counts by code, of a cluster's street, of an age
    (which of `Digest.ages`, from 0 on). None: whatever it is."""

    part: Scope | None = None
    service: str | None = None
    channel: str | None = None
    language: str | None = None
    street: str | None = None
    age: int | None = None


WHOLE = Slice()  # all behind a figure
