"""The desk by keyboard: which keys there are, whether they act, and the way through a list ticket by ticket.

Whoever opens a ticket from the list carries the list's address along (`from`, `at`), so that back leads there, and the
next ticket is the next of that list. The scripts only press links and buttons that stand in the page.

GET  /desk/keys -> 200
POST /desk/me/shortcuts on=1 | -> 303
GET  /desk/next?from=/desk?...&after=7K3-9QX&at=4&step=1|-1 -> 303 to the ticket, or the list where there is none
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef
from multidict import MultiDict

from tickets.model import Status
from tickets.rights import Right
from web.ports import WEB
from web.queue.filters import read
from web.visit import Visit, for_clerks, forms_for_those_who_may

routes = RouteTableDef()

LIST: Final = "/desk"
_OWN = re.compile(r"/desk(?:[/?][A-Za-z0-9_./?=&+%~-]*)?")  # a path of ours with its query, nothing else
_NUMBER = re.compile(r"[0-9A-Z-]{1,20}")
_LONGEST, _FARTHEST = 2000, 1_000_000  # characters of an address; tickets of a list
_AROUND = 25  # tickets before and behind the one that the clerk was at
# The key of each status behind `m`; the same in all languages, as keyboards are.
STATUS_KEYS: Mapping[Status, str] = {
    Status.RECEIVED: "b", Status.TRIAGED: "t", Status.IN_PROGRESS: "p", Status.WAITING: "w", Status.RESOLVED: "r",
    Status.DECLINED: "d", Status.DUPLICATE: "u",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a clerk came from. `back`: the address of their list, empty where they came from none; `at`: how many of
    its tickets stood before this one; `did`: the ticket that was dealt with just before."""

    back: str = ""
    at: int = 0
    did: str = ""

    @property
    def trail(self) -> list[tuple[str, str]]:
        return [("from", self.back), ("at", str(self.at))] if self.back else []

    @property
    def listed(self) -> bool:
        """Whether it is a list that can be gone through."""
        return urlsplit(self.back).path == LIST

    def to(self, number: str, *, step: int, did: str = "") -> str:
        """Where the ticket before or behind it is found."""
        asked = [*self.trail, ("after", number), ("step", str(step))]
        return "/desk/next?" + urlencode(asked + [("did", did)] * bool(did))

    def case(self, number: str, did: str = "") -> str:
        """The address of a ticket on this way."""
        query = urlencode(self.trail + [("did", did)] * bool(did))
        return f"/desk/tickets/{number}" + (f"?{query}" if query else "")


def way(asked: Mapping[str, str]) -> Way:
    """As an address or a form tells it. Whatever is no address of the desk is left out: nobody is led elsewhere."""
    back, at, did = asked.get("from", ""), asked.get("at", ""), asked.get("did", "")
    if len(back) > _LONGEST or not _OWN.fullmatch(back) or ".." in back or "//" in back:
        return Way()
    near = int(at) if re.fullmatch("[0-9]{1,7}", at) else 0
    return Way(back=back, at=min(near, _FARTHEST), did=did if _NUMBER.fullmatch(did) else "")


def onward(number: str, fields: Mapping[str, str]) -> str:
    """Where an act on a ticket leads: the ticket again, the next of the list, or (`then`) the list itself."""
    found, then = way(fields), fields.get("then", "")
    if then == "list" and found.listed:
        return found.back
    if then == "next" and found.listed:
        return found.to(number, step=1, did=number)
    return found.case(number)


@routes.get("/desk/keys")
@for_clerks
async def keys(request: Request, visit: Visit) -> Response:
    """All keys; a dialog on each page shows the same."""
    return visit.page(request, "keys.html", moves=STATUS_KEYS)


@routes.post("/desk/me/shortcuts")
@forms_for_those_who_may(Right.LOOK)
async def switch(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Single keys act, or not; in every browser of this clerk."""
    async with request.app[WEB].store.work() as work:
        await work.habits.set_shortcuts(visit.clerk.login, on=fields.get("on") == "1")
        await work.commit()
    raise HTTPSeeOther("/desk/keys")


@routes.get("/desk/next")
@for_clerks
async def following(request: Request, visit: Visit) -> Response:
    """The next ticket of a list, as it is now; or the one before."""
    found, after = way(request.query), request.query.get("after", "")
    step = -1 if request.query.get("step") == "-1" else 1
    if not found.listed:
        raise HTTPSeeOther(found.back or LIST)
    first, numbers = await _around(request, visit, found)
    at = _beside(numbers, after, found.at - first, step)
    if not 0 <= at < len(numbers):
        raise HTTPSeeOther(found.back)
    raise HTTPSeeOther(replace(found, at=first + at).case(numbers[at], found.did))


async def _around(request: Request, visit: Visit, found: Way) -> tuple[int, Sequence[str]]:
    """The part of the list in which the clerk was, and how many tickets stand before it."""
    web, first = request.app[WEB], max(0, found.at - _AROUND)
    asked = MultiDict(parse_qsl(urlsplit(found.back).query, max_num_fields=100))
    filters = read(asked, web.city, visit.clerk)
    query = filters.query(web.city, visit.clerk.login, web.clock.now())
    async with web.store.view() as view:
        page = await view.tickets.page(replace(query, offset=first, limit=2 * _AROUND + 1))
    return first, [ticket.number for ticket in page.rows]


def _beside(numbers: Sequence[str], after: str, at: int, step: int) -> int:
    """Beside the ticket, wherever it stands now; where it has left the list, the next one moved up to its place."""
    if after in numbers:
        return numbers.index(after) + step
    return at if step > 0 else at - 1
