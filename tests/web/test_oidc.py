"""Log-in at the city's own service. On the other side stands authlib's authorization server (issuer.py)."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt

from bot.oidc.service import Lot, Service
from bot.ports import Clerk
from bot.ports.audit import Deed
from tests.web.elsewhere import BACK, DESK, ROLES, audit, clerk_of, come_back, log_in, to_issuer
from tests.web.issuer import CLIENT, PEOPLE, SECRET, Issuer
from tests.web.world import HASH, World, csrf_of
from tickets.rights import Role


async def test_who_comes_first_gets_an_account_and_is_in(make: Callable[..., Any]) -> None:
    world = await make()
    answer = await log_in(world, "/desk/tickets/7K3-9QX")
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/tickets/7K3-9QX")
    rosa = await clerk_of(world, "rosa")
    assert (rosa.name, rosa.role, rosa.language, rosa.password) == ("Rosa Díaz", Role.CLERK, "es", "")
    assert "Rosa Díaz" in await world.page("/desk/me")
    assert [one.detail for one in await audit(world, Deed.ACCOUNT_ADDED)] == ["log-in elsewhere: role clerk"]
    assert [(one.login, one.detail) for one in await audit(world, Deed.LOGGED_IN)] == [("rosa", "elsewhere")]


async def test_what_is_asked_of_the_service_is_what_the_protocol_says(make: Callable[..., Any], issuer: Issuer) -> None:
    world = await make()
    away = await world.client.get("/desk/oidc", allow_redirects=False)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["Location"]).query).items()}
    assert asked["redirect_uri"] == BACK
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid profile email")
    assert asked["code_challenge_method"] == "S256"
    assert all(len(asked[name]) == 43 for name in ("state", "nonce", "code_challenge"))
    cookie = away.cookies["vecino_oidc"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert SECRET not in away.headers["Location"]
    assert "/token" not in issuer.asked


async def test_later_log_ins_bring_role_and_department_up_to_date_and_make_no_second_account(
    make: Callable[..., Any], issuer: Issuer
) -> None:
    world = await make(departments=Lot(claim="department", values=(("Streets", "roads"),)))
    issuer.claims = {"department": "Streets"}
    await log_in(world)
    assert (await clerk_of(world, "rosa")).department == "roads"
    issuer.claims = {"groups": ["it"], "preferred_username": "rosa.diaz", "department": "Other"}
    assert (await log_in(world)).status == 303
    rosa = await clerk_of(world, "rosa")
    assert (rosa.role, rosa.department) == (Role.ADMIN, None)
    async with world.store.view() as view:
        assert [one.login for one in await view.clerks.all()] == ["ana", "rosa"]


@pytest.mark.parametrize(
    ("settings", "claims", "says", "why"),
    [
        ({}, {"groups": ["visitors"]}, "gives you no role", "no_role rosa"),
        ({}, {"groups": {"it": True}}, "gives you no role", "no_role rosa"),
        ({"departments": Lot(claim="d", values=(("x", "roads"),))}, {"d": "y"}, "department", "no_department rosa"),
        ({"acr": ("gold",)}, {"acr": "silver"}, "second factor", "weak acr"),
        ({"amr": ("mfa", "otp")}, {"amr": ["pwd"]}, "second factor", "weak amr"),
        ({"amr": ("mfa",)}, {}, "second factor", "weak amr"),
    ],
)
async def test_who_has_no_place_here_is_told_so(
    make: Callable[..., Any], issuer: Issuer, settings: Any, claims: Any, says: str, why: str
) -> None:
    world, issuer.claims = await make(**settings), claims
    answer = await log_in(world)
    assert answer.status == 403
    assert says in await answer.text()
    assert "vecino_desk" not in answer.cookies
    assert [one.detail for one in await audit(world, Deed.LOG_IN_FAILED)] == [why]
    async with world.store.view() as view:
        assert [one.login for one in await view.clerks.all()] == ["ana"]


async def test_a_way_back_opens_once(make: Callable[..., Any], issuer: Issuer) -> None:
    """By our cookie, and by the service's code, whoever kept the one or the other."""
    world = await make()
    location = await to_issuer(world)
    jar = {one.key: one.value for one in world.client.session.cookie_jar}
    assert (await come_back(world, location)).status == 303
    again = await come_back(world, location)
    assert again.status == 400
    assert "not begun in this browser" in await again.text()
    kept = await world.client.get(
        location.removeprefix(DESK), headers={"Cookie": f"vecino_oidc={jar['vecino_oidc']}"}, allow_redirects=False
    )
    assert kept.status == 403
    assert "vecino_desk" not in kept.cookies
    assert issuer.asked.count("/token") == 2


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda url: url.replace("state=", "state=x"), 400),
        (lambda url: url.partition("?")[0], 400),
        (lambda url: url.replace("code=", "kode="), 403),
        (lambda url: url + "&iss=https://evil.example", 403),
        (lambda url: url + "&error=access_denied", 403),
        (lambda url: url.replace("code=", "code=" + "x" * 5000), 403),
    ],
)
async def test_a_way_back_that_was_changed_leads_nowhere(
    make: Callable[..., Any], issuer: Issuer, change: Callable[[str], str], status: int
) -> None:
    world = await make()
    answer = await come_back(world, change(await to_issuer(world)))
    assert (answer.status, "vecino_desk" in answer.cookies) == (status, False)
    assert issuer.asked.count("/token") == 0


