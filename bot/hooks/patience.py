"""When what failed is tried again, and when it is not: of each event, and of a subscriber that answers nobody. Pure."""

from datetime import datetime, timedelta
from random import Random
from typing import Final

from bot.hooks.sending import Answer
from bot.hooks.target import Trouble
from bot.ports.hooks import BROKEN, Happened, Setback, State

GIVE_UP: Final = timedelta(days=3)
_WAITS: Final = tuple(timedelta(seconds=one) for one in (5, 30, 120, 600, 1800, 3600))  # the last again and again
_LONGEST_HOLD: Final = timedelta(minutes=15)  # between two tries of a subscriber that fails
_JITTER = 0.2  # of a wait, so that what failed together does not come again together


def setback(one: Happened, answer: Answer, now: datetime, random: Random) -> Setback:
    """What follows from an answer that was none, or a refusal."""
    trouble, failures = answer.trouble or Trouble.STATUS, one.hook.failures + 1
    if trouble is Trouble.GONE:
        return Setback(status=answer.status, trouble=trouble, again=now, hold=now, state=State.GONE)
    if one.hook.failing_since is not None and now - one.hook.failing_since >= GIVE_UP:
        return Setback(status=answer.status, trouble=trouble, again=now, hold=now, state=State.FAILING)
    wait = max(_spread(_WAITS[min(one.attempts, len(_WAITS)) - 1], random), answer.later or timedelta())
    old = one.since is not None and now + wait - one.since >= GIVE_UP
    hold = now + max(_hold(failures), answer.later or timedelta())
    return Setback(status=answer.status, trouble=trouble, again=None if old else now + wait, hold=hold)


def _hold(failures: int) -> timedelta:
    """One event that is refused holds up no other; many in a row are the subscriber's trouble, not theirs."""
    if failures < BROKEN:
        return timedelta()
    doubled: timedelta = _WAITS[0] * 2 ** min(failures - BROKEN, 20)
    return min(doubled, _LONGEST_HOLD)


def _spread(wait: timedelta, random: Random) -> timedelta:
    spread: timedelta = wait * random.uniform(1 - _JITTER, 1 + _JITTER)
    return spread
