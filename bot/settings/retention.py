"""`retention` of config.yml: what is done to reports so long after they were closed."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final

from bot.settings.section import Section, among
from tickets.retention import ANY, Duty, Rule
from tickets.workflow import CLOSED

_LEAST: Final = 30  # days: until then its citizens are asked whether it is fixed, and may say that it is not
_MOST: Final = 36_500
_STATUSES: Final = (*sorted(CLOSED), ANY)


def read_retention(top: Section, services: Collection[str]) -> tuple[Rule, ...]:
    """A list of rules in the order in which they are done each day; left out, everything is kept."""
    if not top.has("retention"):
        return ()
    return tuple(_rules(top, services))


def _rules(top: Section, services: Collection[str]) -> Iterator[Rule]:
    seen: set[str] = set()
    for section in top.sections("retention"):
        status = section.get("status", among(_STATUSES), f"one of {', '.join(_STATUSES)}", ANY, required=False)
        service = section.text("service", "the code of a service", "")
        span = f"such as {{days: 365}}, from {_LEAST} to {_MOST} days"
        after = section.get("after", _days, span, timedelta(days=_MOST))
        duty = section.get("do", Duty, f"one of {', '.join(Duty)}", Duty.REDACT_TEXT)
        section.done()
        if service and service not in services:
            section.wrong("service", f"names {service}, which is none of city.services")
        closed = next((one for one in CLOSED if one == status), None)
        rule = Rule(status=closed, service=service or None, after=after, do=duty)
        if str(rule) in seen:
            section.wrong("do", "stands twice; keep one of these rules")
        seen.add(str(rule))
        yield rule


def _days(value: object) -> timedelta:
    if not isinstance(value, dict) or set(value) != {"days"}:
        raise ValueError
    days = value["days"]
    if isinstance(days, bool) or not isinstance(days, int) or not _LEAST <= days <= _MOST:
        raise ValueError
    return timedelta(days=days)
