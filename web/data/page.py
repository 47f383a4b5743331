"""What open data there is, in the reader's language.

GET /data/ -> 200 | 304
GET /data -> 308, there
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from aiohttp.web import Application, HTTPPermanentRedirect, Request, Response, RouteTableDef
from babel.dates import format_skeleton

from bot.opendata.book import Book
from bot.opendata.catalogue import BULK, CATALOG, COUNTED, DICTIONARY, PACKAGE, SUMS
from bot.opendata.columns import COUNTS, TICKETS
from bot.opendata.packing import Written
from tickets.city import City
from web.data import files
from web.ports import WEB
from web.public.leaf import Leaf
from web.public.page import Reader, kept, render

routes = RouteTableDef()
_FORMS = ("tickets{}.csv.gz", "tickets{}.geojson.gz", "tickets{}.parquet", "open311{}.csv.gz", "open311{}.json.gz")
_BESIDE = (DICTIONARY, PACKAGE, CATALOG, SUMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A file of the list. `label`: its kind, as people say it."""

    name: str
    label: str
    megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    name: str
    tickets: int
    files: Sequence[Line]


def set_up(app: Application) -> None:
    app[files.DESK] = files.Desk()
    app.add_routes(routes)
    app.add_routes(files.routes)


@routes.get("/data")
async def data(_: Request) -> Response:
    raise HTTPPermanentRedirect("/data/")


@routes.get("/data/")
async def index(request: Request) -> Response:
    found = await files.latest(request)
    book = found[1] if found else None
    return await kept(request, ("/data/", book.made_at if book else None), partial(_page, request, book))


async def _page(request: Request, book: Book | None, whose: Reader) -> Leaf:
    city = request.app[WEB].city
    locale = city.locales.get(whose.language, whose.language)
    return render(
        request, "public/data.html", whose,
        query={}, book=book, whole=_lines(book.files) if book else (), counted=_counted(book),
        months=_months(book, locale) if book else (), columns=TICKETS, counts=COUNTS,
        beside=[name for name in _BESIDE if book and name in book.files], bulk=BULK,
        publisher=city.openness.publisher or city.name, licence=city.openness.licence,
        guarded=_names(city, whose.language), few=city.openness.few,
    )  # fmt: skip


def _names(city: City, language: str) -> Sequence[str]:
    """Of the services whose places are told less exactly."""
    found = (city.service(code) for code in city.openness.guarded)
    return [one.names.get(language, one.code) for one in found if one]


def _lines(there: Mapping[str, Written], month: str = "") -> Sequence[Line]:
    names = (form.format(month and "-" + month) for form in _FORMS)
    return [_line(name, there[name]) for name in names if name in there]


def _line(name: str, file: Written) -> Line:
    """`CSV`, `Open311 CSV`."""
    kind = {"csv": "CSV", "geojson": "GeoJSON", "parquet": "Parquet", "json": "JSON"}
    label = kind[name.removesuffix(".gz").rpartition(".")[2]]
    return Line(
        name=name,
        label=f"Open311 {label}" if name.startswith("open311") else label,
        megabytes=max(0.1, round(file.size / 1_000_000, 1)),
    )


def _counted(book: Book | None) -> Line | None:
    return _line(COUNTED, book.files[COUNTED]) if book and COUNTED in book.files else None


def _months(book: Book, locale: str) -> Sequence[Month]:
    """The newest first."""
    return [
        Month(name=_said(name, locale), tickets=month.mark.tickets, files=_lines(book.files, name))
        for name, month in reversed(book.months.items())
    ]


def _said(month: str, locale: str) -> str:
    return str(format_skeleton("yMMMM", date.fromisoformat(f"{month}-01"), locale=locale))
