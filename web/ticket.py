"""One ticket at the desk: the case in one view, its moves and its notes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from aiohttp.web import HTTPBadRequest, HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.learning import UnknownService
from bot.notices import NoteTooLong, Unknown
from bot.ports import Photo, Rating, Sent, Stale
from tickets.model import Status, Ticket, Update
from tickets.workflow import MOVES, NOTE_NEEDED, NotAllowed, NoteNeeded
from web import plan, ranges
from web.escalated import Mark, marks
from web.ports import WEB
from web.visit import Visit, for_clerks, for_clerks_forms

routes = RouteTableDef()

_PATH = "/desk/tickets/{number:[0-9A-Z-]{1,20}}"
_LONGEST = 1000  # characters of a note; it must fit in a message
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})  # what cannot run anything in a browser
HEARD = frozenset({  # the same, of sounds; a browser that cannot play one (AMR) offers the link below it
    "audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/amr", "audio/wav", "audio/x-wav",
    "audio/webm", "audio/3gpp", "audio/flac",
})  # fmt: skip


class Problem(StrEnum):
    """Why a form was not taken; templates have the words."""

    STALE = "stale"
    NOT_ALLOWED = "not_allowed"
    CHOOSE = "choose"
    CHOOSE_SERVICE = "choose_service"
    NOTE_NEEDED = "note_needed"
    NOTE_EMPTY = "note_empty"
    NOTE_TOO_LONG = "note_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form as it was sent, so that nothing typed is lost. `seen` is the version of the ticket that the clerk saw."""

    number: str = ""
    seen: int = 0
    to: str = ""
    text: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A ticket with everything that belongs to it."""

    ticket: Ticket
    history: Sequence[Update]
    sent: Sequence[Sent]
    photos: Sequence[Photo]
    ratings: Sequence[Rating]
    escalated: Sequence[Mark]
    verdicts: Mapping[str, int]  # how many of those who were asked say `yes`, `no` or nothing (``) to "is it fixed?"


@routes.get(_PATH)
@for_clerks
async def show(request: Request, visit: Visit) -> Response:
    """The case."""
    return _page(request, visit, await _case(request))


@routes.post(_PATH + "/move")
@for_clerks_forms
async def move(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Move the ticket; the citizen is told."""
    typed = _typed(request, fields)
    problem = _problem_of_move(typed) or await _moved(request, visit, typed)
    if problem is None:
        raise HTTPSeeOther(f"/desk/tickets/{typed.number}")
    case = await _case(request)
    if case.ticket.version != typed.seen:  # the move may be forbidden only because of what somebody else did
        problem = Problem.STALE
    return _page(request, visit, case, move=replace(typed, problem=problem))


