"""The four charts as a reader is told of them: the sentence above each, and what it shows for who cannot see it."""

from digest.map import drawn
from digest.measures import Rate, value
from digest.places import age_names
from digest.report import Picture
from digest.sentences import counted, place
from digest.voice import DASH, Voice
from digest.words import (
    AGES,
    AGES_ALT,
    MAP,
    MAP_ALT,
    MAP_PLACE,
    ON_TIME,
    ON_TIME_ALT,
    ON_TIME_AREAS,
    TREND,
    TREND_ALT,
    TREND_ALT_PERIOD,
    TREND_PERIOD,
)
from tickets.figures import Digest, Figure, Kind, Series

MOST_BARS = 12
_MOST_TOLD = 12  # in a picture's text


def trend(digest: Digest, voice: Voice) -> tuple[Picture, ...]:
    week = bool(digest.period.week)
    filed, closed = (_run(digest.whole, figure, voice) for figure in (Figure.FILED, Figure.CLOSED))
    alt = voice.say(TREND_ALT if week else TREND_ALT_PERIOD, filed=filed, closed=closed)
    return (Picture(drawn="trend", title=voice.say(TREND if week else TREND_PERIOD), alt=alt),)


def on_time(digest: Digest, kind: Kind, voice: Voice) -> tuple[Picture, ...]:
    """One chart: of the departments, or in a department's own digest of the areas; none where nothing was due."""
    bars = bars_of(digest)
    if not bars or bars[0].scope.kind is not kind:
        return ()
    told = voice.listed(
        voice.pair(voice.scope(bar.scope), counted(bar, Rate.ON_TIME, voice)) for bar in bars[:_MOST_TOLD]
    )
    title = voice.say(ON_TIME if kind is Kind.DEPARTMENT else ON_TIME_AREAS)
    return (Picture(drawn="on_time", title=title, alt=voice.say(ON_TIME_ALT, bars=told)),)


def map_of(digest: Digest, voice: Voice) -> tuple[Picture, ...]:
    """Where at least one place of the list can be drawn."""
    places = drawn(digest, voice.city.now)
    if not places:
        return ()
    told = voice.listed(
        voice.say(
            MAP_PLACE,
            rank=str(rank),
            place=place(each, voice),
            service=voice.service(each.service),
            n=voice.number(each.filed),
        )
        for rank, each in places
    )
    return (Picture(drawn="clusters", title=voice.say(MAP), alt=voice.say(MAP_ALT, places=told)),)


def ages(digest: Digest, voice: Voice) -> tuple[Picture, ...]:
    if not sum(digest.ages):
        return ()
    told = voice.listed(
        voice.pair(name, voice.number(n)) for name, n in zip(age_names(voice), digest.ages, strict=True)
    )
    return (Picture(drawn="ages", title=voice.say(AGES), alt=voice.say(AGES_ALT, bars=told)),)


def bars_of(digest: Digest) -> list[Series]:
    """What the chart of promises compares, the lowest share first; those with nothing due are left out."""
    kinds = {part.scope.kind for part in digest.parts}
    kind = Kind.DEPARTMENT if Kind.DEPARTMENT in kinds else Kind.AREA
    due = [part for part in digest.parts if part.scope.kind is kind and value(part.now, Rate.ON_TIME) is not None]
    due.sort(key=lambda part: (value(part.now, Rate.ON_TIME) or 0, part.scope.code))
    return due[:MOST_BARS]


def _run(series: Series, figure: Figure, voice: Voice) -> str:
    numbers = (value(each, figure) for each in (*series.before, series.now))
    return ", ".join(DASH if n is None else voice.value(figure, n) for n in numbers)
