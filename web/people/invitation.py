"""Choosing a password by a link that an admin gave: it opens once, for some days."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from aiohttp.web import HTTPForbidden, HTTPNotFound, Request, Response, RouteTableDef

from bot.ports import Clerk, Pass
from bot.ports.audit import Deed
from web import body, language, visit
from web.caller import caller, from_our_page
from web.login import DOOR
from web.noting import noted
from web.page import page
from web.people.guessable import problem_of
from web.people.rules import Problem
from web.people.telling import News, tell
from web.ports import WEB
from web.throttle import keys_of

routes = RouteTableDef()

_PATH = "/desk/invitation/{token:[A-Za-z0-9_-]{43}}"


@routes.get(_PATH)
async def show(request: Request) -> Response:
    """The form. To look at it uses nothing up: programs look at links too."""
    answer = _form(request, await _invited(request))
    language.remember(request, answer)
    return answer


@routes.post(_PATH)
async def choose(request: Request) -> Response:
    """Take the password, and let them in. There is no session yet whose token the form could hold."""
    if not from_our_page(request):
        raise HTTPForbidden
    clerk, fields = await _invited(request), await body.form(request)
    if clerk is None:
        return _form(request, None)
    if problem := await _problem(request, fields, clerk):
        return _form(request, clerk, problem)
    hashed = await asyncio.to_thread(request.app[DOOR].passwords.hash, fields.get("password", ""))
    taken = await _taken(request, hashed)
    return await visit.begin(request, taken, "/desk", "invitation") if taken else _form(request, None)


async def _taken(request: Request, hashed: str) -> Clerk | None:
    """Of two at once one is first, and the other finds it used."""
    web, token = request.app[WEB], request.match_info["token"]
    async with web.store.work() as work:
        everybody = {one.login: one for one in await work.clerks.hold()}
        clerk = everybody.get(await work.clerks.use(Pass.INVITATION, token, web.clock.now()) or "")
        if clerk is None or clerk.ended_at:
            return None
        clerk = replace(clerk, password=hashed)
        await work.clerks.change(clerk)
        await work.clerks.end_sessions(clerk.login)
        await noted(request, work, clerk.login, Deed.PASSWORD_CHANGED, clerk.login, "invitation")
        await tell(request, work, clerk, News.PASSWORD)
        await work.commit()
    return clerk


async def _invited(request: Request) -> Clerk | None:
    """Whose link it is; wrong ones are slowed down by address."""
    web, tried = request.app[WEB], request.app[DOOR].tried
    if not web.passwords:
        raise HTTPNotFound
    keys = keys_of("", caller(request))[1:]
    if await tried.take(keys, web.clock.now()):
        raise HTTPNotFound
    async with web.store.view() as view:
        login = await view.clerks.bearer(Pass.INVITATION, request.match_info["token"], web.clock.now())
        clerk = await view.clerks.get(login) if login else None
    if clerk:
        await tried.forget(keys, web.clock.now())
    return clerk


async def _problem(request: Request, fields: Mapping[str, str], clerk: Clerk) -> Problem | None:
    password, city = fields.get("password", ""), request.app[WEB].city.name
    problem = await problem_of(password, clerk.login, clerk.name, city)
    return problem or (Problem.DIFFER if fields.get("again") != password else None)


def _form(request: Request, clerk: Clerk | None, problem: Problem | None = None) -> Response:
    spoken = language.of_page(request, clerk.language if clerk else None)
    status = 404 if clerk is None else 422 if problem else 200
    return page(
        request, "people/invitation.html", spoken, status=status, invited=clerk, problem=problem, here=request.path
    )
