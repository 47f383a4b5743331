"""What a body beyond the city sees of a ticket that it was given, and its answer. No log-in: the link is the key.

GET  /outside/{token}              -> 200, what, where and photos | 404, no such link | 410, taken back or answered
POST /outside/{token}              -> 303, said; 422, with what is wrong
GET  /outside/{token}/photos/{id}  -> a photo of it

Never who reported it, nor how to reach them: numbers and addresses that stand in their words are taken out.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from aiohttp.web import AppKey, HTTPNotFound, HTTPSeeOther, HTTPTooManyRequests, Request, Response, RouteTableDef

from bot.desk.referring import PATH, Ended
from bot.notices import Unknown
from bot.ports import Photo
from bot.ports.links import Referral
from tickets.casework import Verdict
from tickets.model import Ticket
from web import body, language, plan
from web.caller import caller
from web.case.forms import LONGEST, tidy
from web.case.pictures import picture
from web.page import page
from web.ports import WEB
from web.throttle import Throttle, keys_of

routes = RouteTableDef()
DOOR: AppKey[Throttle] = AppKey("outside", Throttle)
_LINK = PATH + "{token:[A-Za-z0-9_-]{20,80}}"
_REACH = re.compile(r"(?<!\S)\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+|[+(]?\d[\d\s()./-]{5,}\d")


class Problem(StrEnum):
    CHOOSE = "choose"
    WORD_NEEDED = "word_needed"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A ticket as the body sees it; `ticket` None: it has it no more."""

    referral: Referral
    ticket: Ticket | None
    photos: tuple[Photo, ...] = ()


@routes.get(_LINK)
async def show(request: Request) -> Response:
    return _page(request, await _given(request))


@routes.post(_LINK)
async def answer(request: Request) -> Response:
    """No session and no CSRF token: who has the link may do this, and nothing else."""
    given, fields = await _given(request), await body.form(request)
    verdict, word = fields.get("verdict", ""), tidy(fields, "word").strip()
    if given.ticket is None:
        return _page(request, given)
    if problem := _problem(verdict, word):
        return _page(request, given, problem=problem, verdict=verdict, word=word)
    try:
        await request.app[WEB].acts.refer.returned(
            token=request.match_info["token"], verdict=Verdict(verdict), word=word
        )
    except (Ended, Unknown):
        return _page(request, await _given(request))
    raise HTTPSeeOther(f"{request.path}?said={verdict}&language={_language(request, given.referral)}")


@routes.get(_LINK + "/photos/{id:[0-9]{1,12}}")
async def photo(request: Request) -> Response:
    given = await _given(request)
    wanted = int(request.match_info["id"])
    names = [one.name for one in given.photos if one.id == wanted and one.name]
    if not names:
        raise HTTPNotFound
    return await picture(request, names[0])


async def _given(request: Request) -> Given:
    """Whoever tries links that are none has to wait, longer each time."""
    web = request.app[WEB]
    keys = keys_of("", caller(request))[1:]
    async with web.store.view() as view:
        referral = await view.referrals.by_token(request.match_info["token"])
        if referral is None:
            raise _refusal(request.app[DOOR].take(keys, web.clock.now()))
        ticket = await view.tickets.get(referral.number) if referral.ended_at is None else None
        if ticket is None or not ticket.outside:
            return Given(referral=referral, ticket=None)
        photos = [one for one in await view.photos.of_ticket(ticket.number) if not one.media.is_sound and one.name]
        return Given(referral=referral, ticket=ticket, photos=tuple(photos))


def _refusal(seconds: int) -> HTTPNotFound | HTTPTooManyRequests:
    return HTTPTooManyRequests(headers={"Retry-After": str(seconds)}) if seconds else HTTPNotFound()


def _problem(verdict: str, word: str) -> Problem | None:
    if verdict not in set(Verdict):
        return Problem.CHOOSE
    if len(word) > LONGEST:
        return Problem.TOO_LONG
    return Problem.WORD_NEEDED if not word and verdict != Verdict.DONE else None


def _language(request: Request, referral: Referral) -> str:
    return language.of_page(request, referral.language)


def _page(
    request: Request, given: Given, *, problem: Problem | None = None, verdict: str = "", word: str = ""
) -> Response:  # fmt: skip
    web, spoken = request.app[WEB], _language(request, given.referral)
    said = request.query.get("said", "")
    return page(
        request,
        "outside.html",
        spoken,
        status=422 if problem else 200 if given.ticket or said in set(Verdict) else 410,
        given=given,
        ticket=given.ticket,
        words_of=reachless(given.ticket.description) if given.ticket else "",
        place_of=reachless(given.ticket.place.words) if given.ticket else "",
        said=said if said in set(Verdict) else "",
        problem=problem,
        verdict=verdict,
        word=word,
        longest=LONGEST,
        plan=plan.of_city(web.city),
    )


def reachless(words: str) -> str:
    """A citizen's words without what they could be reached by."""
    return _REACH.sub("...", words)
