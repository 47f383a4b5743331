"""The soak as a picture: what could grow, over its minutes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from benchmarks.soaking.fit import line
from benchmarks.soaking.sample import Sample
from benchmarks.soaking.tables import FORGOTTEN

_COLOURS: Final = ("#1b5e9b", "#b3541e", "#3a7d44", "#7a4b94", "#8a6d00", "#555555")
_SHOWN = 4  # tables that grow most, beside those that are forgotten
Curve = tuple[str, Callable[[Sample], float]]


def draw(samples: Sequence[Sample], warm: float, title: str, path: Path) -> None:
    """Writes an SVG; the warm-up is grey, the dashed lines are those by which memory is judged."""
    with rc_context({"svg.hashsalt": "vecino", "font.size": 8, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9.6, 6.4), layout="constrained")
        axes = figure.subplots(2, 3)
        memory: tuple[Curve, ...] = (("bot", lambda one: one.bot.memory), ("Rasa", lambda one: one.rasa.memory))
        _panel(axes[0][0], "memory, MB", samples, warm, memory)
        _fitted(axes[0][0], [one for one in samples if one.at >= warm], memory)
        _panel(axes[0][1], "descriptors, threads, tasks", samples, warm, _COUNTS)
        _panel(axes[0][2], "reply after, ms", samples, warm, _DELAYS)
        _panel(axes[1][0], "rows that stay", samples, warm, _growing(samples))
        _panel(axes[1][1], "rows that are forgotten", samples, warm, _forgotten(samples))
        _panel(axes[1][2], "waiting rows; MB on disk", samples, warm, _WAITING)
        figure.suptitle(title, fontsize=10)
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(path, metadata={"Date": None})


_COUNTS: Final[tuple[Curve, ...]] = (
    ("bot: descriptors", lambda one: one.bot.descriptors), ("bot: tasks", lambda one: one.tasks),
    ("bot: threads", lambda one: one.bot.threads), ("Rasa: descriptors", lambda one: one.rasa.descriptors),
    ("Rasa: threads", lambda one: one.rasa.threads),
)  # fmt: skip
_DELAYS: Final[tuple[Curve, ...]] = (
    ("p50", lambda one: one.times.p50), ("p95", lambda one: one.times.p95), ("p99", lambda one: one.times.p99),
)  # fmt: skip
_WAITING: Final[tuple[Curve, ...]] = (
    ("waiting", lambda one: sum(one.waiting.values())), ("database, MB", lambda one: one.database),
    ("write-ahead log, MB", lambda one: one.log),
)  # fmt: skip


def _panel(axes: Any, title: str, samples: Sequence[Sample], warm: float, curves: Sequence[Curve]) -> None:
    minutes = [one.at / 60 for one in samples]
    axes.axvspan(0, warm / 60, color="#eeeeee", linewidth=0)
    for (name, value), colour in zip(curves, _COLOURS, strict=False):
        axes.plot(minutes, [value(one) for one in samples], label=name, color=colour, linewidth=1)
    axes.set_title(title, fontsize=9, loc="left")
    axes.set_xlabel("minutes")
    axes.set_ylim(bottom=0)
    if curves:
        axes.legend(fontsize=7, frameon=False)


def _fitted(axes: Any, after: Sequence[Sample], curves: Sequence[Curve]) -> None:
    for (_, value), colour in zip(curves, _COLOURS, strict=False):
        through = line([one.at for one in after], [value(one) for one in after])
        if after:
            span = [after[0].at / 60, after[-1].at / 60]
            axes.plot(span, [through.begins, through.ends], color=colour, linewidth=1, linestyle="--")


def _growing(samples: Sequence[Sample]) -> list[Curve]:
    last = samples[-1].rows if samples else {}
    names = sorted((name for name in last if name not in FORGOTTEN), key=lambda name: -last[name])[:_SHOWN]
    return [_rows(name) for name in names]


def _forgotten(samples: Sequence[Sample]) -> list[Curve]:
    return [_rows(name) for name in sorted(FORGOTTEN) if any(one.rows.get(name) for one in samples)]


def _rows(name: str) -> Curve:
    return name, lambda one: one.rows.get(name, 0)
