"""What the browser keeps for us, and that nothing of it stands anywhere else."""

from http.cookies import SimpleCookie
from pathlib import Path

from aiohttp import ClientResponse

from tests.web.world import PASSWORD, World, begin, csrf_of


async def entered(world: World) -> tuple[ClientResponse, ClientResponse]:
    """The log-in form and the answer to it. The test speaks plain HTTP: it carries Secure cookies by hand."""
    form = await world.client.get("/desk/login?language=es")
    sent = "; ".join(f"{name}={one.value}" for name, one in form.cookies.items())
    fields = {"login": "ana", "password": PASSWORD, "csrf": csrf_of(await form.text())}
    return form, await world.client.post(
        "/desk/login", data=fields, headers={"Cookie": sent}, allow_redirects=False
    )  # fmt: skip


async def test_cookies_are_of_this_host_alone_where_there_is_https(tmp_path: Path, empty: Path) -> None:
    world = await begin(tmp_path, empty=empty, public_url="https://vecino.example.org")
    form, answer = await entered(world)
    cookies = SimpleCookie()
    for one in (form, answer):
        cookies.update(one.cookies)
    opening = set(cookies) - {"vecino_language"}  # which opens nothing
    assert opening == {"__Host-vecino_door", "__Host-vecino_desk"}
    for name in cookies:
        morsel = cookies[name]
        assert (morsel["secure"], morsel["httponly"], morsel["domain"], morsel["path"]) == (True, True, "", "/"), name
        assert morsel["samesite"] in {"Lax", "Strict"}, name
    await world.client.close()
    await world.store.close()


async def test_a_cookie_that_another_site_of_the_domain_planted_opens_nothing(tmp_path: Path, empty: Path) -> None:
    """Such a site can set `vecino_desk` for all of the domain, but no name that begins with `__Host-`."""
    world = await begin(tmp_path, empty=empty, public_url="https://vecino.example.org")
    _, answer = await entered(world)
    session = answer.cookies["__Host-vecino_desk"].value
    for name, status in (("vecino_desk", 303), ("__Host-vecino_desk", 200)):
        shown = await world.client.get("/desk", headers={"Cookie": f"{name}={session}"}, allow_redirects=False)
        assert shown.status == status, name
    await world.client.close()
    await world.store.close()


async def test_no_session_stands_in_an_address(world: World) -> None:
    answer = await world.log_in(way="/desk/tickets/7K3-9QX")
    session = answer.cookies["vecino_desk"].value
    assert session not in answer.headers["Location"]
    for path in ("/desk", "/desk/me", "/desk/people"):
        assert session not in await world.page(path)
    world.client.session.cookie_jar.clear()
    for name in ("vecino_desk", "session", "token"):
        shown = await world.client.get("/desk", params={name: session}, allow_redirects=False)
        assert shown.status == 303
