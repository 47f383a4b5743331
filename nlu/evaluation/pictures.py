"""Pictures of an evaluation as SVG: who is taken for whom, and what a confidence is worth. Drawn by hand, for the few
shapes they have need no library."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlu.contract import LANGUAGES, OTHER_INTENTS, REPORT_INTENTS
from nlu.evaluation.metrics import Outcome, reliability

_NAMES = (*REPORT_INTENTS, *OTHER_INTENTS)
_CELL, _LEFT, _TOP = 17, 150, 150  # pixels
_SIDE = 360  # of the reliability picture
_PAD = 46


def draw(name: str, outcomes: Sequence[Outcome], folder: Path) -> None:
    """`confusion_<set>_<language>.svg` for each language and `reliability_<set>.svg`, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        own = [o for o in outcomes if o.case.language == language]
        (folder / f"confusion_{name}_{language}.svg").write_text(
            confusion(own, f"{name}, {language}"), encoding="utf-8"
        )
    (folder / f"reliability_{name}.svg").write_text(calibration(outcomes, name), encoding="utf-8")


def confusion(outcomes: Sequence[Outcome], title: str) -> str:
    """Rows: what was meant; columns: what was understood. A cell is as dark as its share of the row."""
    pairs = Counter((o.case.intent, o.best) for o in outcomes)
    rows = Counter(o.case.intent for o in outcomes)
    width, height = _LEFT + _CELL * len(_NAMES) + 10, _TOP + _CELL * len(_NAMES) + 10
    return _svg(width, height, [_text(6, 16, f"{title}: row = meant, column = understood"), *_grid(pairs, rows)])


def _grid(pairs: Counter[tuple[str, str]], rows: Counter[str]) -> Iterator[str]:
    end = _CELL * len(_NAMES)
    for i, name in enumerate(_NAMES):
        step = i * _CELL
        yield _text(_LEFT - 4, _TOP + step + 12, name, anchor="end")
        yield _text(_LEFT + step + 12, _TOP - 4, name, turn=-90)
        yield f'<path d="M{_LEFT} {_TOP + step}h{end}M{_LEFT + step} {_TOP}v{end}" stroke="#ddd" stroke-width="0.5"/>'
        for j, said in enumerate(_NAMES):
            if pairs[name, said]:
                yield from _cell(_LEFT + j * _CELL, _TOP + step, pairs[name, said], rows[name], right=i == j)


def _cell(x: int, y: int, count: int, of: int, *, right: bool) -> Iterator[str]:
    colour = "#1f6f43" if right else "#b3261e"
    dark = 0.15 + 0.85 * count / of
    yield f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{colour}" fill-opacity="{dark:.2f}"/>'
    yield _text(x + _CELL // 2, y + 12, str(count), anchor="middle", colour="#fff" if dark > 0.5 else "#222")


def calibration(outcomes: Sequence[Outcome], title: str) -> str:
    """Dots on the diagonal: a confidence is right as often as it says. A dot is as big as its bin."""
    points = reliability([(o.sure, o.right) for o in outcomes])
    parts = [
        _text(_PAD, 18, f"{title}: confidence (across) and share that was right (up)"),
        f'<rect x="{_PAD}" y="{_PAD}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>',
        f'<line x1="{_PAD}" y1="{_PAD + _SIDE}" x2="{_PAD + _SIDE}" y2="{_PAD}" stroke="#888" stroke-dasharray="4"/>',
        *(_text(_PAD + _SIDE * k // 5, _PAD + _SIDE + 16, f"{k / 5:.1f}", anchor="middle") for k in range(6)),
        *(_text(_PAD - 6, _PAD + _SIDE - _SIDE * k // 5 + 4, f"{k / 5:.1f}", anchor="end") for k in range(6)),
        *(_dot(sure, right, count / len(outcomes)) for count, sure, right in points),
    ]
    return _svg(_SIDE + 2 * _PAD, _SIDE + 2 * _PAD, parts)


def _dot(sure: float, right: float, part: float) -> str:
    x, y = _PAD + sure * _SIDE, _PAD + (1 - right) * _SIDE
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 20 * part**0.5:.1f}" fill="#1f4e8c" fill-opacity="0.7"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", turn: int = 0, colour: str = "#222") -> str:
    turned = f' transform="rotate({turn} {x} {y})"' if turn else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}"{turned}>{words}</text>'


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif"'
    body = "\n".join(parts)
    return f'{head} font-size="10">\n<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
