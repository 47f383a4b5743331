"""Keys of other programs, for those who give and take accounts."""

from collections.abc import Mapping
from datetime import timedelta

from aiohttp.web import HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.ports import Taken
from bot.ports.audit import Deed
from bot.ports.keys import Scope
from tickets.rights import Right
from web.api.rules import NAME, Problem, Wanted, checked, fresh, made
from web.noting import noted
from web.ports import WEB
from web.visit import Visit, for_those_who_may, forms_for_those_who_may

routes = RouteTableDef()

_PATH = "/desk/api"
_INSTANT = timedelta(seconds=1)  # before the end of a day it is that day


@routes.get(_PATH)
@for_those_who_may(Right.ADMIT)
async def listed(request: Request, visit: Visit) -> Response:
    """All of them, and the form for one more."""
    return await _list(request, visit, Wanted())


@routes.post(_PATH)
@forms_for_those_who_may(Right.ADMIT)
async def add(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """One more; the answer holds it, and nothing else ever does."""
    web = request.app[WEB]
    now, zone = web.clock.now(), web.city.timezone
    wanted = checked(_read(fields), now, zone)
    if wanted.problems:
        return await _list(request, visit, wanted)
    key, secret = made(wanted, now, zone, visit.clerk.login), fresh()
    try:
        async with web.store.work() as work:
            await work.keys.add(key, secret)
            detail = f"{' '.join(sorted(key.scopes))}; {key.rate} a minute"
            await noted(request, work, visit.clerk.login, Deed.KEY_ADDED, key.name, detail)
            await work.commit()
    except Taken:
        return await _list(request, visit, wanted.wrong("name", Problem.TAKEN))
    return visit.page(request, "api/secret.html", key=key, secret=secret, here=_PATH)


@routes.post(_PATH + "/revoke")
@forms_for_those_who_may(Right.ADMIT)
async def revoke(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """It opens nothing any more; twice is once."""
    web, wanted = request.app[WEB], fields.get("key", "")
    if "sure" not in fields:
        return await _list(request, visit, Wanted().wrong("sure", Problem.SURE))
    async with web.store.work() as work:
        name = next((key.name for key in await work.keys.all() if str(key.id) == wanted), None)
        if name is None:
            raise HTTPNotFound
        if await work.keys.revoke(name, web.clock.now()):
            await noted(request, work, visit.clerk.login, Deed.KEY_REVOKED, name)
        await work.commit()
    raise HTTPSeeOther(_PATH)


def _read(fields: Mapping[str, str]) -> Wanted:
    return Wanted(
        name=" ".join(fields.get("name", "").split())[: NAME + 1],
        scopes=frozenset(scope for scope in Scope if f"scope.{scope}" in fields),
        rate=fields.get("rate", "").strip()[:10],
        until=fields.get("until", "").strip()[:20],
    )


async def _list(request: Request, visit: Visit, wanted: Wanted) -> Response:
    web = request.app[WEB]
    async with web.store.view() as view:
        keys = await view.keys.all()
    now = web.clock.now()
    return visit.page(
        request, "api/list.html", status=422 if wanted.problems else 200, typed=wanted, scopes=tuple(Scope), here=_PATH,
        last={key.id: key.expires_at - _INSTANT for key in keys if key.expires_at},
        working=[key for key in keys if key.opens(now)], ended=[key for key in keys if not key.opens(now)],
    )  # fmt: skip
