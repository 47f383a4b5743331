"""A copy of a citizen's data by its link."""

from datetime import timedelta
from pathlib import Path

import pytest

from channels.message import Contact, Inbound
from tests.web.world import NOW, World, begin

TOKEN = "0123456789abcdef" * 3
CONTENT = '{"what_we_keep": "ñandú"}'


async def kept(world: World) -> None:
    arrival = Inbound(sender=Contact(channel="sms", address="77"), external_id="1", received_at=NOW)
    async with world.store.work() as work:
        await work.inbox.accept([arrival])
        citizen = await work.citizens.find(arrival.sender)
        assert citizen
        await work.exports.keep(TOKEN, citizen.id, CONTENT, NOW + timedelta(hours=24))
        await work.commit()


async def test_the_link_gives_the_file_as_often_as_wanted_and_nobody_may_keep_it(world: World) -> None:
    await kept(world)
    for _ in range(2):
        answer = await world.client.get(f"/my-data/{TOKEN}")
        assert (answer.status, await answer.text()) == (200, CONTENT)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="vecino-2026-11-23.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("token", ["f" * 48, "x", TOKEN.upper(), TOKEN + "0", "%00", "..%2f..%2fetc", "' OR 1=1 --"])
async def test_a_link_that_is_none_and_one_that_has_ended_look_alike(world: World, token: str) -> None:
    await kept(world)
    unknown = await world.client.get(f"/my-data/{token}")
    world.clock.pass_by(hours=24)
    past = await world.client.get(f"/my-data/{TOKEN}")
    assert (unknown.status, await unknown.read()) == (past.status, await past.read()) == (404, b"404 Not Found\n")


async def test_who_guesses_has_to_wait_and_the_wait_is_told(world: World) -> None:
    await kept(world)
    statuses = [(await world.client.get(f"/my-data/{n:048x}")).status for n in range(40)]
    assert (statuses[0], statuses[-1]) == (404, 429)
    late = await world.client.get(f"/my-data/{TOKEN}")
    assert (late.status, int(late.headers["Retry-After"]) >= 1) == (429, True)
    world.clock.pass_by(minutes=5)
    assert (await world.client.get(f"/my-data/{TOKEN}")).status == 200


async def test_behind_a_proxy_of_ours_one_who_guesses_shuts_out_nobody_else(tmp_path: Path) -> None:
    world = await begin(tmp_path, public_url="http://city.example")
    await kept(world)
    for n in range(40):
        await world.client.get(f"/my-data/{n:048x}", headers={"X-Forwarded-For": "203.0.113.9"})
    answer = await world.client.get(f"/my-data/{TOKEN}", headers={"X-Forwarded-For": "198.51.100.7"})
    assert answer.status == 200
    await world.client.close()
    await world.store.close()


async def test_without_the_database_the_link_says_try_again(world: World) -> None:
    world.store.gone = True
    assert (await world.client.get(f"/my-data/{TOKEN}")).status == 503


async def test_a_browser_is_told_on_a_page(world: World) -> None:
    answer = await world.client.get("/my-data/x", headers={"Accept": "text/html"})
    assert (answer.status, answer.content_type) == (404, "text/html")