@routes.post(_PATH + "/note")
@for_clerks_forms
async def note(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Keep a note between clerks; the citizen is not told."""
    typed = _typed(request, fields)
    problem = _problem_of_text(typed) or await _noted(request, visit, typed)
    if problem is None:
        raise HTTPSeeOther(f"/desk/tickets/{typed.number}")
    return _page(request, visit, await _case(request), note=replace(typed, problem=problem))


@routes.post(_PATH + "/service")
@for_clerks_forms
async def service(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Say what the report is about in truth; the citizen is not told."""
    typed = replace(_typed(request, fields), to=fields.get("service", ""))
    problem = await _corrected(request, visit, typed)
    if problem is None:
        raise HTTPSeeOther(f"/desk/tickets/{typed.number}")
    case = await _case(request)
    if case.ticket.version != typed.seen:
        problem = Problem.STALE
    return _page(request, visit, case, service=replace(typed, problem=problem))


@routes.get(_PATH + "/photos/{id:[0-9]{1,12}}")
@for_clerks
async def photo(request: Request, _: Visit) -> Response:
    """A photo or voice note of this ticket. What is no ordinary picture or sound is given as a file to save, never to
    open."""
    number, wanted = request.match_info["number"], int(request.match_info["id"])
    async with request.app[WEB].store.view() as view:
        names = [one.name for one in await view.photos.of_ticket(number) if one.id == wanted and one.name]
    try:
        content, content_type = await request.app[WEB].files.get(names[0])
    except (IndexError, KeyError) as missing:
        raise HTTPNotFound from missing
    return shown(request, content, content_type)


def shown(request: Request, content: bytes, content_type: str) -> Response:
    """A citizen's file: an ordinary picture or sound to look at and hear, anything else to save."""
    if (plain := _plain(content_type)) in _SHOWN | HEARD:
        return ranges.answer(request, content, plain)
    headers = {"Content-Disposition": "attachment"}
    return Response(body=content, content_type="application/octet-stream", headers=headers)


def _plain(content_type: str) -> str:
    """`audio/ogg` of `audio/ogg; codecs=opus`; Ogg without a kind is a voice note."""
    plain = content_type.partition(";")[0].strip().lower()
    return "audio/ogg" if plain == "application/ogg" else plain


async def _case(request: Request) -> Case:
    number = request.match_info["number"]
    async with request.app[WEB].store.view() as view:
        ticket = await view.tickets.get(number)
        if ticket is None:
            raise HTTPNotFound
        return Case(
            ticket=ticket,
            history=await view.tickets.history(number),
            sent=await view.outbox.of_ticket(number),
            photos=await view.photos.of_ticket(number),
            ratings=await view.ratings.of_ticket(number),
            escalated=marks(ticket, await view.escalations.of([number]), request.app[WEB].city),
            verdicts=Counter(one.answer or "" for one in await view.closures.of_ticket(number) if one.asked_at),
        )


def _page(
    request: Request, visit: Visit, case: Case, move: Typed = Typed(), note: Typed = Typed(), service: Typed = Typed()
) -> Response:
    problem = move.problem or note.problem or service.problem
    seen = move.seen or note.seen or service.seen
    return visit.page(
        request,
        "ticket.html",
        status=200 if problem is None else 409 if problem is Problem.STALE else 422,
        case=case,
        move=move,
        note=note,
        service=service,
        services=[one.code for one in request.app[WEB].city.services if one.code != case.ticket.service],
        moves=MOVES[case.ticket.status],
        needs_note=NOTE_NEEDED,
        longest=_LONGEST,
        meanwhile=[update for update in case.history if problem is Problem.STALE and update.version > seen],
        plan=plan.of_city(request.app[WEB].city),
        now=request.app[WEB].clock.now(),
        here=f"/desk/tickets/{case.ticket.number}",
    )


def _typed(request: Request, fields: Mapping[str, str]) -> Typed:
    try:
        seen = int(fields["version"][:10])
    except (KeyError, ValueError) as broken:
        raise HTTPBadRequest from broken
    text = fields.get("text", "").replace("\r\n", "\n").replace("\0", "")
    return Typed(number=request.match_info["number"], seen=seen, to=fields.get("to", ""), text=text)


def _problem_of_move(typed: Typed) -> Problem | None:
    if typed.to not in set(Status):
        return Problem.CHOOSE
    return Problem.NOTE_TOO_LONG if len(typed.text) > _LONGEST else None


def _problem_of_text(typed: Typed) -> Problem | None:
    if not typed.text.strip():
        return Problem.NOTE_EMPTY
    return Problem.NOTE_TOO_LONG if len(typed.text) > _LONGEST else None


async def _moved(request: Request, visit: Visit, typed: Typed) -> Problem | None:
    web, number = request.app[WEB], request.match_info["number"]
    try:
        await web.move(number=number, to=Status(typed.to), version=typed.seen, login=visit.clerk.login, note=typed.text)
    except Unknown as unknown:
        raise HTTPNotFound from unknown
    except Stale:
        return Problem.STALE
    except NotAllowed:
        return Problem.NOT_ALLOWED
    except NoteNeeded:
        return Problem.NOTE_NEEDED
    except NoteTooLong:
        return Problem.NOTE_TOO_LONG
    return None


async def _noted(request: Request, visit: Visit, typed: Typed) -> Problem | None:
    web = request.app[WEB]
    try:
        await web.note(number=typed.number, version=typed.seen, login=visit.clerk.login, text=typed.text)
    except Unknown as unknown:
        raise HTTPNotFound from unknown
    except Stale:
        return Problem.STALE
    return None


async def _corrected(request: Request, visit: Visit, typed: Typed) -> Problem | None:
    web = request.app[WEB]
    try:
        await web.change_service(number=typed.number, service=typed.to, version=typed.seen, login=visit.clerk.login)
    except Unknown as unknown:
        raise HTTPNotFound from unknown
    except Stale:
        return Problem.STALE
    except UnknownService:
        return Problem.CHOOSE_SERVICE
    except NotAllowed:
        return Problem.NOT_ALLOWED
    return None
