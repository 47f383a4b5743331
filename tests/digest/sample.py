"""Invented digests: of an ordinary week with something to tell, and of weeks that make trouble."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.config import load
from tickets.city import Area, City, Department
from tickets.figures import Cluster, Digest, Figure, Figures, Kind, Old, Scope, Series, Source, Spread
from tickets.model import Point, Status
from tickets.period import Period

CONFIG = Path(__file__).parents[2] / "config.yml"
WEEK = Period(begin=date(2026, 11, 16))
MADE = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
LANGUAGES = ("es", "pt", "en", "fr")
_BUSY = {"roads": 52, "cleaning": 61, "electric": 44, "water": 38, "parks": 17, "order": 26, "front": 6}
_AREAS = {"centro": 0.31, "porto": 0.22, "hillside": 0.18, "palmiers": 0.14, "norte": 0.11, "": 0.04}


def city() -> City:
    return load(CONFIG, {}).city


def week_of(
    chance: random.Random, period: Period, filed: int, *, storm: float = 1.0, slow: float = 1.0, late: int = 0
) -> Figures:
    """One scope's week: `filed` as usual, so many times more in a storm, so many times slower."""
    filed = round(filed * storm * chance.uniform(0.88, 1.12))
    due = round(filed * chance.uniform(0.8, 1.0))
    kept = round(due * min(0.97, chance.uniform(0.78, 0.88) / slow))
    closed = round(filed * chance.uniform(0.85, 1.0) / slow)
    asked = round(closed * 0.7)
    disputed, confirmed = round(asked * 0.08 * slow), round(asked * 0.41)
    still = round(filed * 1.9 * slow)
    counts = {
        Figure.FILED: filed,
        Figure.CLOSED: closed,
        Figure.OPEN: still,
        Figure.LATE: round(still * 0.16 * slow) + late,
        Figure.DUE: due,
        Figure.ON_TIME: kept,
        Figure.ANSWERED: round(filed * 0.94),
        Figure.RESOLVED: round(closed * 0.9),
        Figure.REOPENED: disputed + round(chance.uniform(0, 2)),
        Figure.ASKED: asked,
        Figure.CONFIRMED: confirmed,
        Figure.DISPUTED: disputed,
        Figure.UNANSWERED: asked - confirmed - disputed,
        Figure.RATED: round(confirmed * 0.6),
        Figure.FOLLOWERS: round(still * 0.35),
        Figure.SPARED: round(filed * 0.07),
        Figure.BROKEN: due - kept,
        Figure.UNDELIVERED: round(filed * 0.012),
        Figure.UNLOCATED: round(filed * 0.04),
        Figure.UNSURE: round(filed * 0.06),
    }
    return Figures(period=period, counts=counts, **_hours(chance, counts, slow))


def _hours(chance: random.Random, counts: Mapping[Figure, int], slow: float) -> dict:
    answer, done = chance.uniform(4, 9) * slow, chance.uniform(40, 90) * slow
    answered, resolved, rated = (counts[each] for each in (Figure.ANSWERED, Figure.RESOLVED, Figure.RATED))
    return {
        "answer": Spread(n=answered, median=answer, p90=answer * 4.2) if answered else None,
        "resolution": Spread(n=resolved, median=done, p90=done * 3.1) if resolved else None,
        "satisfaction": round(4.5 - 0.5 * slow + chance.uniform(-0.1, 0.1), 2) if rated else None,
    }


def added(all_of: list[Figures]) -> Figures:
    """The whole of its parts: sums, and middles that are near enough for a picture."""
    counts = {figure: sum(each.counts[figure] for each in all_of) for figure in Figure}
    return Figures(
        period=all_of[0].period,
        counts=counts,
        answer=_together([each.answer for each in all_of]),
        resolution=_together([each.resolution for each in all_of]),
        satisfaction=round(
            sum((each.satisfaction or 0) * each.counts[Figure.RATED] for each in all_of) / counts[Figure.RATED], 2
        ),
    )


def _together(spreads: list[Spread | None]) -> Spread:
    known = [spread for spread in spreads if spread]
    n = sum(spread.n for spread in known)
    return Spread(
        n=n,
        median=sum(spread.median * spread.n for spread in known) / n,
        p90=sum(spread.p90 * spread.n for spread in known) / n,
    )


