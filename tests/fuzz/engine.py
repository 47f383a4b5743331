"""Feeds a target: seeds first, then changes of whatever brought something new, until there were enough.

Something new is an outcome that was not seen, or a line of ours that was not reached (looked at for one input in
TRACED). Inputs come in rounds of ROUND; a round follows from seed, target and its number alone, so that a finding of a
long run is found again by its round, and a run that was broken off goes on at one.
"""

import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from tests.fuzz.mutation import LONGEST
from tests.fuzz.reach import Reach
from tests.fuzz.target import Read, Target

SEEDS = Path(__file__).parent / "seeds"
ROUND = 10_000
TRACED = 50
_POOL = 600  # inputs that are changed further
_HUNG = 10.0  # seconds of CPU


class Hung(Exception):
    """It does not end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An input that must not do what it did."""

    target: str
    data: bytes
    why: str
    error: BaseException | None = None

    @property
    def name(self) -> str:
        return sha256(self.data).hexdigest()[:12]


@dataclass(slots=True, kw_only=True)
class Told:
    """What a run found. `seconds` of CPU; `lines` reached at all, `more` of them by changed inputs only; `slowest` in seconds of CPU;
    `round` the last one, of `of_round` inputs."""

    target: str
    inputs: int = 0
    round: int = 0
    of_round: int = 0
    seconds: float = 0.0
    outcomes: set[str] = field(default_factory=set)
    lines: int = 0
    more: int = 0
    slowest: float = 0.0
    longest: bytes = b""
    findings: list[Finding] = field(default_factory=list)


def seeds(target: Target) -> list[bytes]:
    """Those in its folder, then its samples."""
    files = sorted((SEEDS / target.name).glob("*"))
    return [*(path.read_bytes() for path in files), *target.samples] or [b""]


def repetitions(target: Target) -> Iterator[bytes]:
    """The same over and over, LONGEST bytes of it, with and without an end that fits nothing."""
    words = target.words[:: max(1, len(target.words) // 12)]
    for piece in filter(None, dict.fromkeys([b"a", b"1", b" ", b"(", b"@", b".", b"a ", b"1 ", b"a,", b"\n", *words])):
        yield (piece * (LONGEST // len(piece)))[:LONGEST]
        yield ((piece + b" ") * (LONGEST // (len(piece) + 1)))[: LONGEST - 1] + b"!"


def run(target: Target, count: int, seed: int, *, first: int = 0, enough: int = 1) -> Told:
    """`first`: the round to begin at; ends at so many findings."""
    told, reach = Told(target=target.name), Reach()
    begun = process_time()
    with target.opened() as read, limited():
        known = seeds(target)
        for data in known:
            with reach.watched():
                judge(target, read, data, told)
        from_seeds = len(reach.lines)
        for number in range(first, first + -(-count // ROUND)):
            told.round, told.of_round = number, min(ROUND, count - (number - first) * ROUND)
            _round(target, read, Random(f"{seed} {target.name} {number}"), told, reach, enough)
            if len(told.findings) >= enough:
                break
    told.seconds, told.lines, told.more = process_time() - begun, len(reach.lines), len(reach.lines) - from_seeds
    return told


def feed(target: Target, data: Sequence[bytes]) -> Told:
    """These inputs alone."""
    told = Told(target=target.name)
    with target.opened() as read, limited():
        for one in data:
            judge(target, read, one, told)
    return told


def _round(target: Target, read: Read, dice: Random, told: Told, reach: Reach, enough: int) -> None:
    pool, seen = seeds(target), set[str]()
    kept = len(pool)
    for number in range(told.of_round):
        data = target.change(dice, dice.choice(pool), pool, target.words)[: target.longest]
        if number % TRACED:
            outcome, fresh = judge(target, read, data, told), False
        else:
            before = len(reach.lines)
            with reach.watched():
                outcome = judge(target, read, data, told, timed=False)
            fresh = len(reach.lines) > before
        if fresh or outcome not in seen:
            seen.add(outcome)
            if len(pool) < _POOL:
                pool.append(data)
            else:
                pool[dice.randrange(kept, _POOL) if kept < _POOL else 0] = data
        if len(told.findings) >= enough:
            return


def judge(target: Target, read: Read, data: bytes, told: Told, *, timed: bool = True) -> str:
    """What became of one input; whatever must not be is told as a finding."""
    told.inputs += 1
    begun = process_time()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, _HUNG)
        outcome = read(data)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # an extension's panic is none of Exception's
        outcome = f"raises {type(error).__name__}"
        told.findings.append(
            Finding(target=target.name, data=data, why=f"{type(error).__name__}: {error}"[:300], error=error)
        )
    spent = process_time() - begun
    if timed and spent > told.slowest:
        spent = _again(target, read, data, spent)
        if spent > told.slowest:
            told.slowest, told.longest = spent, data
        if spent > target.seconds:
            told.findings.append(Finding(target=target.name, data=data, why=f"takes {spent * 1000:.0f} ms of CPU"))
    told.outcomes.add(outcome)
    return outcome


def _again(target: Target, read: Read, data: bytes, spent: float) -> float:
    """The least of several times: a machine that is busy is slow too."""
    for _ in range(4 if spent > target.seconds / 5 else 0):
        gc.collect()
        begun = process_time()
        try:
            read(data)
        except Exception:
            return spent
        spent = min(spent, process_time() - begun)
    return spent


@contextmanager
def limited() -> Iterator[None]:
    """An input that takes more than _HUNG seconds of CPU is broken off."""

    def hung(*_: Any) -> None:
        raise Hung(f"more than {_HUNG:.0f} seconds of CPU")

    gc.collect()
    gc.freeze()  # so that looking for rubbish walks through the reader's own alone
    before = signal.signal(signal.SIGVTALRM, hung)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
