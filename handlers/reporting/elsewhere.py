"""What is not the city's to do: a place in another municipality, a service of another body. Whose it is is said at
once, with how to reach them; nothing is filed, and the citizen can put us right."""

from dataclasses import replace

from handlers.say import Reply, Say, ServiceName, Wording, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets.city import Body, City, Service
from tickets.model import Place, Point
from tickets.rings import distance, holds

ELSEWHERE = "elsewhere"  # the `item` of a dialogue that only waits for being put right
_EDGE = 60.0  # metres beyond our areas that are still ours: a pin is seldom exact, and a road at the edge has two sides


def told(turn: Turn, city: City, service: Service, draft: Draft) -> Answer | None:
    """What is said of a report that is somebody else's; None when it is ours."""
    if service.body:
        return _open(turn, Asked.SERVICE, replace(draft, service=None), _other_body(service, service.body))
    place = draft.place
    if place is None or place.point is None or not is_outside(city, place):
        return None
    return _open(turn, Asked.PLACE, replace(draft, place=None), _outside(city, place.point))


def notice(city: City, service: Service | None, place: Place | None) -> Reply | None:
    """Whose this service, or this place, is; None when they are ours."""
    if service and service.body:
        return _other_body(service, service.body)
    return _outside(city, place.point) if place and place.point and is_outside(city, place) else None


def is_outside(city: City, place: Place) -> bool:
    """Whether a place that is known on the map lies in none of the city's areas; without areas nothing is outside."""
    point = place.point
    if not city.areas or place.area or point is None:
        return False
    return all(not holds(area.ring, point) and distance(area.ring, point) > _EDGE for area in city.areas)


def _open(turn: Turn, asked: Asked, draft: Draft, reply: Reply) -> Answer:
    """Until the citizen puts us right, or the next of several problems comes."""
    if turn.dialogue and turn.dialogue.waiting:
        return Answer(replies=(reply,))
    return ask(turn, asked, draft, reply, item=ELSEWHERE)


def _other_body(service: Service, body: Body) -> Reply:
    return say(
        Say.OTHER_BODY, service=ServiceName(service.code), body=Wording(body.names), reach=Wording(body.reach)
    )  # fmt: skip


def _outside(city: City, point: Point) -> Reply:
    body = next((one.body for one in city.neighbours if holds(one.ring, point)), city.outside)
    if body is None:
        return say(Say.OUTSIDE_UNKNOWN, city=city.name)
    return say(Say.OUTSIDE, body=Wording(body.names), reach=Wording(body.reach))
