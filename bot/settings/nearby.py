"""When a report may tell of the same thing as an open ticket: `nearby` of config.yml, for all services and for one."""

from collections.abc import Callable
from datetime import timedelta

from bot.settings.section import Section
from tickets.city import Nearby

_FARTHEST, _OLDEST = 2000, 365
_METRES = f"a whole number of metres from 0 (never offered) to {_FARTHEST}"
_DAYS = f"a whole number of days from 1 to {_OLDEST}"


def read_nearby(above: Section, usual: Nearby) -> Nearby:
    """`nearby: {metres: 60, days: 30}`: open tickets of the service that are so near and so young are offered to
    whoever reports. What is left out is as usual."""
    if not above.has("nearby"):
        return usual
    section = above.section("nearby")
    metres = section.get("metres", _whole(0, _FARTHEST), _METRES, usual.metres, required=False)
    days = section.get("days", _whole(1, _OLDEST), _DAYS, usual.age.days, required=False)
    section.done()
    return Nearby(metres=metres, age=timedelta(days=days))


def _whole(least: int, most: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError
        return value

    return check
