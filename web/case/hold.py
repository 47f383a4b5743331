"""A supervisor keeps a ticket out of the rules of deletion, or leaves it to them again."""

from collections.abc import Mapping
from functools import partial

from aiohttp.web import Request, Response, RouteTableDef

from tickets.rights import Right
from web.case import view
from web.case.acts import done, on, refused
from web.case.forms import problem_of_text, typed
from web.ports import WEB
from web.visit import Visit, forms_for_those_who_may

routes = RouteTableDef()
_KEEP, _RELEASE = "keep", "release"


@routes.post(view.PATH + "/hold")
@forms_for_those_who_may(Right.DIRECT)
async def hold(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """With a reason, which its history keeps."""
    sent = typed(request, fields, "hold", to="do")
    if sent.to not in (_KEEP, _RELEASE):
        return view.page(request, visit, await view.load(request, visit), sent)
    if problem := problem_of_text(sent):
        return await refused(request, visit, sent, problem)
    act = partial(request.app[WEB].acts.hold.hold, hold=sent.to == _KEEP, note=sent.text, **on(visit, sent))
    return await done(request, visit, sent, act)
