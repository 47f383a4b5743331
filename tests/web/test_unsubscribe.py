"""Who wants no digest any more: one page, one button, or one POST of a mail program."""

from datetime import timedelta
from pathlib import Path

import pytest

from store.database import Database
from store.seal import Seal
from tests.web.world import NOW, World

ANA = "ana@city.example"
YEAR = timedelta(days=365)


async def path(world: World, address: str = ANA, until: timedelta = YEAR) -> str:
    async with world.store.view() as view:
        return f"/digest/unsubscribe/{view.unsubscribed.token(address, NOW + until)}"


async def unsubscribed(world: World) -> frozenset[str]:
    async with world.store.view() as view:
        return await view.unsubscribed.among([ANA, "bea@city.example"])


@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
async def test_the_page_asks_in_the_reader_s_language_and_changes_nothing(world: World, language: str) -> None:
    page = await world.page(f"{await path(world)}?language={language}")
    assert f'<html lang="{language}">' in page
    assert page.count("<button") == 1
    assert ANA not in page
    assert await unsubscribed(world) == frozenset()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"List-Unsubscribe": "One-Click"}, {}),  # RFC 8058
        ({}, {"Accept": "text/html", "Origin": "https://mail.example"}),
    ],
)
async def test_one_post_without_session_or_cookie_ends_it(
    world: World, body: dict[str, str], headers: dict[str, str]
) -> None:
    link = f"{await path(world)}?language=pt"
    for _ in range(2):  # mail programs try again
        answer = await world.client.post(link, data=body, headers=headers)
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<button" not in await answer.text()
    assert await unsubscribed(world) == {ANA}
    assert "<button" not in await world.page(link.replace("=pt", "=fr"))  # in another language it is done as well


async def test_a_link_that_is_too_old_does_nothing(world: World) -> None:
    link = await path(world, until=timedelta(hours=1))
    world.clock.pass_by(hours=1)
    assert (await world.client.get(link)).status == 404
    assert (await world.client.post(link)).status == 404
    assert await unsubscribed(world) == frozenset()


def changed(token: str, at: int) -> str:
    """By one letter."""
    at %= len(token)
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


async def test_a_link_that_is_not_ours_does_nothing(world: World, tmp_path: Path) -> None:
    good = (await path(world)).rpartition("/")[2]
    other = Seal("another-secret-for-tests-long-enough-too")
    foreign = await Database.open(f"sqlite:///{tmp_path / 'other.db'}", other, clock=world.clock, durable=False)
    forged = foreign.view().unsubscribed.token(ANA, NOW + YEAR)
    await foreign.close()
    for token in (
        good[:-2], good[:10], good + "AA", good.swapcase(), forged, "x", "%C3%B1", "..%2F..", "A" * 5000,
        *(changed(good, at) for at in (0, 10, 40, -3)),
    ):  # fmt: skip
        for answer in (
            await world.client.get(f"/digest/unsubscribe/{token}"),
            await world.client.post(f"/digest/unsubscribe/{token}"),
        ):
            assert answer.status == 404, token
    assert await unsubscribed(world) == frozenset()


async def test_the_token_tells_nothing_and_is_another_each_time(world: World) -> None:
    one, other = await path(world), await path(world)
    assert one != other
    assert "ana" not in one.lower() or "ana" not in other.lower()


async def test_while_the_database_is_away_it_says_so(world: World) -> None:
    link = await path(world)
    world.store.gone = True
    assert (await world.client.post(link)).status == 503


async def test_who_comes_back_gets_it_again(world: World) -> None:
    await world.client.post(await path(world))
    async with world.store.work() as work:
        assert await work.unsubscribed.remove("Ana@CITY.example")
        assert not await work.unsubscribed.remove("Ana@CITY.example")
        await work.commit()
    assert await unsubscribed(world) == frozenset()
