"""Replies at hand: those of config.yml, and what the desk made of them since (bot.ports.amendments, `Kind.CANNED`)."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from bot.ports import Render
from bot.ports.amendments import Amendment
from handlers.say import ServiceName
from tickets.city import Canned, City
from tickets.model import Ticket

_NAMED = re.compile(r"\{(number|service|due|name)\}")


def at_hand(city: City, amended: Iterable[Amendment]) -> tuple[Canned, ...]:
    """By code; one that the desk took away is none, and what cannot be read changes nothing."""
    found = {one.code: one for one in city.canned}
    for amendment in amended:
        if amendment.value is None:
            found.pop(amendment.key, None)
        elif texts := _texts(amendment.value):
            known = found.get(amendment.key)
            found[amendment.key] = Canned(code=amendment.key, names=known.names if known else {}, texts=texts)
    return tuple(found[code] for code in sorted(found))


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


def _texts(value: str) -> Mapping[str, str]:
    try:
        return msgspec.json.decode(value, type=dict[str, str])
    except msgspec.MsgspecError:
        return {}
