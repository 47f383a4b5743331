"""Serves an application. What is no HTTP is refused in three words: aiohttp would repeat it, with its own version, and
nothing of ours is asked about it, for there is no request yet."""

from http import HTTPStatus

import structlog
from aiohttp.web import AppRunner, BaseRequest, RequestHandler, Response, Server, StreamResponse

from web.errors import places
from web.headers import ALWAYS

_log = structlog.get_logger()


class Runner(AppRunner):
    """As aiohttp's own, but for such answers."""

    async def _make_server(self) -> Server:
        made = await super()._make_server()
        return _Server(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            loop=made._loop,
            **made._kwargs,
        )


class _Server(Server):
    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    """One that somebody opened."""

    __slots__ = ()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it quotes what came
    ) -> StreamResponse:
        """What the parser refuses, or what went wrong below all that is ours."""
        if request.writer.output_size > 0:
            raise ConnectionError("a part of another answer is on its way already")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            where = places(exc) if isinstance(exc, Exception) else []
            _log.error("request failed", error=type(exc).__name__, at=where)
        text = f"{status} {HTTPStatus(status).phrase}\n"
        answer = Response(text=text, status=status, headers={**ALWAYS, "Cache-Control": "no-store", "Server": "Vecino"})
        answer.force_close()
        return answer
