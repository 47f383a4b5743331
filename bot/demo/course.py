"""What offices do with an invented ticket: which step follows when, in working seconds after the filing."""

from collections.abc import Iterator
from math import exp, log
from random import Random

from bot.demo.case import DECLINED, DUPLICATE, EMERGENCY, IN_PROGRESS, NORMAL, RESOLVED, TRIAGED, URGENT, WAITING
from bot.demo.reports import Chance

_HOUR = 3600.0
_SEEN = log(1.5 * _HOUR)  # median until somebody reads a new ticket
_OF_PROMISE = log(0.5)  # median share of the promised time until it is done; with the spread one in ten is late
_SPREAD = 0.55
_HURRY = {NORMAL: 1.0, URGENT: 0.5, EMERGENCY: 0.15}
_STUCK, _NEVER = "stuck", "never"
_FATES = Chance({RESOLVED: 0.86694, DECLINED: 0.06, DUPLICATE: 0.045, _STUCK: 0.028, _NEVER: 0.00006})
_STRAIGHT, _WAITS = 0.2, 0.07  # shares: not triaged first, the citizen is asked something
_STUCK_FOR = (3.0, 12.0)  # times what was promised
_ABOUT_A_YEAR = 250 * 9 * _HOUR

Step = tuple[float, str]


def course(random: Random, promised: float, pace: float, priority: str) -> Iterator[Step]:
    """The steps of one ticket that has `promised` working seconds, by people who take `pace` times as long as usual;
    each is allowed after the one before."""
    fate, hurry = _FATES.draw(random), _HURRY[priority]
    seen = exp(random.gauss(_SEEN, 0.9)) * hurry * pace
    done = max(seen + 600.0, promised * exp(random.gauss(_OF_PROMISE, _SPREAD)) * hurry * pace)
    if fate in (DECLINED, DUPLICATE):
        yield seen, TRIAGED
        yield done, fate
        return
    if random.random() >= _STRAIGHT:
        yield seen, TRIAGED
    begin = seen + (done - seen) * random.uniform(0.1, 0.7)
    yield begin, IN_PROGRESS
    if fate == _NEVER:
        yield begin + _ABOUT_A_YEAR * random.random(), WAITING
        return
    end = done if fate == RESOLVED else done + promised * random.uniform(*_STUCK_FOR)
    if random.random() < _WAITS:
        yield begin + (end - begin) * 0.3, WAITING
        yield begin + (end - begin) * 0.8, IN_PROGRESS
    yield end, RESOLVED
