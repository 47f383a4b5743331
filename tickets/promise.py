"""Until when a ticket can be promised from now on."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from tickets.calendar import NeverOpen, due_at
from tickets.city import City
from tickets.model import Ticket

_AT_LEAST: Final = timedelta(days=1)  # from now, where no target tells


def new_date(ticket: Ticket, city: City, now: datetime) -> datetime:
    """The service's target again, from now on. A service that the city does not offer any more has none: as long as
    was promised at first."""
    service = city.service(ticket.service)
    if service:
        with suppress(NeverOpen):
            return due_at(now, service.target, city.calendar)
    promised = (ticket.first_due_at or ticket.due_at) - ticket.filed_at
    return now + max(promised, _AT_LEAST)
