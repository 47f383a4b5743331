"""A clerk writes to the citizen: a reply at hand is put into the text, the text shown as it will arrive, or sent."""

from collections.abc import Mapping
from functools import partial

from aiohttp.web import HTTPBadRequest, Request, Response, RouteTableDef

from web.case import view
from web.case.acts import done, on, refused
from web.case.forms import Problem, Typed, problem_of_text, typed
from web.ports import WEB
from web.visit import Visit, for_clerks_forms

routes = RouteTableDef()
_ONCE = 40  # characters at most of a form's own name


@routes.post(view.PATH + "/answer")
@for_clerks_forms
async def answer(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """`do` says which of the three; without it, it is sent."""
    sent, once = typed(request, fields, "answer", to="canned"), fields.get("once", "")
    if not once.isascii() or not 0 < len(once) <= _ONCE:
        raise HTTPBadRequest
    match fields.get("do"):
        case "insert":
            return await _inserted(request, visit, sent)
        case "preview":
            return await _previewed(request, visit, sent)
    if problem := problem_of_text(sent):
        return await refused(request, visit, sent, problem)
    act = partial(
        request.app[WEB].acts.answers.answer, name=visit.clerk.name, text=sent.text.strip(), once=once,
        **on(visit, sent),
    )  # fmt: skip
    return await done(request, visit, sent, act)


async def _inserted(request: Request, visit: Visit, sent: Typed) -> Response:
    """Behind what was typed already."""
    case = await view.load(request, visit)
    chosen = next((text for code, _, text in case.canned if code == sent.to), "")
    text = "\n".join(filter(None, (sent.text.strip(), chosen)))
    return view.page(request, visit, case, _with(sent, text))


async def _previewed(request: Request, visit: Visit, sent: Typed) -> Response:
    if problem := problem_of_text(sent):
        return await refused(request, visit, sent, problem)
    case = await view.load(request, visit)
    web = request.app[WEB]
    async with web.store.view() as work:
        shown = await web.acts.answers.preview(work, case.ticket, name=visit.clerk.name, text=sent.text.strip())
    if shown and shown.too_long:
        return await refused(request, visit, sent, Problem.NOTE_TOO_LONG)
    return view.page(request, visit, case, sent, preview=shown)


def _with(sent: Typed, text: str) -> Typed:
    return Typed(
        act=sent.act, number=sent.number, seen=sent.seen, to=sent.to, text=text, fields=sent.fields,
        problem=problem_of_text(Typed(text=text)),
    )  # fmt: skip
