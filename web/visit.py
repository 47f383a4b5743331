"""Who is at the desk: the session behind the cookie, and the guards that each page and each act of the desk pass."""

import functools
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Final
from urllib.parse import urlencode

from aiohttp.web import HTTPForbidden, HTTPSeeOther, Request, Response

from bot.ports import Clerk, Session
from bot.ports.audit import Deed
from tickets import rights
from tickets.model import Ticket
from tickets.rights import Right
from web import body, cookies, language
from web.agent import agent
from web.hands import SOON, Busy, Hands
from web.lost import lost
from web.masking import masked, unmasked
from web.noting import noted
from web.page import page
from web.ports import WEB

ASKED, SET_UP = "/desk/second", "/desk/me/second"  # where the second factor is asked for, and chosen
COOKIE = "vecino_desk"
_PATH = "/desk"
_LEFT = '"cache", "storage"'  # photos that were looked at, and drafts; the language stays
_LASTS = timedelta(hours=12)  # a working day: nobody is thrown out in the middle of one
_SELDOM = timedelta(minutes=5)  # between two notes of when a session was in use
_HANDS: Final = Hands()  # by login: an office shares one address; of the process, as the memory is that they fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a clerk who is logged in."""

    clerk: Clerk
    session: Session
    language: str
    emergencies: int  # conversations about danger that nobody has closed
    unread: int  # conversations in which a citizen waits for an answer
    shortcuts: bool = True  # whether single keys act

    def may(self, right: Right | str) -> bool:
        """Whether what they are gives them this right."""
        return rights.may(self.clerk.role, Right(right))

    def may_work(self, ticket: Ticket) -> bool:
        """Whether this ticket is theirs to act on."""
        return rights.may_work(self.clerk.role, self.clerk.department, ticket)

    def page(self, request: Request, template: str, *, status: int = 200, **values: object) -> Response:
        """A page of the desk, with the clerk's name and the token for its forms."""
        waiting = {"emergencies": self.emergencies, "unread": self.unread, "shortcuts": self.shortcuts}
        made = request.app[WEB].clock.now()
        known = {
            "clerk": self.clerk,
            "may": self.may,
            "csrf": masked(self.session.csrf),
            "made": made,
            **waiting,
            **values,
        }
        return page(request, template, self.language, status=status, **known)


Page = Callable[[Request, Visit], Awaitable[Response]]
Act = Callable[[Request, Visit, Mapping[str, str]], Awaitable[Response]]
Handler = Callable[[Request], Awaitable[Response]]


class Way(IntEnum):
    """How far in somebody is."""

    KNOWN = 1  # the password was right
    PASSED = 2  # and the second factor, for who has one
    IN = 3  # and they have one, where the city wants that of them


def for_clerks(show: Page) -> Handler:
    """A page for everybody at the desk; others are led to the log-in."""
    return for_those_who_may(Right.LOOK)(show)


def for_those_who_may(right: Right, way: Way = Way.IN) -> Callable[[Page], Handler]:
    """A page for those at the desk who have this right; to others it is forbidden."""

    def guard(show: Page) -> Handler:
        @functools.wraps(show)
        async def guarded(request: Request) -> Response:
            visit = await _visit(request, way)
            if not visit.may(right):
                raise HTTPForbidden
            answer = await show(request, visit)
            language.remember(request, answer)
            return answer

        return guarded

    return guard


def for_clerks_forms(act: Act) -> Handler:
    """An act for those who work tickets, by a form of ours."""
    return forms_for_those_who_may(Right.WORK)(act)


def for_clerks_files(act: Act) -> Handler:
    """The same, by a form that may bring a file (`body.upload`)."""
    return forms_for_those_who_may(Right.WORK, files=True)(act)


def forms_for_those_who_may(right: Right, way: Way = Way.IN, *, files: bool = False) -> Callable[[Act], Handler]:
    """An act for those who have this right, by a form of ours: the token in it must be the session's."""

    def guard(act: Act) -> Handler:
        @functools.wraps(act)
        async def guarded(request: Request) -> Response:
            try:
                visit = await _visit(request, way)
            except HTTPSeeOther as gone:
                return await _written(request, gone, files=files)
            if not visit.may(right):
                raise HTTPForbidden
            try:
                with _hand(request, visit, files=files):
                    fields = await body.form(request, files=files)
                    if not same(unmasked(fields.get("csrf", "")), visit.session.csrf):
                        raise HTTPForbidden
                    return await act(request, visit, fields)
            except Busy as busy:
                return _later(request, visit, busy)

        return guarded

    return guard


def _hand(request: Request, visit: Visit, *, files: bool) -> AbstractContextManager[None]:
    """One of few, for a large form: until its act is done its file lies in memory. Raises Busy."""
    return _HANDS.held(visit.clerk.login) if files and body.is_large(request) else nullcontext()


def _later(request: Request, visit: Visit, busy: Busy) -> Response:
    """Nothing was read and nothing done; a moment later it may be."""
    answer = page(request, "error.html", visit.language, status=busy.status, problem=429)
    answer.headers["Retry-After"] = SOON
    return answer


async def _written(request: Request, gone: HTTPSeeOther, *, files: bool) -> Response:
    """What they wrote, shown again; raises `gone` where that is nothing. A cookie proves nothing here, so little is
    read, and no file: it is not shown, and it would be kept for nobody."""
    answer = lost(request, await (body.words(request) if files else body.form(request)), str(gone.location))
    if answer is None:
        raise gone
    return answer


