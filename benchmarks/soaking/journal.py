"""How long each reply took, as it goes: what citizens of any bench see, kept for the next look."""

from collections.abc import Callable

from benchmarks.rush.load import Begin, Conversation, Exchange, percentiles
from benchmarks.soaking.sample import Times


class Journal:
    """`sent`: messages so far."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._delays = clock, list[float]()
        self.sent = 0

    def watched(self, begin: Begin) -> Begin:
        """Whoever begins is watched."""
        return lambda: _Watched(begin(), self)

    async def exchange(self, one: Conversation) -> Exchange:
        self.sent += 1
        begun = self._clock()
        found = await one.exchange()
        if found.replied is not None and found.replied != found.acknowledged:  # else no reply was waited for
            self._delays.append(found.replied - begun)
        return found

    def taken(self) -> Times:
        """Of all replies since the last time."""
        delays, self._delays = self._delays, []
        if not delays:
            return Times()
        p50, p95, p99 = percentiles(delays, 50, 95, 99)
        return Times(replies=len(delays), p50=p50, p95=p95, p99=p99)


class _Watched:
    """Keeps benchmarks.rush.load.Conversation."""

    def __init__(self, one: Conversation, journal: Journal) -> None:
        self._one, self._journal = one, journal

    @property
    def filed(self) -> bool:
        return self._one.filed

    @filed.setter
    def filed(self, filed: bool) -> None:
        self._one.filed = filed

    @property
    def over(self) -> bool:
        return self._one.over

    async def exchange(self) -> Exchange:
        return await self._journal.exchange(self._one)
