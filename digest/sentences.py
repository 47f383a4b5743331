"""The headlines in words, each with the numbers behind it."""

from collections.abc import Mapping

from digest.changes import small
from digest.headlines import Change, Fact, Headline, headlines
from digest.measures import HOURS, Measure, Rate, base, before, usual, value
from digest.voice import DASH, Voice
from digest.words import (
    ABOVE_ALL,
    CHANGED,
    CHANGED_LATELY,
    CHANGED_PERIOD,
    EMPTY,
    EMPTY_PERIOD,
    EMPTY_USUAL,
    FIRST,
    FIRST_PERIOD,
    HALF_OF,
    KEPT,
    LEAD_OF_PART,
    LEADS,
    NONE_DUE,
    NONE_DUE_PERIOD,
    NOT_KNOWN,
    OUT_OF,
    PILED,
    RATED,
    SENTENCE,
    SMALL_SAMPLE,
    STANDING,
    STEADY,
    STEADY_ELSE,
    UNKNOWN_PLACE,
    WORK,
)
from tickets.figures import Cluster, Digest, Figure, Series

_STEADY: Mapping[Fact, str] = {Fact.STEADY: STEADY, Fact.STEADY_ELSE: STEADY_ELSE}


def sentences(digest: Digest, voice: Voice) -> tuple[str, ...]:
    """Three of them."""
    worded = (_headline(headline, digest, voice) for headline in headlines(digest))
    return tuple(voice.say(SENTENCE, sentence=sentence) for sentence in worded)


def counted(series: Series, measure: Measure, voice: Voice) -> str:
    """The number of this period with the cases behind it; a small sample is named."""
    found = value(series.now, measure)
    if found is None:
        return f"{DASH} {voice.say(NOT_KNOWN)}"
    written = _with_cases(series, measure, found, voice)
    return voice.say(SMALL_SAMPLE, value=written) if small(series, measure) else written


def place(cluster: Cluster, voice: Voice) -> str:
    """Street and area, as far as they are known."""
    known = [cluster.street, voice.area(cluster.area) if cluster.area else None]
    return ", ".join(name for name in known if name) or voice.say(UNKNOWN_PLACE)


def _headline(headline: Headline, digest: Digest, voice: Voice) -> str:
    match headline:
        case Change():
            return _change(headline, digest, voice)
        case Cluster():
            service, where, still = voice.service(headline.service), place(headline, voice), voice.number(headline.open)
            return voice.count(*PILED, headline.filed, service=service, place=where, open=still)
        case _:
            return _fact(headline, digest, voice)


def _change(change: Change, digest: Digest, voice: Voice) -> str:
    series, measure = change.series, change.measure
    lead = voice.say(LEADS[measure][change.far < 0])
    if series is not digest.whole:
        lead = voice.say(LEAD_OF_PART, lead=lead, scope=voice.scope(series.scope))
    last, mean = before(series, measure), usual(series, measure)
    source = CHANGED_LATELY if last is None else CHANGED if digest.period.week else CHANGED_PERIOD
    now = _with_change(series, measure, voice)
    told = voice.say(
        source, lead=lead, now=now, usual=voice.value(measure, mean, mean=True), before=voice.value(measure, last)
    )
    if not change.where:
        return told
    where = voice.scope(change.where.scope)
    return voice.say(ABOVE_ALL, sentence=told, where=where, value=counted(change.where, measure, voice))


def _with_change(series: Series, measure: Measure, voice: Voice) -> str:
    """A count with its change in per cent; never of nothing."""
    written, now, mean = counted(series, measure, voice), value(series.now, measure), usual(series, measure)
    if not isinstance(measure, Figure) or now is None or not mean:
        return written
    return f"{written} ({change})" if (change := voice.signed(now / mean - 1)) else written


def _with_cases(series: Series, measure: Measure, found: float, voice: Voice) -> str:
    written = voice.value(measure, found)
    if isinstance(measure, Figure):
        return written
    cases = base(series.now, measure) or 0
    if measure is Rate.ON_TIME:
        part = voice.number(series.now.count(Figure.ON_TIME) or 0)
        return voice.say(OUT_OF, share=written, part=part, whole=voice.number(cases))
    if measure is Rate.SATISFACTION:
        return voice.count(*RATED, cases, rating=written)
    return voice.count(*HALF_OF, cases, hours=written) if measure in HOURS else written


def _fact(fact: Fact, digest: Digest, voice: Voice) -> str:
    week, whole = bool(digest.period.week), digest.whole
    match fact:
        case Fact.EMPTY:
            told, mean = voice.say(EMPTY if week else EMPTY_PERIOD), usual(whole, Figure.FILED)
            shown = voice.value(Figure.FILED, mean, mean=True)
            return voice.say(EMPTY_USUAL, sentence=told, usual=shown) if mean else told
        case Fact.FIRST:
            return voice.say(FIRST if week else FIRST_PERIOD)
        case Fact.ON_TIME:
            return _kept(whole, voice, week=week)
        case Fact.OPEN:
            return voice.say(STANDING, open=counted(whole, Figure.OPEN, voice), late=counted(whole, Figure.LATE, voice))
        case Fact.WORK:
            return voice.say(
                WORK, filed=counted(whole, Figure.FILED, voice), closed=counted(whole, Figure.CLOSED, voice)
            )
        case _:
            return voice.say(_STEADY[fact])


def _kept(whole: Series, voice: Voice, *, week: bool) -> str:
    if whole.now.count(Figure.DUE) == 0:
        return voice.say(NONE_DUE if week else NONE_DUE_PERIOD)
    return voice.say(KEPT, value=counted(whole, Rate.ON_TIME, voice))
