"""One act on many tickets: what it would do, how far it is, what came of it, and its undoing; and the last of them."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp.web import HTTPForbidden, HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.desk.bulk_book import HELD, UNDOABLE, Book, State
from bot.ports.links import Batch
from tickets.rights import Right
from web.ports import WEB
from web.visit import Visit, for_clerks, forms_for_those_who_may

routes = RouteTableDef()
LIST = "/desk/batches"
PATH = LIST + "/{batch:[0-9]{1,15}}"


@routes.get(LIST)
@for_clerks
async def last(request: Request, visit: Visit) -> Response:
    """The newest first."""
    bulk = request.app[WEB].bulk
    found = await bulk.last()
    can = {batch.id for batch, book in found if bulk.undoable(batch, book, visit.clerk)}
    return visit.page(request, "bulk/list.html", found=found, can=can)


@routes.get(PATH)
@for_clerks
async def show(request: Request, visit: Visit) -> Response:
    """What it would do, to who looked at it; to everybody what it did."""
    batch, book = await _found(request, visit)
    web = request.app[WEB]
    if book.state is State.SHOWN:
        preview = await web.bulk.preview(book, visit.clerk)
        return visit.page(request, "bulk/preview.html", batch=batch, book=book, preview=preview, held=HELD)
    return visit.page(
        request, "bulk/result.html", batch=batch, book=book, now=web.clock.now(), until=batch.at + UNDOABLE,
        can=web.bulk.undoable(batch, book, visit.clerk), may_go_on=visit.may(Right.WORK), news_at=book.news_at(),
    )  # fmt: skip


@routes.post(PATH + "/do")
@forms_for_those_who_may(Right.DIRECT)
async def do(request: Request, visit: Visit, _fields: Mapping[str, str]) -> Response:
    """Begin it; twice is once."""
    bulk = request.app[WEB].bulk
    return await _then(request, visit, lambda wanted: bulk.confirm(wanted, visit.clerk))


@routes.post(PATH + "/undo")
@forms_for_those_who_may(Right.WORK)
async def undo(request: Request, visit: Visit, _fields: Mapping[str, str]) -> Response:
    """Begin to undo it; twice is once."""
    bulk = request.app[WEB].bulk
    batch, _ = await _found(request, visit)
    if batch.login != visit.clerk.login and not visit.may(Right.DIRECT):
        raise HTTPForbidden
    return await _then(request, visit, lambda wanted: bulk.undo(wanted, visit.clerk))


@routes.post(PATH + "/resume")
@forms_for_those_who_may(Right.WORK)
async def resume(request: Request, visit: Visit, _fields: Mapping[str, str]) -> Response:
    """Go on with one that stands still: it does no more than was confirmed."""
    return await _then(request, visit, request.app[WEB].bulk.resume)


async def _then(request: Request, visit: Visit, act: Callable[[int], Awaitable[None]]) -> Response:
    batch, _ = await _found(request, visit)
    await act(batch.id)
    raise HTTPSeeOther(f"{LIST}/{batch.id}")


async def _found(request: Request, visit: Visit) -> tuple[Batch, Book]:
    """What is only looked at is nobody else's business."""
    found = await request.app[WEB].bulk.get(int(request.match_info["batch"]))
    if found is None or (found[1].state is State.SHOWN and found[0].login != visit.clerk.login):
        raise HTTPNotFound
    return found
