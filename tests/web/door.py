"""The web on a loopback port as processes serve it."""

from typing import Any

from aiohttp.test_utils import TestServer
from aiohttp.web import BaseRunner

from web.runner import Runner


class Door(TestServer):
    """With our own runner."""

    async def _make_runner(self, **kwargs: Any) -> BaseRunner:
        return Runner(self.app, **kwargs)
