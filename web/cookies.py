"""Cookies that open something. Where there is https their names begin with `__Host-`: then no other site of the same
domain can plant them, and they are sent to this host alone (RFC 6265bis, 4.1.3.2)."""

from typing import Final, Literal

from aiohttp.web import Request, Response

from web.ports import WEB

_PREFIX: Final = "__Host-"


def get(request: Request, name: str) -> str:
    """Its value; "" where none came."""
    return request.cookies.get(_named(request, name), "")


def keep(
    request: Request,
    answer: Response,
    name: str,
    value: str,
    *,
    samesite: Literal["Lax", "Strict"] = "Lax",
    seconds: int | None = None,
) -> None:
    """Out of reach of scripts. Without `seconds` until the browser is closed."""
    https = request.app[WEB].https
    answer.set_cookie(
        _named(request, name), value, max_age=seconds, httponly=True, samesite=samesite, secure=https, path="/"
    )


def forget(request: Request, answer: Response, name: str) -> None:
    """It is gone from the browser with this answer."""
    https = request.app[WEB].https
    answer.del_cookie(_named(request, name), httponly=True, samesite="Lax", secure=https, path="/")


def _named(request: Request, name: str) -> str:
    return _PREFIX + name if request.app[WEB].https else name
