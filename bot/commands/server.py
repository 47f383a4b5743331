"""Runs one process: the application on its port until it is told to stop."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from aiohttp import web as http

from bot.roles.process import Vecino
from web.runner import Runner

log = structlog.get_logger()


class PortTaken(Exception):
    """Something else listens there; change `port` or `metrics` in config.yml (of one process: VECINO_METRICS_PORT), or
    stop the other."""


async def listen(vecino: Vecino) -> tuple[http.AppRunner, int]:
    """Serve the application; the runner to clean up and the port (a free one when 0 was asked for)."""
    settings = vecino.config.settings
    return await _listen(vecino.web, settings.host, settings.port)


@asynccontextmanager
async def measured(vecino: Vecino) -> AsyncIterator[int | None]:
    """Serve /metrics meanwhile; its port, None where it is off."""
    at = vecino.config.settings.metrics
    if at is None:
        yield None
        return
    runner, port = await _listen(vecino.scrape.app(), at.host, at.port)
    try:
        yield port
    finally:
        await runner.cleanup()


async def _listen(app: http.Application, host: str, port: int) -> tuple[http.AppRunner, int]:
    runner = Runner(app, access_log=None, handle_signals=False, shutdown_timeout=5.0)
    await runner.setup()
    site = http.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise PortTaken(f"port {port} on {host} cannot be used: {error.strerror}") from None
    return runner, int(runner.addresses[0][1])


def stop_asked() -> asyncio.Event:
    """Is set by SIGINT or SIGTERM, which from now on end nothing by themselves."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # an event loop without signal handlers (Windows): Ctrl-C still ends it
            loop.add_signal_handler(number, stopped.set)
    return stopped
