"""To which department a report goes: the city's rules, asked with words folded as the desk's search folds them."""

from handlers.phrases.stems import stems
from tickets import routing
from tickets.city import City, Service
from tickets.model import Place, Ticket
from tickets.routing import Report, Routed


def led(city: City, service: Service, place: Place, words: str) -> Routed:
    """A report in these words; what was said of its place counts too."""
    text = f"{words}\n{place.words}"
    return routing.routed(city.routing, Report(
        service=service.code, usual=service.department, area=place.area, text=text
    ), stems)  # fmt: skip


def led_anew(city: City, ticket: Ticket, service: Service | None, place: Place | None = None) -> Routed | None:
    """A ticket that is put right. None: nothing to go by."""
    return led(city, service, place or ticket.place, ticket.description) if service else None
