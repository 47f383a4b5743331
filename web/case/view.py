"""The case in one view: a ticket with everything that belongs to it, and the forms of its acts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from bot.ports import Photo, Rating, Sent
from tickets.model import Ticket, Update
from tickets.workflow import MOVES, NOTE_NEEDED
from web import plan
from web.case.forms import LONGEST, Forms, Problem, Typed
from web.escalated import Mark, marks
from web.ports import WEB
from web.visit import Visit, for_clerks

routes = RouteTableDef()

PATH = "/desk/tickets/{number:[0-9A-Z-]{1,20}}"


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


@routes.get(PATH)
@for_clerks
async def show(request: Request, visit: Visit) -> Response:
    """The case."""
    return page(request, visit, await load(request))


async def load(request: Request) -> Case:
    """The case that the address names."""
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


def page(request: Request, visit: Visit, case: Case, sent: Typed | None = None) -> Response:
    """The page of a case; with the form that was not taken, as it was sent."""
    web, forms = request.app[WEB], Forms(sent)
    stale = forms.problem is Problem.STALE
    return visit.page(
        request,
        "ticket.html",
        status=200 if forms.problem is None else 409 if stale else 422,
        case=case,
        forms=forms,
        mine=visit.may_work(case.ticket),
        services=[one.code for one in web.city.services if one.code != case.ticket.service],
        moves=MOVES[case.ticket.status],
        needs_note=NOTE_NEEDED,
        longest=LONGEST,
        meanwhile=[update for update in case.history if stale and update.version > forms.seen],
        plan=plan.of_city(web.city),
        now=web.clock.now(),
        here=f"/desk/tickets/{case.ticket.number}",
    )
