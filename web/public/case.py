"""One report, as anybody may see it.

GET /r/{number} -> 200 | 301, the number as it is written | 304 | 404, unknown | 429, too many that are
"""

from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote

from aiohttp.web import AppKey, Application, HTTPMovedPermanently, Request, Response, RouteTableDef

from tickets.number import read_number
from tickets.public import PublicTicket
from web.caller import caller
from web.ports import WEB
from web.public.allowance import Allowance
from web.public.drawing import Drawing, area_of, drawing
from web.public.leaf import Leaf, sent
from web.public.page import Reader, kept, reader, render
from web.public.steps import steps

routes = RouteTableDef()
GUESSING = AppKey("guessing", Allowance)
_FREE, _EVERY = 30, timedelta(seconds=10)  # wrong numbers: people mistype, and an office shares one address
_LONGEST = 20  # characters of a number, with what is typed around it
_STEPS = 200  # updates that are read


class _Unknown(Exception):
    """There is no such report that may be told of."""


def set_up(app: Application) -> None:
    app[GUESSING] = Allowance(free=_FREE, every=_EVERY)


@routes.get("/r/{number}")
async def case(request: Request) -> Response:
    """A number that never was and one that is nobody's business look alike. A right one costs nothing, but who guesses
    must wait for it too: else the wait would tell which numbers there are."""
    web, guessing, who = request.app[WEB], request.app[GUESSING], caller(request)
    now, whose, typed = web.clock.now(), reader(request), request.match_info["number"]
    if wait := guessing.wait(who, now):
        return _refused(request, 429, {"Retry-After": str(wait)})
    number = read_number(typed) if len(typed) <= _LONGEST else None
    if number and number != typed:
        raise HTTPMovedPermanently(whose.link(f"/r/{quote(number)}"))
    try:
        if number:
            return await kept(request, ("/r", number), partial(_case, request, number, now))
    except _Unknown:
        pass
    async with web.store.view() as view:
        stone = await view.retention.buried(number) if number else None
    if stone:
        answer = sent(request, render(request, "public/gone.html", whose, status=410, stone=stone, query={}))
        answer.headers["Cache-Control"] = "no-store"
        return answer
    guessing.spend(who, now)
    return _refused(request, 404, {})


async def _case(request: Request, number: str, now: datetime, whose: Reader) -> Leaf:
    web = request.app[WEB]
    async with web.store.view() as view:
        ticket = await view.public.get(number, web.city)
        if ticket is None:
            raise _Unknown
        updates = await view.public.updates(web.city, numbers=(number,), limit=_STEPS)
    return render(
        request, "public/case.html", whose, ticket=ticket, steps=steps(ticket, updates), now=now,
        drawn=_drawn(request, ticket), query={},
    )  # fmt: skip


def _drawn(request: Request, ticket: PublicTicket) -> Drawing | None:
    """The area around it, with the spot that may be told."""
    city = request.app[WEB].city
    if ticket.point is None:
        return None
    known = {area.code for area in city.areas}
    area = ticket.area if ticket.area in known else area_of(city, ticket.point)
    return drawing(city, (), {}, area=area or "", here=ticket.point)


def _refused(request: Request, status: int, headers: dict[str, str]) -> Response:
    whose = reader(request)
    answer = sent(request, render(request, "public/missing.html", whose, status=status, query={}))
    answer.headers.update({**headers, "Cache-Control": "no-store"})
    return answer
