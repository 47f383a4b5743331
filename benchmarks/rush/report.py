"""The figures of a run, as lines for a person and as one row of a table."""

from collections.abc import Iterator, Mapping

from benchmarks.rush.load import percentiles
from benchmarks.rush.run import GENERATOR, Part, Result

HEAD = (
    "| what | ack p50 / p99 | reply p50 / p95 / p99 | messages/s | reports/s | CPU of one | memory of one | at rest |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)
_FULL = 0.85  # of a core: above it the generator may be what is slow


def lines(result: Result) -> Iterator[str]:
    if result.rated.measured.sent:
        yield from _part("at the set rate", result.rated)
    yield from _part("at saturation", result.full)
    yield "  memory: " + ", ".join(f"{name} {size:.0f} MB" for name, size in result.memory.items())
    yield "  at rest: " + _shares(result.rest) + " of a core"


def row(what: str, result: Result) -> str:
    """All latencies are of the set rate, all that is per second of saturation."""
    rated, full = result.rated.measured, result.full.measured
    ours = [name for name in result.memory if name.startswith(("bot", "rasa run"))]
    cells = (
        what, _cell(rated.acknowledged, 50, 99), _cell(rated.replied, 50, 95, 99), f"{full.per_second:.0f}",
        f"{full.reports / full.took:.1f}", f"{_mean(result.full.cores, ours) * 100:.0f} %",
        f"{_mean(result.memory, ours):.0f} MB", f"{_mean(result.rest, ours) * 100:.1f} %",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _part(name: str, part: Part) -> Iterator[str]:
    measured = part.measured
    yield f"  {name}: {measured.per_second:.1f} messages/s answered, {measured.reports / measured.took:.1f} reports/s"
    yield f"    ack {_times(measured.acknowledged, 50, 99)}; reply {_times(measured.replied, 50, 95, 99)}"
    yield f"    CPU {_shares(part.cores)}"
    if measured.late:
        unanswered = measured.sent - len(measured.replied)
        late = _times(measured.late, 99)
        missing = f"{unanswered} of {measured.sent} unanswered, {measured.refused} of them refused"
        yield f"    {missing}; the generator sent {late} after they were due"
    if part.cores.get(GENERATOR, 0) > _FULL:
        yield "    NOTE: the generator itself was at its limit"


def _times(seconds: list[float], *cuts: int) -> str:
    found = percentiles(seconds, *cuts)
    return ", ".join(f"p{cut} {time:.0f} ms" for cut, time in zip(cuts, found, strict=True)) if found else "none"


def _shares(cores: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share * 100:.1f} %" for name, share in cores.items())


def _cell(seconds: list[float], *cuts: int) -> str:
    found = percentiles(seconds, *cuts)
    return " / ".join(f"{time:.0f}" for time in found) + " ms" if found else "-"


def _mean(values: Mapping[str, float], names: list[str]) -> float:
    return sum(values.get(name, 0.0) for name in names) / len(names) if names else 0.0