def ordinary(seed: int = 7) -> Digest:
    """A storm: the lamps went out, and the electricians cannot keep up."""
    chance = random.Random(seed)
    departments = tuple(_series(chance, Scope(kind=Kind.DEPARTMENT, code=code), filed) for code, filed in _BUSY.items())
    weeks = range(9)
    rows = [added([_weeks(each)[at] for each in departments]) for at in weeks]
    whole = Series(scope=Scope(), before=tuple(rows[:-1]), now=rows[-1])
    areas = tuple(
        _series(chance, Scope(kind=Kind.AREA, code=code), round(sum(_BUSY.values()) * share), even=True)
        for code, share in _AREAS.items()
    )
    return _digest(whole, (*departments, *areas))


def _series(chance: random.Random, scope: Scope, filed: int, *, even: bool = False) -> Series:
    before = tuple(week_of(chance, WEEK.before(back), filed) for back in range(8, 0, -1))
    hit = scope.code in ("electric", "hillside")
    storm, slow = ((1.35, 1.15) if even else (1.9, 1.55)) if hit else (1.0, 1.0)
    return Series(scope=scope, before=before, now=week_of(chance, WEEK, filed, storm=storm, slow=slow))


def _weeks(series: Series) -> tuple[Figures, ...]:
    return tuple(each for each in (*series.before, series.now) if each)


def _digest(whole: Series, parts: tuple[Series, ...]) -> Digest:
    filed, still = whole.now.counts[Figure.FILED], whole.now.counts[Figure.OPEN]
    return Digest(
        city="Puerto Vecino",
        period=WEEK,
        made_at=MADE,
        whole=whole,
        parts=parts,
        clusters=_CLUSTERS,
        oldest=tuple(_old(at) for at in range(10)),
        ages=(
            round(still * 0.46),
            round(still * 0.36),
            round(still * 0.13),
            still - round(still * 0.46) - round(still * 0.36) - round(still * 0.13),
        ),
        services=_shares(
            filed,
            {
                "lighting": 34,
                "waste": 20,
                "pothole": 15,
                "water": 11,
                "noise": 7,
                "tree": 6,
                "sidewalk": 4,
                "old_service": 3,
            },
        ),
        channels=_shares(filed, {"whatsapp": 52, "telegram": 31, "sms": 17}),
        languages=_shares(filed, {"es": 61, "pt": 19, "en": 12, "fr": 8}),
    )


