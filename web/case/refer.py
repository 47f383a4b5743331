"""A ticket goes to another department, or to a body beyond the city and back."""

from collections.abc import Mapping
from functools import partial

from aiohttp.web import Request, Response, RouteTableDef

from channels import mailbox
from tickets.city import City
from web.case.acts import done, on, refused
from web.case.forms import LONGEST, Problem, Typed, line_of, problem_of_length, problem_of_text, typed
from web.case.view import PATH
from web.ports import WEB
from web.visit import Visit, for_clerks_forms

routes = RouteTableDef()
_NAME = 80  # characters of a body's name
TYPED = "-"  # a body that is not in the list


@routes.post(PATH + "/department")
@for_clerks_forms
async def department(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """It is another department's from now on, which finds the note in its history."""
    sent = typed(request, fields, "department")
    if sent.to not in {one.code for one in request.app[WEB].city.departments}:
        return await refused(request, visit, sent, Problem.CHOOSE_DEPARTMENT)
    if problem := problem_of_text(sent):
        return await refused(request, visit, sent, problem)
    act = partial(request.app[WEB].acts.refer.department, to=sent.to, note=sent.text, **on(visit, sent))
    return await done(request, visit, sent, act, "/desk" if not _keeps(visit, sent.to) else "")


@routes.post(PATH + "/outside")
@for_clerks_forms
async def outside(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """To a body of the list, or of a name and an address that are typed."""
    sent = typed(request, fields, "outside")
    body, address, language = _to(sent, request.app[WEB].city)
    if problem := _problem(sent, body, address, language, request.app[WEB].city):
        return await refused(request, visit, sent, problem)
    act = partial(
        request.app[WEB].acts.refer.outside, body=body, address=address, language=language, note=sent.text.strip(),
        **on(visit, sent),
    )  # fmt: skip
    return await done(request, visit, sent, act)


@routes.post(PATH + "/back")
@for_clerks_forms
async def back(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """From the body that has it; its link ends."""
    sent = typed(request, fields, "back")
    if problem := problem_of_length(sent):
        return await refused(request, visit, sent, problem)
    act = partial(request.app[WEB].acts.refer.take_back, note=sent.text, **on(visit, sent))
    return await done(request, visit, sent, act)


def _keeps(visit: Visit, department: str) -> bool:
    return visit.clerk.department in (None, department) or visit.may("direct")


def _to(sent: Typed, city: City) -> tuple[str, str, str]:
    """Its name, its address and its language."""
    if sent.to.isdigit() and int(sent.to[:4]) < len(city.partners):
        partner = city.partners[int(sent.to[:4])]
        name = partner.names.get(partner.language) or next(iter(partner.names.values()))
        return name, partner.address, partner.language
    return line_of(sent.fields, "body"), line_of(sent.fields, "address").lower(), sent["language"]


def _problem(sent: Typed, body: str, address: str, language: str, city: City) -> Problem | None:
    if not 0 < len(body) <= _NAME:
        return Problem.BODY_EMPTY
    if not address or mailbox.wrong(address):
        return Problem.ADDRESS_WRONG
    if language not in city.languages:
        return Problem.CHOOSE_LANGUAGE
    return Problem.NOTE_TOO_LONG if len(sent.text) > LONGEST else None
