"""A report of somebody who phoned or came in: what they tell, the same thing told before, and the ticket."""

import secrets
from collections.abc import Mapping, Sequence

from aiohttp.web import HTTPBadRequest, HTTPSeeOther, Request, Response, RouteTableDef

from bot.desk.filing import Told, read_phone
from bot.desk.seeing import Refused
from bot.notices import Unknown
from tickets.model import Place, Ticket
from tickets.rights import Right
from tickets.workflow import NotAllowed
from web.case.direct import LONGEST_PLACE, read_point
from web.case.forms import LONGEST, Problem, Typed, line_of, tidy
from web.ports import WEB
from web.visit import Visit, for_clerks_forms, for_those_who_may

routes = RouteTableDef()
PATH = "/desk/new"
_ONCE = 40


@routes.get(PATH)
@for_those_who_may(Right.WORK)
async def show(request: Request, visit: Visit) -> Response:
    return _page(request, visit, Typed(act="new", fields={"language": visit.language}))


@routes.post(PATH)
@for_clerks_forms
async def file(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """First what was told before is shown, where there is any; `do` is then `file`, or `join` with its number."""
    web, once = request.app[WEB], fields.get("once", "")
    if not once.isascii() or not 0 < len(once) <= _ONCE:
        raise HTTPBadRequest
    sent = Typed(act="new", to=fields.get("service", ""), text=tidy(fields, "text"), fields=fields)
    told = _told(request, sent)
    if not isinstance(told, Told):
        return _page(request, visit, _with(sent, told))
    async with web.store.view() as view:
        alike = await web.acts.filing.alike(view, told)
    if fields.get("do") == "join":
        return await _joined(request, visit, sent, told, alike)
    if alike and fields.get("do") != "file":
        return _page(request, visit, sent, alike=alike, place=told.place)
    number = await web.acts.filing.file(told=told, login=visit.clerk.login, once=once)
    raise HTTPSeeOther(f"/desk/tickets/{number}")


async def _joined(
    request: Request, visit: Visit, sent: Typed, told: Told, alike: Sequence[Ticket]
) -> Response:  # fmt: skip
    number = sent["number"]
    if number not in {one.number for one in alike}:
        return _page(request, visit, _with(sent, Problem.NUMBER_WRONG), alike=alike, place=told.place)
    join = request.app[WEB].acts.filing.join
    try:
        await join(told=told, number=number, login=visit.clerk.login, once=sent["once"])
    except (Unknown, NotAllowed):
        return _page(request, visit, _with(sent, Problem.NOT_NOW), alike=alike, place=told.place)
    raise HTTPSeeOther(f"/desk/tickets/{number}")


def _told(request: Request, sent: Typed) -> Told | Problem | Refused:
    """What was written down, or why it will not do."""
    web, words = request.app[WEB], line_of(sent.fields, "words")
    service, point = web.city.service(sent.to), read_point(sent["point"])
    if service is None or service.body is not None:
        return Problem.CHOOSE_SERVICE
    if sent["point"].strip() and point is None:
        return Problem.POINT_WRONG
    if (not words and point is None) or len(words) > LONGEST_PLACE:
        return Problem.PLACE_EMPTY
    if not sent.text.strip() or len(sent.text) > LONGEST:
        return Problem.NOTE_TOO_LONG if sent.text.strip() else Problem.NOTE_EMPTY
    if sent["language"] not in web.city.languages:
        return Problem.CHOOSE_LANGUAGE
    try:
        phone = read_phone(sent["phone"][:40])
    except Refused as refused:
        return refused
    if phone and not sent["consent"]:
        return Problem.CONSENT
    place = web.acts.direct.find(words, point)
    return Told(service=service, place=place, words=sent.text.strip(), language=sent["language"], phone=phone)


def _with(sent: Typed, problem: Problem | Refused) -> Typed:
    why = problem.refusal if isinstance(problem, Refused) else problem
    return Typed(act=sent.act, to=sent.to, text=sent.text, fields=sent.fields, problem=why)


def _page(
    request: Request, visit: Visit, sent: Typed, *, alike: Sequence[Ticket] = (), place: Place | None = None
) -> Response:  # fmt: skip
    web = request.app[WEB]
    return visit.page(
        request,
        "case/new.html",
        status=422 if sent.problem else 200,
        form=sent,
        alike=alike,
        place=place,
        by_sms=web.acts.filing.sms is not None,
        once=sent["once"] or secrets.token_urlsafe(12),
        longest=LONGEST,
        now=web.clock.now(),
        services=[one.code for one in web.city.services if one.body is None],
    )
