"""Tickets that count alike: there are thousands of each kind, so the rules of `tickets/counting.py` are asked once for
all of a kind.

Those rules compare a ticket's instants with the begins and ends of spans, and two pairs of them with each other: of an
instant nothing matters but between which of these it lies. What a rule is to compare anew has to be compared here too;
`tests/tickets/test_alike.py` tells.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from tickets.asof import Case
from tickets.instant import Instant

Alike = tuple[Any, ...]
_NEVER = -1


class Likeness:
    """Among spans with these begins and ends. Of cases without `steps`: a history is each one's own."""

    def __init__(self, edges: Sequence[tuple[Instant, Instant]]) -> None:
        self._cuts = sorted({at for edge in edges for at in edge})

    def of(self, case: Case) -> Alike:
        """Equal for two cases that count to the same in every span."""
        cuts, due, closed, answered, waits = self._cuts, case.due, case.closed, case.answered, case.waits
        return (
            bisect_right(cuts, case.filed),
            bisect_right(cuts, due),
            _NEVER if closed is None else bisect_right(cuts, closed),
            _NEVER if answered is None else bisect_right(cuts, answered),
            _NEVER if waits is None else bisect_right(cuts, waits),
            closed is not None and closed > due,
            waits is not None and due >= waits,
            case.resolved,
            case.unlocated,
            case.unsure,
            case.followers,
            tuple([(bisect_right(cuts, at), *turn) for at, *turn in case.turns]) if case.turns else (),
        )
