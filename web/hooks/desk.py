"""Subscribers, for those who give and take accounts: the list, one of them, and what can be done with it."""

from collections.abc import Mapping
from contextlib import suppress

from aiohttp.web import HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.hooks.acts import NoHook, TooMany
from bot.hooks.sending import Answer
from bot.hooks.target import Refused, target
from bot.ports.hooks import Held, State
from tickets.happening import Happening
from tickets.rights import Right
from web.hooks import forms
from web.hooks.forms import Problem, Typed
from web.ports import WEB
from web.visit import Visit, for_those_who_may, forms_for_those_who_may

routes = RouteTableDef()

_PATH = "/desk/hooks"
_ONE = _PATH + "/{id:[1-9][0-9]{0,8}}"
_ASIDE = 50  # of what was set aside, the newest


@routes.get(_PATH)
@for_those_who_may(Right.ADMIT)
async def listed(request: Request, visit: Visit) -> Response:
    """All of them, and the form for one more."""
    return await _list(request, visit, Typed())


@routes.post(_PATH)
@forms_for_those_who_may(Right.ADMIT)
async def add(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """One more; the answer holds its secret."""
    web, typed = request.app[WEB], forms.read(fields)
    if typed.problems:
        return await _list(request, visit, typed)
    try:
        which, secret = await web.hooks.add(forms.wanted(typed, web.city), visit.clerk.login)
    except Refused as refused:
        return await _list(request, visit, typed.wrong("url", refused.trouble))
    except TooMany:
        return await _list(request, visit, typed.wrong("name", Problem.TOO_MANY))
    return visit.page(request, "hooks/secret.html", name=typed.name, secret=secret, until=None, here=_address(which))


@routes.get(_ONE)
@for_those_who_may(Right.ADMIT)
async def one(request: Request, visit: Visit) -> Response:
    """How it goes with it, and what can be done."""
    return await _one(request, visit)


@routes.post(_ONE + "/pause")
@forms_for_those_who_may(Right.ADMIT)
async def pause(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """What happens waits for it."""
    return await _turned(request, visit, State.PAUSED)


@routes.post(_ONE + "/resume")
@forms_for_those_who_may(Right.ADMIT)
async def resume(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """It is told what waited."""
    return await _turned(request, visit, State.ON)


@routes.post(_ONE + "/ping")
@forms_for_those_who_may(Right.ADMIT)
async def ping(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """Whether it takes something, now."""
    try:
        answer = await request.app[WEB].hooks.ping(_id(request), visit.clerk.login)
    except NoHook:
        raise HTTPNotFound from None
    return await _one(request, visit, answer=answer)


@routes.post(_ONE + "/again")
@forms_for_those_who_may(Right.ADMIT)
async def again(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """What was set aside, once more."""
    try:
        await request.app[WEB].hooks.again(_id(request), visit.clerk.login)
    except NoHook:
        raise HTTPNotFound from None
    raise HTTPSeeOther(_address(_id(request)))


@routes.post(_ONE + "/replay")
@forms_for_those_who_may(Right.ADMIT)
async def replay(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """What happened from a day or an event on, once more."""
    web, typed = request.app[WEB], forms.again_from(fields)
    if typed.problems:
        return await _one(request, visit, typed)
    since = await web.hooks.happened(typed.event) if typed.event else forms.midnight(typed, web.city)
    if since is None:
        return await _one(request, visit, typed.wrong("event", Problem.EVENT))
    try:
        await web.hooks.replay(_id(request), since, visit.clerk.login)
    except NoHook:
        raise HTTPNotFound from None
    raise HTTPSeeOther(_address(_id(request)))


@routes.post(_ONE + "/rotate")
@forms_for_those_who_may(Right.ADMIT)
async def rotate(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Another secret, shown this once."""
    if "sure" not in fields:
        return await _one(request, visit, Typed().wrong("rotate", Problem.SURE))
    web = request.app[WEB]
    try:
        secret, until = await web.hooks.rotate(_id(request), visit.clerk.login)
    except NoHook:
        raise HTTPNotFound from None
    async with web.store.view() as view:
        hook = await view.hooks.get(_id(request))
    name = hook.name if hook else ""
    return visit.page(
        request, "hooks/secret.html", name=name, secret=secret, until=until, here=_address(_id(request))
    )  # fmt: skip


@routes.post(_ONE + "/remove")
@forms_for_those_who_may(Right.ADMIT)
async def remove(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """It is told nothing any more; twice is once."""
    if "sure" not in fields:
        return await _one(request, visit, Typed().wrong("remove", Problem.SURE))
    with suppress(NoHook):
        await request.app[WEB].hooks.remove(_id(request), visit.clerk.login)
    raise HTTPSeeOther(_PATH)


async def _turned(request: Request, visit: Visit, state: State) -> Response:
    try:
        await request.app[WEB].hooks.turn(_id(request), state, visit.clerk.login)
    except NoHook:
        raise HTTPNotFound from None
    raise HTTPSeeOther(_address(_id(request)))


async def _list(request: Request, visit: Visit, typed: Typed) -> Response:
    async with request.app[WEB].store.view() as view:
        hooks, held = await view.hooks.all(), await view.hooks.held()
    rows = [(one, held.get(one.id, Held()), _host(one.url)) for one in hooks]
    return visit.page(
        request, "hooks/list.html", status=422 if typed.problems else 200, rows=rows, typed=typed,
        events=tuple(Happening), here=_PATH,
    )  # fmt: skip


async def _one(
    request: Request, visit: Visit, typed: Typed | None = None, *, answer: Answer | None = None
) -> Response:  # fmt: skip
    typed = typed or Typed()
    async with request.app[WEB].store.view() as view:
        hook = await view.hooks.get(_id(request))
        if hook is None:
            raise HTTPNotFound
        held = (await view.hooks.held()).get(hook.id, Held())
        aside = await view.hooks.aside(hook.id, _ASIDE)
    return visit.page(
        request, "hooks/one.html", status=422 if typed.problems else 200, hook=hook, held=held, aside=aside,
        typed=typed, answer=answer, host=_host(hook.url), address=_address(hook.id), here=_address(hook.id),
    )  # fmt: skip


def _host(url: str) -> str:
    """What of its address is shown: the rest may hold a password."""
    try:
        return target(url).host or ""
    except Refused:
        return ""


def _id(request: Request) -> int:
    return int(request.match_info["id"])


def _address(which: int) -> str:
    return f"{_PATH}/{which}"
