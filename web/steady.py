"""One request, one city: settings that change meanwhile count from the next one on."""

from collections.abc import Awaitable, Callable

from aiohttp.web import Request, StreamResponse, middleware

from web.ports import WEB

_STREAM = "text/event-stream"
Handler = Callable[[Request], Awaitable[StreamResponse]]


@middleware
async def steadily(request: Request, handler: Handler) -> StreamResponse:
    """A stream of news lasts for hours, and tells of what holds then."""
    if request.headers.get("Accept", "") == _STREAM:
        return await handler(request)
    with request.app[WEB].force.held():
        return await handler(request)
