"""Which tickets, and what is to be done to them. From here one comes to what it would do; nothing is done yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef

from bot.desk.bulk_book import MOST, What
from bot.desk.bulk_step import MOVES
from bot.ports import Clerk, UnitOfWork
from tickets.model import Priority
from tickets.rights import Right, may
from web.bulk.forms import Typed, chosen, problem_of, typed
from web.case.forms import LONGEST
from web.ports import WEB
from web.queue.filters import Filters, read
from web.visit import Visit, for_those_who_may, forms_for_those_who_may

routes = RouteTableDef()
PATH = "/desk/bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that a list holds, as far as one act reaches. `total`: how many there are; `capped`: or more."""

    numbers: Sequence[str]
    total: int
    capped: bool


@routes.get(PATH)
@for_those_who_may(Right.DIRECT)
async def choose(request: Request, visit: Visit) -> Response:
    """The tickets that were ticked (`n`), or `all` of the list that the rest of the address names."""
    filters = read(request.query, request.app[WEB].city, visit.clerk)
    found = await _all(request, visit, filters) if request.query.get("all") == "1" else None
    numbers = found.numbers if found else chosen(request.query.getall("n", []))
    what = request.query.get("act", "")
    sent = Typed(numbers=numbers, what=What(what) if what in set(What) else None)
    return await _page(request, visit, sent, filters.link(), found)


@routes.post(PATH)
@forms_for_those_who_may(Right.DIRECT)
async def look(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Keep what is meant, and lead to what it would do."""
    web, sent = request.app[WEB], typed(fields)
    if problem := problem_of(sent, web.city):
        return await _page(request, visit, replace(sent, problem=problem), _back(fields.get("back", "")))
    wanted = await web.bulk.look_at(sent.numbers, sent.order, visit.clerk)
    raise HTTPSeeOther(f"/desk/batches/{wanted}")


async def _all(request: Request, visit: Visit, filters: Filters) -> Found:
    web = request.app[WEB]
    query = replace(filters.query(web.city, visit.clerk.login, web.clock.now()), limit=MOST)
    async with web.store.view() as view:
        page = await view.tickets.page(query)
    return Found(numbers=[one.number for one in page.rows], total=page.total, capped=page.capped)


async def _page(
    request: Request, visit: Visit, sent: Typed, back: str, found: Found | None = None
) -> Response:  # fmt: skip
    async with request.app[WEB].store.view() as view:
        clerks = await _clerks(view)
    return visit.page(
        request, "bulk/choose.html", status=422 if sent.problem else 200, sent=sent, back=back, found=found,
        clerks=clerks, moves=MOVES, priorities=tuple(Priority), longest=LONGEST, most=MOST, acts=tuple(What),
    )  # fmt: skip


async def _clerks(view: UnitOfWork) -> Sequence[Clerk]:
    everybody = await view.clerks.all()
    return [one for one in everybody if one.ended_at is None and may(one.role, Right.WORK)]


def _back(address: str) -> str:
    """The list from which one came; never another place."""
    return address if address.startswith("/desk?") and address.isprintable() and len(address) < 2000 else "/desk"
