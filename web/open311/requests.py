"""Service requests (http://wiki.open311.org/GeoReport_v2/#get-service-requests).

GET /open311/v2/requests.{xml,json}      -> 200, at most `page_size`, the newest first
GET /open311/v2/requests/{id}.{xml,json} -> 200 | 404

| parameter | |
| --- | --- |
| `service_request_id` | numbers; then nothing else counts |
| `service_code`, `status` | codes; open, closed |
| `start_date`, `end_date` | requested within, at most 90 days; without them the last 90 |
| `updated_after`, `updated_before`, `closed_after`, `closed_before` | ours: whenever requested |
| `bbox`, or `lat` + `long` + `radius` | ours: where, as places are told |
| `area` | ours: an area's code |
| `page`, `page_size`, `after` | ours: parts (`web/open311/paging.py`) |
| `extensions` | ours: true adds what the standard has no name for |

Who asks by `updated_` gets them in the order of their changes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aiohttp.web import Request, Response, RouteTableDef

from bot.ports.public import Order, PublicQuery
from tickets.number import read_number
from tickets.public import PublicTicket
from web.open311 import paging, params
from web.open311.answers import answer
from web.open311.problems import Refused
from web.open311.telling import teller
from web.ports import WEB, Web

routes = RouteTableDef()


@routes.get("/open311/v2/requests.{form:xml|json}")
async def several(request: Request) -> Response:
    """Those that fit."""
    web = request.app[WEB]
    numbers = params.numbers(request.query)
    if numbers is not None:
        return _told(request, await _of_numbers(web, numbers))
    query = asked(request.query, web.city.timezone, web.clock.now())
    async with web.store.view() as view:
        found = await view.public.some(replace(query, limit=query.limit + 1), web.city)
    last = found[min(len(found), query.limit) - 1] if found else None
    rows, link = paging.link(request, found, query.limit, _mark(last, query.order) if last else "")
    tell = teller(request)
    return answer(request, "service_requests", [tell.request(ticket) for ticket in rows], headers=link)


@routes.get("/open311/v2/requests/{number}.{form:xml|json}")
async def one(request: Request) -> Response:
    """One by its number; the standard wants it in a list."""
    web = request.app[WEB]
    number = read_number(request.match_info["number"][:40])
    async with web.store.view() as view:
        ticket = await view.public.get(number, web.city) if number else None
        stone = await view.retention.buried(number) if number and ticket is None else None
    if stone:
        raise Refused(410, f"This request was deleted by rule on {stone.deleted_at:%Y-%m-%d}.")
    if ticket is None:
        raise Refused(404, "There is no request of this service_request_id.")
    return _told(request, [ticket])


def asked(query: params.Query, zone: str, now: datetime) -> PublicQuery:
    """What the address asks for, without numbers."""
    times = {
        name: (params.since if name.endswith("after") else params.until)(query, name, zone)
        for name in ("updated_after", "updated_before", "closed_after", "closed_before")
    }
    dated = "start_date" in query or "end_date" in query or not any(times.values())
    first, last = params.span(query, zone, now) if dated else (None, None)
    rows, mark = paging.size(query), paging.behind(query)
    return PublicQuery(
        services=params.named(query, "service_code"),
        open=params.is_open(query),
        area=query.get("area") or None,
        filed_since=first,
        filed_until=last,
        changed_since=times["updated_after"],
        changed_until=times["updated_before"],
        closed_since=times["closed_after"],
        closed_until=times["closed_before"],
        box=params.box(query),
        near=params.near(query),
        after=mark[0] if mark else None,
        offset=0 if mark else paging.offset(query, rows),
        limit=rows,
        order=Order.CHANGES if times["updated_after"] or times["updated_before"] else Order.FILED,
    )


async def _of_numbers(web: Web, numbers: Sequence[str]) -> Sequence[PublicTicket]:
    """In the order of the store; those that are none of ours are left out."""
    if not numbers:
        return ()
    async with web.store.view() as view:
        return await view.public.some(PublicQuery(numbers=tuple(numbers), limit=len(numbers)), web.city)


def _told(request: Request, tickets: Sequence[PublicTicket]) -> Response:
    tell = teller(request)
    return answer(request, "service_requests", [tell.request(ticket) for ticket in tickets])


def _mark(ticket: PublicTicket, order: Order) -> str:
    return paging.mark(ticket.filed_at if order is Order.FILED else ticket.changed_at, ticket.number)
