"""Lists that a clerk keeps under a name."""

from collections.abc import Mapping

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef

from bot.ports import SavedList
from tickets.rights import Right
from web.ports import WEB
from web.queue.filters import kept
from web.queue.listing import Saving, shown
from web.visit import Visit, forms_for_those_who_may

routes = RouteTableDef()

LONGEST, MOST = 40, 12  # characters of a name; lists of a clerk: each is counted whenever the list is shown


@routes.post("/desk/saved")
@forms_for_those_who_may(Right.LOOK)
async def save(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Keep this list; one of the same name is replaced."""
    web, name = request.app[WEB], " ".join(fields.get("name", "").split())
    filters = kept(fields.get("query", ""), web.city, visit.clerk)
    async with web.store.work() as work:
        others = {one.name for one in await work.clerks.saved(visit.clerk.login)} - {name}
        problem = _problem(name, len(others))
        if not problem:
            there = SavedList(name=name, query=filters.address)
            await work.clerks.save(visit.clerk.login, there, web.clock.now())
            await work.commit()
    if problem:
        typed = Saving(name=fields.get("name", "")[:200], problem=problem)
        return await shown(request, visit, filters, typed, status=422)
    raise HTTPSeeOther(filters.link())


@routes.post("/desk/saved/forget")
@forms_for_those_who_may(Right.LOOK)
async def forget(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Twice is once."""
    web = request.app[WEB]
    async with web.store.work() as work:
        await work.clerks.unsave(visit.clerk.login, fields.get("name", ""))
        await work.commit()
    raise HTTPSeeOther(kept(fields.get("query", ""), web.city, visit.clerk).link())


def _problem(name: str, others: int) -> str:
    if not name or not name.isprintable():
        return "name_empty"
    if len(name) > LONGEST:
        return "name_too_long"
    return "too_many_lists" if others >= MOST else ""
