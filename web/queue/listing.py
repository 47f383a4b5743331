"""The page of the list. Beside the rows there is room for more (`beside` in the template): a map of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef

from bot.ports import Counts, Flag, Page, Query, SavedList, UnitOfWork
from tickets.model import Status, Ticket
from tickets.number import read_number
from tickets.promise import is_overdue
from tickets.workflow import MOVES, OPEN
from web import paging
from web.escalated import at_desk
from web.keys import STATUS_KEYS
from web.map.beside import beside
from web.paging import Listed
from web.ports import WEB, Web
from web.queue.filters import Filters, kept, read
from web.queue.sought import why
from web.visit import Visit, for_clerks

routes = RouteTableDef()

_TALKS = 5  # conversations that are named beside the tickets
_CLOSED = tuple(status for status in Status if status not in OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A list that is one click away. `count` is None where it is not known; `more`: there are more than that."""

    name: str
    address: str
    here: bool
    count: int | None = None
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """The form that keeps a list under a name, as it was typed."""

    name: str = ""
    problem: str = ""


@routes.get("/desk")
@for_clerks
async def tickets(request: Request, visit: Visit) -> Response:
    """Tickets, filtered; a whole number leads to its ticket."""
    filters = read(request.query, request.app[WEB].city, visit.clerk)
    return await shown(request, visit, filters, Saving())


async def shown(request: Request, visit: Visit, filters: Filters, saving: Saving, status: int = 200) -> Response:
    """The list's page."""
    web = request.app[WEB]
    query = filters.query(web.city, visit.clerk.login, web.clock.now())
    async with web.store.view() as view:
        await _lead(view, filters.text)
        board = Board(view, query)
        listed = await paging.listed(request.query, board.read)
        counts = board.counts
        told = await view.escalations.of([ticket.number for ticket in listed.rows])
        saved = await _saved(view, visit, filters, web)
        talks = await view.search.threads(query.words, _TALKS) if filters.text else ()
        logins = [clerk.login for clerk in await view.clerks.all() if clerk.ended_at is None]
    return visit.page(
        request, "tickets.html", status=status, filters=filters, listed=listed, counts=counts, saved=saved,
        tabs=_tabs(filters, counts, listed), marked=at_desk(listed.rows, told, web.city), talks=talks, saving=saving,
        why=_why(listed, query), overdue=lambda ticket: is_overdue(ticket, web.clock.now()),
        flags=[(flag, counts.flags.get(flag, 0)) for flag in Flag], logins=logins, channels=_channels(web, filters),
        beside=beside(request, listed.rows),
        trail=_trail(filters, listed), first=(listed.number - 1) * paging.PER_PAGE,
        status_keys=STATUS_KEYS, moves=MOVES,
    )  # fmt: skip


def _trail(filters: Filters, listed: Listed[Ticket]) -> str:
    """This page of the list, for who comes back from one of its tickets."""
    return filters.link() + (f"&page={listed.number}" if listed.number > 1 else "")


async def _lead(view: UnitOfWork, text: str) -> None:
    number = read_number(text)
    if number and await view.tickets.get(number):
        raise HTTPSeeOther(f"/desk/tickets/{number}")


class Board:
    """Reads pages of a query, and with them the numbers beside its filters."""

    def __init__(self, view: UnitOfWork, query: Query) -> None:
        self._view, self._query = view, query
        self.counts = Counts(statuses={}, services={}, flags={})

    async def read(self, offset: int, limit: int) -> Page[Ticket]:
        page, self.counts = await self._view.tickets.board(replace(self._query, offset=offset, limit=limit))
        return page


def _tabs(filters: Filters, counts: Counts, listed: Listed[Ticket]) -> Sequence[Tab]:
    """Each status and group of them, under the same filters."""
    found = [_tab(filters, "open", counts.open), *(_tab(filters, one, counts.statuses.get(one, 0)) for one in _OPEN)]
    found.append(_tab(filters, "closed", counts.closed))
    found += [_tab(filters, one, None) for one in _CLOSED]
    found.append(_tab(filters, "any", None if counts.closed is None else counts.open + counts.closed))
    return [replace(tab, count=listed.total, more=listed.capped) if tab.here else tab for tab in found]


_OPEN = tuple(status for status in Status if status in OPEN)


def _tab(filters: Filters, name: str, count: int | None) -> Tab:
    return Tab(name=name, address=filters.link(name), here=filters.show == name, count=count)


async def _saved(view: UnitOfWork, visit: Visit, filters: Filters, web: Web) -> Sequence[Tab]:
    """The clerk's own lists, each with its number of tickets."""
    return [await _one_saved(view, visit, one, filters, web) for one in await view.clerks.saved(visit.clerk.login)]


async def _one_saved(view: UnitOfWork, visit: Visit, one: SavedList, filters: Filters, web: Web) -> Tab:
    meant = kept(one.query, web.city, visit.clerk)
    count = await view.tickets.count(meant.query(web.city, visit.clerk.login, web.clock.now()))
    return Tab(name=one.name, address=meant.link(), here=meant == filters, count=count)


def _why(listed: Listed[Ticket], query: Query) -> Mapping[str, Sequence[str]]:
    """By number, where the words that are looked for stand."""
    if not query.words:
        return {}
    return {ticket.number: why(ticket, query.words) for ticket in listed.rows}


def _channels(web: Web, filters: Filters) -> Sequence[str]:
    known = {*web.channels, *(phone.name for phone in web.simulators.values()), filters.channel}
    return sorted(known - {"", "email"})
