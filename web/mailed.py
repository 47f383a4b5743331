"""The two links in a citizen's mail, without a log-in. Looking at a page changes nothing: mail scanners follow every
link. No page tells whose link it is, or why one does not work.

GET  /confirm/{token}    -> 200, a page with one button | 404, used, too old or none of ours
POST /confirm/{token}    -> 200, news will come | 404, as above
GET  /mail/stop/{token}  -> 200, a page with one button, or word that it is done | 404, none of ours or too old
POST /mail/stop/{token}  -> 200, done, also where it was done before (RFC 8058) | 404, as above
POST /mail/stop/{token}?back=1  -> 200, mails come again | 404, as above
"""

from aiohttp.web import Request, Response, RouteTableDef

from bot.desk.confirming import NoLink
from bot.letters import STOP, YES
from bot.ports import Stale
from web import language
from web.page import page
from web.ports import WEB

routes = RouteTableDef()


@routes.get(YES + "{token}")
async def asks(request: Request) -> Response:
    known = await request.app[WEB].acts.confirming.asks(request.match_info["token"])
    return _page(request, "ask" if known else "unknown")


@routes.post(YES + "{token}")
async def yes(request: Request) -> Response:
    """No session and no CSRF token: who has the link may do this, and nothing else."""
    spoken = language.of_page(request)
    try:
        await request.app[WEB].acts.confirming.yes(token=request.match_info["token"], language=spoken)
    except NoLink:
        return _page(request, "unknown")
    except Stale:
        return _page(request, "ask")  # a clerk was at it just now: once more
    return _page(request, "told")


@routes.get(STOP + "{token}")
async def stops(request: Request) -> Response:
    done = await request.app[WEB].acts.confirming.stops(request.match_info["token"])
    return _page(request, "unknown" if done is None else "stopped" if done else "stop")


@routes.post(STOP + "{token}")
async def stop(request: Request) -> Response:
    """No session and no CSRF token, as above."""
    acts, token, back = request.app[WEB].acts.confirming, request.match_info["token"], "back" in request.query
    try:
        await (acts.start(token=token) if back else acts.stop(token=token))
    except NoLink:
        return _page(request, "unknown")
    return _page(request, "back" if back else "stopped")


def _page(request: Request, state: str) -> Response:
    status = 404 if state == "unknown" else 200
    return page(request, "mailed.html", language.of_page(request), status=status, state=state)
