"""Gathers the messages that are one, and decides on them together: nothing is kept but in the store.

The first message is put off until the citizen has been silent; whatever they send meanwhile stands behind it in its
lane, where nobody else can take it. A process that is killed loses nothing: the next one looks at the same rows.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation import Outcome
from bot.inbox.burst import LOOK, MOST, Thought, Wait, as_one, ends_album, is_half_said, of_album, of_thought, until
from bot.inbox.pieces import read_as_one
from bot.ports import Arrival, Behind, Clock, Store
from nlu.parse import Parse

_TRIES = 2  # of a message that cannot be handled, before it is handled without those behind it


class StillWriting(Exception):
    """The citizen may not be done: look again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What is answered: the message, with the others' words where some were joined, and its outcome."""

    arrival: Arrival
    outcome: Outcome
    joined: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """`parse` and `decide` (on an arrival and its parse) are the worker's own."""

    store: Store
    clock: Clock
    wait: Wait
    parse: Callable[[Arrival], Awaitable[Parse | None]]
    decide: Callable[[Arrival, Parse | None], Awaitable[Outcome]]

    async def of(self, arrival: Arrival) -> Gathered:
        """Decide on this message and those that belong to it; raises StillWriting, and what parsing raises."""
        parts: list[Behind] = []
        if arrival.attempts <= _TRIES and self.wait.album and arrival.inbound.album:
            behind = await self._behind(arrival)
            parts = of_album(arrival, behind, self.wait.album)
            if not ends_album(behind):
                self._be_patient(until(arrival, parts, self.wait.album))
        whole = as_one(arrival, parts) if parts else arrival
        parse = await self.parse(whole)
        outcome = await self.decide(whole, parse)
        if arrival.attempts <= _TRIES and self.wait.thought and is_half_said(whole, parse, outcome):
            return await self._thought(whole, parts, parse, outcome)
        return Gathered(arrival=whole, outcome=outcome, joined=_ids(parts))

    async def _thought(
        self, arrival: Arrival, parts: Sequence[Behind], parse: Parse | None, outcome: Outcome
    ) -> Gathered:
        waiting = [one for one in await self._behind(arrival) if one.id not in _ids(parts)]
        last = max((part.accepted_at for part in parts), default=arrival.accepted_at)
        thoughts: list[Thought] = []
        more, closed = of_thought(last, thoughts, self.wait.thought)
        for one in waiting:  # as far as the first that is no part of it: what follows that one is not yet our concern
            thoughts.append(Thought(behind=one, parse=await self.parse(replace(arrival, inbound=one.inbound))))
            more, closed = of_thought(last, thoughts, self.wait.thought)
            if closed:
                break
        if not closed:
            self._be_patient(until(arrival, [*parts, *more], self.wait.thought))
        if more:
            arrival = as_one(arrival, more)
            whole = await self.parse(arrival)
            read = read_as_one(arrival.inbound.text, whole, parse, thoughts[: len(more)])
            outcome = await self.decide(arrival, read)
        return Gathered(arrival=arrival, outcome=outcome, joined=_ids([*parts, *more]))

    async def _behind(self, arrival: Arrival) -> Sequence[Behind]:
        async with self.store.view() as view:
            return await view.bursts.behind(arrival, MOST)

    def _be_patient(self, end: datetime) -> None:
        left = end - self.clock.now()
        if left.total_seconds() > 0:
            raise StillWriting(min(left, LOOK).total_seconds())


def _ids(behind: Sequence[Behind]) -> tuple[int, ...]:
    return tuple(one.id for one in behind)
