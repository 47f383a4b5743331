"""Asks the model what a message means, and gives up on it in time: then the citizen gets the menu of services."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from bot.metrics import Counters
from bot.ports import Parser
from nlu.parse import NluStarting, NluUnavailable, Parse

PATIENCE = 30.0  # seconds that messages wait for a starting Rasa before the menu is offered
_KEPT, _FOR = 100, 120.0  # texts, seconds


@dataclass(slots=True)
class Recent:
    """What was understood just now: a message that seems half said is looked at again and again. Citizens' words: few,
    and not for long."""

    _parses: OrderedDict[str, tuple[float, Parse]] = field(default_factory=OrderedDict, repr=False)

    def get(self, text: str, now: float) -> Parse | None:
        while self._parses and now - next(iter(self._parses.values()))[0] > _FOR:
            self._parses.popitem(last=False)
        known = self._parses.get(text)
        return known[1] if known else None

    def keep(self, text: str, parse: Parse, now: float) -> None:
        self._parses.pop(text, None)
        self._parses[text] = now, parse
        if len(self._parses) > _KEPT:
            self._parses.popitem(last=False)


class Understanding:
    """One per worker. `timer` gives seconds that only go forward: the time of day may be set back meanwhile."""

    def __init__(self, parser: Parser, counters: Counters, timer: Callable[[], float] = monotonic) -> None:
        self._parser, self._counters, self._timer = parser, counters, timer
        self._recent = Recent()
        self._starting: tuple[float, float] | None = None  # when it was first and last seen starting

    async def of(self, text: str) -> Parse | None:
        """None where it is not to be had; raises NluStarting while it is worth waiting for."""
        began = self._timer()
        if known := self._recent.get(text, began):
            return known
        try:
            parse = await self._parser.parse(text)
        except NluStarting:
            self._counters.state("nlu_down", 1)
            if self._still_patient(began):
                raise
            self._counters.count("understood", outcome="menu")
            return None
        except NluUnavailable:
            self._counters.state("nlu_down", 1)
            self._counters.count("understood", outcome="menu")
            return None
        self._counters.count("understood", outcome="understood" if parse.intent else "unsure")
        self._counters.took("parse_seconds", self._timer() - began)
        self._counters.state("nlu_down", 0)
        self._starting = None
        self._recent.keep(text, parse, began)
        return parse

    def _still_patient(self, now: float) -> bool:
        """Counted from when it was seen starting, not from a message's own time: after a pause of the whole process a
        backlog waits for the model like a fresh message. What starts after a long silence is another start."""
        first, last = self._starting or (now, now)
        if now - last >= PATIENCE:
            first = now
        self._starting = first, now
        return now - first < PATIENCE
