"""The city's front page: what is open, near whoever asks, as a map and as a list.

GET /?area=CODE&service=CODE&near=LAT,LON&which=solved&page=2&l=pt -> 200 | 304
GET /find?what=Av. Bolívar 120 -> 303, to the spot, the area or the report that these words are | 200, none is known
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from aiohttp.web import AppKey, Application, HTTPSeeOther, Request, Response, RouteTableDef

from nlu.places import Gazetteer
from nlu.street_words import tokens
from tickets.city import City
from tickets.number import read_number
from tickets.public import PublicTicket
from tickets.town import on_map
from web.ports import WEB
from web.public.asked import LISTED, PAGES, Asked, Which, asked
from web.public.drawing import Drawing, area_of, drawing
from web.public.leaf import Leaf, sent
from web.public.page import Reader, kept, reader, render

routes = RouteTableDef()
PLACES = AppKey("public_places", Gazetteer)
_LONGEST = 120  # characters of an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of the list, from the `first` on. `found`: all that can be paged through; `more`: there are others, which
    are not shown."""

    rows: Sequence[PublicTicket]
    first: int
    found: int
    more: bool
    pages: int


def set_up(app: Application) -> None:
    city = app[WEB].city
    app[PLACES] = Gazetteer(city.areas, city.streets, city.landmarks)


@routes.get("/")
async def front(request: Request) -> Response:
    """What the city has to do, and what it has done lately."""
    wanted = asked(request.query, request.app[WEB].city)
    return await kept(request, ("/", wanted), partial(_front, request, wanted))


@routes.get("/find")
async def find(request: Request) -> Response:
    """What was typed leads to an address without it: nobody's words stand in what is kept, and where it leads can be
    handed on."""
    whose, city = reader(request), request.app[WEB].city
    words = request.query.get("what", "")[:_LONGEST].strip()
    if number := read_number(words):
        raise HTTPSeeOther(whose.link(f"/r/{number}"))
    wanted = asked(request.query, city)
    to = _meant(words, request.app[PLACES], city) if words else {}
    if to is not None:
        raise HTTPSeeOther(whose.link("/", **wanted.but(**to)) + "#list")
    answer = sent(request, render(request, "public/unknown.html", whose, query={}))
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _front(request: Request, wanted: Asked, whose: Reader) -> Leaf:
    web = request.app[WEB]
    city, now = web.city, web.clock.now()
    async with web.store.view() as view:
        rows = await view.public.some(wanted.wanted(now), city)
        counts = on_map(await view.towns.open(), city)
    return render(
        request, "public/front.html", whose, query=wanted.query, asked=wanted, listed=_listed(rows, wanted.page),
        counts=counts, drawn=_drawn(city, wanted, rows, counts), solved=wanted.which is Which.SOLVED, now=now,
        demo=bool(web.simulators), everything=wanted == Asked(page=wanted.page),
    )  # fmt: skip


def _listed(rows: Sequence[PublicTicket], page: int) -> Listed:
    most = LISTED * PAGES
    found = min(len(rows), most)
    pages = max(1, -(-found // LISTED))
    begin = (min(page, pages) - 1) * LISTED
    return Listed(rows=rows[begin : begin + LISTED], first=begin + 1, found=found, more=len(rows) > most, pages=pages)


def _drawn(
    city: City, wanted: Asked, rows: Sequence[PublicTicket], counts: Mapping[str, int]
) -> Drawing | None:  # fmt: skip
    """Around a spot its area is drawn."""
    area = area_of(city, wanted.near) if wanted.near else wanted.area
    points = [row.point for row in rows if row.point]
    plain = not (wanted.service or wanted.near) and wanted.which is Which.OPEN
    return drawing(city, points, counts if plain else {}, area=area, here=wanted.near)


def _meant(words: str, places: Gazetteer, city: City) -> dict[str, object] | None:
    """What to ask for: a spot, else an area by its name; None where the words are neither."""
    said = tokens(words)
    if area := next((area for area in city.areas if tokens(area.name) == said), None):
        return {"area": area.code, "near": ""}
    place = places.resolve(words)
    if place.point:
        return {"near": f"{place.point.latitude:.3f},{place.point.longitude:.3f}", "area": ""}
    return {"area": place.area, "near": ""} if place.area else None
