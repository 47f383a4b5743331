"""Neighbours' reports of the same thing, offered before filing. The answer: handlers/joining.py."""

from collections.abc import Sequence

from handlers.say import Ago, Distance, Option, Reply, Say, ServiceName, Value, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets.city import City
from tickets.duplicates import distance
from tickets.model import Place, Ticket
from tickets.ports import Tickets

NONE = "none"  # the option "none of these"
_OFFERED = 3
_APART = 10.0  # metres below which two points may stand for the same street, and a distance says nothing


async def offer(turn: Turn, city: City, tickets: Tickets, draft: Draft) -> Answer | None:
    """The question whether it is one of the open reports nearby; None when there is none, or it was asked. Danger is
    never held up by it."""
    service = city.service(draft.service or "")
    if service is None or draft.place is None or draft.sought or draft.danger or not service.nearby.metres:
        return None
    nearby, since = service.nearby, turn.now - service.nearby.age
    found = await tickets.near(draft.place, service.code, nearby.metres, since, _OFFERED)
    return question(turn, draft, found) if found else None


def question(turn: Turn, draft: Draft, found: Sequence[Ticket], *, misses: int = 0) -> Answer:
    """Whether it is one of these: each with where it is, how old, and how far on; never in a neighbour's own words."""
    place = draft.place or Place()
    lines = (Option(ticket.number, _line(ticket, place, turn)) for ticket in found)
    none = Option(NONE, Say.NONE_OF_THESE)
    asked = say(Say.NEARBY, *lines, none, service=ServiceName(draft.service or ""), place=place)
    return ask(turn, Asked.DUPLICATE, draft, asked, misses=misses)


def _line(ticket: Ticket, place: Place, turn: Turn) -> Reply:
    ago = Ago(turn.now - ticket.filed_at)
    return say(Say.NEARBY_LINE, where=_where(ticket, place), ago=ago, status=ticket.status)


def _where(ticket: Ticket, place: Place) -> Value:
    far = distance(place, ticket)
    if far is not None and (far >= _APART or ticket.place.street is None):
        return Distance(max(far, _APART))
    return Place(street=ticket.place.street)
