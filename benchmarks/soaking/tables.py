"""Which tables may grow, and how. One that stands nowhere here must stay as it is: a new table that grows is found."""

from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.soaking.fit import line

# What the city keeps for years, and so what grows with its messages, by design -> rows that a message may bring at
# most. It goes by `retention` (docs/privacy.md) with the case it belongs to; replies of no case go after 90 days.
KEPT: Mapping[str, float] = {
    "tickets": 0.5,
    "updates": 1.5,
    "ticket_words": 12.0,
    "citizens": 0.6,
    "consents": 0.6,
    "silenced": 0.1,  # STOP outlives its citizen
    "windows": 0.6,
    "photos": 0.2,
    "followers": 0.2,
    "closures": 0.3,
    "outbox": 2.5,
    "audit": 0.5,
    "tallies": 1.0,
}
# What is forgotten after a time (`bot.schedule.KEPT`), which the bench makes short: it levels off.
FORGOTTEN = frozenset({"inbox", "dialogues", "paces", "leases", "schedule_runs", "slots"})
FEW = 25  # rows by which a table that should stand still may differ
_NOISE = 0.25  # of a table that is forgotten, early against late: it goes up and down with the rounds of forgetting


def grown(name: str, times: Sequence[float], said: Sequence[int], rows: Sequence[int]) -> str:
    """What is wrong with how this table grew, or nothing. Values are those after the warm-up, and for tables that are
    forgotten those since forgetting began to tell."""
    if not rows:
        return ""
    if name in KEPT:
        return _beyond(rows, said, KEPT[name])
    part = max(1, len(rows) // 4)
    early, late = median(rows[:part]), median(rows[-part:])
    if name in FORGOTTEN:
        through = line(times, rows)
        rises = late > early * (1 + _NOISE) + FEW and through.growth > _NOISE
        return f"does not level off: {early:,.0f} rows early, {late:,.0f} late" if rises else ""
    return f"should stand still: {early:,.0f} rows early, {late:,.0f} late" if late > early + FEW else ""


def _beyond(rows: Sequence[int], said: Sequence[int], most: float) -> str:
    messages, more = said[-1] - said[0], rows[-1] - rows[0]
    if more <= most * messages + FEW:
        return ""
    return f"{more / max(1, messages):.2f} rows a message, at most {most:g} were expected"
