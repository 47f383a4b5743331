"""Resolved with a photo, which the citizen gets."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from aiohttp import FormData

from tests.samples import TICKET
from tests.web.test_case_direct import PATH, at_the_desk, ticket_of
from tests.web.test_case_pictures import photo
from tests.web.world import NOW, World
from tickets.model import Status
from web.body import FILE


def form(csrf: str, content: bytes | None, name: str = "fixed.jpg", **fields: str) -> FormData:
    sent = FormData()
    for field, value in ({"csrf": csrf, "version": "1", "to": "resolved", "text": "All done"} | fields).items():
        sent.add_field(field, value)
    if content is not None:
        sent.add_field("photo", BytesIO(content), filename=name, content_type="image/jpeg")
    return sent


async def move(world: World, sent: FormData) -> tuple[int, str]:
    answer = await world.client.post(f"{PATH}/move", data=sent, allow_redirects=False)
    return answer.status, await answer.text()


async def test_the_photo_goes_with_the_news_and_stands_with_the_ticket_without_what_stood_in_it(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    assert (await move(world, form(csrf, photo())))[0] == 303
    async with world.store.view() as view:
        [told] = await view.outbox.of_ticket("7K3-9QX")
        [kept] = await view.photos.of_ticket("7K3-9QX")
    assert (kept.channel, kept.media.content_type, bool(kept.name)) == ("desk", "image/jpeg", True)
    content, _ = await world.files.get(kept.name or "")
    assert b"Phone of Ana" not in content
    assert told.text.startswith("notice_resolved")
    async with world.store.work() as work:
        [departure] = await work.outbox.claim("one", NOW, 60, 10)
    assert departure.outbound.picture and departure.outbound.picture.file == kept.name
    page = await world.page(PATH)
    assert f"/photos/{kept.id}/small" in page and "From the desk" in page
    assert (await ticket_of(world)).status is Status.RESOLVED


async def test_the_same_form_sent_twice_is_one_photo_and_one_message(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    assert [(await move(world, form(csrf, photo())))[0] for _ in range(2)] == [303, 409]
    async with world.store.view() as view:
        assert len(await view.photos.of_ticket("7K3-9QX")) == len(await view.outbox.of_ticket("7K3-9QX")) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff" * (FILE + 1), "more than 10 MB"),
        (b"no picture", "no photo that can be read"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (photo()[:200], "no photo that can be read"),
        (b"<svg onload='x'/>", "no photo that can be read"),
    ],
    ids=["large", "no picture", "heic", "cut", "svg"],
)
async def test_a_photo_that_cannot_be_taken_is_said_beside_its_field_and_nothing_typed_is_lost(
    world: World, content: bytes, told: str
) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    status, page = await move(world, form(csrf, content, text="Typed with care"))
    assert (status, told in page, "Typed with care" in page) == (422, True, True)
    assert 'value="resolved" required checked' in page
    assert (await ticket_of(world)).version == 1


async def test_a_photo_is_not_chosen_again_because_the_note_was_wrong(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    status, page = await move(world, form(csrf, photo(), to="declined", text=""))
    assert (status, "Your photo is kept" in page) == (422, True)
    found = re.search(r'name="photo_kept" value="([0-9a-f]+)"', page)
    assert found
    again = form(csrf, None, photo_kept=found[1])
    assert (await move(world, again))[0] == 303
    async with world.store.view() as view:
        [kept] = await view.photos.of_ticket("7K3-9QX")
    assert kept.name == found[1]
    # nobody takes the photo of one ticket for another's
    other = await world.file(replace(TICKET, number="84G-7ZM"))
    sent = form(csrf, None, photo_kept=found[1])
    answer = await world.client.post(f"/desk/tickets/{other.number}/move", data=sent, allow_redirects=False)
    assert (answer.status, "was not kept" in await answer.text()) == (422, True)


async def test_an_empty_file_field_is_no_photo(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    assert (await move(world, form(csrf, b"", name="")))[0] == 303
    async with world.store.view() as view:
        assert not await view.photos.of_ticket("7K3-9QX")


async def test_a_form_in_parts_that_is_none_is_refused(world: World) -> None:
    await world.file()
    await at_the_desk(world)
    parts, many = (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 60,
    )
    long = b"--x\r\nContent-Disposition: " + b"y" * 20_000 + b"\r\n\r\n"
    bodies = ((b"nothing", "multipart/form-data"), (b"--x\r\n\r\n", parts), (many, parts), (long, parts))
    for body, kind in bodies:
        answer = await world.client.post(f"{PATH}/move", data=body, headers={"Content-Type": kind})
        assert answer.status in (400, 403)


async def test_the_link_shows_the_photo_for_a_month_and_to_nobody_without_it(world: World) -> None:
    name = await world.files.put(photo(), "image/jpeg")
    async with world.store.view() as view:
        token = view.photos.token(name, NOW.replace(month=12))
    assert "7K3" not in token and name not in token
    answer = await world.client.get(f"/photos/{token}")
    assert (answer.status, answer.content_type, answer.headers["X-Robots-Tag"]) == (200, "image/jpeg", "noindex")
    for wrong in (token[:-2] + "AA", "x", token + "x", "%00"):
        assert (await world.client.get(f"/photos/{wrong}")).status == 404
    world.clock.pass_by(days=31)
    assert (await world.client.get(f"/photos/{token}")).status == 404
