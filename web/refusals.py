"""Who was refused, at which door and why, counted where every answer passes: many of them are somebody who tries
something (docs/security.md, 8.1.4).

A door is a part of the addresses; why is told by the answer's status there. Nothing of who asked, or for what, is kept.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from aiohttp.web import HTTPException, Request, StreamResponse, middleware

from web.ports import WEB

Handler = Callable[[Request], Awaitable[StreamResponse]]
PACE: Final = "pace"  # too often
_EVERYWHERE: Final[Mapping[int, str]] = {429: PACE, 413: "size"}
_LINK: Final[Mapping[int, str]] = {404: "link"}  # a secret in an address that opens nothing

# Beginnings of routes, the first that fits counts -> the door, and what a status means there beside the above.
DOORS: Final[Sequence[tuple[str, str, Mapping[int, str]]]] = (
    ("/channels/", "webhooks", {403: "signature", 400: "malformed"}),
    ("/open311", "open311", {403: "key"}),
    ("/try", "simulator", {403: "form"}),
    ("/desk/login", "login", {403: "form", 422: "password"}),
    ("/desk/demo", "login", {403: "link"}),
    ("/desk/oidc", "login", {403: "elsewhere"}),
    ("/desk/second", "login", {403: "form", 422: "code"}),
    ("/desk/invitation/", "login", {403: "form", **_LINK}),
    ("/desk", "desk", {403: "right"}),
    ("/outside/", "outside", _LINK),
    ("/my-data/", "export", _LINK),
    ("/confirm/", "mail", _LINK),
    ("/mail/", "mail", _LINK),
    ("/digest/", "mail", _LINK),
    ("/r/", "public", {404: "number"}),
    ("/", "public", {403: "form"}),
)


@middleware
async def counted(request: Request, handler: Handler) -> StreamResponse:
    """Every answer is the same as without."""
    try:
        answer = await handler(request)
    except HTTPException as error:
        _count(request, error.status)
        raise
    _count(request, answer.status)
    return answer


def _count(request: Request, status: int) -> None:
    if told := refusal(_route(request), status):
        door, reason = told
        request.app[WEB].counters.count("refused", door=door, reason=reason)


def refusal(route: str, status: int) -> tuple[str, str] | None:
    """The door and the reason, where an answer of this status is a refusal there."""
    door, meant = next(((door, meant) for begins, door, meant in DOORS if route.startswith(begins)), ("", {}))
    reason = meant.get(status) or _EVERYWHERE.get(status)
    return (door, reason) if door and reason else None


def _route(request: Request) -> str:
    """The pattern, not the path: what is nobody's address is no door."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""
