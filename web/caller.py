"""Who asks, as far as tries are counted together, and from which page."""

from urllib.parse import urlsplit

from aiohttp.web import Request

from web.ports import WEB

LOOPBACK = frozenset({"127.0.0.1", "::1"})


def caller(request: Request) -> str | None:
    """An address. Behind a proxy of our own (loopback) it is the one that the proxy saw last; what a caller writes into
    that header itself stands further left."""
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if request.remote in LOOPBACK and request.app[WEB].public_url and hops[-1].strip():
        return hops[-1].strip()
    return request.remote


def from_our_page(request: Request) -> bool:
    """Whether it was posted from here: browsers say where from, and no page can make them lie."""
    if fetched := request.headers.get("Sec-Fetch-Site"):
        return fetched in ("same-origin", "none")
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(request.app[WEB].public_url).netloc} - {""}
    return origin is None or urlsplit(origin).netloc in ours
