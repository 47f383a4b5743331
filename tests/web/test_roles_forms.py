"""Every form of the whole application, whoever sends it: taken from our own pages only."""

import re
from collections.abc import Mapping

import pytest
from aiohttp.web import AbstractResource, Application

from tests.web.test_roles import address, enter
from tests.web.world import World, csrf_of
from tickets.rights import Role

# Posts that no session stands behind, and what does in its place.
WITHOUT_SESSION: Mapping[str, str] = {
    "/desk/login": "a token of the browser's own",
    "/desk/invitation/{token}": "the link, and the page it is sent from",
    "/outside/{token}": "the link: who has it may do this and nothing else",
    "/digest/unsubscribe/{token}": "the link, as RFC 8058 wants it",
    "/confirm/{token}": "the link: who has it may say yes and nothing else",
    "/mail/stop/{token}": "the link, as RFC 8058 wants it",
    "/try/phones/{phone}/{style}": "the page it is sent from; in the demo only",
    "/open311/v2/requests.{form}": "an api_key",
    "/open311/v2/servicerequestupdates.{form}": "an api_key",
    "/channels/{name}": "the provider's signature",
    "/channels/{name}/status": "the provider's signature",
}


KNOWN = {"{phone}": "0123456789abcdef", "{style}": "sms", "{name}": "sms"}
ANYTHING = ("1", "replies", "pothole", "es", "x" * 43)


def posts(app: Application) -> dict[str, AbstractResource]:
    """By their canonical address."""
    changing = (one.resource for one in app.router.routes() if one.resource and one.method not in ("GET", "HEAD"))
    return {one.canonical: one for one in changing}


def filled(resource: AbstractResource) -> str:
    """An address that this route takes."""
    path = resource.canonical
    for name, value in KNOWN.items():
        path = path.replace(name, value)
    path, pattern = address(path), resource.get_info().get("pattern")
    tried = (re.sub(r"\{\w+\}", value, path) for value in ANYTHING)
    return next(one for one in tried if pattern is None or pattern.fullmatch(one))


async def test_each_post_of_the_application_needs_the_sessions_token_or_is_named_here(demo: World) -> None:
    await demo.file()
    await enter(demo, Role.ADMIN)
    others = csrf_of(await demo.page("/desk/login"))
    taken = []
    for route, resource in posts(demo.app).items():
        if route in WITHOUT_SESSION or route == "/desk/logout":
            continue
        for fields in ({}, {"csrf": ""}, {"csrf": "guessed"}, {"csrf": others}, {"csrf": "é"}):
            answer = await demo.client.post(filled(resource), data=fields, allow_redirects=False)
            if answer.status != 403:
                taken.append((route, fields, answer.status))
    assert taken == []
    assert (await demo.client.post("/desk/logout", data={"csrf": others}, allow_redirects=False)).status == 403


async def test_what_is_named_here_is_there(demo: World) -> None:
    assert set(WITHOUT_SESSION) <= set(posts(demo.app))


async def test_nothing_is_changed_but_by_post(demo: World) -> None:
    methods = {one.method for one in demo.app.router.routes()}
    assert methods == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("route", ["/desk/login", "/desk/invitation/{token}", "/try/phones/{phone}/{style}"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
async def test_what_has_no_session_is_not_taken_from_another_site(
    demo: World, route: str, headers: Mapping[str, str]
) -> None:
    answer = await demo.client.post(
        filled(posts(demo.app)[route]), data={"login": "ana"}, headers=headers, allow_redirects=False
    )
    assert answer.status == 403


@pytest.mark.parametrize("route", ["/channels/{name}", "/channels/{name}/status"])
async def test_what_no_provider_signed_is_not_taken(demo: World, route: str) -> None:
    assert (await demo.client.post(filled(posts(demo.app)[route]), data=b"x")).status == 403
