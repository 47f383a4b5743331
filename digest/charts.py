"""The four charts, drawn with matplotlib: for grey printers (shades, hatches, direct labels), without a window.

matplotlib is imported when something is drawn, so that who only reads figures does not pay for it (60 MB).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from digest.changes import small
from digest.map import draw_map
from digest.measures import Rate, value
from digest.pictures import bars_of
from digest.places import age_names
from digest.report import narrowed
from digest.voice import Voice
from digest.words import HEADS, ON_TIME_ALL, OUT_OF
from tickets.figures import Digest, Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_INK = "#222222"
_GREY = "#767676"
_PALE = "#d9d9d9"
_WIDTH = 4.4  # inches
_SHEET = 8.4  # inches, of a chart that has the whole width on paper
_MAP = 3.4  # inches high
_DPI = 220  # shown at half of it: sharp on small screens too
_NAME = 24  # characters of a bar's name
_SHARES = 1.03  # where the words beside bars begin; a bar of 100 % ends at 1, so that no line crosses them
_STYLE: Mapping[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _GREY,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
    "text.parse_math": False,  # a name with dollars is a name
    "svg.hashsalt": "vecino",  # the same names inside each time
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One chart, as pixels for mail and as lines for print."""

    png: bytes
    svg: str


def draw(name: str, digest: Digest, voice: Voice) -> Drawing:
    """One of `Picture.drawn`."""
    with _styled():
        if name == "ages":
            screen, paper = (_ages(digest, voice, width) for width in (_WIDTH, _SHEET))
        else:
            screen = paper = _DRAWN[name](digest, voice)
        return Drawing(png=_saved(screen, "png"), svg=_saved(paper, "svg").decode())


@contextmanager
def _styled() -> Iterator[None]:
    from matplotlib import rc_context

    with rc_context(dict(_STYLE)):
        yield


def _canvas(height: float, width: float = _WIDTH) -> tuple[Canvas, Axes]:
    """In inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(width, height), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(canvas)
    return canvas, canvas.add_subplot()


def _saved(canvas: Canvas, kind: str) -> bytes:
    """Without the date and the program's name, so that the same figures give the same bytes."""
    nothing = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    buffer = BytesIO()
    canvas.savefig(buffer, format=kind, metadata=nothing, facecolor="white")
    return buffer.getvalue()


def _trend(digest: Digest, voice: Voice) -> Canvas:
    canvas, axes = _canvas(2.5)
    series = (*digest.whole.before, digest.whole.now)
    days = [digest.period.before(back) for back in range(len(series) - 1, 0, -1)] + [digest.period]
    labels: list[tuple[float, str]] = []
    for figure, ink, style, marker in ((Figure.FILED, _INK, "-", "o"), (Figure.CLOSED, _GREY, "--", "s")):
        found = [value(each, figure) for each in series]
        numbers = [float("nan") if n is None else n for n in found]
        axes.plot(range(len(numbers)), numbers, style, color=ink, marker=marker, markersize=4, linewidth=1.8)
        if found[-1] is not None:
            labels.append((found[-1], f"{voice.say(HEADS[figure])} {voice.value(figure, found[-1])}"))
    top = max([n for each in series for f in (Figure.FILED, Figure.CLOSED) if (n := value(each, f)) is not None] or [1])
    axes.set_ylim(0, max(top, 1) * 1.12)
    _label_ends(axes, labels, len(series) - 1, apart=max(top, 1) * 0.13)
    shown = range((len(series) - 1) % 2, len(series), 2)  # of nine all would touch
    axes.set_xticks(shown, [voice.tick(days[at].begin) for at in shown], fontsize=8)
    axes.set_xlim(-0.3, len(series) - 1 + 0.1)
    axes.tick_params(axis="x", pad=6)
    _counting(axes, voice)
    return canvas


def _label_ends(axes: Axes, labels: list[tuple[float, str]], x: float, apart: float) -> None:
    """Beside the lines' ends, never one upon another."""
    labels.sort(key=lambda each: each[0])
    last = float("-inf")
    for height, words in labels:
        last = max(height, last + apart)
        axes.annotate(
            words, (x, last), xytext=(8, 0), textcoords="offset points", va="center", annotation_clip=False, fontsize=9
        )


def _counting(axes: Axes, voice: Voice) -> None:
    """Whole numbers only, with pale lines across."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda n, _: voice.number(n)))
    axes.grid(axis="y", color=_PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)


def _on_time(digest: Digest, voice: Voice) -> Canvas:
    bars = bars_of(digest)[::-1]  # the lowest on top
    canvas, axes = _canvas(0.5 + 0.27 * len(bars))
    for row, bar in enumerate(bars):
        share, few = value(bar.now, Rate.ON_TIME) or 0, small(bar, Rate.ON_TIME)
        inside, hatch = ("white", "////") if few else (_GREY, "")
        axes.barh(row, share, height=0.62, facecolor=inside, edgecolor=_GREY, hatch=hatch)
        part, whole = (voice.number(bar.now.count(figure) or 0) for figure in (Figure.ON_TIME, Figure.DUE))
        words = voice.say(OUT_OF, share=voice.percent(share), part=part, whole=whole) + ("*" if few else "")
        axes.annotate(
            words,
            (_SHARES, row),
            va="center",
            fontsize=8,
        )
    names = [voice.scope(bar.scope) for bar in bars]
    axes.set_yticks(range(len(bars)), [narrowed(name, _NAME) for name in names])
    axes.set_xlim(0, 1.62)
    axes.set_ylim(-0.6, len(bars) - 0.1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)
    _whole_line(axes, digest, voice, len(bars))
    return canvas


def _whole_line(axes: Axes, digest: Digest, voice: Voice, rows: int) -> None:
    share = value(digest.whole.now, Rate.ON_TIME)
    if share is None:
        return
    axes.axvline(share, color=_INK, linewidth=1, linestyle=":", zorder=3)
    words = voice.say(ON_TIME_ALL, share=voice.percent(share))
    axes.annotate(
        words, (share, rows - 0.45), xytext=(4, 2), textcoords="offset points", fontsize=8, annotation_clip=False
    )


def _ages(digest: Digest, voice: Voice, width: float) -> Canvas:
    canvas, axes = _canvas(1.15, width)
    names, shades = age_names(voice), ("#e6e6e6", "#bdbdbd", "#8c8c8c", "#4d4d4d")
    rows = range(len(names))[::-1]
    for row, n, shade in zip(rows, digest.ages, shades, strict=True):
        axes.barh(row, n, height=0.68, color=shade, edgecolor=_GREY, linewidth=0.6)
        axes.annotate(voice.number(n), (n, row), xytext=(5, 0), textcoords="offset points", va="center")
    axes.set_yticks(list(rows), list(names))
    axes.set_xlim(0, max(*digest.ages, 1) * 1.15)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)
    return canvas


def _clusters(digest: Digest, voice: Voice) -> Canvas:
    canvas, axes = _canvas(_MAP)
    draw_map(axes, digest, voice.city.now, (_WIDTH, _MAP))
    return canvas


_DRAWN: Mapping[str, Callable[[Digest, Voice], Canvas]] = {
    "trend": _trend,
    "on_time": _on_time,
    "clusters": _clusters,
}
