"""Who asks, as far as tries are counted together."""

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
