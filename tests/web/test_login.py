"""The door of the desk: who comes in, who does not, and what the browser is left with."""

from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from aiohttp import CookieJar

from tests.web.world import PASSWORD, World, begin, csrf_of
from web.login import DOOR

DEMO = "/desk/demo?token=" + "T" * 43


async def test_a_clerk_logs_in_and_out(world: World) -> None:
    answer = await world.log_in()
    assert (answer.status, answer.headers["Location"]) == (303, "/desk")
    page = await world.page("/desk")
    assert "Ana" in page
    out = await world.client.post("/desk/logout", data={"csrf": csrf_of(page)}, allow_redirects=False)
    assert (out.status, out.headers["Location"]) == (303, "/desk/login")
    assert (await world.client.get("/desk", allow_redirects=False)).status == 303


async def test_after_the_log_out_the_old_cookie_opens_nothing(world: World) -> None:
    old = (await world.log_in()).cookies["vecino_desk"].value
    page = await world.page("/desk")
    await world.client.post("/desk/logout", data={"csrf": csrf_of(page)}, allow_redirects=False)
    world.client.session.cookie_jar.clear()
    answer = await world.client.get("/desk", headers={"Cookie": f"vecino_desk={old}"}, allow_redirects=False)
    assert answer.status == 303


@pytest.mark.parametrize(
    ("login", "password"),
    [("ana", "wr0ng"), ("nobody", PASSWORD), ("", ""), ("ana", ""), ("ana\0", ""), ("a" * 5000, "x" * 5000)],
)
async def test_wrong_login_and_wrong_password_look_the_same(world: World, login: str, password: str) -> None:
    answer = await world.log_in(login, password)
    text = await answer.text()
    assert answer.status == 422
    assert "The login or the password is not right." in text
    assert "vecino_desk" not in answer.cookies
    assert password not in text or not password


async def test_an_unknown_login_costs_as_much_work_as_a_known_one(world: World) -> None:
    passwords = world.app[DOOR].passwords
    checked: list[str] = []
    right = passwords._right  # the work itself; timing it would be a coin's toss on a busy machine
    passwords._right = lambda stored, offered: checked.append(stored) or right(stored, offered)  # type: ignore[method-assign]
    await world.log_in("nobody", "x")
    await world.log_in("ana", "x")
    assert [stored[:9] for stored in checked] == ["$argon2id"] * 2


async def test_a_log_in_makes_a_new_session_whatever_cookie_came(world: World) -> None:
    world.client.session.cookie_jar.update_cookies(SimpleCookie("vecino_desk=planted; Path=/"))
    token = (await world.log_in()).cookies["vecino_desk"].value
    assert token != "planted"
    assert len(token) >= 43
    again = (await world.log_in()).cookies["vecino_desk"].value
    assert again != token
    world.client.session.cookie_jar.clear()
    answer = await world.client.get("/desk", headers={"Cookie": f"vecino_desk={token}"}, allow_redirects=False)
    assert answer.status == 303  # the first session ended with the second log-in


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(tmp_path: Path) -> None:
    world = await begin(tmp_path, public_url="https://vecino.example.org")
    # the test speaks plain HTTP, so it carries the Secure cookie by hand
    shown = await world.client.get("/desk/login")
    door = shown.cookies["__Host-vecino_door"]
    fields = {"login": "ana", "password": PASSWORD, "csrf": csrf_of(await shown.text())}
    cookie = {"Cookie": f"__Host-vecino_door={door.value}"}
    answer = await world.client.post("/desk/login", data=fields, headers=cookie, allow_redirects=False)
    morsel = answer.cookies["__Host-vecino_desk"]
    assert (morsel["httponly"], morsel["samesite"], morsel["secure"], morsel["path"]) == (True, "Lax", True, "/")
    assert (door["httponly"], door["samesite"], door["secure"]) == (True, "Strict", True)
    assert answer.headers["Strict-Transport-Security"]
    await world.client.close()
    await world.store.close()


