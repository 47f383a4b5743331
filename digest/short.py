"""The digest for a group on Telegram: what changed and the key numbers, under 700 characters."""

from digest.measures import Rate, value
from digest.report import Report
from digest.sentences import counted
from digest.voice import DASH, Voice
from digest.words import SHORT
from tickets.figures import Digest, Figure

MOST = 699  # characters, as Telegram counts them
_LINE = 200  # characters of a sentence or a title at most


def short(report: Report, digest: Digest, voice: Voice) -> str:
    """Sentences are left out from the end where it would be too long; the numbers stay."""
    whole = digest.whole
    filed, closed, still, late = (
        counted(whole, figure, voice) for figure in (Figure.FILED, Figure.CLOSED, Figure.OPEN, Figure.LATE)
    )
    kept = counted(whole, Rate.ON_TIME, voice) if value(whole.now, Rate.ON_TIME) is not None else DASH
    numbers = voice.say(SHORT, filed=filed, closed=closed, open=still, late=late, kept=kept)
    head = f"{_cut(report.title)}\n{report.subtitle}"
    told = [_cut(sentence) for sentence in report.sentences]
    while told and _length(written := "\n\n".join([head, "\n".join(f"• {each}" for each in told), numbers])) > MOST:
        told.pop()
    return written if told else f"{head}\n\n{numbers}"


def _cut(words: str) -> str:
    return words if len(words) <= _LINE else words[: _LINE - 1].rstrip() + "…"


def _length(words: str) -> int:
    """Telegram counts UTF-16 units."""
    return len(words.encode("utf-16-le")) // 2
