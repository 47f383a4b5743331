"""Digest -> Report: what stands where."""

from collections.abc import Mapping

from digest.changes import distance, small
from digest.measures import MEASURES, Measure, Rate, base, before, compared, usual, value
from digest.parts import by_parts, cell, tone
from digest.pictures import ages, map_of, on_time, trend
from digest.places import clusters, intake, oldest
from digest.report import Cell, Key, Report, Row, Section, Table, Tone
from digest.sentences import sentences
from digest.unknown import unknown
from digest.voice import DASH, Voice
from digest.words import (
    ALL_FIGURES,
    BEFORE,
    BEFORE_PERIOD,
    HEADLINES,
    KEY_WAS,
    KEY_WAS_PERIOD,
    MADE,
    MARK_BETTER,
    MARK_FEWER,
    MARK_MORE,
    MARK_SAME,
    MARK_WORSE,
    NAMES,
    NO_CASES,
    NOT_KNOWN,
    NOW,
    NOW_PERIOD,
    OUT_OF,
    RUNNING,
    RUNNING_PERIOD,
    SMALL_SAMPLE,
    SUBJECT,
    USUAL,
    USUAL_MEANS,
    USUAL_MEANS_PERIODS,
)
from tickets.figures import Digest, Figure, Kind, Series

_KEYS: tuple[Measure, ...] = (
    Figure.FILED,
    Figure.CLOSED,
    Figure.OPEN,
    Figure.LATE,
    Rate.ON_TIME,
    Rate.RESOLUTION,
)
_MARKS: Mapping[Tone, str] = {Tone.WORSE: MARK_WORSE, Tone.BETTER: MARK_BETTER, Tone.SAME: MARK_SAME}


def report(digest: Digest, voice: Voice) -> Report:
    """All of it; what is too long for a form is shortened there."""
    return Report(
        language=voice.language,
        subject=_subject(digest, voice),
        title=_title(digest, voice),
        subtitle=voice.period(digest.period),
        warnings=_warnings(digest, voice),
        top=voice.say(HEADLINES),
        sentences=sentences(digest, voice),
        keys=tuple(_key(digest, measure, voice) for measure in _KEYS),
        sections=_sections(digest, voice),
        unknown=unknown(digest, voice),
        made=voice.say(MADE, at=voice.moment(digest.made_at)),
    )


def _title(digest: Digest, voice: Voice) -> str:
    scope = digest.whole.scope
    if scope.kind is Kind.CITY:
        return digest.city
    return voice.pair(digest.city, voice.scope(scope))


def _subject(digest: Digest, voice: Voice) -> str:
    filed, late = (voice.value(figure, value(digest.whole.now, figure)) for figure in (Figure.FILED, Figure.LATE))
    days = f"{voice.day(digest.period.begin)} {DASH} {voice.day(digest.period.last)}"
    written = voice.say(SUBJECT, scope=_title(digest, voice), filed=filed, late=late, days=days)
    return " ".join(written.split())


def _warnings(digest: Digest, voice: Voice) -> tuple[str, ...]:
    """That it is not over, where it was made before its end."""
    if digest.made_at >= digest.period.instants(voice.zone)[1]:
        return ()
    return (voice.say(RUNNING if digest.period.week else RUNNING_PERIOD, at=voice.moment(digest.made_at)),)


def _key(digest: Digest, measure: Measure, voice: Voice) -> Key:
    series, found = digest.whole, tone(digest.whole, measure)
    mean, last = usual(series, measure), before(series, measure)
    source = KEY_WAS if digest.period.week else KEY_WAS_PERIOD
    was = voice.say(source, usual=voice.value(measure, mean, mean=True), before=voice.value(measure, last))
    return Key(
        label=voice.say(NAMES[measure]),
        value=voice.value(measure, value(series.now, measure)),
        note=_note(series, measure, voice),
        was="" if mean is None else was,
        mark=_mark(series, measure, found, voice),
        tone=found,
    )


def _note(series: Series, measure: Measure, voice: Voice) -> str:
    """What a share is of; what a dash means."""
    if value(series.now, measure) is None:
        cases = base(series.now, measure) if isinstance(measure, Rate) else None
        return voice.say(NO_CASES if cases == 0 else NOT_KNOWN)
    if measure is not Rate.ON_TIME:
        return voice.say(SMALL_SAMPLE, value="").strip() if small(series, measure) else ""
    part, whole = (voice.number(series.now.count(figure) or 0) for figure in (Figure.ON_TIME, Figure.DUE))
    of = voice.say(OUT_OF, share="", part=part, whole=whole).strip()
    return voice.say(SMALL_SAMPLE, value=of) if small(series, measure) else of


def _mark(series: Series, measure: Measure, found: Tone, voice: Voice) -> str:
    if found is Tone.OTHER:
        return voice.say(MARK_MORE if distance(series, measure) > 0 else MARK_FEWER)
    return voice.say(_MARKS[found]) if found in _MARKS else ""


def _sections(digest: Digest, voice: Voice) -> tuple[Section, ...]:
    parts = [by_parts(digest, kind, voice, on_time(digest, kind, voice)) for kind in (Kind.DEPARTMENT, Kind.AREA)]
    return (
        Section(kind="trend", title="", pictures=trend(digest, voice)),
        *(section for section in parts if section),
        clusters(digest, voice, map_of(digest, voice)),
        *(section for section in [intake(digest, voice)] if digest.whole.now.count(Figure.FILED)),
        oldest(digest, voice, ages(digest, voice)),
        _all(digest, voice),
    )


def _all(digest: Digest, voice: Voice) -> Section:
    """Every figure of the whole."""
    week, series = bool(digest.period.week), digest.whole
    rows = tuple(_row(series, measure, voice) for measure in _ORDER)
    sources = ("", NOW, BEFORE, USUAL) if week else ("", NOW_PERIOD, BEFORE_PERIOD, USUAL)
    heads = tuple(voice.say(source) if source else "" for source in sources)
    means = voice.count(*(USUAL_MEANS if week else USUAL_MEANS_PERIODS), compared(series)) if compared(series) else ""
    table = Table(title="", heads=heads, rows=rows, notes=(means,) if means else ())
    return Section(kind="figures", title=voice.say(ALL_FIGURES), tables=(table,))


_ORDER: tuple[Measure, ...] = tuple(
    sorted(MEASURES, key=list(NAMES).index)  # as they are named, which is as they follow
)


def _row(series: Series, measure: Measure, voice: Voice) -> Row:
    shown = cell(series, measure, voice)
    now = shown.now
    if now == DASH:
        cases = base(series.now, measure) if isinstance(measure, Rate) else None
        now = f"{DASH} {voice.say(NO_CASES if cases == 0 else NOT_KNOWN)}"
    cells = (Cell(now=now, tone=shown.tone), Cell(now=shown.before or DASH), Cell(now=shown.usual or DASH))
    return Row(name=voice.say(NAMES[measure]), cells=cells)
