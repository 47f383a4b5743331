"""The desk's list of messages that reached nobody: what citizens were not told, why, and what can be done about it.

GET  /desk/undelivered?reason=blocked&channel=sms&department=roads&page=2
GET  /desk/undelivered/{id}/letter  -> the message as a letter to print, in its citizen's language
POST /desk/undelivered/{id}/again | sms | told | settle  -> 303 back; 422, with what was typed, where a form is wrong
"""

import re
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp.web import HTTPForbidden, HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.desk.retelling import TOLD, Choice
from bot.desk.seeing import Refusal, Refused
from bot.ports import Missed, Only, Tally
from channels.mailbox import CHANNEL as MAIL
from tickets.casework import Way
from tickets.rights import Right
from web import page as pages
from web import paging
from web.case.forms import LONGEST, Problem, tidy
from web.paging import Listed
from web.ports import WEB
from web.reasons import is_hopeless
from web.visit import Visit, for_clerks, for_clerks_forms, for_those_who_may

routes = RouteTableDef()

_PATH = "/desk/undelivered"
_ROW = _PATH + "/{id:[1-9][0-9]{0,17}}"
_BACK = re.compile(r"/desk/(undelivered(\?[\w=&.,-]{0,300})?|tickets/[0-9A-Z-]{1,20})", re.ASCII)
_CODE = re.compile(r"[\w.-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The form in which a clerk says how somebody was told, as it was sent."""

    id: int = 0
    way: str = ""
    note: str = field(default="", repr=False)
    problem: Problem | None = None


@routes.get(_PATH)
@for_clerks
async def undelivered(request: Request, visit: Visit) -> Response:
    """A page of it, what presses most first."""
    web, only = request.app[WEB], _only(request.query)
    async with web.store.view() as view:
        listed = await paging.listed(
            request.query, lambda offset, limit: web.acts.retell.page(view, offset, limit, only)
        )
        tallies = await view.undelivered.tallies()
    failed = request.query.get("sent") == "0"
    return _page(request, visit, listed, only=only, tallies=tallies, failed=failed)


@routes.post(_ROW + "/again")
@for_clerks_forms
async def again(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Once more, now, by the same channel; the list says so when that cannot be."""
    act = request.app[WEB].acts.retell.again(missed=_id(request), by=visit.clerk)
    return await _done(act, fields)


@routes.post(_ROW + "/sms")
@for_clerks_forms
async def sms(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """To the same number by SMS."""
    act = request.app[WEB].acts.retell.by_sms(missed=_id(request), by=visit.clerk)
    return await _done(act, fields)


@routes.post(_ROW + "/told")
@for_clerks_forms
async def told(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """By a person, as they say."""
    sent = Told(id=_id(request), way=fields.get("way", ""), note=tidy(fields, "note").strip())
    if problem := _problem(sent):
        return await _again(request, visit, sent, problem)
    act = request.app[WEB].acts.retell.told(missed=sent.id, by=visit.clerk, way=Way(sent.way), note=sent.note)
    return await _done(act, fields)


@routes.post(_ROW + "/settle")
@for_clerks_forms
async def settle(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Off the list; twice is as good as once."""
    act = request.app[WEB].acts.retell.told(missed=_id(request), by=visit.clerk, way=Way.NOBODY)
    return await _done(act, fields, twice=True)


@routes.get(_ROW + "/letter")
@for_those_who_may(Right.WORK)
async def letter(request: Request, visit: Visit) -> Response:
    """To be printed and sent; whose it is stands on a line that the clerk fills in."""
    web = request.app[WEB]
    async with web.store.view() as view:
        missed = await view.undelivered.one(_id(request))
        ticket = await view.tickets.get(missed.failure.number or "") if missed else None
    if missed is None or missed.outbound is None or missed.failure.channel == MAIL:
        raise HTTPNotFound
    known = missed.language in web.city.languages
    language = missed.language if known and missed.language else web.city.languages[0]
    own = web.translation(visit.language)
    return pages.page(
        request, "undelivered/letter.html", language, missed=missed, text=missed.outbound.text, ticket=ticket,
        hint=own.gettext("Print it with your browser; this line is not printed."), hint_language=visit.language,
        back=own.gettext("Messages not delivered"), now=web.clock.now(),
    )  # fmt: skip


async def _done(act: Awaitable[None], fields: Mapping[str, str], *, twice: bool = False) -> Response:
    back = fields.get("back", "")
    way = back if _BACK.fullmatch(back) else _PATH
    try:
        await act
    except Refused as refused:
        if refused.refusal is Refusal.OTHERS:
            raise HTTPForbidden from refused
        if not twice:
            raise HTTPSeeOther(f"{_PATH}?sent=0") from refused
    raise HTTPSeeOther(way)


async def _again(request: Request, visit: Visit, sent: Told, problem: Problem) -> Response:
    """The one whose form was not taken, with what was typed."""
    web = request.app[WEB]
    async with web.store.view() as view:
        missed = await view.undelivered.one(sent.id)
        choices = await web.acts.retell.choices(view, [missed]) if missed else ()
    if missed is None:
        raise HTTPSeeOther(f"{_PATH}?sent=0")
    listed = Listed(rows=tuple(choices), total=1, number=1, pages=1)
    form = Told(id=sent.id, way=sent.way, note=sent.note, problem=problem)
    return _page(request, visit, listed, form=form, status=422)


def _page(
    request: Request, visit: Visit, listed: Listed[Choice], *, only: Only | None = None,
    tallies: Sequence[Tally] = (), form: Told | None = None, failed: bool = False, status: int = 200,
) -> Response:  # fmt: skip
    return visit.page(
        request,
        "undelivered.html",
        status=status,
        listed=listed,
        only=only or Only(),
        counts=_counts(tallies),
        form=form or Told(),
        now=request.app[WEB].clock.now(),
        asked=_asked(only or Only()),
        failed=failed,
        **acting(visit),
        back=request.path_qs if request.method == "GET" and _BACK.fullmatch(request.path_qs) else _PATH,
    )


def acting(visit: Visit) -> Mapping[str, object]:
    """What the template of a failure's acts wants to know, here and on the page of its ticket."""
    return {"is_hopeless": is_hopeless, "ways": TOLD, "may_tell": lambda one: _may(visit, one), "note_longest": LONGEST}


def _may(visit: Visit, missed: Missed) -> bool:
    """Whether it is theirs to deal with."""
    if not visit.may(Right.WORK):
        return False
    return missed.department in (None, visit.clerk.department) or not visit.clerk.department or visit.may(Right.DIRECT)


def _problem(sent: Told) -> Problem | None:
    if sent.way not in TOLD:
        return Problem.CHOOSE_WAY
    if len(sent.note) > LONGEST:
        return Problem.NOTE_TOO_LONG
    return Problem.NOTE_EMPTY if sent.way == Way.OTHER and not sent.note else None


def _counts(tallies: Sequence[Tally]) -> Mapping[str, Mapping[str, int]]:
    """What can be asked for, and how many there are of it."""
    counts: dict[str, Counter[str]] = {"reason": Counter(), "channel": Counter(), "department": Counter()}
    for one in tallies:
        for name, counter in counts.items():
            if value := getattr(one, name):
                counter[value] += one.count
    return counts


def _only(query: Mapping[str, str]) -> Only:
    """A code that is none asks for nothing."""
    asked = {name: query.get(name, "") for name in ("reason", "channel", "department")}
    return Only(**{name: value for name, value in asked.items() if _CODE.fullmatch(value)})


def _asked(only: Only) -> str:
    """The filters as they stand in an address, before the page's number."""
    asked = {"reason": only.reason, "channel": only.channel, "department": only.department}
    query = urlencode({name: value for name, value in asked.items() if value})
    return query + "&" if query else ""


def _id(request: Request) -> int:
    return int(request.match_info["id"])
