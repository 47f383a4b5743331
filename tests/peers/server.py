"""An aiohttp application on a free loopback port, for as long as a test needs it."""

from aiohttp.web import Application, AppRunner, TCPSite


class Server:
    """`async with Server(app) as server: server.url`"""

    def __init__(self, app: Application) -> None:
        self._runner = AppRunner(app, shutdown_timeout=0.1, access_log=None)
        self._port = 0
        self.url = ""

    async def __aenter__(self) -> "Server":
        await self._runner.setup()
        await self.open_door()
        host, self._port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{self._port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def open_door(self) -> None:
        """Listen, after `shut_door` on the same port as before."""
        self._site = TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()

    async def shut_door(self) -> None:
        """Refuse new connections; those that are open stay."""
        await self._site.stop()
