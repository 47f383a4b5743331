"""Who wants the weekly digest no more: by the link in it, without a log-in, and by one POST of their mail program
(RFC 8058). Looking at the page changes nothing: mail scanners follow every link.

GET  /digest/unsubscribe/{token} -> 200, a page with one button, or word that it is done | 404, not ours or too old
POST /digest/unsubscribe/{token} -> 200, done, also where it was done before | 404, as above
"""

from aiohttp.web import Request, Response, RouteTableDef

from web import language
from web.page import page
from web.ports import WEB

PATH = "/digest/unsubscribe/"
routes = RouteTableDef()


@routes.get(PATH + "{token}")
async def ask(request: Request) -> Response:
    """Never the address itself: a link that was passed on shows nobody's."""
    address = await _holder(request)
    if address is None:
        return _page(request, "unknown")
    async with request.app[WEB].store.view() as view:
        done = await view.unsubscribed.among([address])
    return _page(request, "done" if done else "ask")


@routes.post(PATH + "{token}")
async def stop(request: Request) -> Response:
    """No session and no CSRF token: who has the link may do this, and nothing else."""
    address = await _holder(request)
    if address is None:
        return _page(request, "unknown")
    web = request.app[WEB]
    async with web.store.work() as work:
        await work.unsubscribed.add(address, web.clock.now())
        await work.commit()
    return _page(request, "done")


async def _holder(request: Request) -> str | None:
    web = request.app[WEB]
    async with web.store.view() as view:
        return view.unsubscribed.holder(request.match_info["token"], web.clock.now())


def _page(request: Request, state: str) -> Response:
    status = 404 if state == "unknown" else 200
    return page(request, "unsubscribe.html", language.of_page(request), status=status, state=state)
