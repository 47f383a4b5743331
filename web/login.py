"""The door of the desk: login and password, the one-time link of the demo, and the way out."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp.web import AppKey, HTTPForbidden, HTTPNotFound, Request, Response, RouteTableDef

from bot.oidc.service import Why
from bot.ports import Clerk
from bot.ports.audit import Deed
from tickets.rights import Right
from web import body, cookies, language, visit
from web.caller import caller
from web.masking import masked, unmasked
from web.noting import note
from web.page import page
from web.passwords import Passwords
from web.ports import WEB
from web.throttle import Tried, keys_of
from web.visit import Visit, Way, forms_for_those_who_may

routes = RouteTableDef()

_COOKIE = "vecino_door"  # ties the log-in form to the browser it was shown in; there is no session yet
_INSIDE = re.compile(r"/desk(/[\w/-]*)?(\?[^\s\\\x00-\x1f\x7f]*)?", re.ASCII)


class Problem(StrEnum):
    """Why nobody came in; templates have the words."""

    WRONG = "wrong"
    OLD_FORM = "old_form"
    WAIT = "wait"
    USED = "used"
    ONLY = "only"


@dataclass(slots=True)
class Door:
    """What the log-in keeps in memory. `demo_token` is None outside demo mode and once it was used."""

    demo_token: str | None = field(repr=False)
    tried: Tried
    passwords: Passwords = field(default_factory=Passwords)

    def use_demo_token(self, offered: str) -> bool:
        """True once, for the right token."""
        if self.demo_token is None or not visit.same(offered, self.demo_token):
            return False
        self.demo_token = None
        return True


DOOR = AppKey("door", Door)


@routes.get("/desk/login")
async def show(request: Request) -> Response:
    """The log-in form."""
    answer = door(request, login="", way=request.query.get("next", ""))
    language.remember(request, answer)
    return answer


@routes.post("/desk/login")
async def log_in(request: Request) -> Response:
    """Check login and password; the answer does not tell which of them was wrong."""
    fields = await body.form(request)
    login, way = fields.get("login", "").replace("\0", "").strip(), fields.get("next", "")
    if not _form_is_ours(request, fields):
        return door(request, login, way, Problem.OLD_FORM, status=403)
    if not request.app[WEB].passwords:
        return door(request, "", way, Problem.ONLY, status=403)
    keys, kept = keys_of(login, caller(request)), request.app[DOOR]
    if wait := await kept.tried.take(keys, request.app[WEB].clock.now()):
        return door(request, login, way, Problem.WAIT, status=429, wait=wait)
    clerk = await _clerk(request, login)
    if not await kept.passwords.verify(clerk.password if clerk else None, fields.get("password", "")) or not clerk:
        await note(request, clerk.login if clerk else _cut(login), Deed.LOG_IN_FAILED)
        return door(request, login, way, Problem.WRONG, status=422)
    await kept.tried.forget(keys, request.app[WEB].clock.now())
    return await visit.begin(request, clerk, inside(way))


@routes.get("/desk/demo", allow_head=False)
async def demo(request: Request) -> Response:
    """Open the desk once with the token that `make run` printed; outside demo mode there is no such page."""
    web = request.app[WEB]
    if web.demo_token is None:
        raise HTTPNotFound
    clerk = await _clerk(request, web.demo_login)
    if clerk is None or not request.app[DOOR].use_demo_token(request.query.get("token", "")):
        return door(request, "", "", Problem.USED, status=403)
    return await visit.begin(request, clerk, "/desk", "demo")


@routes.post("/desk/logout")
@forms_for_those_who_may(Right.LOOK, Way.KNOWN)
async def log_out(request: Request, seen: Visit, _: Mapping[str, str]) -> Response:
    """End the session."""
    return await visit.end(request, seen)


def door(
    request: Request, login: str, way: str, problem: Problem | Why | None = None, *, status: int = 200, wait: int = 0
) -> Response:
    """The log-in page, with why somebody did not come in."""
    web, token = request.app[WEB], cookies.get(request, _COOKIE) or secrets.token_urlsafe(32)
    known: dict[str, object] = {"login": login, "next": way, "problem": problem, "wait": wait, "csrf": masked(token)}
    known |= {"elsewhere": web.service, "passwords": web.passwords}
    answer = page(request, "login.html", language.of_page(request), status=status, here="/desk/login", **known)
    cookies.keep(request, answer, _COOKIE, token, samesite="Strict")
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _form_is_ours(request: Request, fields: Mapping[str, str]) -> bool:
    cookie = cookies.get(request, _COOKIE)
    return len(cookie) >= 32 and visit.same(unmasked(fields.get("csrf", "")), cookie)


async def _clerk(request: Request, login: str) -> Clerk | None:
    async with request.app[WEB].store.view() as view:
        return await view.clerks.get(login)


def by_password(request: Request) -> None:
    """Forbidden where all come from the city's own log-in service."""
    if not request.app[WEB].passwords:
        raise HTTPForbidden


def inside(way: str) -> str:
    """Only our own desk: a link may not lead through our log-in to somewhere else."""
    return way if _INSIDE.fullmatch(way) else "/desk"


def _cut(login: str) -> str:
    """The beginning of what is nobody's login: it may be a password, typed into the wrong field."""
    return f"{login[:3]}…" if len(login) > 3 else "…"
