"""What came out of many conversations, against what was promised (issue 5), for a person and as JSON."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bot.simulate.citizen import Talk
from bot.simulate.persona import Persona
from channels.simulator import Bubble

COMPLETED = 0.95  # of the conversations, at least
TURNS_WHOLE, TURNS_ELSE = 2, 4  # median messages of a citizen until the receipt, at most
SEGMENTS = 4  # median SMS of ours until the receipt, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One conversation. `reason`: what went wrong, "" where it ended as the persona wanted. `screen`: what the phone
    shows at the end."""

    persona: Persona
    reason: str
    stuck: bool
    talk: Talk
    screen: tuple[Bubble, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """None where nothing of the kind was played."""

    conversations: int
    completed: float
    turns_whole: float | None
    turns_else: float | None
    segments: float | None
    reports: int
    wrong_service: int
    stuck: int
    mixed: int
    after_stop: int
    unread: int

    def shortfalls(self) -> list[str]:
        """Each promise that is not kept, as a sentence."""
        found = [
            (self.completed < COMPLETED, f"{self.completed:.1%} end as wanted, {COMPLETED:.0%} are promised"),
            ((self.turns_whole or 0) > TURNS_WHOLE, f"{self.turns_whole} messages where one tells all"),
            ((self.turns_else or 0) > TURNS_ELSE, f"{self.turns_else} messages where it does not"),
            ((self.segments or 0) > SEGMENTS, f"{self.segments} SMS for a report"),
            (self.stuck > 0, f"{self.stuck} are stuck"),
            (self.mixed > 0, f"{self.mixed} are answered in another language"),
            (self.after_stop > 0, f"{self.after_stop} are written to after STOP"),
        ]
        return [sentence for short, sentence in found if short]


def figures(results: Sequence[Result]) -> Figures:
    reports = [filed for result in results for filed in result.talk.reports]
    return Figures(
        conversations=len(results),
        completed=sum(not result.reason for result in results) / max(1, len(results)),
        turns_whole=_median(filed.turns for filed in reports if filed.whole),
        turns_else=_median(filed.turns for filed in reports if not filed.whole),
        segments=_median(filed.segments for filed in reports if filed.segments is not None),
        reports=len(reports),
        wrong_service=sum(result.talk.wrong_service for result in results),
        stuck=sum(result.stuck for result in results),
        mixed=sum(result.talk.mixed > 0 for result in results),
        after_stop=sum(result.talk.after_stop > 0 for result in results),
        unread=sum(bool(result.talk.unread) for result in results),
    )


def _median(values: Iterable[int]) -> float | None:
    known = list(values)
    return median(known) if known else None


_GROUPS: Mapping[str, Callable[[Persona], str]] = {
    "language": lambda persona: persona.language,
    "channel": lambda persona: persona.channel,
    "goal": lambda persona: persona.goal,
    "telling": lambda persona: persona.telling,
    "temper": lambda persona: persona.temper,
}
_HEAD = ("", "talks", "done %", "turns 1", "turns +", "SMS", "wrong", "stuck", "mixed", "stop", "unread")


def table(results: Sequence[Result]) -> Iterator[str]:
    """Rows for a person: all, then by each group, then what went wrong."""
    yield _row(_HEAD)
    yield _row(_cells("all", results))
    for name, of in _GROUPS.items():
        grouped = defaultdict(list)
        for result in results:
            grouped[of(result.persona)].append(result)
        yield f"by {name}"
        yield from (_row(_cells(f"  {group}", grouped[group])) for group in sorted(grouped))
    yield "turns: median messages until the receipt, where the first one tells all (1) and where it does not (+)"
    for (goal, reason), count in Counter((r.persona.goal, r.reason) for r in results if r.reason).most_common():
        yield f"  {count:4} {goal}: {reason}"


def _row(cells: Iterable[str]) -> str:
    name, *rest = cells
    return f"{name:16}" + "".join(f"{cell:>9}" for cell in rest)


def _cells(name: str, results: Sequence[Result]) -> Iterator[str]:
    found = figures(results)
    yield from (name, str(found.conversations), f"{100 * found.completed:.1f}")
    for value in (found.turns_whole, found.turns_else, found.segments):
        yield "-" if value is None else f"{value:g}"
    for number in (found.wrong_service, found.stuck, found.mixed, found.after_stop, found.unread):
        yield str(number)


def as_json(results: Sequence[Result], seed: int) -> dict[str, Any]:
    """All figures, and each conversation that did not end as wanted."""
    failed = [
        {"persona": str(result.persona), "reason": result.reason, "stuck": result.stuck}
        for result in results
        if result.reason or result.stuck
    ]
    return {"seed": seed, **asdict(figures(results)), "failed": failed}
