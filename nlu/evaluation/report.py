"""The report of an evaluation: its figures as values, and as tables to read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nlu.contract import LANGUAGES
from nlu.evaluation.metrics import Outcome, by_intent, figures
from nlu.evaluation.served import Cost
from nlu.evaluation.targets import COSTS, FIGURES, POOLED, UP, Figure

_COLUMNS = (*LANGUAGES, POOLED)
_WORST = 15  # confusions listed per set
_LABEL, _NARROW, _CELL = 37, 9, 6  # characters
LEGEND = f"{UP} more is better; ! short of the target; - it has none. Language: three words or more, in one language."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """One column of the tables: what it is called, on what it was trained, and its part of the report. A `narrow` one
    shows only all languages together."""

    title: str
    note: str
    column: Mapping[str, Any]
    narrow: bool = False

    @property
    def shown(self) -> tuple[str, ...]:
        return (POOLED,) if self.narrow else _COLUMNS

    @property
    def width(self) -> int:
        return _NARROW if self.narrow else _CELL * len(_COLUMNS)


def column(outcomes: Mapping[str, Sequence[Outcome]], cost: Cost) -> dict[str, Any]:
    """One pipeline's part of the report: its cost, and per set and language its figures."""
    return {"server": asdict(cost), **{name: per_language(some) for name, some in outcomes.items()}}


def per_language(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    parts = {language: [o for o in outcomes if o.case.language == language] for language in LANGUAGES}
    table = {name: figures(some) for name, some in {**parts, POOLED: outcomes}.items()}
    return {name: {key: round(value, 4) for key, value in row.items()} for name, row in table.items()}


def lines(sets: Sequence[str], pipelines: Sequence[Pipeline]) -> Iterator[str]:
    """The pipelines side by side, set by set, then what they cost."""
    for name in sets:
        known = [one for one in pipelines if name in one.column]
        yield from _heading(name, known)
        for figure in FIGURES:
            if any(figure.key in one.column[name][POOLED] for one in known):
                cells = (_row(figure, name, one) for one in known)
                yield " | ".join((f"{_label(figure, name)}", *cells)).rstrip()
        yield ""
    yield from _costs(pipelines)


def _heading(name: str, pipelines: Sequence[Pipeline]) -> Iterator[str]:
    yield " | ".join((f"{name.upper():{_LABEL}}", *(f"{one.title:^{one.width}}" for one in pipelines))).rstrip()
    yield " | ".join((" " * _LABEL, *(f"{one.note:^{one.width}}" for one in pipelines))).rstrip()
    under = ("".join(f"{c:>{one.width // len(one.shown) - 1}} " for c in one.shown) for one in pipelines)
    yield " | ".join((f"{'':{_LABEL - 6}}target", *under)).rstrip()
    yield "-+-".join(("-" * _LABEL, *("-" * one.width for one in pipelines)))


def _label(figure: Figure, name: str) -> str:
    target = figure.wanted(name)
    wanted = (
        "" if target is None else ("≥ " if figure.way == UP else "≤ ") + f"{target:g}".removeprefix("0" * (target > 0))
    )
    return f"{figure.label:27}{figure.way:2}{wanted:>{_LABEL - 29}}"


def _row(figure: Figure, name: str, one: Pipeline) -> str:
    values = {column: one.column[name][column].get(figure.key) for column in one.shown}
    width = one.width // len(one.shown) - 1
    return "".join(
        f"{_cell(value, whole=figure.count):>{width}}{'!' if figure.missed(name, column, value) else ' '}"
        for column, value in values.items()
    )


def _cell(value: float | None, *, whole: bool = False) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if whole else f"{value:.3f}".removeprefix("0") if value < 0.9995 else "1.00"


def _costs(pipelines: Sequence[Pipeline]) -> Iterator[str]:
    wanted = (f"{one.label} (≤ {one.target:g})" if one.target else one.label for one in COSTS)
    yield f"{'COST':29}" + "".join(f"{label:>27}" for label in wanted)
    for one in pipelines:
        values = [(figure, one.column["server"][figure.key]) for figure in COSTS]
        cells = (f"{value:g}{'!' if figure.missed('cost', POOLED, value) else ' '}" for figure, value in values)
        yield f"{f'{one.title} ({one.note})':29}" + "".join(f"{cell:>27}" for cell in cells).rstrip()


def intents(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """F1 of each intent, per language and pooled."""
    parts = {language: by_intent([o for o in outcomes if o.case.language == language]) for language in LANGUAGES}
    tables = {**parts, POOLED: by_intent(outcomes)}
    yield f"{'F1 of each intent':24s}" + "".join(f"{column:>7s}" for column in tables) + f"{'messages':>10s}"
    for intent, (_, count) in sorted(tables[POOLED].items()):
        cells = (f"{_cell(table[intent][0] if intent in table else None):>7s}" for table in tables.values())
        yield f"{intent:24s}" + "".join(cells) + f"{count:10d}"


def confusions(name: str, pairs: Iterable[tuple[tuple[str, str], int]]) -> Iterator[str]:
    yield f"{name}: what is taken for what most often"
    for (wanted, said), count in list(pairs)[:_WORST]:
        yield f"{count:6d}  {wanted} -> {said}"
