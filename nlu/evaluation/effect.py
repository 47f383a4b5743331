"""What a new model changes against the one that serves, set by set, before anybody takes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu import learned, remembered
from nlu.contract import LANGUAGES
from nlu.dataset import read
from nlu.evaluation.examples import case_of, marked
from nlu.evaluation.metrics import Case, Outcome
from nlu.evaluation.targets import FIGURES, POOLED, UP, Figure

TAUGHT = "taught"  # the set of what clerks taught; it is shown nowhere but here, for one model has seen it
BETTER, WORSE = "better", "worse"
_LEAST = 0.0005  # what the tables show of a share
_MATTERS = 0.005  # of a share: one message of two hundred; what is less differs from training to training
_LABEL = 37


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One side: its file, its part of the report, and what it makes of what clerks taught."""

    name: str
    column: Mapping[str, Any]
    taught: Sequence[Outcome]


def taught(folder: Path, serving: Path) -> dict[str, list[Case]]:
    """What clerks taught and the model that serves did not learn yet, as a set to ask; no set where that is nothing."""
    examples = [example for path in learned.files(folder) for example in read(path, path.stem)]
    old = remembered.among(serving, map(marked, examples))
    cases = [case_of(example) for example in examples if marked(example) not in old]
    return {TAUGHT: cases} if cases else {}


def lines(serving: Model, new: Model) -> Iterator[str]:
    """The table, then what follows from it."""
    yield f"WHAT WOULD CHANGE: {serving.name} serves, {new.name} is new. Only figures that differ:"
    heads = ("serves", "new", "change", *LANGUAGES)
    yield f"{'all languages, then each one':{_LABEL}}" + "".join(f"{head:>8}" for head in heads)
    for name in new.column:
        if name != "server":
            yield from _set(name, serving.column[name], new.column[name])
    yield from _taught(serving.taught, new.taught)
    yield f"Better and worse count from {_MATTERS} on, over all languages; less is chance."
    yield f"To take it: python -m bot nlu use {new.name}, then start the bot anew. Until then nothing is swapped."


def _set(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    rows = [figure for figure in FIGURES if figure.way and _differs(figure, before, after)]
    said = [_said(figure, _gain(figure, before[POOLED], after[POOLED])) for figure in rows]
    yield (
        f"{name.upper()}: {said.count(BETTER)} better, {said.count(WORSE)} worse" if rows else f"{name.upper()}: alike"
    )
    for figure, word in zip(rows, said, strict=True):
        yield f"{_row(figure, before, after)}  {word}".rstrip()


def _said(figure: Figure, gain: float) -> str:
    if not figure.count and abs(gain) < _MATTERS:
        return ""
    return BETTER if gain > 0 else WORSE if gain < 0 else ""


def _differs(figure: Figure, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any(_gain(figure, before[part], after[part]) for part in (*LANGUAGES, POOLED))


def _gain(figure: Figure, before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """How much better (above 0) or worse; 0 where it is less than the table shows, or one side has no such figure."""
    if figure.key not in before or figure.key not in after:
        return 0.0
    change = after[figure.key] - before[figure.key]
    return 0.0 if abs(change) < _LEAST else change if figure.way == UP else -change


def _row(figure: Figure, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    way = 1 if figure.way == UP else -1
    gains = {part: _gain(figure, before[part], after[part]) for part in (POOLED, *LANGUAGES)}
    shown = "d" if figure.count else ".3f"
    values = "".join(f"{_number(side[POOLED].get(figure.key), shown):>8}" for side in (before, after))
    changes = "".join(f"{_number(gain * way, '+' + shown) if gain else '=':>8}" for gain in gains.values())
    return f"  {figure.label:{_LABEL - 4}}{figure.way:2}{values}{changes}"


def _number(value: float | None, shown: str) -> str:
    if value is None:
        return "-"
    return format(round(value) if shown.endswith("d") else value, shown)


def _taught(before: Sequence[Outcome], after: Sequence[Outcome]) -> Iterator[str]:
    if after:
        was, now = (sum(outcome.right for outcome in some) for some in (before, after))
        yield f"TAUGHT SINCE: {len(after)} that only the new model was trained on; {was} were read right, now {now}"
