"""Neighbours' reports of the same thing, offered before filing. The answer: handlers/reports/joining.py."""

from collections.abc import Sequence

from handlers.phrases.words import fold
from handlers.say import Ago, Distance, Option, Reply, Say, ServiceName, Value, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets.city import City
from tickets.duplicates import distance
from tickets.model import Place, Ticket
from tickets.ports import Tickets
from tickets.workflow import OPEN

NONE = "none"  # the option "none of these"
_OFFERED = 3
_OWN = 20  # of their own reports that are looked at
_APART = 10.0  # metres below which two points may stand for the same street, and a distance says nothing


async def offer(turn: Turn, city: City, tickets: Tickets, draft: Draft) -> Answer | None:
    """The question whether it is one of the open reports nearby; None when there is none, or it was asked. Danger is
    never held up by it."""
    service = city.service(draft.service or "")
    if service is None or draft.place is None or draft.sought or draft.danger or not service.nearby.metres:
        return None
    nearby, since = service.nearby, turn.now - service.nearby.age
    found = await tickets.near(draft.place, service.code, nearby.metres, since, _OFFERED)
    found = found or await _own(turn, tickets, draft)
    return question(turn, draft, found) if found else None


def question(turn: Turn, draft: Draft, found: Sequence[Ticket], *, misses: int = 0) -> Answer:
    """Whether it is one of these: each with where it is, how old, and how far on; never in a neighbour's own words."""
    place = draft.place or Place()
    lines = (Option(ticket.number, _line(ticket, place, turn)) for ticket in found)
    none = Option(NONE, Say.NONE_OF_THESE)
    asked = say(Say.NEARBY, *lines, none, service=ServiceName(draft.service or ""), place=place)
    return ask(turn, Asked.DUPLICATE, draft, asked, misses=misses)


async def _own(turn: Turn, tickets: Tickets, draft: Draft) -> Sequence[Ticket]:
    """Their own open report of the same at a place of the same words, where no map knows the street."""
    words = fold(draft.place.words) if draft.place else ""
    own = await tickets.of_reporter(turn.citizen.id, _OWN) if words else ()
    same = (one for one in own if one.service == draft.service and fold(one.place.words) == words)
    return [one for one in same if one.status in OPEN][:_OFFERED]


def _line(ticket: Ticket, place: Place, turn: Turn) -> Reply:
    ago = Ago(turn.now - ticket.filed_at)
    where = ticket.place if ticket.reporter == turn.citizen.id else _where(ticket, place)
    return say(Say.NEARBY_LINE, where=where, ago=ago, status=ticket.status)


def _where(ticket: Ticket, place: Place) -> Value:
    far = distance(place, ticket)
    if far is not None and (far >= _APART or ticket.place.street is None):
        return Distance(max(far, _APART))
    return Place(street=ticket.place.street)
