"""Runs one process: the application on its port until it is told to stop."""

import asyncio
import signal
from contextlib import suppress

import structlog
from aiohttp import web as http

from bot.process import Vecino

log = structlog.get_logger()


class PortTaken(Exception):
    """Something else listens there; change `port` in config.yml or stop the other."""


async def listen(vecino: Vecino) -> tuple[http.AppRunner, int]:
    """Serve the application; the runner to clean up and the port (a free one when 0 was asked for)."""
    settings = vecino.config.settings
    runner = http.AppRunner(vecino.web, access_log=None, handle_signals=False, shutdown_timeout=5.0)
    await runner.setup()
    site = http.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise PortTaken(f"port {settings.port} on {settings.host} cannot be used: {error.strerror}") from None
    return runner, int(runner.addresses[0][1])


def stop_asked() -> asyncio.Event:
    """Is set by SIGINT or SIGTERM, which from now on end nothing by themselves."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # an event loop without signal handlers (Windows): Ctrl-C still ends it
            loop.add_signal_handler(number, stopped.set)
    return stopped