@pytest.mark.parametrize("csrf", ["", "guessed", "é"])
async def test_a_log_in_form_from_elsewhere_is_not_taken(world: World, csrf: str) -> None:
    await world.client.get("/desk/login")
    fields = {"login": "ana", "password": PASSWORD, "csrf": csrf}
    answer = await world.client.post("/desk/login", data=fields, allow_redirects=False)
    assert answer.status == 403
    assert "vecino_desk" not in answer.cookies


async def test_a_log_in_form_without_its_cookie_is_not_taken(world: World) -> None:
    csrf = csrf_of(await world.page("/desk/login"))
    world.client.session.cookie_jar.clear()
    fields = {"login": "ana", "password": PASSWORD, "csrf": csrf}
    assert (await world.client.post("/desk/login", data=fields, allow_redirects=False)).status == 403


async def test_guessing_is_slowed_down_even_with_the_right_password_at_last(world: World) -> None:
    for _ in range(5):
        assert (await world.log_in("ana", "wrong")).status == 422
    world.clock.pass_by(seconds=2)
    assert (await world.log_in("ana", "wrong")).status == 422
    answer = await world.log_in()
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many attempts" in await answer.text()
    world.clock.pass_by(seconds=int(answer.headers["Retry-After"]))
    assert (await world.log_in()).status == 303


@pytest.mark.parametrize(
    ("way", "leads"),
    [
        ("/desk/tickets/7K3-9QX", "/desk/tickets/7K3-9QX"),
        ("/desk?status=closed", "/desk?status=closed"),
        ("https://evil.example/", "/desk"),
        ("//evil.example/desk", "/desk"),
        ("/desk\r\nSet-Cookie: a=b", "/desk"),
        ("/desk.evil.example", "/desk"),
        ("/desk/..\\evil", "/desk"),
        ("", "/desk"),
    ],
)
async def test_the_log_in_leads_to_our_own_desk_only(world: World, way: str, leads: str) -> None:
    assert (await world.log_in(way=way)).headers["Location"] == leads


async def test_who_is_not_logged_in_comes_back_to_the_page_asked_for(world: World) -> None:
    answer = await world.client.get("/desk/tickets/7K3-9QX", allow_redirects=False)
    assert answer.headers["Location"] == "/desk/login?next=/desk/tickets/7K3-9QX"


async def test_a_session_ends_after_a_working_day(world: World) -> None:
    await world.log_in()
    world.clock.pass_by(hours=12)
    assert (await world.client.get("/desk", allow_redirects=False)).status == 303


async def test_there_is_no_demo_log_in_in_earnest(world: World) -> None:
    assert (await world.client.get(DEMO, allow_redirects=False)).status == 404


async def test_the_demo_link_opens_the_desk_once(demo: World) -> None:
    assert (await demo.client.head(DEMO)).status == 405  # a preview of the link does not use it up
    wrong = await demo.client.get("/desk/demo?token=wrong", allow_redirects=False)
    assert (wrong.status, "vecino_desk" in wrong.cookies) == (403, False)
    first = await demo.client.get(DEMO, allow_redirects=False)
    assert (first.status, first.headers["Location"]) == (303, "/desk")
    assert "Demo" in await demo.page("/desk")
    demo.client.session.cookie_jar.clear()
    second = await demo.client.get(DEMO, allow_redirects=False)
    assert (second.status, "vecino_desk" in second.cookies) == (403, False)
    assert "T" * 43 not in await second.text()


async def test_a_plain_browser_keeps_no_cookie_but_ours(world: World) -> None:
    await world.log_in()
    jar = world.client.session.cookie_jar
    assert isinstance(jar, CookieJar)
    assert {cookie.key for cookie in jar} == {"vecino_door", "vecino_desk"}


async def test_behind_a_proxy_of_ours_one_callers_wrong_tries_do_not_shut_out_the_others(tmp_path: Path) -> None:
    world = await begin(tmp_path, public_url="http://city.example")

    async def try_from(address: str, password: str, login: str = "ana") -> int:
        return (await world.log_in(login, password, headers={"X-Forwarded-For": f"8.8.8.8, {address}"})).status

    for n in range(30):
        await try_from("203.0.113.9", "wrong", f"somebody{n}")
    assert await try_from("203.0.113.9", PASSWORD) == 429
    assert await try_from("198.51.100.7", PASSWORD) == 303
    await world.client.close()
    await world.store.close()
