"""The language of a page: asked for just now, chosen before, the clerk's own, the browser's, or the city's first."""

from collections.abc import Iterable, Iterator

from aiohttp.web import Request, Response

from web.ports import WEB

_COOKIE = "vecino_language"
_YEAR = 31_536_000  # seconds


def of_page(request: Request, clerks_own: str | None = None) -> str:
    """A language of the city."""
    known = request.app[WEB].city.languages
    wishes = (request.query.get("language"), request.cookies.get(_COOKIE), clerks_own, *accepted(request))
    return next((wish for wish in wishes if wish in known), known[0])


def of_browser(request: Request) -> str:
    """The same by nothing but what the browser says: for pages that everybody is given alike, and that keep nothing."""
    known = request.app[WEB].city.languages
    return next((wish for wish in accepted(request) if wish in known), known[0])


def remember(request: Request, response: Response) -> None:
    """Keep the language that this request asks for, if it does, for the next pages."""
    wish = request.query.get("language")
    if wish in request.app[WEB].city.languages:
        response.set_cookie(
            _COOKIE, wish, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.app[WEB].https, path="/"
        )


def accepted(request: Request) -> Iterator[str]:
    """Languages of Accept-Language (RFC 9110, 12.5.4), best first, without their regions."""
    ranges = ",".join(request.headers.getall("Accept-Language", ())).split(",")[:20]
    weighed = sorted(_weighed(ranges), key=lambda pair: -pair[0])
    return (language for weight, language in weighed if weight > 0)


def _weighed(ranges: Iterable[str]) -> Iterator[tuple[float, str]]:
    for item in ranges:
        tag, _, quality = item.partition(";")
        language = tag.strip().partition("-")[0].lower()
        try:
            yield float(quality.strip().removeprefix("q=") or 1), language
        except ValueError:
            continue
