"""The guard against talking to a machine: another bot answers each of our answers, for ever if nobody stops.

A citizen who gets more answers than a person can ask for, or who says the same again and again, gets one last answer;
what comes then is set aside, so that a clerk reads it and nothing is lost, until there was silence for a while.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.ports import Pace
from channels.message import Inbound
from handlers.people.danger import told_in
from handlers.people.rights import is_stop

REASON = "loop"
_SUSPICIOUS = 5  # answers within the span from which the store counts too: for all others it costs nothing
_KNOWN = 10_000  # citizens whose last answers this process remembers


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Most answers to one citizen within `span`, and most to messages that are like one just before; most `photos` of
    one citizen that are kept within a day. 0: no limit."""

    answers: int = 40
    alike: int = 12
    span: timedelta = timedelta(minutes=10)
    photos: int = 30

    def passed(self, pace: Pace) -> bool:
        """Whether this citizen is to get no more answers for now."""
        return pace.stopped or _reached(pace.answers, self.answers) or _reached(pace.alike, self.alike)

    def silences(self, pace: Pace, inbound: Inbound) -> bool:
        """Whether this message gets no answer. STOP is always heard, and who tells of danger to life, until as many
        messages came again as end it: a machine's words may say so each time."""
        if not self.passed(pace) or is_stop(inbound):
            return False
        most = 2 * max(self.answers, self.alike)
        return pace.answers >= most or told_in(inbound) is None


USUAL = Limits()


@dataclass(slots=True)
class Busy:
    """Who got many answers from this process of late. Other processes have their own: the store has the sum."""

    limits: Limits
    _answers: OrderedDict[int, deque[datetime]] = field(default_factory=OrderedDict)

    def suspicious(self, citizen: int, now: datetime) -> bool:
        return self.answers(citizen, now) >= min(filter(None, (_SUSPICIOUS, self.limits.answers, self.limits.alike)))

    def answers(self, citizen: int, now: datetime) -> int:
        """Within the span, as far as remembered: no more than make suspicious."""
        return sum(now - at <= self.limits.span for at in self._answers.get(citizen, ()))

    def note(self, citizen: int, now: datetime) -> None:
        if not (self.limits.answers or self.limits.alike):
            return
        self._answers.setdefault(citizen, deque(maxlen=_SUSPICIOUS)).append(now)
        self._answers.move_to_end(citizen)
        if len(self._answers) > _KNOWN:
            self._answers.popitem(last=False)


def said(inbound: Inbound) -> str:
    """What makes a message like another: its words or button; photos and pins are always something new."""
    return repr(
        (inbound.text, inbound.choice, inbound.point and inbound.external_id, [m.reference for m in inbound.media])
    )


def _reached(count: int, limit: int) -> bool:
    return bool(limit) and count >= limit
