"""A desk that trusts a log-in service (issuer.py), and the way there and back."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession

from bot.oidc.provider import Provider
from bot.oidc.service import Lot, Service
from bot.ports import Clerk
from bot.ports.audit import Deed, Entry
from bot.settings.desk import Admission, Factor
from tests.web.issuer import CLIENT, SECRET, Issuer
from tests.web.world import Clock, World, begin

DESK = "http://desk.localhost"
BACK = f"{DESK}/desk/oidc/back"
ROLES = Lot(claim="groups", values=(("it", "admin"), ("dispatch", "clerk")))


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer(Clock(), BACK)
    await issuer.start()
    yield issuer
    await issuer.server.close()


@pytest.fixture
async def make(tmp_path: Path, empty: Path, issuer: Issuer) -> AsyncIterator[Callable[..., Any]]:
    """A desk that trusts the issuer; with more settings, where a test has them."""
    worlds: list[World] = []

    async def made(second: bool = False, **more: Any) -> World:
        service = Service(issuer=issuer.url, client_id=CLIENT, secret=SECRET, roles=ROLES, **more)
        worlds.append(
            await begin(
                tmp_path, empty=empty, public_url=DESK, clock=issuer.clock,
                elsewhere=Provider(service, issuer.clock.now), admission=Admission(second=Factor.REQUIRED if second else Factor.OPTIONAL),
            )
        )  # fmt: skip
        return worlds[-1]

    yield made
    for world in worlds:
        await world.client.close()
        await world.store.close()


async def to_issuer(world: World, way: str = "") -> str:
    """Where the issuer sends the browser back to."""
    away = await world.client.get("/desk/oidc", params={"next": way}, allow_redirects=False)
    assert away.status == 303, await away.text()
    async with ClientSession() as browser, browser.get(away.headers["Location"], allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]


async def come_back(world: World, location: str) -> ClientResponse:
    return await world.client.get(location.removeprefix(DESK), allow_redirects=False)


async def log_in(world: World, way: str = "") -> ClientResponse:
    return await come_back(world, await to_issuer(world, way))


async def clerk_of(world: World, login: str) -> Clerk:
    async with world.store.view() as view:
        clerk = await view.clerks.get(login)
    assert clerk is not None
    return clerk


async def audit(world: World, deed: Deed) -> list[Entry]:
    async with world.store.view() as view:
        return list((await view.audit.page(0, 100, deed=deed)).rows)
