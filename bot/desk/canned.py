"""Replies at hand (`City.canned`), put into a ticket's own words."""

import re

from bot.ports import Render
from handlers.say import ServiceName
from tickets.city import Canned
from tickets.model import Ticket

_NAMED = re.compile(r"\{(number|service|due|name)\}")


def filled(canned: Canned, language: str, ticket: Ticket, name: str, render: Render) -> str:
    """In the citizen's language, else in the first that there is; what is no variable of ours stays as it is."""
    text = canned.texts.get(language) or next(iter(canned.texts.values()), "")
    values = {
        "number": ticket.number,
        "service": render.value(ServiceName(ticket.service), language),
        "due": render.value(ticket.due_at, language),
        "name": name,
    }
    return _NAMED.sub(lambda found: values[found[1]], text)
