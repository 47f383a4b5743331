"""The case in one view: a ticket with everything that belongs to it, and the forms of its acts."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from bot.desk.answering import Preview, Reach
from bot.desk.canned import filled
from bot.desk.retelling import Choice
from bot.ports import Clerk, Photo, Rating, Sent, Thread, UnitOfWork
from bot.ports.links import Link, Referral
from bot.ports.public import Clearing
from channels.message import Contact
from tickets import casework
from tickets.model import Priority, Ticket, Update
from tickets.public import PublicTicket
from tickets.retention import Hold
from tickets.rights import Right
from tickets.workflow import NOTE_NEEDED, moves_of
from web import plan
from web.case.counting import counter
from web.case.entry import ACT, Entry, entry_of
from web.case.forms import LONGEST, Forms, Problem, Typed
from web.case.talk import Line, talk
from web.escalated import Mark, marks
from web.keys import STATUS_KEYS, way
from web.ports import WEB, Web
from web.undelivered import acting
from web.visit import Visit, for_clerks

routes = RouteTableDef()

PATH = "/desk/tickets/{number:[0-9A-Z-]{1,20}}"
_AROUND = 250.0  # metres: further than citizens are asked about
_PAST = timedelta(days=90)
_LISTED = 5
_EVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A ticket with everything that belongs to it. `canned`: code, name and text of the replies at hand; `near` are
    open tickets of its service close by, `past` those closed lately; `reported`: how many its reporter sent in all."""

    ticket: Ticket
    history: Sequence[Update]
    sent: Sequence[Sent]
    missed: Sequence[Choice]  # what of it arrived nowhere, and what can be done
    photos: Sequence[Photo]
    ratings: Sequence[Rating]
    escalated: Sequence[Mark]
    verdicts: Mapping[str, int]  # how many of those who were asked say `yes`, `no` or nothing (``) to "is it fixed?"
    reach: Reach
    canned: Sequence[tuple[str, str, str]]
    clerks: Sequence[Clerk]  # to whom this one can give it
    links: Sequence[Link]
    referrals: Sequence[Referral]
    near: Sequence[Ticket]
    past: Sequence[Ticket]
    reported: int
    contact: Contact | None  # its reporter's
    thread: Thread | None  # the conversation that they are in
    hold: Hold | None  # somebody keeps it out of the rules of deletion
    clearing: Clearing | None  # what anybody may see of its words
    told: PublicTicket | None  # all that anybody sees of it

    @property
    def talk(self) -> Sequence[Line]:
        """What was said between the desk and its citizen, oldest first."""
        return talk(self.ticket, self.history, self.sent)

    @property
    def merged_here(self) -> Sequence[str]:
        """The numbers of those that go on in it."""
        return sorted(casework.merged_here(self.history))


@routes.get(PATH)
@for_clerks
async def show(request: Request, visit: Visit) -> Response:
    """The case; of one that a rule deleted, that it is gone."""
    try:
        return page(request, visit, await load(request, visit))
    except HTTPNotFound:
        async with request.app[WEB].store.view() as view:
            stone = await view.retention.buried(request.match_info["number"])
        if stone is None:
            raise
        return visit.page(request, "case/gone.html", status=410, stone=stone)


async def load(request: Request, visit: Visit) -> Case:
    """The case that the address names."""
    number, web = request.match_info["number"], request.app[WEB]
    async with web.store.view() as view:
        ticket = await view.tickets.get(number)
        if ticket is None:
            raise HTTPNotFound
        reach = await web.acts.answers.reach(view, ticket, visit.clerk.name)
        reporter = await view.citizens.get(ticket.reporter)
        near, past = await _alike(view, ticket, web.clock.now())
        return Case(
            ticket=ticket,
            history=await view.tickets.history(number),
            sent=await view.outbox.of_ticket(number),
            missed=await web.acts.retell.of_ticket(view, number),
            photos=await view.photos.of_ticket(number),
            ratings=await view.ratings.of_ticket(number),
            escalated=marks(ticket, await view.escalations.of([number]), web.city),
            verdicts=Counter(one.answer or "" for one in await view.closures.of_ticket(number) if one.asked_at),
            reach=reach,
            canned=_canned(web, visit, ticket, reach.language),
            clerks=await _clerks(view, visit, ticket),
            links=await view.links.of(number),
            referrals=await view.referrals.of_ticket(number),
            near=near,
            past=past,
            reported=await view.tickets.reported(ticket.reporter),
            contact=reporter.contact if reporter else None,
            thread=await view.threads.of_citizen(ticket.reporter),
            hold=await view.retention.held(number),
            clearing=await view.public.clearing(number),
            told=await view.public.get(number, web.city),
        )


def page(
    request: Request, visit: Visit, case: Case, sent: Typed | None = None, *, preview: Preview | None = None
) -> Response:  # fmt: skip
    """The page of a case; with the form that was not taken, as it was sent, or with the `preview` of an answer."""
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
        moves=moves_of(case.ticket),
        needs_note=NOTE_NEEDED,
        longest=LONGEST,
        meanwhile=[update for update in case.history if stale and update.version > forms.seen],
        plan=plan.of_city(web.city),
        now=web.clock.now(),
        here=f"/desk/tickets/{case.ticket.number}",
        preview=preview,
        entry=_entry(case, forms),
        counter=counter(case.reach, forms["answer"].text, LONGEST, web.translation(visit.language)),
        once=_once(sent),
        priorities=tuple(Priority),
        **acting(visit),
        linked=bool(web.public_url or web.simulators),
        way=way(sent.fields if sent else request.query),
        status_keys=STATUS_KEYS,
    )


def _entry(case: Case, forms: Forms) -> Entry:
    return entry_of(case.ticket, case.history, case.photos, case.clearing, case.told, forms[ACT])


def _once(sent: Typed | None) -> str:
    """The form's own name, the same until it was taken."""
    known = sent["once"] if sent and sent.act == "answer" else ""
    return known if known and known.isascii() and len(known) <= 40 else secrets.token_urlsafe(12)


async def _alike(view: UnitOfWork, ticket: Ticket, now: datetime) -> tuple[Sequence[Ticket], Sequence[Ticket]]:
    service, place = ticket.service, ticket.place
    near = await view.tickets.near(place, service, _AROUND, _EVER, _LISTED + 1)
    past = await view.tickets.past(place, service, _AROUND, now - _PAST, _LISTED + 1)
    others = [[one for one in found if one.number != ticket.number][:_LISTED] for found in (near, past)]
    return others[0], others[1]


def _canned(
    web: Web, visit: Visit, ticket: Ticket, language: str
) -> Sequence[tuple[str, str, str]]:  # fmt: skip
    return [
        (
            one.code,
            one.names.get(visit.language) or one.code,
            filled(one, language, ticket, visit.clerk.name, web.render),
        )
        for one in web.city.canned
    ]


async def _clerks(view: UnitOfWork, visit: Visit, ticket: Ticket) -> Sequence[Clerk]:
    """Those who may have it; who does not direct others only themselves."""
    if not visit.may(Right.DIRECT):
        return [visit.clerk] if visit.may_work(ticket) else []
    everybody = [one for one in await view.clerks.all() if one.ended_at is None]
    return [one for one in everybody if casework.may_get(one.role, one.department, ticket)]
