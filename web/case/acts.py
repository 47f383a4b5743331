"""What clerks do to one ticket with a form: moves, notes, another service. And how every such act ends."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Any, TypedDict

from aiohttp.web import HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.desk.seeing import Refused
from bot.learning import UnknownService
from bot.notices import NoteTooLong, Unknown
from bot.ports import Stale
from tickets.model import Status
from tickets.workflow import NotAllowed, NoteNeeded
from web.case import view
from web.case.forms import Problem, Typed, problem_of_length, problem_of_text, typed
from web.case.resolve import KEPT, enclosed
from web.keys import onward
from web.ports import WEB, Web
from web.visit import Visit, for_clerks_files, for_clerks_forms

routes = RouteTableDef()


class On(TypedDict):
    """What every act on a ticket is told."""

    number: str
    version: int
    login: str


# What an act raises when nothing was written, and what its form says of it.
PROBLEMS: dict[type[Exception], StrEnum] = {
    Stale: Problem.STALE,
    NotAllowed: Problem.NOT_ALLOWED,
    NoteNeeded: Problem.NOTE_NEEDED,
    NoteTooLong: Problem.NOTE_TOO_LONG,
    UnknownService: Problem.CHOOSE_SERVICE,
}


_MOVING = frozenset({"move", "service"})


@routes.post(view.PATH + "/move")
@for_clerks_files
async def move(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Move the ticket; the citizen is told, with a photo where there is one."""
    photo = await enclosed(request, fields)
    sent = typed(request, {**fields, KEPT: photo.name}, "move")
    wrong = Problem.CHOOSE if sent.to not in set(Status) else problem_of_length(sent)
    if problem := wrong or photo.problem:
        return await refused(request, visit, sent, problem)
    act = partial(_moved, request.app[WEB], to=Status(sent.to), note=sent.text, photo=photo.name, **on(visit, sent))
    return await done(request, visit, sent, act)


async def _moved(web: Web, *, photo: str, **how: Any) -> None:
    await web.move(photo=photo, **how)
    if photo:
        with suppress(OSError):  # named by now: sweeping keeps it
            await web.files.keep(photo)


@routes.post(view.PATH + "/note")
@for_clerks_forms
async def note(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Keep a note between clerks; the citizen is not told."""
    sent = typed(request, fields, "note")
    if problem := problem_of_text(sent):
        return await refused(request, visit, sent, problem)
    act = partial(request.app[WEB].note, text=sent.text, **on(visit, sent))
    return await done(request, visit, sent, act)


@routes.post(view.PATH + "/service")
@for_clerks_forms
async def service(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Say what the report is about in truth; the citizen is not told."""
    sent = typed(request, fields, "service", to="service")
    act = partial(request.app[WEB].change_service, service=sent.to, **on(visit, sent))
    return await done(request, visit, sent, act)


async def done(
    request: Request, visit: Visit, sent: Typed, act: Callable[[], Awaitable[None]], to: str = ""
) -> Response:
    """Do it and lead on, to the case unless `to` says where; or the case again, with why it was not done and nothing
    that was typed lost. Whoever may not work on this ticket is told so, and nothing is done."""
    case = await view.load(request, visit)
    if not visit.may_work(case.ticket):
        return view.page(request, visit, case, replace(sent, problem=Problem.NOT_YOURS))
    try:
        await act()
    except Unknown as unknown:
        raise HTTPNotFound from unknown
    except Refused as error:
        return await refused(request, visit, sent, error.refusal)
    except tuple(PROBLEMS) as error:
        return await refused(request, visit, sent, PROBLEMS[type(error)])
    raise HTTPSeeOther(to or onward(sent.number, sent.fields))


async def refused(request: Request, visit: Visit, sent: Typed, problem: StrEnum) -> Response:
    """The case as it is now, with what was typed. What is forbidden only because of what somebody else did is stale."""
    case = await view.load(request, visit)
    beaten = case.ticket.version != sent.seen and problem in (Problem.NOT_ALLOWED, Problem.CHOOSE_SERVICE)
    if problem is Problem.NOT_ALLOWED and sent.act not in _MOVING:
        problem = Problem.NOT_NOW
    return view.page(request, visit, case, replace(sent, problem=Problem.STALE if beaten else problem))


def on(visit: Visit, sent: Typed) -> On:
    """Which ticket, as it was seen, and by whom."""
    return On(number=sent.number, version=sent.seen, login=visit.clerk.login)
