"""The real model behind its real server, once for all tests of a session."""

import time
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from nlu.child import NoRasa
from nlu.client import Address, Client, Fixed
from tests import rasa


@pytest.fixture(scope="session")
def server() -> Iterator[Address]:
    try:
        with rasa.running() as address:
            yield address
    except NoRasa as missing:
        pytest.skip(str(missing))


@pytest.fixture
async def model(server: Address) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(session, Fixed(at=server), clock=time.monotonic, timeout=10)
