"""Accounts, for those who give and take them."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

from aiohttp.web import HTTPForbidden, HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.ports import Clerk, Pass, Taken, UnitOfWork
from bot.ports.audit import Deed
from tickets.rights import Right, Role, may
from web.login import DOOR, by_password
from web.noting import noted
from web.people import forms
from web.people.forms import Account
from web.people.guessable import problem_of
from web.people.rules import INVITED, Problem, Refused, check, mark, told
from web.people.telling import News, tell
from web.ports import WEB
from web.visit import Visit, for_those_who_may, forms_for_those_who_may

routes = RouteTableDef()

_PATH = "/desk/people"
_ONE = _PATH + "/{login:[^/]+}"


@routes.get(_PATH)
@for_those_who_may(Right.ADMIT)
async def people(request: Request, visit: Visit) -> Response:
    """All of them, and the form for one more."""
    return await _list(request, visit, Account(language=visit.language))


@routes.post(_PATH)
@forms_for_those_who_may(Right.ADMIT)
async def add(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """One more; without a password the answer holds a link by which they choose theirs."""
    by_password(request)
    web, typed, password = request.app[WEB], forms.read(fields, request.app[WEB].city), fields.get("password", "")
    if password and (problem := await problem_of(password, typed.login, typed.name, web.city.name)):
        typed = typed.wrong("password", problem)
    if typed.problems:
        return await _list(request, visit, typed)
    fresh = Clerk(login=typed.login, name="", language="", password=await _hashed(request, password))
    made = replace(typed.onto(fresh), made_at=web.clock.now())
    try:
        async with web.store.work() as work:
            await work.clerks.add(made)
            token = await _invite(request, work, made.login) if not password else ""
            await noted(request, work, visit.clerk.login, Deed.ACCOUNT_ADDED, made.login, f"role {made.role}")
            await work.commit()
    except Taken:
        return await _list(request, visit, typed.wrong("login", Problem.TAKEN))
    if token:
        return _linked(request, visit, made, token)
    raise HTTPSeeOther(_address(made.login))


@routes.get(_ONE)
@for_those_who_may(Right.ADMIT)
async def account(request: Request, visit: Visit) -> Response:
    """One of them, with what can be done."""
    return await _one(request, visit)


@routes.post(_ONE + "/change")
@forms_for_those_who_may(Right.ADMIT)
async def change(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Name, role, department, contacts, language; unless somebody changed it since it was shown."""
    typed = forms.read(fields, request.app[WEB].city, request.match_info["login"])
    if typed.problems:
        return await _one(request, visit, typed)

    def changed(before: Clerk) -> Clerk:
        if mark(before) != typed.seen:
            raise Refused(Problem.STALE)
        return typed.onto(before)

    return await _amended(request, visit, changed, Deed.ACCOUNT_CHANGED, typed)


