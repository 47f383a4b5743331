"""Errors as an outsider sees them: a status and a short sentence, never a trace."""

import traceback
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

import structlog
from aiohttp.hdrs import METH_ALL
from aiohttp.web import HTTPException, Request, Response, StreamResponse, middleware

from bot.ports import StoreUnavailable
from web import language
from web.page import page

_log = structlog.get_logger()
_KEPT = "Allow", "Retry-After"  # headers of what was raised
_TOLD = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED})
Handler = Callable[[Request], Awaitable[StreamResponse]]


@middleware
async def politely(request: Request, handler: Handler) -> StreamResponse:
    """Turn whatever goes wrong into an answer: plain text for programs, a page for browsers."""
    try:
        return await handler(request)
    except HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        if error.status in _TOLD:
            _log.info("request refused", route=_route(request), method=_method(request), status=error.status)
        return _answer(request, error.status, {name: error.headers[name] for name in _KEPT if name in error.headers})
    except StoreUnavailable:
        _log.warning("database unavailable", route=_route(request))
        return _answer(request, HTTPStatus.SERVICE_UNAVAILABLE)
    except Exception as error:  # noqa: BLE001  whatever it is, the sender learns nothing of it
        _log.error("request failed", route=_route(request), error=type(error).__name__, at=places(error))
        return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(request: Request, status: int, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    if _is_browser(request):
        answer = page(request, "error.html", language.of_page(request), status=status, problem=status)
    else:
        answer = Response(text=f"{status} {HTTPStatus(status).phrase}\n", status=status)
    answer.headers.update(headers)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers.setdefault("Retry-After", "5")  # seconds
    return answer


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/channels/")


def _method(request: Request) -> str:
    """Whatever is no method that there is may be anybody's words."""
    return request.method if request.method in METH_ALL else "another"


def _route(request: Request) -> str:
    """The route's pattern: a path may hold a ticket number or a log-in token."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"


def places(error: Exception) -> list[str]:
    """Where it happened, by file and line: an exception's own words may be a citizen's."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
