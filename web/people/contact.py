"""Looking at a citizen's number: for those who may, and each look is written down."""

from collections.abc import Mapping

from aiohttp.web import HTTPForbidden, HTTPNotFound, Request, Response, RouteTableDef

from bot.ports import UnitOfWork
from bot.ports.audit import Deed
from handlers.effects import ThreadKind
from handlers.turn import Citizen
from tickets.rights import Right
from web.case.view import PATH as TICKET
from web.noting import noted
from web.ports import WEB
from web.visit import Visit, forms_for_those_who_may

routes = RouteTableDef()

_THREAD = "/desk/threads/{thread:[1-9][0-9]{0,17}}"


@routes.post(TICKET + "/contact")
@forms_for_those_who_may(Right.LOOK)
async def of_ticket(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """Its reporter's."""
    number = request.match_info["number"]
    async with request.app[WEB].store.work() as work:
        ticket = await work.tickets.get(number)
        citizen = await work.citizens.get(ticket.reporter) if ticket else None
        return await _shown(request, visit, work, citizen, number, f"/desk/tickets/{number}")


@routes.post(_THREAD + "/contact")
@forms_for_those_who_may(Right.LOOK)
async def of_thread(request: Request, visit: Visit, _: Mapping[str, str]) -> Response:
    """Of whom this conversation is with."""
    thread = int(request.match_info["thread"])
    async with request.app[WEB].store.work() as work:
        found = await work.threads.get(thread)
        citizen = await work.citizens.get(found.citizen) if found and found.kind is not ThreadKind.DANGER else None
        return await _shown(request, visit, work, citizen, f"thread {thread}", f"/desk/threads/{thread}")


async def _shown(
    request: Request, visit: Visit, work: UnitOfWork, citizen: Citizen | None, subject: str, back: str
) -> Response:  # fmt: skip
    """Nothing is shown that was not written down first."""
    if not visit.clerk.contacts:
        raise HTTPForbidden
    if citizen is None:
        raise HTTPNotFound
    await noted(request, work, visit.clerk.login, Deed.CONTACT_SEEN, subject)
    await work.commit()
    return visit.page(request, "people/contact.html", contact=citizen.contact, subject=subject, back=back, here=back)
