"""What the doctor says of one thing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """WARN: it works, and will not for ever. BAD: somebody must do something now."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`name` is one of few words of ours; `said` a sentence without citizens' words; `step`: what to do, "" if
    nothing."""

    name: str
    state: State
    said: str
    step: str = ""

    def __str__(self) -> str:
        line = f"{self.state.value:4}  {self.name}: {self.said}"
        return f"{line}\n      -> {self.step}" if self.step else line


Look = Callable[[], Awaitable[Sequence[Finding]]]


def ok(name: str, said: str) -> Finding:
    return Finding(name=name, state=State.OK, said=said)


def warn(name: str, said: str, step: str) -> Finding:
    return Finding(name=name, state=State.WARN, said=said, step=step)


def bad(name: str, said: str, step: str) -> Finding:
    return Finding(name=name, state=State.BAD, said=said, step=step)


def worst(findings: Sequence[Finding]) -> State:
    states = {one.state for one in findings}
    return next((state for state in (State.BAD, State.WARN) if state in states), State.OK)
