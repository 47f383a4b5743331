"""Every figure as CSV (RFC 4180), for spreadsheets and programs; the header's names stay as they are.

UTF-8 with a byte order mark, without which Excel takes "Éclairage" for "Ã‰clairage" (Python reads it as `utf-8-sig`).

city,scope,code,name,begin,last,week,figure,by,key,value,cases
- scope, code, name: `city`, `department` or `area`, its code, and its name in the reader's language
- begin, last, week: the period's days; the ISO week where it is one
- figure: a name of tickets/figures.py, or of a share or a median (digest/measures.py)
- by, key: empty for a figure of the scope; else what it is split by (service, channel, language, age, cluster, ticket)
- value: with a point; hours, shares 0-1, ratings 1-5. Empty: not known, or no cases. Zero is zero.
- cases: of how many a share, a median or a rating speaks
"""

import csv
from collections.abc import Iterator
from io import StringIO

from digest.measures import MEASURES, Rate, base, value
from digest.voice import Voice
from tickets.figures import AGES, Digest, Figure, Figures, Scope
from tickets.period import Period

HEADER = ("city", "scope", "code", "name", "begin", "last", "week", "figure", "by", "key", "value", "cases")
_MARK = "\ufeff"
_Cells = tuple[str, ...]


def table(digest: Digest, voice: Voice) -> str:
    """One row for each scope, period and figure; periods that are not known have none."""
    written = StringIO()
    written.write(_MARK)
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows([_harmless(cell) for cell in row] for row in _rows(digest, voice))
    return written.getvalue()


def _rows(digest: Digest, voice: Voice) -> Iterator[_Cells]:
    for series in (digest.whole, *digest.parts):
        for figures in (*series.before, series.now):
            if figures:
                head = _head(digest, series.scope, figures.period, voice)
                yield from ((*head, *_figure(figures, measure)) for measure in MEASURES)
    head = _head(digest, digest.whole.scope, digest.period, voice)
    yield from ((*head, *cells) for cells in (*_split(digest), *_clusters(digest), *_oldest(digest)))


def _head(digest: Digest, scope: Scope, period: Period, voice: Voice) -> _Cells:
    days = period.begin.isoformat(), period.last.isoformat(), period.week
    return digest.city, scope.kind.value, scope.code, voice.scope(scope), *days


def _figure(figures: Figures, measure: Figure | Rate) -> _Cells:
    found, cases = value(figures, measure), base(figures, measure) if isinstance(measure, Rate) else None
    return measure.value, "", "", "" if found is None else _number(found), "" if cases is None else str(cases)


def _split(digest: Digest) -> Iterator[_Cells]:
    tallies = (("service", digest.services), ("channel", digest.channels), ("language", digest.languages))
    for by, tally in tallies:
        yield from (("filed", by, code, str(n), "") for code, n in sorted(tally.items()))
    if digest.ages:
        groups = (*(f"up to {days} days" for days in AGES), f"over {AGES[-1]} days")
        yield from (("open", "age", group, str(n), "") for group, n in zip(groups, digest.ages, strict=True))


def _clusters(digest: Digest) -> Iterator[_Cells]:
    for each in digest.clusters:
        key = " / ".join(part or "" for part in (each.service, each.area, each.street))
        yield "filed", "cluster", key, str(each.filed), ""
        yield "open", "cluster", key, str(each.open), ""


def _oldest(digest: Digest) -> Iterator[_Cells]:
    for old in digest.oldest:
        yield "followers", "ticket", old.number, str(old.followers), ""


def _number(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)


def _harmless(cell: str) -> str:
    """A name that a spreadsheet would take for a formula gets an apostrophe; no number of ours is below zero."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
