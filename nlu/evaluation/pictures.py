"""Pictures of an evaluation as SVG: who is taken for whom, and what a confidence is worth. Drawn by hand: squares and
dots with words beside them need no library, and a text file shows in a diff what changed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlu.contract import LANGUAGES, OTHER_INTENTS, REPORT_INTENTS
from nlu.evaluation.metrics import Outcome, calibration_error, reliability

_NAMES = (*REPORT_INTENTS, *OTHER_INTENTS)
_CELL, _LEFT, _TOP, _RIGHT = 18, 130, 170, 60  # pixels
_SIDE, _PAD, _HEAD = 360, 60, 70  # of the reliability picture, pixels
_RIGHT_COLOUR, _WRONG_COLOUR, _DOT = "#1f6f43", "#b3261e", "#1f4e8c"
_INK, _SOFT, _LINE, _THIN = "#222", "#666", "#e4e4e4", 'stroke="#e4e4e4" stroke-width="0.5"'


def draw(name: str, outcomes: Sequence[Outcome], folder: Path) -> None:
    """`confusion_<set>_<language>.svg` for each language and `reliability_<set>.svg`, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        own = [o for o in outcomes if o.case.language == language]
        picture = confusion(own, f"{name}, {language}")
        (folder / f"confusion_{name}_{language}.svg").write_text(picture, encoding="utf-8")
    (folder / f"reliability_{name}.svg").write_text(calibration(outcomes, name), encoding="utf-8")


def confusion(outcomes: Sequence[Outcome], title: str) -> str:
    """Rows: what was meant; columns: what was understood. A cell is as dark as its share of the row."""
    pairs = Counter((o.case.intent, o.best) for o in outcomes)
    rows = Counter(o.case.intent for o in outcomes)
    right = sum(o.right for o in outcomes)
    side = _CELL * len(_NAMES)
    parts = [
        _text(16, 28, f"{title}: {right} of {len(outcomes)} right", size=16),
        _text(16, 46, "A row is what was meant, a column what was understood.", colour=_SOFT),
        _text(16, 61, "Green is right, red is wrong; darker is a larger share of the row.", colour=_SOFT),
        *_grid(pairs, rows),
        *_frame(side),
    ]
    return _svg(_LEFT + side + _RIGHT, _TOP + side + 16, parts)


def _grid(pairs: Counter[tuple[str, str]], rows: Counter[str]) -> Iterator[str]:
    end = _CELL * len(_NAMES)
    for i, name in enumerate(_NAMES):
        step = i * _CELL
        yield _text(_LEFT - 6, _TOP + step + 13, _plain(name), anchor="end", colour=_INK if rows[name] else "#bbb")
        yield _text(_LEFT + step + 13, _TOP - 6, _plain(name), turn=-90)
        if rows[name]:
            yield _text(_LEFT + end + 8, _TOP + step + 13, f"{pairs[name, name] / rows[name]:.0%}", colour=_SOFT)
        yield f'<path d="M{_LEFT} {_TOP + step}h{end}M{_LEFT + step} {_TOP}v{end}" {_THIN}/>'
        for j, said in enumerate(_NAMES):
            if pairs[name, said]:
                yield from _cell(_LEFT + j * _CELL, _TOP + step, pairs[name, said], rows[name], right=i == j)


def _frame(side: int) -> Iterator[str]:
    """A border, and a line between the reports and everything else."""
    cut = _CELL * len(REPORT_INTENTS)
    yield f'<rect x="{_LEFT}" y="{_TOP}" width="{side}" height="{side}" fill="none" stroke="#999"/>'
    yield f'<path d="M{_LEFT} {_TOP + cut}h{side}M{_LEFT + cut} {_TOP}v{side}" stroke="#999"/>'


def _plain(name: str) -> str:
    return name.replace("report_", "report ").replace("_", " ")


def _cell(x: int, y: int, count: int, of: int, *, right: bool) -> Iterator[str]:
    colour = _RIGHT_COLOUR if right else _WRONG_COLOUR
    dark = 0.15 + 0.85 * count / of
    yield f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{colour}" fill-opacity="{dark:.2f}"/>'
    yield _text(x + _CELL / 2, y + 13, str(count), anchor="middle", colour="#fff" if dark > 0.5 else _INK)


def calibration(outcomes: Sequence[Outcome], title: str) -> str:
    """Dots on the diagonal: a confidence is right as often as it says. A dot is as big as its bin."""
    pairs = [(o.sure, o.right) for o in outcomes]
    points = reliability(pairs)
    parts = [
        _text(16, 28, f"{title}: calibration error {calibration_error(pairs):.3f}", size=16),
        _text(16, 46, "A dot's area and number: how many messages had that confidence.", colour=_SOFT),
        *_axes(),
        *(part for count, sure, right in points for part in _dot(sure, right, count, len(outcomes))),
    ]
    return _svg(_SIDE + 2 * _PAD, _SIDE + _HEAD + _PAD, parts)


def _axes() -> Iterator[str]:
    low = _HEAD + _SIDE
    for k in range(6):
        step = _SIDE * k // 5
        yield f'<path d="M{_PAD} {low - step}h{_SIDE}M{_PAD + step} {_HEAD}v{_SIDE}" stroke="{_LINE}"/>'
        yield _text(_PAD + step, low + 18, f"{k * 20} %", anchor="middle")
        yield _text(_PAD - 8, low - step + 4, f"{k * 20} %", anchor="end")
    yield f'<rect x="{_PAD}" y="{_HEAD}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#999"/>'
    yield f'<path d="M{_PAD} {low}L{_PAD + _SIDE} {_HEAD}" stroke="#999" stroke-dasharray="4"/>'
    yield _text(_PAD + _SIDE / 2, low + 40, "confidence", anchor="middle", colour=_SOFT)
    yield _text(16, _HEAD + _SIDE / 2, "right", anchor="middle", turn=-90, colour=_SOFT)
    yield _text(_PAD + 14, _HEAD + 22, "too modest", colour=_SOFT)
    yield _text(_PAD + _SIDE - 14, low - 14, "too sure", anchor="end", colour=_SOFT)


def _dot(sure: float, right: float, count: int, of: int) -> Iterator[str]:
    x, y, radius = _PAD + sure * _SIDE, _HEAD + (1 - right) * _SIDE, 3 + 20 * (count / of) ** 0.5
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_DOT}" fill-opacity="0.75"/>'
    yield _text(x - radius - 3, y - radius, str(count), anchor="end", colour=_DOT)


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", turn: int = 0, colour: str = _INK, size: int = 11
) -> str:
    turned = f' transform="rotate({turn} {x:g} {y:g})"' if turn else ""
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}" font-size="{size}"'
    return f"<text {place}{turned}>{words}</text>"


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    body = "\n".join(parts)
    return f'{head} font-family="sans-serif">\n<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