async def begin(request: Request, clerk: Clerk, to: str, how: str = "", hint: str | None = None) -> Response:
    """A fresh session for a clerk, whatever cookie came (a session id from before the log-in is never kept). Who has a
    second factor is asked for it first; not who comes from the city's own log-in service with a `hint`: factors are
    its matter. Whose password, or account, was changed since it was looked at begins anew: all their sessions were
    ended then, and this one would be left."""
    web, now = request.app[WEB], request.app[WEB].clock.now()
    session = Session(
        token=secrets.token_urlsafe(32),
        login=clerk.login,
        csrf=secrets.token_urlsafe(32),
        expires_at=now + _LASTS,
        opened_at=now,
        seen_at=now,
        agent=agent(request),
        passed_at=now if hint else None,
        hint=hint,
    )
    async with web.store.work() as work:
        held = next((one for one in await work.clerks.hold() if one.login == clerk.login), None)
        if held is None or held.ended_at or not same(held.password, clerk.password):
            raise HTTPSeeOther("/desk/login")
        asked = held.second is not None and hint is None
        await work.clerks.close_session(cookies.get(request, COOKIE))
        await work.clerks.open_session(session)
        if not asked:
            await noted(request, work, clerk.login, Deed.LOGGED_IN, detail=how)
        await work.commit()
    answer = Response(status=303, headers={"Location": _asking(to) if asked else to})
    cookies.keep(request, answer, COOKIE, session.token, seconds=int(_LASTS.total_seconds()))
    return answer


async def end(request: Request, visit: Visit) -> Response:
    """Close the session here and in the browser, and at the service by which it began."""
    web = request.app[WEB]
    async with web.store.work() as work:
        await work.clerks.close_session(visit.session.token)
        await noted(request, work, visit.clerk.login, Deed.LOGGED_OUT)
        await work.commit()
    answer = await _left(request, visit)
    cookies.forget(request, answer, COOKIE)
    answer.headers["Clear-Site-Data"] = _LEFT
    return answer


async def _left(request: Request, visit: Visit) -> Response:
    """A page in between, not a redirect: a form of ours may lead to no other site."""
    web, login = request.app[WEB], "/desk/login"
    if web.elsewhere and visit.session.hint:
        address = await web.elsewhere.leave(visit.session.hint, f"{web.public_url}{login}")
        if address:
            answer = page(request, "people/left.html", visit.language, address=address, here=login)
            answer.headers["Refresh"] = f"0; url={address}"
            return answer
    return Response(status=303, headers={"Location": login})


def same(offered: str, known: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(offered.encode("utf-8", "replace"), known.encode())


async def _visit(request: Request, way: Way) -> Visit:
    web, token = request.app[WEB], cookies.get(request, COOKIE)
    async with web.store.view() as view:
        session = await view.clerks.session(token, web.clock.now()) if token else None
        clerk = await view.clerks.get(session.login) if session else None
        emergencies, unread = await view.threads.waiting() if clerk else (0, 0)
        shortcuts = clerk is None or await view.habits.shortcuts(clerk.login)
    if session is None or clerk is None or not await _awake(request, session):
        raise HTTPSeeOther("/desk/login?" + urlencode({"next": _way_back(request)}))
    if way > Way.KNOWN and clerk.second is not None and session.passed_at is None:
        raise HTTPSeeOther(_asking(_way_back(request)))
    if way > Way.PASSED and clerk.second is None and session.hint is None and web.admission.asks(clerk.role):
        raise HTTPSeeOther(SET_UP)
    spoken = language.of_page(request, clerk.language)
    return Visit(
        clerk=clerk, session=session, language=spoken, emergencies=emergencies, unread=unread, shortcuts=shortcuts
    )  # fmt: skip


async def still_in(request: Request) -> Clerk | None:
    """Whose session this is, if they got all the way in and have been at work lately; asking is no work."""
    web, token = request.app[WEB], cookies.get(request, COOKIE)
    async with web.store.view() as view:
        session = await view.clerks.session(token, web.clock.now()) if token else None
        clerk = await view.clerks.get(session.login) if session else None
    if session is None or clerk is None or _idle(request, session):
        return None
    if clerk.second is not None:
        return clerk if session.passed_at is not None else None
    return clerk if session.hint is not None or not web.admission.asks(clerk.role) else None


async def _awake(request: Request, session: Session) -> bool:
    """Whether it was in use lately; that it is now is written down, though not at each request."""
    web, now = request.app[WEB], request.app[WEB].clock.now()
    seen = session.seen_at or session.opened_at
    if seen is not None and now - seen < _SELDOM:
        return True
    idle = _idle(request, session)
    async with web.store.work() as work:
        await (work.clerks.close_session(session.token) if idle else work.clerks.seen(session.token, now))
        await work.commit()
    return not idle


def _idle(request: Request, session: Session) -> bool:
    seen = session.seen_at or session.opened_at
    return seen is not None and request.app[WEB].clock.now() - seen >= request.app[WEB].admission.idle


def _asking(to: str) -> str:
    """Where the second factor is asked for."""
    return ASKED + "?" + urlencode({"next": to})


def _way_back(request: Request) -> str:
    """Where to go after the log-in: this page, or for an act the ticket or conversation that it was about."""
    if request.method == "GET":
        return request.path_qs
    if request.match_info.get("login"):
        return "/desk/people"
    number, thread = request.match_info.get("number"), request.match_info.get("thread")
    return f"/desk/tickets/{number}" if number else f"/desk/threads/{thread}" if thread else _PATH
