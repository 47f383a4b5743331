"""Each clerk's own page: language, password, second factor, where they are told, and where they are logged in."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from aiohttp.web import HTTPForbidden, HTTPSeeOther, Request, Response, RouteTableDef

from bot.ports import Clerk, Pass, UnitOfWork
from bot.ports.audit import Deed
from channels.message import Contact
from tickets.rights import Right
from web.login import DOOR, by_password
from web.noting import noted
from web.people.guessable import problem_of
from web.people.rules import Problem
from web.people.telling import News, tell, ways
from web.ports import WEB
from web.visit import Visit, for_clerks, forms_for_those_who_may

routes = RouteTableDef()

PATH = "/desk/me"


@routes.get(PATH)
@for_clerks
async def me(request: Request, visit: Visit) -> Response:
    """The page."""
    return await shown(request, visit)


@routes.post(PATH + "/language")
@forms_for_those_who_may(Right.LOOK)
async def speak(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """The language of the desk's pages, from now on and in every browser."""
    chosen = fields.get("language", "")
    if chosen not in request.app[WEB].city.languages:
        return await shown(request, visit, Problem.CHOICE, "language")
    async with request.app[WEB].store.work() as work:
        await work.clerks.change(replace(await own(work, visit), language=chosen))
        await work.commit()
    raise HTTPSeeOther(f"{PATH}?language={chosen}")


@routes.post(PATH + "/password")
@forms_for_those_who_may(Right.LOOK)
async def password(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """A new password, by who knows the old one; all other sessions end."""
    by_password(request)
    new = fields.get("password", "")
    mine, city = visit.clerk, request.app[WEB].city.name
    problem, at = await problem_of(new, mine.login, mine.name, city), "password"
    if not problem and fields.get("again") != new:
        problem, at = Problem.DIFFER, "again"
    if not problem and (problem := await known(request, visit, fields.get("old", ""))):
        at = "old"
    if problem:
        return await shown(request, visit, problem, at)
    hashed = await asyncio.to_thread(request.app[DOOR].passwords.hash, new)
    async with request.app[WEB].store.work() as work:
        mine = await own(work, visit)
        await work.clerks.change(replace(mine, password=hashed))
        await work.clerks.end_sessions(mine.login, visit.session.token)
        await work.clerks.issue(mine.login, Pass.INVITATION, ())
        await noted(request, work, mine.login, Deed.PASSWORD_CHANGED, mine.login)
        await tell(request, work, mine, News.PASSWORD)
        await work.commit()
    raise HTTPSeeOther(f"{PATH}?done=password")


@routes.post(PATH + "/sessions/end")
@forms_for_those_who_may(Right.LOOK)
async def end_one(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """One of mine; twice is once."""
    async with request.app[WEB].store.work() as work:
        if await work.clerks.end_session(visit.clerk.login, fields.get("key", "")):
            await noted(request, work, visit.clerk.login, Deed.SESSION_ENDED, visit.clerk.login)
        await work.commit()
    raise HTTPSeeOther(PATH)


@routes.post(PATH + "/sessions/end-others")
@forms_for_those_who_may(Right.LOOK)
async def end_others(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """All of mine but this one."""
    async with request.app[WEB].store.work() as work:
        count = await work.clerks.end_sessions(visit.clerk.login, visit.session.token)
        await noted(request, work, visit.clerk.login, Deed.SESSION_ENDED, visit.clerk.login, str(count))
        await work.commit()
    raise HTTPSeeOther(PATH)


async def own(work: UnitOfWork, visit: Visit) -> Clerk:
    """My account as it stands, held until the end of this unit of work."""
    mine = next((one for one in await work.clerks.hold() if one.login == visit.clerk.login), None)
    if mine is None or mine.ended_at:
        raise HTTPForbidden
    return mine


async def known(request: Request, visit: Visit, offered: str) -> Problem | None:
    """Whether they know their password; wrong ones are slowed down. Who has none logs in elsewhere, and is asked for
    none."""
    door, keys = request.app[DOOR], (("old", visit.clerk.login),)
    if not visit.clerk.password:
        return None
    if await door.tried.take(keys, request.app[WEB].clock.now()):
        return Problem.WAIT
    if not await door.passwords.verify(visit.clerk.password, offered):
        return Problem.OLD_PASSWORD
    await door.tried.forget(keys, request.app[WEB].clock.now())
    return None


async def shown(
    request: Request, visit: Visit, problem: Problem | None = None, at: str = "", reach: Contact | None = None
) -> Response:  # fmt: skip
    """The page, with why a form was not taken beside its field, and the contact that was typed (`reach`)."""
    web = request.app[WEB]
    async with web.store.view() as view:
        sessions = await view.clerks.sessions(visit.clerk.login, web.clock.now())
        left = await view.clerks.left(visit.clerk.login, Pass.RECOVERY)
        mine = await view.clerks.key(visit.session.token)
    return visit.page(
        request, "people/me.html", status=422 if problem else 200, sessions=sessions, left=left, problem=problem, at=at,
        required=web.admission.asks(visit.clerk.role), done=request.query.get("done"), this=mine, here=PATH,
        passwords=web.passwords, elsewhere=visit.session.hint is not None, reach=reach or visit.clerk.reach,
        ways=ways(request),
    )  # fmt: skip
