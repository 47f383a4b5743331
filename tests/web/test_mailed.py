"""The links in a citizen's mail: one page with one button each, or one POST of a mail program."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels.message import Contact
from tests.samples import TICKET
from tests.web.open311.test_posting import HOLE, add_key, post
from tests.web.world import NOW, World, begin

ANA = Contact(channel="email", address="ana@correo.example")
LANGUAGES = ["es", "pt", "en", "fr"]
WEEK = timedelta(days=7)


@pytest.fixture
async def asked(world: World) -> World:
    """Who was asked whether they want to be told of a report, and has not answered."""
    await world.file()
    async with world.store.work() as work:
        lane = (await work.citizens.lanes([ANA]))[ANA]
        await work.askings.wait(TICKET.number, lane, NOW)
        await work.askings.asked(lane, NOW)
        await work.commit()
    return world


async def confirming(world: World) -> str:
    async with world.store.view() as view:
        citizen = await view.citizens.find(ANA)
        assert citizen
        return f"/confirm/{view.askings.token(citizen.id, NOW + WEEK)}"


async def ending(world: World) -> str:
    async with world.store.view() as view:
        return f"/mail/stop/{view.silenced.token(ANA, NOW + WEEK)}"


async def is_theirs(world: World) -> bool:
    async with world.store.view() as view:
        ticket, citizen = await view.tickets.get(TICKET.number), await view.citizens.find(ANA)
    assert ticket
    assert citizen
    return ticket.reporter == citizen.id


async def is_silent(world: World) -> bool:
    async with world.store.view() as view:
        return await view.silenced.has(ANA)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_looking_at_a_page_changes_nothing_and_shows_nobody(asked: World, language: str) -> None:
    for link in (await confirming(asked), await ending(asked)):
        page = await asked.page(f"{link}?language={language}")
        assert f'<html lang="{language}">' in page
        assert page.count("<button") == 1
        assert "correo.example" not in page
        assert TICKET.number not in page
        assert (await asked.client.head(link)).status == 200
    assert not await is_theirs(asked)
    assert not await is_silent(asked)


async def test_the_button_says_yes_and_a_used_link_tells_nothing(asked: World) -> None:
    link = f"{await confirming(asked)}?language=pt"
    answer = await asked.client.post(link)
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<button" not in await answer.text()
    assert await is_theirs(asked)
    async with asked.store.view() as view:
        citizen = await view.citizens.find(ANA)
    assert citizen
    assert citizen.language == "pt"
    used, unknown = await asked.page(link, 404), await asked.page("/confirm/x?language=pt", 404)
    assert used.replace(link.partition("?")[0], "/confirm/x") == unknown
    assert (await asked.client.post(link)).status == 404


@pytest.mark.parametrize("fields", [{"List-Unsubscribe": "One-Click"}, {}])
async def test_one_post_without_session_or_cookie_stops_all_mail(asked: World, fields: dict[str, str]) -> None:
    link = await ending(asked)
    for _ in range(2):  # mail programs try again
        answer = await asked.client.post(link, data=fields)
        assert answer.status == 200
    assert await is_silent(asked)
    assert "back=1" in await asked.page(link)
    assert (await asked.client.post(await confirming(asked))).status == 404
    assert not await is_theirs(asked)


async def test_who_stopped_by_mistake_takes_it_back_by_the_same_link(asked: World) -> None:
    link = await ending(asked)
    await asked.client.post(link)
    answer = await asked.client.post(f"{link}?back=1&language=fr")
    assert answer.status == 200
    assert "<button" not in await answer.text()
    assert not await is_silent(asked)
    assert (await asked.client.post(await confirming(asked))).status == 200
    assert (await asked.client.post("/mail/stop/x?back=1")).status == 404


async def test_a_link_that_is_too_old_or_not_ours_does_nothing(asked: World) -> None:
    yes, end = await confirming(asked), await ending(asked)
    swapped = ["/confirm/" + end.rpartition("/")[2], "/mail/stop/" + yes.rpartition("/")[2]]
    odd = [f"{path}{token}" for path in ("/confirm/", "/mail/stop/") for token in ("x", "%C3%B1", "A" * 5000, "..%2F")]
    asked.clock.pass_by(days=7)
    for link in (yes, end, *swapped, *odd):
        assert (await asked.client.get(link)).status == 404, link
        assert (await asked.client.post(link)).status == 404, link
    assert not await is_theirs(asked)
    assert not await is_silent(asked)


async def test_while_the_database_is_away_it_says_so(asked: World) -> None:
    links = await confirming(asked), await ending(asked)
    asked.store.gone = True
    for link in links:
        assert (await asked.client.post(link)).status == 503


@pytest.fixture
async def reached(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[World]:
    """A city that mails have links to."""
    world = await begin(tmp_path, public_url="https://city.example", empty=sqlite_template)
    yield world
    await world.client.close()
    await world.store.close()


async def posted(world: World, email: str, **more: str) -> str | None:
    _, said, _ = await post(world, HOLE | {"api_key": "secret", "email": email} | more)
    notice: str | None = said[0]["service_notice"]
    return notice


async def test_an_address_that_a_program_gives_is_asked_by_mail(reached: World) -> None:
    await add_key(reached)
    assert await posted(reached, " Ana@Correo.example ") is None
    async with reached.store.view() as view:
        waits = {backlog.queue: backlog.waiting for backlog in await view.backlogs.all()}
        assert await view.citizens.find(ANA)
    assert waits["outbox"] == 1


@pytest.mark.parametrize(
    "email",
    [
        "ana", "ana@", "@correo.example", "ana@correo.example\r\nBcc: bea@correo.example", "Ana <ana@correo.example>",
        "ana@correo.example, bea@correo.example", '"ana"@correo.example', "ana@[127.0.0.1]", "añá@correo.example",
        "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 60 + ".example", "ana@correo.example\x00", "=?x?q?a?=@b",
    ],
)  # fmt: skip
async def test_what_is_no_plain_address_is_told_of_and_nothing_is_sent(reached: World, email: str) -> None:
    await add_key(reached)
    notice = await posted(reached, email)
    assert notice
    assert "email" in notice
    async with reached.store.view() as view:
        waits = {backlog.queue: backlog.waiting for backlog in await view.backlogs.all()}
    assert waits["outbox"] == 0