async def test_somebody_elses_way_back_opens_nothing_in_this_browser(make: Callable[..., Any]) -> None:
    """Or an attacker could make a clerk work under their name."""
    world = await make()
    theirs = await to_issuer(world)
    world.client.session.cookie_jar.clear()
    assert (await come_back(world, theirs)).status == 400
    await to_issuer(world)
    assert (await come_back(world, theirs)).status == 400


async def test_a_log_in_that_took_too_long_is_begun_again(make: Callable[..., Any], issuer: Issuer) -> None:
    world = await make()
    location = await to_issuer(world)
    issuer.clock.pass_by(minutes=10)
    assert (await come_back(world, location)).status == 400


async def test_a_session_is_new_whatever_cookie_came(make: Callable[..., Any]) -> None:
    world = await make()
    assert (await world.log_in()).status == 303
    old = {one.key: one.value for one in world.client.session.cookie_jar}["vecino_desk"]
    fresh = (await log_in(world)).cookies["vecino_desk"].value
    assert fresh != old
    world.client.session.cookie_jar.clear()
    answer = await world.client.get("/desk/me", headers={"Cookie": f"vecino_desk={old}"}, allow_redirects=False)
    assert answer.status == 303


async def test_an_account_that_was_ended_at_the_desk_stays_out(make: Callable[..., Any], issuer: Issuer) -> None:
    world = await make()
    await log_in(world)
    async with world.store.work() as work:
        rosa = next(one for one in await work.clerks.hold() if one.login == "rosa")
        await work.clerks.change(replace(rosa, ended_at=issuer.clock.now()))
        await work.commit()
    answer = await log_in(world)
    assert answer.status == 403
    assert "was ended" in await answer.text()
    assert (await world.client.get("/desk/me", allow_redirects=False)).status == 303


async def test_nobody_gets_an_account_that_is_somebody_elses(make: Callable[..., Any], issuer: Issuer) -> None:
    world, issuer.claims = await make(), {"preferred_username": "ana"}
    await log_in(world)
    assert (await clerk_of(world, "ana")).subject is None
    assert (await clerk_of(world, "ana-2")).role is Role.CLERK


async def test_a_city_can_have_its_accounts_taken_over_once_by_their_logins(
    make: Callable[..., Any], issuer: Issuer
) -> None:
    world, issuer.claims = await make(adopt=True), {"preferred_username": "ana"}
    await log_in(world)
    assert (await clerk_of(world, "ana")).subject == f"{issuer.url} 0001"
    issuer.claims = {"preferred_username": None, "email": "ana", "sub": "0008"}
    await log_in(world)
    issuer.claims = {"preferred_username": "ana", "sub": "0009"}
    await log_in(world)
    assert (await clerk_of(world, "ana-2")).subject == f"{issuer.url} 0008"
    assert (await clerk_of(world, "ana-3")).subject == f"{issuer.url} 0009"


