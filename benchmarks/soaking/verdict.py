"""Whether what was seen is what a program does that can run for years."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.soaking.fit import line, risen
from benchmarks.soaking.sample import Process, Sample
from benchmarks.soaking.tables import FORGOTTEN, grown


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`memory`: share by which it may grow after the warm-up; `descriptors`, `threads` and `tasks`: by how many the
    last quarter may be above the first; `p95` of all replies, `late`: milliseconds; `log`: MB of a WAL at the end."""

    memory: float = 0.05
    descriptors: int = 5
    threads: int = 2
    tasks: int = 10
    p95: float = 1_000.0
    log: float = 64.0


LONG = Limits()
# Two minutes on a busy machine: caches still fill, and a reply waits for whoever has the core.
SHORT = Limits(memory=0.15, descriptors=12, threads=4, tasks=20, p95=5_000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What is known at the end. `unanswered`: messages without a reply; `refused`: not even acknowledged; `astray`:
    conversations that their citizen gave up; `left`: rows still to be answered or sent; `failed`: messages that were
    given up; `errors`: lines of the log by their event; `crashes`: ends of the process; `pages`: answers to others'
    questions that were none (a page, Open311, the desk); `late`: seconds at which 99 in 100 messages were sent after
    they were due, our own lateness."""

    sent: int
    unanswered: int
    refused: int
    astray: int
    left: int
    failed: int
    crashes: int
    errors: Mapping[str, int] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    late: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the verdict."""

    what: str
    seen: str
    wanted: str
    well: bool


def judged(samples: Sequence[Sample], ending: Ending, limits: Limits, warm: float, forgets: float) -> list[Finding]:
    """`warm`: seconds that do not count for what grows; `forgets`: seconds after which a message is forgotten, so that
    tables are level some time after."""
    after = [one for one in samples if one.at >= warm]
    return [
        *_process("bot", after, lambda one: one.bot, limits),
        *_process("Rasa", after, lambda one: one.rasa, limits),
        _risen("tasks of the bot", [one.tasks for one in after], limits.tasks),
        *_tables(samples, warm, forgets),
        *_nothing(ending),
        Finding(
            what="reply, p95", seen=f"{ending.p95:,.0f} ms", wanted=f"<= {limits.p95:,.0f} ms",
            well=ending.p95 <= limits.p95,
        ),
        Finding(
            what="write-ahead log", seen=f"{_last_log(after):.0f} MB", wanted=f"<= {limits.log:g} MB",
            well=_last_log(after) <= limits.log,
        ),
    ]  # fmt: skip


def _process(
    name: str, after: Sequence[Sample], which: Callable[[Sample], Process], limits: Limits
) -> Iterator[Finding]:
    seen = [which(one) for one in after]
    through = line([one.at for one in after], [one.memory for one in seen])
    yield Finding(
        what=f"memory of {name}", well=bool(seen) and through.begins > 0 and through.growth < limits.memory,
        seen=f"{through.growth:+.1%} ({through.begins:.0f} -> {through.ends:.0f} MB)", wanted=f"< {limits.memory:.0%}",
    )  # fmt: skip
    yield _risen(f"descriptors of {name}", [one.descriptors for one in seen], limits.descriptors)
    yield _risen(f"threads of {name}", [one.threads for one in seen], limits.threads)


def _risen(what: str, values: Sequence[float], most: int) -> Finding:
    more = risen(values)
    return Finding(
        what=what, seen=f"{more:+g} (most {max(values, default=0):g})", wanted=f"<= +{most}", well=more <= most
    )  # fmt: skip


def _tables(samples: Sequence[Sample], warm: float, forgets: float) -> Iterator[Finding]:
    """One line for all of them, and one for each that grows as it should not."""
    names = sorted({name for one in samples for name in one.rows})
    wrong = {}
    for name in names:
        some = [one for one in samples if one.at >= (max(warm, 2 * forgets) if name in FORGOTTEN else warm)]
        counts = [one.rows.get(name, 0) for one in some]
        if trouble := grown(name, [one.at for one in some], [one.said for one in some], counts):
            wrong[name] = trouble
    yield Finding(
        what="tables that grow and should not", seen=f"{len(wrong)} of {len(names)}", wanted="0",
        well=bool(names) and not wrong,
    )  # fmt: skip
    for name, trouble in wrong.items():
        yield Finding(what=f"table {name}", seen=trouble, wanted="as benchmarks/soaking/tables.py says", well=False)


def _nothing(ending: Ending) -> Iterator[Finding]:
    counts = {
        "messages not acknowledged": ending.refused, "messages without a reply": ending.unanswered,
        "conversations that went astray": ending.astray, "left in the queues at the end": ending.left,
        "messages of ours given up": ending.failed, "ends of the process": ending.crashes,
        "errors in the log": sum(ending.errors.values()), "pages that failed": sum(ending.pages.values()),
    }  # fmt: skip
    named = {"errors in the log": ending.errors, "pages that failed": ending.pages}
    for what, count in counts.items():
        told = ", ".join(f"{name} {times}" for name, times in sorted(named.get(what, {}).items()))
        yield Finding(what=what, seen=f"{count}{f' ({told})' if told else ''}", wanted="0", well=count == 0)


def _last_log(after: Sequence[Sample]) -> float:
    return after[-1].log if after else 0.0
