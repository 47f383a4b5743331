"""The security headers that every answer carries, errors and static files included."""

from aiohttp.web import Request, StreamResponse

from web.ports import WEB

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:{tiles}",  # blob: the simulator shows the photo it has just sent
        "media-src 'self'",  # voice notes, played at the desk
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": _POLICY.format(tiles=""),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not no-referrer: browsers then send `Origin: null` with our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_NEAR = "camera=(), geolocation=(self), microphone=(), payment=()"  # of the page that has a button for it
WINDOW = "/widget"
SHOWN = "/photos/public/"  # Open311 tells of them, and pages of any site that read it show them
_YEAR = 31_536_000  # seconds


async def protect(request: Request, response: StreamResponse) -> None:
    """A signal of aiohttp, sent before each answer's headers leave."""
    response.headers.update(ALWAYS)
    if tiles := request.app[WEB].tiles:
        response.headers["Content-Security-Policy"] = _POLICY.format(tiles=f" {tiles.origin}")
    if request.path == WINDOW:
        _framed(response)
    if request.path.startswith(SHOWN):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.path == "/":
        response.headers["Permissions-Policy"] = _NEAR
    if request.app[WEB].simulators:
        _beside(request.path, response)
    response.headers.popall("Server", None)
    if request.app[WEB].https:
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    response.headers.setdefault("Cache-Control", _caching(request))


def _framed(response: StreamResponse) -> None:
    """The one page of ours that may stand in anybody's: it has no form, and nobody is logged in there."""
    policy = response.headers["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.popall("X-Frame-Options", None)


def _beside(path: str, response: StreamResponse) -> None:
    """In demo mode /both shows phone and desk in frames: those two may stand in a page of ours, and in no other's."""
    policy = response.headers["Content-Security-Policy"]
    if path == "/both":
        response.headers["Content-Security-Policy"] = policy + "; frame-src 'self'"
    if path == "/try" or path == "/desk" or path.startswith("/desk/"):
        response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        response.headers["X-Frame-Options"] = "SAMEORIGIN"


def _caching(request: Request) -> str:
    if not request.path.startswith("/static/"):
        return "no-store"
    # a stylesheet's address carries the hash of its content, so it never changes behind that address
    return f"public, max-age={_YEAR}, immutable" if "v" in request.query else "no-cache"
