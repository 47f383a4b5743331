"""What is the same for all of /open311/: who may ask how often, whose city it is, other sites' pages may read it, and
whatever goes wrong is the standard's error document.

| status | when |
| --- | --- |
| 400 | a parameter is wrong |
| 404 | no such address or format, service, request, or another city's `jurisdiction_id` |
| 405 | another method |
| 429 | too many requests; Retry-After says how long to wait |
| 503 | the store is away; Retry-After |
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

import structlog
from aiohttp.web import AppKey, HTTPException, Request, Response, StreamResponse, middleware

from bot.ports import StoreUnavailable
from web.caller import caller, network
from web.errors import places
from web.open311.hands import Hands
from web.open311.pace import PER_MINUTE, Pace
from web.open311.problems import SOON, Problem, Refused, document, sentence
from web.open311.who import reader
from web.ports import WEB

PREFIX = "/open311"
_log = structlog.get_logger()
Handler = Callable[[Request], Awaitable[StreamResponse]]


@dataclass(slots=True)
class Door:
    """How often each caller asked, and how many of their forms with files are being read."""

    pace: Pace = field(default_factory=Pace)
    hands: Hands = field(default_factory=Hands)


DOOR = AppKey("open311_door", Door)


@middleware
async def standardly(request: Request, handler: Handler) -> StreamResponse:
    """Everything under /open311/; the rest passes through."""
    if request.path != PREFIX and not request.path.startswith(PREFIX + "/"):
        return await handler(request)
    if request.method == "OPTIONS":
        return _shared(Response(status=204, headers=_PREFLIGHT))
    return _shared(await _answered(request, handler))


_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Api-Key, Idempotency-Key, If-None-Match, Accept-Language",
    "Access-Control-Max-Age": "86400",
}


def _shared(answer: StreamResponse) -> StreamResponse:
    """Nothing here depends on a cookie, so any site's page may read it."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After, Content-Language"
    return answer


async def _answered(request: Request, handler: Handler) -> StreamResponse:
    try:
        await _let_in(request)
        check_jurisdiction(request, request.query.getall("jurisdiction_id", ()))
        return await handler(request)
    except Refused as refused:
        return document(request, *refused.problems)
    except HTTPException as error:
        return _of_http(request, error)
    except StoreUnavailable:
        _log.warning("database unavailable", route=_route(request))
        return document(request, Problem(status=503, description=sentence(503), headers={"Retry-After": SOON}))
    except Exception as error:  # noqa: BLE001  whatever it is, the sender learns nothing of it
        _log.error("request failed", route=_route(request), error=type(error).__name__, at=places(error))
        return document(request, Problem(status=500, description=sentence(500)))


async def _let_in(request: Request) -> None:
    """Who shows a key that reads is counted by it, and may ask as often as it says, or as anybody may. Raises 429."""
    key, now, pace = await reader(request), request.app[WEB].clock.now(), request.app[DOOR].pace
    who = f"reader {key.id}" if key else network(caller(request))
    if wait := pace.take(who, now, max(PER_MINUTE, key.rate) if key else PER_MINUTE):
        raise Refused(429, headers={"Retry-After": str(wait)})


def check_jurisdiction(request: Request, named: Iterable[str]) -> None:
    """The city's own, or none. Raises 404."""
    ours = request.app[WEB].city.openness.jurisdiction
    if any(name not in ("", ours) for name in named):
        raise Refused(404, "This jurisdiction_id is not served here.")


def _of_http(request: Request, error: HTTPException) -> StreamResponse:
    if error.status < 400:  # not modified, or elsewhere
        raise error
    allow = error.headers.get("Allow")
    headers = {"Allow": allow} if allow else {}
    return document(request, Problem(status=error.status, description=sentence(error.status), headers=headers))


def _route(request: Request) -> str:
    """The route's pattern: a path may hold a ticket's number."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"
