"""The end of a provider's outage: what waits for a later try has it now.

The longer an outage, the longer what failed in it waits for its next try, up to minutes. A message that arrives after
several tries failed is news for all the others: they are due at once, oldest try first, and only the rates hold them.
"""

from datetime import UTC, datetime

from bot.ports import Clock, Departure, Store, StoreUnavailable
from channels.reason import Reason

OUTAGE_LIKE = frozenset({Reason.NETWORK, Reason.PROVIDER, Reason.UNAUTHORIZED})  # they fail all messages alike
TROUBLE = 3  # tries that failed one after the other: fewer are everyday life
SPAN = 30  # seconds in which it is done once: a provider that comes and goes must not use up a message's tries


class Outages:
    """Shared by all sends of a process. Others see an outage with their own eyes; the store lets one of them hasten."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._failures: dict[str, int] = {}  # by channel, since its last success
        self._hastened: dict[str, datetime] = {}  # by channel, the span in which it was last asked for

    def failed(self, departure: Departure, reason: str) -> None:
        if reason in OUTAGE_LIKE:
            channel = departure.outbound.recipient.channel
            self._failures[channel] = self._failures.get(channel, 0) + 1

    async def sent(self, departure: Departure) -> None:
        """One has arrived. Its own tries count too: this process may be new, or may have seen few of the failures."""
        channel, span = departure.outbound.recipient.channel, _span(self._clock.now())
        trouble = self._failures.get(channel, 0) + departure.attempts - 1
        if trouble >= TROUBLE and self._hastened.get(channel) == span:
            return  # what failed meanwhile is remembered, for the next span
        counted = self._failures.get(channel, 0)
        if trouble >= TROUBLE:
            self._hastened[channel] = span
            if not await self._hasten(channel, span):
                return  # another process did, maybe before what failed here: that is remembered too
        # others may have failed meanwhile, or arrived
        self._failures[channel] = max(0, self._failures.get(channel, 0) - counted)

    async def _hasten(self, channel: str, span: datetime) -> bool:
        """Whether this process did it."""
        try:
            async with self._store.work() as work:
                if not await work.schedule.once(f"hasten:{channel}", span):
                    return False
                await work.outbox.hasten(channel)
                await work.commit()
        except StoreUnavailable:
            return False
        return True


def _span(now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // SPAN * SPAN, UTC)