async def test_an_account_is_taken_over_by_no_mail_address(make: Callable[..., Any], issuer: Issuer) -> None:
    """Whoever may choose theirs freely could choose a colleague's."""
    world, issuer.claims = await make(adopt=True), {"preferred_username": None, "email": "ana"}
    await log_in(world)
    assert (await clerk_of(world, "ana")).subject is None


@pytest.mark.parametrize(
    ("said", "login"),
    [("Ána Ñ", "AnaN"), ("<script>", "script"), ("...", "clerk"), ("", "clerk"), ("x" * 300, "x" * 56), (7, "clerk")],
)
async def test_a_login_is_made_of_whatever_the_service_calls_them(
    make: Callable[..., Any], issuer: Issuer, said: object, login: str
) -> None:
    world, issuer.claims = await make(), {"preferred_username": said}
    assert (await log_in(world)).status == 303
    assert (await clerk_of(world, login)).name == "Rosa Díaz"


async def test_groups_that_stand_in_no_token_are_asked_for(make: Callable[..., Any], issuer: Issuer) -> None:
    world, issuer.without = await make(), ("groups",)
    issuer.user_info = {"sub": "0001", "groups": ["it"]}
    assert (await log_in(world)).status == 303
    assert (await clerk_of(world, "rosa")).role is Role.ADMIN
    issuer.user_info = {"sub": "0002", "groups": ["it"]}
    assert (await log_in(world)).status == 403


async def test_a_claim_may_stand_deeper(make: Callable[..., Any], issuer: Issuer) -> None:
    world = await make(departments=Lot(claim="realm.place", values=(("Streets", "roads"),)))
    issuer.claims = {"realm": {"place": ["Elsewhere", "Streets"]}}
    assert (await log_in(world)).status == 303
    assert (await clerk_of(world, "rosa")).department == "roads"


async def test_while_the_service_is_down_passwords_still_open(make: Callable[..., Any], issuer: Issuer) -> None:
    world, issuer.down = await make(), True
    answer = await world.client.get("/desk/oidc", allow_redirects=False)
    text = await answer.text()
    assert answer.status == 503
    assert "does not answer" in text
    assert 'name="password"' in text
    assert (await world.log_in()).status == 303


async def test_a_service_that_fails_is_not_asked_by_everybody_at_once(make: Callable[..., Any], issuer: Issuer) -> None:
    world, issuer.down = await make(), True
    for _ in range(10):
        assert (await world.client.get("/desk/oidc", allow_redirects=False)).status == 503
    assert len(issuer.asked) == 1
    issuer.down = False
    issuer.clock.pass_by(seconds=5)
    assert (await log_in(world)).status == 303


async def test_what_is_known_of_it_serves_while_it_is_down(make: Callable[..., Any], issuer: Issuer) -> None:
    world = await make()
    await log_in(world)
    location = await to_issuer(world)
    issuer.clock.pass_by(minutes=9)
    issuer.down = True
    answer = await come_back(world, location)
    assert answer.status == 503
    issuer.down = False
    assert (await log_in(world)).status == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"}, {"end_session_endpoint": "//evil.example"},
        {"big": "x" * 600_000},
    ],
)  # fmt: skip
async def test_a_service_that_describes_itself_wrongly_is_not_gone_to(
    make: Callable[..., Any], issuer: Issuer, wrong: Any
) -> None:
    world, issuer.metadata = await make(), wrong
    assert (await world.client.get("/desk/oidc", allow_redirects=False)).status == 503


async def test_where_only_the_service_lets_in_no_password_does(make: Callable[..., Any], issuer: Issuer) -> None:
    world = await make(only=True)
    page = await world.page("/desk/login")
    assert 'name="password"' not in page
    assert 'href="/desk/oidc?next=' in page
    shown = await world.client.get("/desk/login")
    fields = {"login": "ana", "password": "correct horse", "csrf": shown.cookies["vecino_door"].value}
    refused = await world.client.post("/desk/login", data=fields, allow_redirects=False)
    assert (refused.status, "vecino_desk" in refused.cookies) == (403, False)
    issuer.login = "boss"
    await log_in(world)
    people = await world.page("/desk/people")
    assert 'name="password"' not in people
    csrf = csrf_of(people)
    for path in ("/desk/people", "/desk/people/ana/password", "/desk/me/password"):
        fields = {"csrf": csrf, "login": "eva", "name": "Eva", "role": "admin", "password": "a long enough one"}
        assert (await world.client.post(path, data=fields, allow_redirects=False)).status == 403
    assert (await world.client.get("/desk/invitation/" + "x" * 43)).status == 404


