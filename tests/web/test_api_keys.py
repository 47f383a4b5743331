"""Keys of other programs at the desk: made, shown once, revoked, and every act in the audit."""

import re
from datetime import timedelta

import pytest

from bot.ports.audit import Deed
from bot.ports.keys import Key, Scope
from tests.web.world import NOW, World, csrf_of

FIELDS = {"name": "Fixers Ltd", "scope.file": "1", "scope.move": "1", "rate": "30", "until": ""}


async def add(world: World, **more: str) -> tuple[int, str]:
    token = csrf_of(await world.page("/desk/api"))
    answer = await world.client.post("/desk/api", data={**FIELDS, "csrf": token, **more})
    return answer.status, await answer.text()


async def keys(world: World) -> list[Key]:
    async with world.store.view() as view:
        return list(await view.keys.all())


def secret_of(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(vk_[\w-]+)</textarea>", page)
    assert found, page
    return found[1]


async def test_a_key_is_made_and_shown_once(world: World) -> None:
    await world.log_in()
    status, page = await add(world)
    assert status == 200
    secret = secret_of(page)
    assert secret not in await world.page("/desk/api")
    (key,) = await keys(world)
    assert (key.name, key.rate, key.made_by, key.expires_at) == ("Fixers Ltd", 30, "ana", None)
    assert key.scopes == {Scope.FILE, Scope.MOVE, Scope.UPDATE}
    answer = await world.client.post("/open311/v2/requests.json", data={"api_key": secret})
    assert answer.status == 400


async def test_its_last_day_is_the_city_s(world: World) -> None:
    await world.log_in()
    await add(world, until="2026-12-31")
    (key,) = await keys(world)
    assert key.expires_at is not None
    assert key.expires_at.isoformat() == "2027-01-01T04:00:00+00:00"
    assert key.opens(key.expires_at - timedelta(seconds=1))
    assert not key.opens(key.expires_at)
    assert "Dec 31, 2026" in await world.page("/desk/api")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 61),
        ("name", "<b>"),
        ("rate", "0"),
        ("rate", "6001"),
        ("rate", "many"),
        ("until", "2026-11-22"),
        ("until", "tomorrow"),
        ("until", "9999-12-31"),
    ],
)
async def test_what_is_wrong_is_told_beside_it_and_nothing_is_made(world: World, field: str, value: str) -> None:
    await world.log_in()
    status, page = await add(world, **{field: value})
    assert status == 422
    assert f'id="{field}-wrong"' in page
    assert await keys(world) == []


async def test_a_key_that_may_nothing_is_not_made(world: World) -> None:
    await world.log_in()
    token = csrf_of(await world.page("/desk/api"))
    answer = await world.client.post("/desk/api", data={"name": "x", "rate": "1", "csrf": token})
    assert (answer.status, await keys(world)) == (422, [])


async def test_a_name_is_given_once(world: World) -> None:
    await world.log_in()
    await add(world)
    status, page = await add(world)
    assert (status, "There is a key of that name already" in page) == (422, True)


async def test_a_key_is_revoked_only_by_who_is_sure_and_both_stand_in_the_audit(world: World) -> None:
    await world.log_in()
    secret = secret_of((await add(world))[1])
    (key,) = await keys(world)
    token = csrf_of(await world.page("/desk/api"))
    answer = await world.client.post("/desk/api/revoke", data={"key": key.id, "csrf": token})
    assert (answer.status, (await keys(world))[0].revoked_at) == (422, None)
    for _ in range(2):
        await world.client.post("/desk/api/revoke", data={"key": key.id, "csrf": token, "sure": "1"})
    assert (await keys(world))[0].revoked_at == NOW
    assert "Revoked or expired" in await world.page("/desk/api")
    answer = await world.client.post("/open311/v2/requests.json", data={"api_key": secret})
    assert answer.status == 403
    async with world.store.view() as view:
        deeds = [one.deed for one in (await view.audit.page(0, 50)).rows]
    assert deeds.count(Deed.KEY_ADDED) == deeds.count(Deed.KEY_REVOKED) == 1


async def test_a_key_that_is_not_there_is_404(world: World) -> None:
    await world.log_in()
    token = csrf_of(await world.page("/desk/api"))
    answer = await world.client.post("/desk/api/revoke", data={"key": "9", "csrf": token, "sure": "1"})
    assert answer.status == 404