@routes.post(_ONE + "/end")
@forms_for_those_who_may(Right.ADMIT)
async def end(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """No log-in any more, and whatever is open ends; twice is once."""
    now = request.app[WEB].clock.now()

    def ended(before: Clerk) -> Clerk:
        return before if before.ended_at else replace(before, ended_at=now, reach=None)

    return await _amended(request, visit, ended, Deed.ACCOUNT_ENDED)


@routes.post(_ONE + "/reopen")
@forms_for_those_who_may(Right.ADMIT)
async def reopen(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """They may come in again, with the password they had."""
    return await _amended(request, visit, lambda before: replace(before, ended_at=None), Deed.ACCOUNT_CHANGED)


@routes.post(_ONE + "/password")
@forms_for_those_who_may(Right.ADMIT)
async def password(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Another one, typed or (empty) to be chosen by a link. What is open ends, and the old one opens nothing."""
    by_password(request)
    login, typed = request.match_info["login"], fields.get("password", "")
    if typed and (problem := await problem_of(typed, login, await _name(request, login), request.app[WEB].city.name)):
        return await _one(request, visit, problem=problem, at="password")
    hashed = await _hashed(request, typed)
    async with request.app[WEB].store.work() as work:
        clerk = (await _held(work, visit)).get(login)
        if clerk is None or clerk.ended_at:
            raise HTTPNotFound
        await work.clerks.change(replace(clerk, password=hashed))
        await work.clerks.end_sessions(login, visit.session.token)
        token = await _invite(request, work, login) if not typed else ""
        if typed:
            await work.clerks.issue(login, Pass.INVITATION, ())
        await noted(request, work, visit.clerk.login, Deed.PASSWORD_CHANGED, login, "reset")
        await tell(request, work, clerk, News.RESET)
        await work.commit()
    if token:
        return _linked(request, visit, clerk, token)
    raise HTTPSeeOther(_address(login))


@routes.post(_ONE + "/second")
@forms_for_those_who_may(Right.ADMIT)
async def second(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """Take the second factor away from who has lost it; their recovery codes too."""
    without = lambda before: replace(before, second=None)  # noqa: E731 - has no name
    return await _amended(request, visit, without, Deed.SECOND_FACTOR_REMOVED)


@routes.post(_ONE + "/sessions")
@forms_for_those_who_may(Right.ADMIT)
async def sessions(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """Log them out everywhere."""
    login = request.match_info["login"]
    async with request.app[WEB].store.work() as work:
        await _held(work, visit)
        count = await work.clerks.end_sessions(login, visit.session.token)
        await noted(request, work, visit.clerk.login, Deed.SESSION_ENDED, login, str(count))
        await work.commit()
    raise HTTPSeeOther(_address(login))


async def _amended(
    request: Request, visit: Visit, change: Callable[[Clerk], Clerk], deed: Deed, typed: Account | None = None
) -> Response:  # fmt: skip
    """Change the account as it stands now, nobody else's change lost; or the page again, with why not."""
    login = request.match_info["login"]
    try:
        async with request.app[WEB].store.work() as work:
            everybody = await _held(work, visit)
            before = everybody.get(login)
            if before is None:
                raise HTTPNotFound
            after = change(before)
            check(before, after, everybody.values(), by=visit.clerk.login)
            if after != before:
                await _write(request, visit, work, before, after, deed)
            await work.commit()
    except Refused as refused:
        return await _one(request, visit, typed, problem=refused.problem)
    raise HTTPSeeOther(_address(login))


async def _write(request: Request, visit: Visit, work: UnitOfWork, before: Clerk, after: Clerk, deed: Deed) -> None:
    await work.clerks.change(after)
    if after.ended_at:
        await work.clerks.end_sessions(after.login)
        await work.clerks.issue(after.login, Pass.INVITATION, ())
    if before.second and not after.second:
        await work.clerks.issue(after.login, Pass.RECOVERY, ())
        await tell(request, work, after, News.NO_FACTOR)
    detail = "reopened" if before.ended_at and not after.ended_at else told(before, after)
    await noted(request, work, visit.clerk.login, deed, after.login, detail)


async def _held(work: UnitOfWork, visit: Visit) -> Mapping[str, Clerk]:
    """All accounts, held; unless who asks was changed themselves a moment ago."""
    everybody = {one.login: one for one in await work.clerks.hold()}
    me = everybody.get(visit.clerk.login)
    if me is None or me.ended_at or not may(me.role, Right.ADMIT):
        raise HTTPForbidden
    return everybody


async def _invite(request: Request, work: UnitOfWork, login: str) -> str:
    token = secrets.token_urlsafe(32)
    await work.clerks.issue(login, Pass.INVITATION, [token], request.app[WEB].clock.now() + INVITED)
    return token


async def _name(request: Request, login: str) -> str:
    async with request.app[WEB].store.view() as view:
        clerk = await view.clerks.get(login)
    return clerk.name if clerk else ""


async def _hashed(request: Request, password: str) -> str:
    """Of an empty one nothing: it opens nothing."""
    return await asyncio.to_thread(request.app[DOOR].passwords.hash, password) if password else ""


async def _list(request: Request, visit: Visit, typed: Account) -> Response:
    async with request.app[WEB].store.view() as view:
        everybody = await view.clerks.all()
    status = 422 if typed.problems else 200
    ended = [one for one in everybody if one.ended_at]
    working = [one for one in everybody if not one.ended_at]
    return visit.page(
        request, "people/list.html", status=status, working=working, ended=ended, typed=typed, roles=tuple(Role),
        here=_PATH, passwords=request.app[WEB].passwords,
    )  # fmt: skip


async def _one(
    request: Request, visit: Visit, typed: Account | None = None, *, problem: Problem | None = None, at: str = ""
) -> Response:  # fmt: skip
    login, now = request.match_info["login"], request.app[WEB].clock.now()
    async with request.app[WEB].store.view() as view:
        one = next((one for one in await view.clerks.all() if one.login == login), None)
        open_ = await view.clerks.sessions(login, now)
    if one is None:
        raise HTTPNotFound
    wrong = problem or (typed and typed.problems)
    return visit.page(
        request, "people/account.html", status=409 if problem is Problem.STALE else 422 if wrong else 200,
        account=one, typed=replace(typed, seen=mark(one)) if typed else forms.of(one), problem=problem, at=at,
        sessions=open_, roles=tuple(Role), now=now, address=_address(login), here=_address(login),
        passwords=request.app[WEB].passwords, elsewhere=request.app[WEB].service,
    )  # fmt: skip


def _linked(request: Request, visit: Visit, clerk: Clerk, token: str) -> Response:
    """The link, shown this once: only its hash is kept."""
    web = request.app[WEB]
    link = f"{web.public_url or request.url.origin()}/desk/invitation/{token}"
    return visit.page(
        request, "people/link.html", link=link, invited=clerk, until=web.clock.now() + INVITED, here=_PATH,
        address=_address(clerk.login),
    )  # fmt: skip


def _address(login: str) -> str:
    return f"{_PATH}/{quote(login, safe='')}"
