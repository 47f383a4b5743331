"""Tickets that go on as one, are taken apart, have to do with each other, or are a part of another."""

from collections.abc import Mapping
from functools import partial
from typing import TypedDict

from aiohttp.web import Request, Response, RouteTableDef

from bot.ports import Clerk
from tickets.number import read_number
from web.case.acts import done, on, refused
from web.case.forms import Problem, Typed, problem_of_length, problem_of_text, typed
from web.case.view import PATH
from web.ports import WEB
from web.visit import Visit, for_clerks_forms

routes = RouteTableDef()


class By(TypedDict):
    """What an act on two tickets is told."""

    number: str
    version: int
    by: Clerk


@routes.post(PATH + "/merge")
@for_clerks_forms
async def merge(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """It goes on in another one; everybody who has to do with it is told."""
    sent = typed(request, fields, "merge")
    into = _other(sent)
    if problem := problem_of_length(sent) if into else Problem.NUMBER_WRONG:
        return await refused(request, visit, sent, problem)
    act = partial(request.app[WEB].acts.join.merge, into=into, note=sent.text, **_by(visit, sent))
    return await done(request, visit, sent, act)


@routes.post(PATH + "/unmerge")
@for_clerks_forms
async def unmerge(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    sent = typed(request, fields, "unmerge")
    return await done(request, visit, sent, partial(request.app[WEB].acts.join.unmerge, **_by(visit, sent)))


@routes.post(PATH + "/link")
@for_clerks_forms
async def link(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """They have to do with each other; nobody outside the desk is told."""
    sent = typed(request, fields, "link")
    other = _other(sent)
    if not other:
        return await refused(request, visit, sent, Problem.NUMBER_WRONG)
    return await done(request, visit, sent, partial(request.app[WEB].acts.join.link, other=other, **_by(visit, sent)))


@routes.post(PATH + "/unlink")
@for_clerks_forms
async def unlink(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    sent = typed(request, fields, "unlink")
    act = partial(request.app[WEB].acts.join.unlink, other=_other(sent), **_by(visit, sent))
    return await done(request, visit, sent, act)


@routes.post(PATH + "/split")
@for_clerks_forms
async def split(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """A part of it becomes a ticket of its own; its reporter is told the number."""
    sent = typed(request, fields, "split")
    service = request.app[WEB].city.service(sent.to)
    if service is None:
        return await refused(request, visit, sent, Problem.CHOOSE_SERVICE)
    if problem := problem_of_text(sent):
        return await refused(request, visit, sent, problem)
    act = partial(request.app[WEB].acts.join.split, service=service, words=sent.text.strip(), **on(visit, sent))
    return await done(request, visit, sent, act)


def _other(sent: Typed) -> str:
    """The number that was typed, or chosen beside it; "" for what is none."""
    return read_number(sent.to.strip()[:40]) or read_number(sent["near"][:40]) or ""


def _by(visit: Visit, sent: Typed) -> By:
    return By(number=sent.number, version=sent.seen, by=visit.clerk)