async def test_the_second_factor_is_the_services_matter(make: Callable[..., Any], issuer: Issuer) -> None:
    world = await make(second=True)
    assert (await log_in(world)).headers["Location"] == "/desk"
    assert (await world.client.get("/desk/me", allow_redirects=False)).status == 200
    await world.client.post("/desk/logout", data={"csrf": csrf_of(await world.page("/desk/me"))})
    await world.log_in()
    assert (await world.client.get("/desk", allow_redirects=False)).headers["Location"] == "/desk/me/second"


async def test_whoever_leaves_the_desk_leaves_the_service_too(make: Callable[..., Any], issuer: Issuer) -> None:
    world = await make()
    await log_in(world)
    csrf = csrf_of(await world.page("/desk/me"))
    answer = await world.client.post("/desk/logout", data={"csrf": csrf}, allow_redirects=False)
    address = answer.headers["Refresh"].removeprefix("0; url=")
    said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{issuer.url}/leave?")
    assert (said["client_id"], said["post_logout_redirect_uri"]) == (CLIENT, f"{DESK}/desk/login")
    assert jwt.decode(said["id_token_hint"], issuer.key, algorithms=["RS256"]).claims["sub"] == PEOPLE["rosa"]["sub"]
    assert (await world.client.get("/desk/me", allow_redirects=False)).status == 303


async def test_who_came_by_password_leaves_as_ever(make: Callable[..., Any]) -> None:
    world = await make()
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/me"))
    answer = await world.client.post("/desk/logout", data={"csrf": csrf}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/login")


async def test_there_is_no_such_way_where_none_is_set(world: World) -> None:
    assert (await world.client.get("/desk/oidc", allow_redirects=False)).status == 404
    assert (await world.client.get("/desk/oidc/back?state=x", allow_redirects=False)).status == 404
    assert "oidc" not in await world.page("/desk/login")


async def test_who_waits_for_a_service_that_is_away_is_not_slowed_down_for_it(
    make: Callable[..., Any], issuer: Issuer
) -> None:
    world = await make()
    locations = [await to_issuer(world) for _ in range(22)]
    issuer.down = True
    jar = world.client.session.cookie_jar
    last = {one.key: one.value for one in jar}["vecino_oidc"]
    for _ in range(22):
        jar.update_cookies({"vecino_oidc": last}, world.client.make_url("/"))
        assert (await come_back(world, locations[-1])).status == 503


async def test_guessing_at_the_way_back_is_slowed_down(make: Callable[..., Any], issuer: Issuer) -> None:
    world, issuer.login = await make(), "guest"
    statuses = [(await log_in(world)).status for _ in range(22)]
    assert statuses[:20] == [403] * 20
    assert statuses[-1] == 429


async def test_nothing_secret_stands_in_what_is_shown_of_it(issuer: Issuer) -> None:
    service = Service(issuer=issuer.url, client_id=CLIENT, secret=SECRET, roles=ROLES)
    assert SECRET not in repr(service)
    assert HASH not in repr(Clerk(login="a", name="A", language="en", password=HASH))


@pytest.mark.parametrize("inside", [b'{"a": ' + b"[" * 2_500, b"\xff", b"[]", b'{"until": NaN}'])
async def test_a_cookie_that_nobody_made_begins_nothing(make: Callable[..., Any], inside: bytes) -> None:
    """Nested deeply it once was a fault of ours."""
    world = await make()
    value = base64.urlsafe_b64encode(inside).decode()
    answer = await world.client.get(
        "/desk/oidc/back", headers={"Cookie": f"vecino_oidc={value}"}, allow_redirects=False
    )
    assert answer.status == 400