def _shares(total: int, parts: Mapping[str, int]) -> dict[str, int]:
    """Sums to `total`; what rounding leaves goes to the first."""
    split = {code: total * part // sum(parts.values()) for code, part in parts.items()}
    first = next(iter(split))
    split[first] += total - sum(split.values())
    return split


_CLUSTERS = (
    Cluster(
        service="lighting",
        area="hillside",
        street="Mill Road",
        point=Point(latitude=14.60045, longitude=-66.4903),
        filed=17,
        open=15,
    ),
    Cluster(
        service="lighting",
        area="hillside",
        street="Station Road",
        point=Point(latitude=14.6030, longitude=-66.49163),
        filed=9,
        open=9,
    ),
    Cluster(
        service="waste",
        area="porto",
        street="Rua das Flores",
        point=Point(latitude=14.59367, longitude=-66.4998),
        filed=7,
        open=2,
    ),
    Cluster(
        service="water",
        area="centro",
        street="Calle de la Fuente",
        point=Point(latitude=14.60362, longitude=-66.4983),
        filed=6,
        open=4,
    ),
    Cluster(
        service="pothole",
        area="centro",
        street="Avenida Bolívar",
        point=Point(latitude=14.6, longitude=-66.5032),
        filed=5,
        open=5,
    ),
    Cluster(service="noise", area="norte", street=None, point=None, filed=4, open=0),
)
_OLD = (
    ("sidewalk", "roads", "centro", "Carrera Colón"),
    ("graffiti", "cleaning", "porto", "Travessa do Cais"),
    ("tree", "parks", "palmiers", "Boulevard de la République"),
    ("other", "front", None, None),
    ("pothole", "roads", "norte", None),
)
_STATUSES = (Status.IN_PROGRESS, Status.TRIAGED, Status.WAITING, Status.RECEIVED)


def _old(at: int) -> Old:
    service, department, area, street = _OLD[at % len(_OLD)]
    filed = datetime(2026, 6, 3, 14, tzinfo=UTC) + timedelta(days=9 * at)
    return Old(
        number=f"{at + 2}K{at % 7 + 2}-{9 - at % 8}QX",
        service=service,
        department=department,
        area=area,
        street=street,
        status=_STATUSES[at % len(_STATUSES)],
        filed_at=filed,
        due_at=filed + timedelta(days=14) if at != 4 else datetime(2026, 12, 3, 21, tzinfo=UTC),
        followers=(at * 5) % 12,
    )


def empty() -> Digest:
    """Nothing came in and nothing was done, after eight ordinary weeks."""
    usual = ordinary()
    counts = dict.fromkeys(Figure, 0) | {Figure.OPEN: 431, Figure.LATE: 70, Figure.FOLLOWERS: 150}
    whole = replace(usual.whole, now=Figures(period=WEEK, counts=counts))
    return Digest(
        city="Puerto Vecino", period=WEEK, made_at=MADE, whole=whole, ages=(0, 330, 80, 21), oldest=usual.oldest
    )


def first() -> Digest:
    """The first week of a small town: nothing to compare with, and few of everything."""
    chance = random.Random(3)
    now = {code: week_of(chance, WEEK, filed) for code, filed in (("roads", 9), ("water", 5), ("front", 1))}
    parts = tuple(
        Series(scope=Scope(kind=Kind.DEPARTMENT, code=code), before=(None,) * 8, now=each) for code, each in now.items()
    )
    whole = Series(scope=Scope(), before=(None,) * 8, now=added(list(now.values())))
    return replace(_digest(whole, parts), clusters=(), oldest=(), made_at=MADE - timedelta(days=3))


def missing() -> Digest:
    """Messages and answers are not known, three of the weeks before neither."""
    known = ordinary()
    gone = (Figure.UNDELIVERED, Figure.ASKED, Figure.CONFIRMED, Figure.DISPUTED, Figure.UNANSWERED, Figure.RATED)

    def without(series: Series) -> Series:
        rows = [
            replace(each, counts={f: n for f, n in each.counts.items() if f not in gone}, satisfaction=None)
            for each in _weeks(series)
        ]
        return Series(scope=series.scope, before=(None,) * 3 + tuple(rows[3:-1]), now=rows[-1])

    parts = tuple(without(part) for part in known.parts)
    return replace(known, whole=without(known.whole), parts=parts, missing=tuple(Source))


def huge() -> tuple[Digest, City]:
    """Thirty departments and forty areas with long names, and a lot to do."""
    chance, town = random.Random(11), city()
    names = [f"Dirección General de Conservación y Mantenimiento de la Vía Pública, Sector {at}" for at in range(1, 31)]
    departments = tuple(
        Department(code=f"d{at}", names=dict.fromkeys(LANGUAGES, name)) for at, name in enumerate(names, 1)
    )
    areas = tuple(_square(at) for at in range(40))
    town = replace(town, departments=departments, areas=areas, streets=())
    by_department = tuple(
        _series(chance, Scope(kind=Kind.DEPARTMENT, code=each.code), chance.randint(300, 9000)) for each in departments
    )
    by_area = tuple(_series(chance, Scope(kind=Kind.AREA, code=each.code), chance.randint(100, 5000)) for each in areas)
    rows = [added([_weeks(each)[at] for each in by_department]) for at in range(9)]
    whole = Series(scope=Scope(), before=tuple(rows[:-1]), now=rows[-1])
    clusters = tuple(
        replace(
            _CLUSTERS[0],
            area=f"a{at}",
            filed=90 - at,
            point=Point(latitude=19.3 + at % 8 * 0.01 + 0.005, longitude=-99.1 + at // 8 * 0.01 + 0.003),
        )
        for at in range(0, 40, 4)
    )
    return replace(_digest(whole, (*by_department, *by_area)), clusters=clusters, city="Gran Ciudad"), town


def _square(at: int) -> Area:
    west, south = -99.1 + at // 8 * 0.01, 19.3 + at % 8 * 0.01
    ring = ((west, south), (west + 0.01, south), (west + 0.01, south + 0.01), (west, south + 0.01), (west, south))
    return Area(code=f"a{at}", name=f"Colonia Ampliación Lomas de San Francisco {at}", ring=ring)
