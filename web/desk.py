"""The desk's list of tickets."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef

from bot.ports import Query
from tickets.city import City
from tickets.model import Status
from tickets.number import read_number
from tickets.workflow import CLOSED, OPEN
from web import paging
from web.escalated import at_desk
from web.ports import WEB
from web.visit import Visit, for_clerks

routes = RouteTableDef()

_GROUPS: Mapping[str, frozenset[Status]] = {"open": OPEN, "closed": CLOSED, "any": frozenset(Status)}
_HEARD = str.maketrans({"O": "0", "I": "1", "L": "1"})  # the letters that ticket numbers do not have


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list shows, as its address says it. `show` is a status or one of open, closed, any."""

    show: str
    service: str
    text: str

    def query(self, offset: int, limit: int) -> Query:
        """A part of it, as the store is asked."""
        status = Status(self.show) if self.show not in _GROUPS else None
        is_open = {"open": True, "closed": False}.get(self.show)
        service, text = self.service or None, _part_of_number(self.text)
        return Query(open=is_open, status=status, service=service, text=text, offset=offset, limit=limit)

    def link(self, **changed: str) -> str:
        """The address of the list with some of these changed, at its first page."""
        now = {"status": self.show, "service": self.service, "number": self.text, **changed}
        return "/desk?" + urlencode({name: value for name, value in now.items() if value})


@routes.get("/desk")
@for_clerks
async def tickets(request: Request, visit: Visit) -> Response:
    """Tickets, filtered; a whole number leads to its ticket."""
    web = request.app[WEB]
    filters = _filters(request.query, web.city)
    async with web.store.view() as view:
        number = read_number(filters.text)
        if number and await view.tickets.get(number):
            raise HTTPSeeOther(f"/desk/tickets/{number}")
        listed = await paging.listed(
            request.query, lambda offset, limit: view.tickets.page(filters.query(offset, limit))
        )
        counts = await view.tickets.count_by_status()
        told = await view.escalations.of([ticket.number for ticket in listed.rows])
    marked = at_desk(listed.rows, told, web.city)
    return visit.page(request, "tickets.html", filters=filters, listed=listed, tabs=_tabs(counts), marked=marked)


def _filters(query: Mapping[str, str], city: City) -> Filters:
    """What the address asks for; what makes no sense in it counts as not asked."""
    text = query.get("number", "").strip()[:20]
    show = query.get("status", "")
    if show not in _GROUPS and show not in set(Status):
        show = "any" if text else "open"  # who looks for a number wants it wherever it is
    service = query.get("service", "")
    return Filters(show=show, service=service if city.service(service) else "", text=text)


def _part_of_number(text: str) -> str:
    """`7k39` -> `7K3-9`: numbers are stored in their written form."""
    plain = "".join(c for c in text.upper() if c.isalnum()).translate(_HEARD)
    return f"{plain[:3]}-{plain[3:]}" if len(plain) > 3 else plain


def _tabs(counts: Mapping[Status, int]) -> tuple[tuple[str, int], ...]:
    """The list's tabs, each with its number of tickets."""
    names: list[tuple[str, frozenset[Status]]] = [("open", OPEN), *((s.value, frozenset({s})) for s in Status)]
    names += [("closed", CLOSED), ("any", frozenset(Status))]
    return tuple((name, sum(counts.get(status, 0) for status in group)) for name, group in names)
