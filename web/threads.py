"""Conversations between clerks and citizens: the list of those that wait, and one of them with its acts."""

import secrets
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiohttp.web import HTTPBadRequest, HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.attending import NotDone, NotFetched
from bot.notices import NoteTooLong
from bot.ports import Letter, Thread
from handlers.effects import ThreadKind
from handlers.turn import Citizen
from tickets.model import Ticket
from web import paging
from web.case.files import sent_picture
from web.ports import WEB
from web.visit import Visit, for_clerks, for_clerks_forms

routes = RouteTableDef()

_PATH = "/desk/threads"
_ROW = _PATH + "/{thread:[1-9][0-9]{0,17}}"
_LONGEST = 1000  # characters of an answer, as of a note
_ONCE = 40  # characters at most of a form's own name
_LATEST = 5  # of the citizen's reports


class Problem(StrEnum):
    """Why a form was not taken, beside what `bot.attending.Refusal` says; templates have the words."""

    EMPTY = "note_empty"
    TOO_LONG = "note_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A thread with everything that belongs to it. `free_until`: when its channel ends to take free text."""

    thread: Thread
    citizen: Citizen
    letters: Sequence[Letter]
    tickets: Sequence[Ticket]
    free_until: datetime | None
    reported: int  # all of the citizen's reports


@routes.get(_PATH)
@for_clerks
async def threads(request: Request, visit: Visit) -> Response:
    """Open ones, emergencies first."""
    async with request.app[WEB].store.view() as view:
        listed = await paging.listed(request.query, view.threads.page)
    return visit.page(request, "threads.html", listed=listed, now=request.app[WEB].clock.now())


@routes.get(_ROW)
@for_clerks
async def thread(request: Request, visit: Visit) -> Response:
    """One of them."""
    return _page(request, visit, await _talk(request))


@routes.post(_ROW + "/take")
@for_clerks_forms
async def take(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """It is mine now; `instead_of` is who had it as far as I saw."""
    act = request.app[WEB].attend.take(
        thread=_id(request), login=visit.clerk.login, instead_of=fields.get("instead_of") or None
    )
    return await _done(request, visit, act, f"{_PATH}/{_id(request)}")


@routes.post(_ROW + "/answer")
@for_clerks_forms
async def answer(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Write to the citizen."""
    text = fields.get("text", "").replace("\r\n", "\n").replace("\0", "").strip()
    once = fields.get("once", "")
    if not once.isascii() or not 0 < len(once) <= _ONCE:
        raise HTTPBadRequest
    if not text or len(text) > _LONGEST:
        problem = Problem.TOO_LONG if text else Problem.EMPTY
        return _page(request, visit, await _talk(request), problem=problem, text=text)
    act = request.app[WEB].attend.answer(
        thread=_id(request), login=visit.clerk.login, name=visit.clerk.name, text=text, once=once
    )
    return await _done(request, visit, act, f"{_PATH}/{_id(request)}", text)


@routes.post(_ROW + "/close")
@for_clerks_forms
async def close(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """Give it back to the bot, or take an alarm off the list."""
    act = request.app[WEB].attend.give_back(thread=_id(request), login=visit.clerk.login)
    return await _done(request, visit, act, _PATH)


@routes.get(_ROW + "/files/{letter:[1-9][0-9]{0,17}}/{number:[0-9]{1,2}}")
@for_clerks
async def file(request: Request, visit: Visit) -> Response:
    """A file that the citizen sent, from its provider; of a picture the pixels alone."""
    web, number = request.app[WEB], int(request.match_info["number"])
    async with web.store.view() as view:
        letter = await view.threads.letter(int(request.match_info["letter"]))
        found = await view.threads.get(_id(request))
        citizen = await view.citizens.get(found.citizen) if found else None
    if letter is None or citizen is None or letter.thread != _id(request) or number >= len(letter.said.media):
        raise HTTPNotFound
    media = letter.said.media[number]
    try:
        content = await web.attend.file(citizen.contact.channel, media)
    except NotFetched as gone:
        raise HTTPNotFound from gone
    return await sent_picture(request, visit, content, media.content_type)


async def _done(request: Request, visit: Visit, act: Awaitable[None], to: str, text: str = "") -> Response:
    """Onwards; or the page again, with why it was not done and nothing that was typed lost."""
    try:
        await act
    except NotDone as not_done:
        return _page(request, visit, await _talk(request), problem=not_done.refusal, text=text)
    except NoteTooLong:
        return _page(request, visit, await _talk(request), problem=Problem.TOO_LONG, text=text)
    raise HTTPSeeOther(to)


async def _talk(request: Request) -> Talk:
    async with request.app[WEB].store.view() as view:
        found = await view.threads.get(_id(request))
        citizen = await view.citizens.get(found.citizen) if found else None
        if found is None or citizen is None:
            raise HTTPNotFound
        private = found.kind is ThreadKind.DANGER  # a lamp that they reported has nothing to do with it
        return Talk(
            thread=found,
            citizen=citizen,
            letters=await view.threads.letters(found.id),
            tickets=() if private else await view.tickets.of_reporter(citizen.id, _LATEST),
            free_until=await view.windows.open_until(citizen.id),
            reported=await view.tickets.reported(citizen.id),
        )


def _page(request: Request, visit: Visit, talk: Talk, *, problem: StrEnum | None = None, text: str = "") -> Response:
    return visit.page(
        request,
        "thread.html",
        status=422 if problem in set(Problem) else 409 if problem else 200,
        talk=talk,
        problem=problem,
        text=text,
        once=secrets.token_urlsafe(12),
        longest=_LONGEST,
        now=request.app[WEB].clock.now(),
        here=f"{_PATH}/{talk.thread.id}",
    )


def _id(request: Request) -> int:
    return int(request.match_info["thread"])
