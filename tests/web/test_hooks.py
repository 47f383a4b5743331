"""Subscribers at the desk: added, tried, paused, replayed and removed by administrators, and by nobody else."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.ports.hooks import Hook, Setback, State
from tests.bot.hooks.receiver import Receiver, receiving
from tests.web.test_roles import enter
from tests.web.world import NOW, World, csrf_of
from tickets.rights import Role

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def hooks(world: World) -> list[Hook]:
    async with world.store.view() as view:
        return list(await view.hooks.all())


async def sent(world: World, act: str, status: int = 303, **fields: str) -> str:
    answer = await world.client.post(f"/desk/hooks{act}", data=fields, allow_redirects=False)
    assert answer.status == status, await answer.text()
    return await answer.text()


async def added(world: World, there: Receiver, **fields: str) -> str:
    """Somebody who may adds one; the token of their forms."""
    csrf = await enter(world, Role.ADMIN)
    page = await sent(world, "", 200, csrf=csrf, name="Power & Co", url=there.url, **fields)
    [secret] = set(SECRET.findall(page.replace("&#43;", "+")))
    assert secret not in await world.page("/desk/hooks/1")
    return csrf


async def test_one_is_added_and_its_secret_is_shown_once(world: World, there: Receiver) -> None:
    boxes = {"service.pothole": "1", "event.filed": "1", "event.closed": "1", "area.nowhere": "1"}
    await added(world, there, **boxes)
    [one] = await hooks(world)
    assert (one.name, one.url, one.services, one.areas) == ("Power & Co", there.url, ("pothole",), ())
    assert one.happenings == ("filed", "closed")
    listed = await world.page("/desk/hooks")
    assert "Power &amp; Co" in listed
    assert "127.0.0.1" in listed
    assert "/hook<" not in listed, "an address may hold a password: only its host is shown"


async def test_who_ticks_all_wants_new_ones_too(world: World, there: Receiver) -> None:
    await added(world, there, **{"service.pothole": "1", "service.lighting": "1", "area.centro": "1"})
    [one] = await hooks(world)
    assert (one.services, one.areas) == ((), ())


@pytest.mark.parametrize(("name", "url", "words"), [
    ("", "https://example.org/", "Write a name"),
    ("x" * 81, "https://example.org/", "Write a name"),
    ("Power", "nonsense", "no address"),
    ("Power", "https://10.0.0.1/", "private network"),
    ("Power", "https://169.254.169.254/latest/", "private network"),
    ("Power", "https://user:word@example.org/", "no address"),
    ("Power", "https://" + "a" * 3000, "no address"),
])  # fmt: skip
async def test_what_cannot_be_told_is_not_taken_and_what_was_typed_stays(
    world: World, name: str, url: str, words: str
) -> None:  # fmt: skip
    csrf = await enter(world, Role.ADMIN)
    page = await sent(world, "", 422, csrf=csrf, name=name, url=url)
    assert words in page
    assert name in page
    assert await hooks(world) == []


async def test_a_test_says_what_came_back(world: World, there: Receiver) -> None:
    csrf = await added(world, there)
    assert "took the test" in await sent(world, "/1/ping", 200, csrf=csrf)
    there.usual = 500
    page = await sent(world, "/1/ping", 200, csrf=csrf)
    assert "answered with an error" in page
    assert "HTTP 500" in page
    assert [one["type"] for one in there.taken] == ["ping"]


async def test_it_is_paused_and_goes_on(world: World, there: Receiver) -> None:
    csrf = await added(world, there)
    await sent(world, "/1/pause", csrf=csrf)
    assert [one.state for one in await hooks(world)] == [State.PAUSED]
    page = await world.page("/desk/hooks/1")
    assert "Paused" in page
    assert "/1/resume" in page
    await sent(world, "/1/resume", csrf=csrf)
    assert [one.state for one in await hooks(world)] == [State.ON]


async def test_rotating_and_removing_want_a_tick_first(world: World, there: Receiver) -> None:
    csrf = await added(world, there)
    [before] = await hooks(world)
    for act in ("rotate", "remove"):
        assert "Tick the box first" in await sent(world, f"/1/{act}", 422, csrf=csrf)
    assert await hooks(world) == [before]
    assert SECRET.search((await sent(world, "/1/rotate", 200, csrf=csrf, sure="1")).replace("&#43;", "+"))
    [after] = await hooks(world)
    assert after.secrets[1:] == before.secrets
    await sent(world, "/1/remove", csrf=csrf, sure="1")
    await sent(world, "/1/remove", csrf=csrf, sure="1")
    assert await hooks(world) == []


async def test_it_is_told_again_from_a_day_or_an_event(world: World, there: Receiver) -> None:
    csrf = await added(world, there)
    await world.file()
    await sent(world, "/1/replay", csrf=csrf, since="2026-11-20")
    [one] = await hooks(world)
    assert one.replaying is not None
    assert one.replaying.isoformat() == "2026-11-20T04:00:00+00:00", "midnight in the city"
    await sent(world, "/1/replay", csrf=csrf, event="7K3-9QX.1")
    for wrong in ({}, {"since": "soon"}, {"since": "0001-01-01"}, {"since": "99999-01-01"}):
        assert "Choose a day" in await sent(world, "/1/replay", 422, csrf=csrf, **wrong)
    for event in ("x", "7K3-9QX.9", "AAA-000.1", "7K3-9QX.1.1"):
        assert "no event with that number" in await sent(world, "/1/replay", 422, csrf=csrf, event=event)


async def test_what_was_set_aside_is_shown_and_tried_again(world: World, there: Receiver) -> None:
    csrf = await added(world, there)
    await world.file()
    [one] = await hooks(world)
    async with world.store.work() as work:
        [event] = await work.hooks.claim(one, "me", NOW, NOW + timedelta(minutes=1), 1)
        back = Setback(status=404, trouble="status", again=None, hold=NOW)
        assert await work.hooks.failed(event, back, NOW)
        await work.commit()
    page = await world.page("/desk/hooks/1")
    assert "7K3-9QX" in page
    assert "HTTP 404" in page
    await sent(world, "/1/again", csrf=csrf)
    assert 'id="aside"' not in await world.page("/desk/hooks/1")


async def test_one_that_is_not_there_is_not_found(world: World) -> None:
    csrf = await enter(world, Role.ADMIN)
    await world.page("/desk/hooks/9", 404)
    for act in ("pause", "resume", "ping", "again"):
        await sent(world, f"/9/{act}", 404, csrf=csrf)
    await sent(world, "/9/rotate", 404, csrf=csrf, sure="1")
    await sent(world, "/9/replay", 404, csrf=csrf, since="2026-11-20")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_comes_near(world: World, role: Role) -> None:
    csrf = await enter(world, role)
    await world.page("/desk/hooks", 403)
    await sent(world, "", 403, csrf=csrf, name="x", url="https://example.org/")
    assert 'href="/desk/hooks"' not in await world.page("/desk")


async def test_every_state_has_words(world: World, there: Receiver) -> None:
    await added(world, there)
    for state in State:
        async with world.store.work() as work:
            await work.hooks.turn(1, state, NOW)
            await work.commit()
        for path in ("/desk/hooks", "/desk/hooks/1"):
            assert csrf_of(await world.page(path))
