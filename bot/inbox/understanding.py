"""Asks the model what a message means, and gives up on it in time: then the citizen gets the menu of services."""

from collections.abc import Callable
from time import monotonic

from bot.metrics import Counters
from bot.ports import Parser
from nlu.parse import NluStarting, NluUnavailable, Parse

PATIENCE = 30.0  # seconds that messages wait for a starting Rasa before the menu is offered


class Understanding:
    """One per worker. `timer` gives seconds that only go forward: the time of day may be set back meanwhile."""

    def __init__(self, parser: Parser, counters: Counters, timer: Callable[[], float] = monotonic) -> None:
        self._parser, self._counters, self._timer = parser, counters, timer
        self._starting: tuple[float, float] | None = None  # when it was first and last seen starting

    async def of(self, text: str) -> Parse | None:
        """None where it is not to be had; raises NluStarting while it is worth waiting for."""
        began = self._timer()
        try:
            parse = await self._parser.parse(text)
        except NluStarting:
            self._counters.state("nlu_down", 1)
            if self._still_patient(began):
                raise
            return None
        except NluUnavailable:
            self._counters.state("nlu_down", 1)
            return None
        self._counters.took("parse_seconds", self._timer() - began)
        self._counters.state("nlu_down", 0)
        self._starting = None
        return parse

    def _still_patient(self, now: float) -> bool:
        """Counted from when it was seen starting, not from a message's own time: after a pause of the whole process a
        backlog waits for the model like a fresh message. What starts after a long silence is another start."""
        first, last = self._starting or (now, now)
        if now - last >= PATIENCE:
            first = now
        self._starting = first, now
        return now - first < PATIENCE
