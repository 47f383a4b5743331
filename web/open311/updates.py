"""What happened to requests: an extension that FixMyStreet's and other clients poll.

GET /open311/v2/servicerequestupdates.{xml,json} -> 200, the oldest first: `start_date`, `end_date` (at most 90 days;
without them the last 90), `service_request_id`, `page_size`, `after`
"""

from collections.abc import Sequence

from aiohttp.web import Request, Response, RouteTableDef

from tickets.public import PublicUpdate
from web.open311 import paging, params
from web.open311.answers import answer
from web.open311.telling import teller
from web.ports import WEB

routes = RouteTableDef()


@routes.get("/open311/v2/servicerequestupdates.{form:xml|json}")
async def updates(request: Request) -> Response:
    """Those that may be told to anybody. Whoever names requests without a time gets all of theirs."""
    wanted = paging.size(request.query)
    found = await _asked(request, wanted + 1)
    rows, link = paging.link(request, found, wanted, _mark(found[min(len(found), wanted) - 1]) if found else "")
    tell = teller(request)
    return answer(request, "service_request_updates", [tell.update(update) for update in rows], headers=link)


async def _asked(request: Request, limit: int) -> Sequence[PublicUpdate]:
    web, query = request.app[WEB], request.query
    numbers, mark = params.numbers(query), paging.behind(query)
    dated = numbers is None or "start_date" in query or "end_date" in query
    since, until = params.span(query, web.city.timezone, web.clock.now()) if dated else (None, None)
    if numbers == ():  # of nothing that could be asked for
        return ()
    after = (mark[0].at, mark[0].number, mark[1]) if mark else None
    async with web.store.view() as view:
        return await view.public.updates(
            web.city, numbers=numbers or (), since=since, until=until, after=after, limit=limit
        )


def _mark(update: PublicUpdate) -> str:
    return paging.mark(update.at, update.number, update.version)
