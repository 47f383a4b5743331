"""Where a clerk is told of changes to their account: an address of their own, given by who knows the password."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef

from bot.ports.audit import Deed
from bot.settings.staff import wrong
from channels import mailbox
from channels.message import Contact
from tickets.rights import Right
from web.noting import noted
from web.people.me import PATH, known, own, shown
from web.people.rules import Problem
from web.people.telling import News, tell, ways
from web.ports import WEB
from web.visit import Visit, forms_for_those_who_may

routes = RouteTableDef()

_LONGEST = 254  # characters of an address


@routes.post(PATH + "/reach")
@forms_for_those_who_may(Right.LOOK)
async def change(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """The contact that was typed, or none; the one until now is told too, for a thief would change it first."""
    contact = _typed(fields)
    if contact and (problem := _problem(request, contact)):
        return await shown(request, visit, problem, f"reach-{problem}", contact)
    if problem := await known(request, visit, fields.get("old", "")):
        return await shown(request, visit, problem, "reach-old", contact)
    async with request.app[WEB].store.work() as work:
        before = await own(work, visit)
        after = replace(before, reach=contact)
        if after.reach != before.reach:
            await work.clerks.change(after)
            await noted(request, work, after.login, Deed.ACCOUNT_CHANGED, after.login, "where they are told")
            for clerk in (before, after):
                await tell(request, work, clerk, News.REACH)
        await work.commit()
    raise HTTPSeeOther(f"{PATH}?done=reach")


def _typed(fields: Mapping[str, str]) -> Contact | None:
    channel, address = fields.get("channel", ""), "".join(fields.get("address", "").split())
    if not address:
        return None
    return Contact(channel=channel, address=address.lower() if channel == mailbox.CHANNEL else address)


def _problem(request: Request, contact: Contact) -> Problem | None:
    if contact.channel not in ways(request):
        return Problem.CHANNEL
    if len(contact.address) > _LONGEST or wrong(contact.channel, contact.address):
        return Problem.ADDRESS
    return None
