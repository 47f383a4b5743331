"""What is refused is counted, by door and reason, and nothing else is."""

from pathlib import Path

import pytest

from tests.web.open311.town import TOWN
from tests.web.world import PASSWORD, World, begin
from web.ports import WEB
from web.refusals import DOORS, refusal


def refused(world: World) -> dict[tuple[str, str], int]:
    """Door and reason -> how often."""
    counted = world.app[WEB].counters.all()
    return {(dict(has)["door"], dict(has)["reason"]): n for (name, has), n in counted.items() if name == "refused"}


async def test_a_forged_message_and_a_broken_one_are_counted(world: World) -> None:
    for secret, body in (("wrong", b"hola"), ("wrong", b"hola"), ("right", b"broken"), ("right", b"hola")):
        await world.client.post("/channels/telegram", data=body, headers={"X-Secret": secret})
    assert refused(world) == {("webhooks", "signature"): 2, ("webhooks", "malformed"): 1}


async def test_a_body_that_is_too_large_is_counted(world: World) -> None:
    await world.client.post("/channels/telegram", data=b"x" * (256 * 1024 + 1), headers={"X-Secret": "right"})
    assert refused(world) == {("webhooks", "size"): 1}


async def test_a_log_in_that_fails_is_counted_and_one_that_succeeds_is_not(world: World) -> None:
    await world.log_in(password="guessed")
    await world.client.post("/desk/login", data={"login": "ana", "password": PASSWORD, "csrf": "guessed"})
    assert (await world.log_in()).status == 303
    assert refused(world) == {("login", "password"): 1, ("login", "form"): 1}


async def test_who_guesses_too_often_is_counted_as_such(world: World) -> None:
    for _ in range(7):
        await world.log_in(password="guessed")
    assert refused(world)["login", "pace"] >= 1
    assert refused(world)["login", "password"] >= 5


async def test_wrong_links_and_numbers_are_counted(world: World) -> None:
    for path in (f"/outside/{'x' * 43}", f"/my-data/{'0' * 48}", f"/desk/invitation/{'x' * 43}", "/r/7K3-9QX"):
        await world.client.get(path)
    assert refused(world) == {
        ("outside", "link"): 1, ("export", "link"): 1, ("login", "link"): 1, ("public", "number"): 1
    }  # fmt: skip


async def test_keys_and_pace_of_open311_are_counted(
    tmp_path: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await begin(tmp_path, empty=empty, city=TOWN)
    try:
        monkeypatch.setattr("web.open311.standard.PER_MINUTE", 2)
        assert (await world.client.post("/open311/v2/requests.json", data={"api_key": "guessed"})).status == 403
        assert [(await world.client.get("/open311/v2/services.json")).status for _ in range(2)] == [200, 429]
        assert refused(world) == {("open311", "key"): 1, ("open311", "pace"): 1}
    finally:
        await world.client.close()
        await world.store.close()


async def test_an_act_without_the_sessions_token_is_counted(world: World) -> None:
    await world.log_in()
    await world.client.post("/desk/logout", data={"csrf": "guessed"}, allow_redirects=False)
    assert refused(world) == {("desk", "right"): 1}


async def test_a_phone_of_the_demo_that_is_moved_from_elsewhere_is_counted(demo: World) -> None:
    answer = await demo.client.post(
        "/try/phones/0123456789abcdef/sms", json={"text": "hola"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status == 403
    assert refused(demo) == {("simulator", "form"): 1}


async def test_what_is_answered_and_what_is_nobodys_address_are_not_counted(world: World) -> None:
    for path in ("/", "/desk", "/healthz", "/.env", "/channels/pigeon", "/static/none.css"):
        await world.client.get(path, allow_redirects=False)
    assert refused(world) == {}


async def test_nothing_of_who_asked_or_for_what_is_kept(world: World) -> None:
    await world.client.get("/my-data/" + "0" * 48, headers={"User-Agent": "a phone of somebody's"})
    counters = world.app[WEB].counters.all()
    assert [dict(labels) for (name, labels) in counters if name == "refused"] == [{"door": "export", "reason": "link"}]


@pytest.mark.parametrize("begins", [begins for begins, _, _ in DOORS])
def test_each_door_is_one_of_the_applications(demo: World, begins: str) -> None:
    routes = [resource.canonical for resource in demo.app.router.resources()]
    assert any(route.startswith(begins) for route in routes), begins


@pytest.mark.parametrize(
    ("route", "status", "told"),
    [
        ("/channels/{name}", 403, ("webhooks", "signature")),
        ("/channels/{name}", 404, None),
        ("/desk/tickets/{number}", 403, ("desk", "right")),
        ("/desk/second", 422, ("login", "code")),
        ("/desk/me/second", 422, None),
        ("/", 429, ("public", "pace")),
        ("", 429, None),
        ("/desk/oidc/back", 403, ("login", "elsewhere")),
    ],
)
def test_the_first_door_that_fits_counts(route: str, status: int, told: tuple[str, str] | None) -> None:
    assert refusal(route, status) == told
