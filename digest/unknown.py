"""What a digest does not know, in sentences. What is missing is said, never counted as none."""

from collections.abc import Iterator, Mapping

from digest.measures import compared
from digest.report import Section
from digest.voice import DASH, Voice
from digest.words import (
    ALL_ANSWERED,
    MISSING_FIGURE,
    NAMES,
    NO_PERIODS,
    NO_UNDELIVERED,
    NO_UNLOCATED,
    NO_UNSURE,
    NO_WEEKS,
    NONE_ASKED,
    SOURCES,
    UNANSWERED,
    UNDELIVERED,
    UNKNOWN,
    UNLOCATED,
    UNSURE,
)
from tickets.figures import BEFORE, Digest, Figure, Figures

_TOLD: Mapping[Figure, tuple[tuple[str, str], str]] = {  # some, none
    Figure.UNDELIVERED: (UNDELIVERED, NO_UNDELIVERED),
    Figure.UNLOCATED: (UNLOCATED, NO_UNLOCATED),
    Figure.UNSURE: (UNSURE, NO_UNSURE),
}

_PART_OF: Mapping[Figure, Figure] = {
    Figure.ON_TIME: Figure.DUE,
    Figure.CONFIRMED: Figure.ASKED,
    Figure.DISPUTED: Figure.ASKED,
    Figure.UNANSWERED: Figure.ASKED,
}


def unknown(digest: Digest, voice: Voice) -> Section:
    return Section(kind="unknown", title=voice.say(UNKNOWN), notes=tuple(_notes(digest, voice)))


def _notes(digest: Digest, voice: Voice) -> Iterator[str]:
    now = digest.whole.now
    yield from (voice.say(SOURCES[source], dash=DASH) for source in digest.missing)
    yield from (_note(now, figure, voice) for figure in _TOLD)
    if not {Figure.ASKED, Figure.UNANSWERED} - now.counts.keys():
        yield _unanswered(now, voice)
    others = [figure for figure in Figure if figure not in now.counts and figure not in _TOLD and _root(now, figure)]
    yield from (_missing(figure, voice) for figure in others)
    if gone := BEFORE - compared(digest.whole):
        yield voice.count(*(NO_WEEKS if digest.period.week else NO_PERIODS), gone)


def _root(now: Figures, figure: Figure) -> bool:
    """Whether nothing that it is a part of is missing too."""
    return figure not in _PART_OF or _PART_OF[figure] in now.counts


def _note(now: Figures, figure: Figure, voice: Voice) -> str:
    some, none = _TOLD[figure]
    number, filed = now.count(figure), now.count(Figure.FILED)
    if number is None:
        return _missing(figure, voice)
    return (
        voice.count(*some, number, share=voice.percent(number / filed) if filed else DASH)
        if number
        else voice.say(none)
    )


def _unanswered(now: Figures, voice: Voice) -> str:
    silent, asked = now.counts[Figure.UNANSWERED], now.counts[Figure.ASKED]
    if not asked:
        return voice.say(NONE_ASKED)
    if not silent:
        return voice.say(ALL_ANSWERED)
    return voice.count(*UNANSWERED, silent, whole=voice.number(asked), share=voice.percent(silent / asked))


def _missing(figure: Figure, voice: Voice) -> str:
    return voice.say(MISSING_FIGURE, dash=DASH, what=voice.say(NAMES[figure]))
