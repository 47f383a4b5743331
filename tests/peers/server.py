"""An aiohttp application on a free loopback port, for as long as a test needs it."""

from aiohttp.web import Application, AppRunner, TCPSite


class Server:
    """`async with Server(app) as server: server.url`"""

    def __init__(self, app: Application) -> None:
        self._runner = AppRunner(app, shutdown_timeout=0.1, access_log=None)
        self.url = ""

    async def __aenter__(self) -> "Server":
        await self._runner.setup()
        site = TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
