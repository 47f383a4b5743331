"""Deleting somebody's data at their wish, which came by letter or at the counter: find them, look at what would go,
delete it with the password of whoever does."""

from collections.abc import Collection, Mapping

from aiohttp.web import Request, Response, RouteTableDef

from bot.desk.erasing import Found
from bot.desk.filing import read_phone
from bot.desk.seeing import Refused
from bot.ports import Stale
from channels.message import Contact
from tickets.number import read_number
from tickets.rights import Right
from web.people.address import shortened
from web.people.me import known
from web.people.rules import Problem
from web.ports import WEB, Web
from web.visit import Visit, for_those_who_may, forms_for_those_who_may

routes = RouteTableDef()

PATH = "/desk/erasure"
_LONGEST = 254  # characters of an address of e-mail
_PHONES = ("sms", "whatsapp")


@routes.get(PATH)
@for_those_who_may(Right.ADMIT)
async def ask(request: Request, visit: Visit) -> Response:
    """Whose: by the number of one of their reports, or by the number or address that they wrote from."""
    return _form(request, visit, {})


@routes.post(PATH)
@forms_for_those_who_may(Right.ADMIT)
async def look(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """What would go. Nothing of it stands in the page's address."""
    found, problem = await _found(request.app[WEB], fields)
    if found is None:
        return _form(request, visit, fields, problem)
    return _preview(request, visit, fields, found)


@routes.post(PATH + "/delete")
@forms_for_those_who_may(Right.ADMIT)
async def delete(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """By who knows their own password. It is written down that it was done, not whose data it was."""
    web = request.app[WEB]
    found, problem = await _found(web, fields)
    if found is None:
        return _form(request, visit, fields, problem)
    if wrong := await known(request, visit, fields.get("old", "")):
        return _preview(request, visit, fields, found, wrong)
    try:
        await web.acts.erase.erase(found.contact, visit.clerk.login)
    except Stale:
        return _preview(request, visit, fields, found, Problem.STALE)
    return visit.page(request, "people/erased.html", here=PATH)


async def _found(web: Web, fields: Mapping[str, str]) -> tuple[Found | None, str]:
    """Who is meant, or what is wrong: `number` is no report with somebody behind it, `contact` is nobody's."""
    if fields.get("ticket", "").strip():
        number = read_number(fields["ticket"][:40])
        contact = await web.acts.erase.reporter(number) if number else None
        found = await web.acts.erase.find(contact) if contact else None
        return found, "number"
    for one in _contacts(web, fields):
        if found := await web.acts.erase.find(one):
            return found, ""
    return None, "contact"


def _contacts(web: Web, fields: Mapping[str, str]) -> Collection[Contact]:
    """What was typed as the channel knows it: of a phone both of its channels, for by one of them they wrote."""
    channel, typed = fields.get("channel", ""), fields.get("address", "").strip()[:_LONGEST]
    if channel not in channels(web) or not typed:
        return ()
    bare = channel.removeprefix("simulated_")
    if bare not in _PHONES:
        return (Contact(channel=channel, address=typed.lower() if "@" in typed else typed),)
    try:
        phone = read_phone(typed)
    except Refused:
        return ()
    both = [channel.replace(bare, one) for one in _PHONES]
    return [Contact(channel=one, address=phone) for one in sorted(both, key=lambda name: name != channel)]


def channels(web: Web) -> Collection[str]:
    """By which somebody can have written, the phones of the demo too."""
    return sorted({*web.channels, *(phone.name for phone in web.simulators.values())})


def _form(request: Request, visit: Visit, fields: Mapping[str, str], problem: str = "") -> Response:
    return visit.page(
        request, "people/erasure.html", status=422 if problem else 200, problem=problem, typed=_typed(fields),
        channels=channels(request.app[WEB]), here=PATH,
    )  # fmt: skip


def _preview(
    request: Request, visit: Visit, fields: Mapping[str, str], found: Found, problem: Problem | None = None
) -> Response:  # fmt: skip
    return visit.page(
        request, "people/erasing.html", status=422 if problem else 200, found=found, typed=_typed(fields),
        problem=problem, whose=shortened(found.contact), passwords=bool(visit.clerk.password), here=PATH,
    )  # fmt: skip


def _typed(fields: Mapping[str, str]) -> Mapping[str, str]:
    return {name: fields.get(name, "") for name in ("ticket", "channel", "address")}
