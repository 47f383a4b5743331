"""A clerk decides what anybody may see of what was said and sent."""

from collections.abc import Mapping
from functools import partial

from aiohttp.web import Request, Response, RouteTableDef

from web.case import view
from web.case.acts import done, on, refused
from web.case.entry import ACT, HIDE, SHOW, chosen, with_news
from web.case.forms import problem_of_length, typed
from web.ports import WEB
from web.visit import Visit, for_clerks_forms

routes = RouteTableDef()


@routes.post(view.PATH + "/public")
@for_clerks_forms
async def public(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Look at it first, show it, or show nothing of it any more."""
    sent = typed(request, fields, ACT, to="do")
    if problem := problem_of_length(sent):
        return await refused(request, visit, sent, problem)
    if sent.to not in (SHOW, HIDE):
        return view.page(request, visit, await view.load(request, visit), sent)
    shows = sent.to == SHOW
    act = partial(
        request.app[WEB].acts.clear.clear, words=sent.text if shows else "", photos=chosen(fields) if shows else (),
        news=shows and with_news(fields), **on(visit, sent),
    )  # fmt: skip
    return await done(request, visit, sent, act)
