"""The report of an evaluation: its figures as values, and as tables to read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from nlu.contract import LANGUAGES
from nlu.evaluation.metrics import Outcome, by_intent, figures
from nlu.evaluation.served import Cost

_COLUMNS = (*LANGUAGES, "all")
_COUNTS = frozenset({"n", "emergencies_missed", "bot_missed"})
_WORST = 15  # confusions listed per set
Table = Mapping[str, Mapping[str, float]]


def column(outcomes: Mapping[str, Sequence[Outcome]], cost: Cost) -> dict[str, Any]:
    """One pipeline's part of the report: its cost, and per set and language its figures."""
    return {"server": asdict(cost), **{name: per_language(some) for name, some in outcomes.items()}}


def per_language(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    parts = {language: [o for o in outcomes if o.case.language == language] for language in LANGUAGES}
    table = {name: figures(some) for name, some in {**parts, "all": outcomes}.items()}
    return {name: {key: round(value, 4) for key, value in row.items()} for name, row in table.items()}


def lines(sets: Sequence[str], columns: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The pipelines side by side, set by set, then what they cost."""
    for name in sets:
        yield from _side_by_side(name, {title: column[name] for title, column in columns.items() if name in column})
        yield ""
    for title, one in columns.items():
        cost = one["server"]
        yield f"{title:8s} loads in {cost['load_s']} s, {cost['memory_mb']} MB, {cost['ms']} ms a message"


def _side_by_side(name: str, tables: Mapping[str, Table]) -> Iterator[str]:
    yield f"{name:18s} " + " | ".join(f"{title:^34s}" for title in tables)
    yield " " * 19 + " | ".join("".join(f"{column:>7s}" for column in _COLUMNS)[1:] for _ in tables)
    for figure in dict.fromkeys(figure for table in tables.values() for figure in table["all"]):
        yield f"{figure:18s} " + " | ".join(_cells(table, figure) for table in tables.values())


def _cells(table: Table, figure: str) -> str:
    return "".join(_cell(table[column].get(figure), whole=figure in _COUNTS) for column in _COLUMNS)[1:]


def _cell(value: float | None, *, whole: bool = False) -> str:
    if value is None:
        return " " * 7
    return f"{value:7.0f}" if whole else f"{value:7.3f}"


def intents(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """F1 of each intent, per language and pooled."""
    parts = {language: by_intent([o for o in outcomes if o.case.language == language]) for language in LANGUAGES}
    tables = {**parts, "all": by_intent(outcomes)}
    yield f"{'F1 per intent':24s}" + "".join(f"{column:>7s}" for column in tables) + f"{'n':>6s}"
    for intent, (_, count) in sorted(tables["all"].items()):
        cells = (_cell(table[intent][0] if intent in table else None) for table in tables.values())
        yield f"{intent:24s}" + "".join(cells) + f"{count:6d}"


def confusions(name: str, pairs: Iterable[tuple[tuple[str, str], int]]) -> Iterator[str]:
    yield f"{name}: what is taken for what most often"
    for (wanted, said), count in list(pairs)[:_WORST]:
        yield f"{count:6d}  {wanted} -> {said}"
