"""How invented tickets go: when which step follows, in working seconds after the filing."""

from collections.abc import Iterator
from math import log
from random import Random

from tickets.model import Status

_HOUR = 3600.0
_LOOKED_AT = 1.5 * _HOUR  # median until somebody reads a new ticket
_OF_PROMISE = 0.55  # median share of the promised time until it is solved; with the spread one in seven is late
_SPREAD = 0.55
_FATES = (Status.RESOLVED, Status.DECLINED, Status.DUPLICATE, None)  # None: forgotten
_FATE_WEIGHTS = (86, 6, 5, 3)
_STRAIGHT, _WAITS, _REOPENED = 0.2, 0.08, 0.03  # shares: not triaged first, wait for parts, solved only at second try

Step = tuple[float, Status]


def course(random: Random, promised: float) -> Iterator[Step]:
    """The steps of one ticket that has `promised` working seconds; each is allowed after the one before."""
    fate = random.choices(_FATES, _FATE_WEIGHTS)[0]
    seen = random.lognormvariate(log(_LOOKED_AT), 0.9)
    straight = fate is Status.RESOLVED and random.random() < _STRAIGHT
    if not straight:
        yield seen, Status.TRIAGED
    if fate is None:
        return
    end = max(seen + 600.0, promised * random.lognormvariate(log(_OF_PROMISE), _SPREAD))
    if fate is Status.RESOLVED:
        begin = seen + (end - seen) * random.uniform(0.1, 0.7)
        yield begin, Status.IN_PROGRESS
        if random.random() < _WAITS:
            yield begin + (end - begin) * 0.3, Status.WAITING
            yield begin + (end - begin) * 0.8, Status.IN_PROGRESS
    yield end, fate
    if fate is Status.RESOLVED and random.random() < _REOPENED:
        again = end + random.uniform(2, 20) * _HOUR
        yield again, Status.IN_PROGRESS
        yield again + random.uniform(1, 12) * _HOUR, Status.RESOLVED
