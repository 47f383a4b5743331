"""Tickets, updates and services in the standard's words (http://wiki.open311.org/GeoReport_v2/). What may be told was
decided before (`tickets/public.py`): here it is only named. Empty fields stand as null, in XML as empty elements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from aiohttp.web import Request

from handlers.say import Working
from tickets.city import City, Question, Service
from tickets.model import Event, Status
from tickets.public import PublicTicket, PublicUpdate
from tickets.workflow import CLOSED
from web.open311.answers import address, language_of
from web.open311.forms import Value
from web.ports import WEB

PHOTOS = "/photos/public/"


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


HAPPENED: Mapping[Event, str] = {  # where it moved nothing
    Event.POSTPONED: _("A new date was promised."),
    Event.FOLLOWED: _("One more neighbour follows it."),
    Event.CONFIRMED: _("A neighbour says that it is fixed."),
    Event.REOPENED: _("A neighbour says that it is not fixed."),
    Event.MERGED: _("Another report of the same thing was joined to it."),
    Event.UNMERGED: _("It goes on by itself again."),
    Event.REFERRED: _("It was handed on to whoever is responsible."),
    Event.RETURNED: _("There is an answer from whoever is responsible."),
}
SOMETHING = _("There is news.")
CHOOSE = _("Choose one of these.")
WORDS = _("In your own words.")


def moment(at: datetime | None) -> str | None:
    """As old clients want it: in UTC, to the second, with a Z."""
    return f"{at.astimezone(UTC).isoformat()[:19]}Z" if at else None


@dataclass(frozen=True, kw_only=True)  # without slots: what is looked up once is kept
class Teller:
    """Tells of one city in one language; made for each request. `url` makes an address of a path of ours."""

    city: City
    language: str
    status_words: Mapping[Status, str]
    promised: Callable[[Service], str]
    gettext: Callable[[str], str]
    url: Callable[[str], str]
    extended: bool = False

    def request(self, ticket: PublicTicket) -> dict[str, Value]:
        """One service request; with `extended` also what the standard has no name for."""
        service = self._services.get(ticket.service)
        name = service.names[self.language] if service else ticket.service
        changed = ticket.changed_at if ticket.closed_at is None else ticket.closed_at  # so says the standard
        told: dict[str, Value] = {
            "service_request_id": ticket.number,
            "status": "open" if ticket.is_open else "closed",
            "status_notes": self._notes(ticket),
            "service_name": name,
            "service_code": ticket.service,
            "description": ticket.words or name,
            "agency_responsible": self._departments.get(ticket.department, ticket.department),
            "service_notice": ticket.outside,
            "requested_datetime": moment(ticket.filed_at),
            "updated_datetime": moment(changed),
            "expected_datetime": moment(ticket.due_at),
            "address": self._address(ticket),
            "address_id": None,
            "zipcode": None,
            "lat": ticket.point.latitude if ticket.point else None,
            "long": ticket.point.longitude if ticket.point else None,
            "media_url": self.url(PHOTOS + ticket.photos[0]) if ticket.photos else None,
        }
        return told | self._beyond(ticket) if self.extended else told

    def update(self, update: PublicUpdate) -> dict[str, Value]:
        """One step. Of what moves nothing only a neighbour's yes is told of a closed request."""
        closed = update.new in CLOSED or (update.new is None and update.event is Event.CONFIRMED)
        return {
            "update_id": f"{update.number}.{update.version}",
            "service_request_id": update.number,
            "status": "closed" if closed else "open",
            "external_status_code": update.new,
            "updated_datetime": moment(update.at),
            "description": update.note or self._happened(update),
            "media_url": None,
        }

    def _happened(self, update: PublicUpdate) -> str:
        if update.new:
            return self.status_words[update.new]
        return self.gettext(HAPPENED.get(update.event, SOMETHING))

    def service(self, service: Service) -> dict[str, Value]:
        """A kind of request that can be filed here."""
        department = self._departments.get(service.department, service.department)
        return {
            "service_code": service.code,
            "service_name": service.names[self.language],
            "description": f"{department}: {self.promised(service)}",
            "metadata": bool(service.questions),
            "type": "realtime",  # an id is answered at once
            "keywords": None,
            "group": department,
        }

    def definition(self, service: Service) -> dict[str, Value]:
        """What is asked with it."""
        asked = [self._attribute(question, order) for order, question in enumerate(service.questions, 1)]
        return {"service_code": service.code, "attributes": asked}

    def _attribute(self, question: Question, order: int) -> Value:
        told: dict[str, Value] = {
            "variable": True,
            "code": question.code,
            "datatype": "singlevaluelist" if question.options else "string",
            "required": True,  # as in a conversation, where each is asked
            "datatype_description": self.gettext(CHOOSE if question.options else WORDS),
            "order": order,
            "description": question.texts[self.language],
        }
        if question.options:
            told["values"] = [{"key": one.code, "name": one.names[self.language]} for one in question.options]
        return told

    def _notes(self, ticket: PublicTicket) -> str:
        words = self.status_words[ticket.status]
        if ticket.merged_into:
            words = f"{words} ({ticket.merged_into})"
        return f"{words}: {ticket.news}" if ticket.news else words

    def _address(self, ticket: PublicTicket) -> str:
        """From the narrowest to the widest; some clients want one always."""
        area = self._areas.get(ticket.area or "")
        return ", ".join(part for part in (ticket.street, area, self.city.name) if part)

    def _beyond(self, ticket: PublicTicket) -> dict[str, Value]:
        return {
            "status_code": ticket.status,
            "closed_datetime": moment(ticket.closed_at),
            "first_expected_datetime": moment(ticket.first_due_at),
            "area": ticket.area,
            "followers": ticket.followers,
            "reopened": ticket.reopened,
            "merged_into": ticket.merged_into,
            "media_urls": [self.url(PHOTOS + name) for name in ticket.photos],
        }

    @cached_property
    def _services(self) -> Mapping[str, Service]:
        return {service.code: service for service in self.city.services}

    @cached_property
    def _departments(self) -> Mapping[str, str]:
        return {one.code: one.names.get(self.language, one.code) for one in self.city.departments}

    @cached_property
    def _areas(self) -> Mapping[str, str]:
        return {area.code: area.name for area in self.city.areas}


def teller(request: Request) -> Teller:
    """For this request's language; `extensions=true` asks for all that we can tell."""
    web, language = request.app[WEB], language_of(request)
    return Teller(
        city=web.city,
        language=language,
        status_words={status: web.render.value(status, language) for status in Status},
        promised=lambda service: web.render.value(Working(service.target), language),
        gettext=web.translation(language).gettext,
        url=lambda path: address(request, path),
        extended=request.query.get("extensions", "").lower() in ("true", "1"),
    )
