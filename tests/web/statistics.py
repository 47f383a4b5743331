"""A fake of the store's figures: whatever is asked for, the same numbers, moved to the days that were asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.ports import Page
from tests.samples import TICKET
from tests.web.world import NOW
from tickets.city import City
from tickets.figures import (
    WHOLE,
    Cluster,
    Digest,
    Figure,
    Figures,
    Kind,
    Old,
    Scope,
    Series,
    Slice,
    Source,
    Spread,
)
from tickets.model import Status, Ticket
from tickets.period import Period


def figures(period: Period, filed: int, *, due: int = 50, kept: int = 40, missing: Sequence[Figure] = ()) -> Figures:
    """A period in which so many were filed."""
    counts = {
        Figure.FILED: filed, Figure.CLOSED: 95, Figure.OPEN: 1234, Figure.LATE: 17, Figure.DUE: due,
        Figure.ON_TIME: kept, Figure.ANSWERED: 88, Figure.RESOLVED: 80, Figure.REOPENED: 3, Figure.ASKED: 60,
        Figure.CONFIRMED: 30, Figure.DISPUTED: 8, Figure.UNANSWERED: 22, Figure.RATED: 12, Figure.FOLLOWERS: 45,
        Figure.SPARED: 21, Figure.BROKEN: 9, Figure.UNDELIVERED: 5, Figure.UNLOCATED: 6, Figure.UNSURE: 14,
    }  # fmt: skip
    return Figures(
        period=period,
        counts={figure: n for figure, n in counts.items() if figure not in missing},
        answer=Spread(n=88, median=3.25, p90=30.5),
        resolution=Spread(n=80, median=52.1, p90=1200.0),
        satisfaction=4.25,
    )


def series(scope: Scope, period: Period, filed: int, *, known: int = 8, **more: int) -> Series:
    """One scope; of the eight periods before so many are known, each with a few less than the next."""
    before = tuple(figures(period.before(n), filed - n, **more) if n <= known else None for n in range(8, 0, -1))
    return Series(scope=scope, before=before, now=figures(period, filed, **more))


def department(code: str, period: Period, filed: int, **more: int) -> Series:
    return series(Scope(kind=Kind.DEPARTMENT, code=code), period, filed, **more)


@dataclass
class Statistics:
    """Keeps `bot.ports.Statistics`. `tickets` are behind every figure; `asked` keeps what was asked for."""

    tickets: tuple[Ticket, ...] = (TICKET,)
    asked: list[tuple[Figure, Period, Scope, Slice]] = field(default_factory=list)
    missing: tuple[Source, ...] = ()
    known: int = 8

    async def digest(self, city: City, period: Period, scope: Scope, now: datetime) -> Digest:
        nothing = scope.code == "nowhere"
        whole = series(scope, period, 120, known=self.known)
        if self.missing:
            gone = (Figure.ASKED, Figure.CONFIRMED, Figure.DISPUTED, Figure.UNANSWERED, Figure.UNDELIVERED)
            whole = replace(whole, now=figures(period, 120, missing=gone))
        if nothing:
            whole = Series(scope=scope, before=(None,) * 8, now=Figures(period=period, counts={Figure.FILED: 0}))
        return Digest(
            city=city.name, period=period, made_at=now, whole=whole, missing=self.missing,
            parts=() if nothing else (
                department("roads", period, 80), department("gone", period, 4, due=7, kept=6),
                series(Scope(kind=Kind.AREA, code="centro"), period, 60), series(Scope(kind=Kind.AREA), period, 5),
            ),
            clusters=(
                Cluster(service="pothole", area="centro", street="Avenida Bolívar", filed=6, open=4),
                Cluster(service="lighting", area=None, street=None, filed=3, open=0),
            ),
            oldest=(
                Old(
                    number="7K3-9QX", service="pothole", department="roads", area="centro", street="Avenida Bolívar",
                    status=Status.IN_PROGRESS, filed_at=NOW - timedelta(days=200), due_at=NOW - timedelta(days=190),
                    followers=4,
                ),
            ),
            ages=(300, 600, 300, 34), services={"pothole": 70, "lighting": 50},
            channels={"telegram": 60, "sms": 40, "whatsapp": 20}, languages={"es": 90, "pt": 20, "en": 7, "fr": 3},
        )  # fmt: skip

    async def behind(
        self, city: City, figure: Figure, period: Period, scope: Scope, now: datetime, begin: int, size: int,
        only: Slice = WHOLE,
    ) -> Page[Ticket]:  # fmt: skip
        self.asked.append((figure, period, scope, only))
        return Page(rows=self.tickets[begin : begin + size], total=len(self.tickets))
