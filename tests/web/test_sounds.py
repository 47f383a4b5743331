"""Voice notes at the desk: heard on the page, in parts as players ask for them, and only when they are sounds."""

import pytest

from channels.message import Media
from tests.samples import TICKET
from tests.web.test_ticket import PATH, at_the_desk
from tests.web.world import CITY, NOW, World
from tickets.city import Service
from tickets.model import CITIZEN, Place
from tickets.workflow import correct

SOUND = b"OggS0123456789"


async def with_sound(world: World, content_type: str = "audio/ogg; codecs=opus") -> str:
    """The path of a fetched voice note of a ticket."""
    await at_the_desk(world)
    name = await world.files.put(SOUND, content_type)
    async with world.store.work() as work:
        await work.photos.add(TICKET.number, "telegram", [Media(reference="r", content_type=content_type)], NOW)
        [sound] = await work.photos.claim("one", NOW, 30, 1)
        await work.photos.fetched(sound, name, NOW)
        await work.commit()
    return f"{PATH}/photos/{sound.id}"


@pytest.mark.parametrize("content_type", ["audio/ogg; codecs=opus", "application/ogg", "audio/ogg"])
async def test_a_voice_note_is_heard_on_the_page(world: World, content_type: str) -> None:
    path = await with_sound(world, content_type)
    page = await world.page(PATH)
    assert f'<audio controls preload="none" src="{path}"' in page
    assert "<img" not in page
    answer = await world.client.get(path)
    assert (answer.status, answer.content_type, await answer.read()) == (200, "audio/ogg", SOUND)
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_one_that_is_on_its_way_or_gone_is_told(world: World) -> None:
    await at_the_desk(world)
    async with world.store.work() as work:
        media = [Media(reference="r", content_type="audio/amr")] * 2
        await work.photos.add(TICKET.number, "sms", media, NOW)
        [sound] = await work.photos.claim("one", NOW, 30, 1)
        await work.photos.failed(sound, "not_found", None)
        await work.commit()
    page = await world.page(PATH)
    assert "A voice message could not be fetched:" in page
    assert "A voice message is on its way" in page


@pytest.mark.parametrize(
    ("asked", "status", "part", "told"),
    [
        ("bytes=0-1", 206, SOUND[:2], f"bytes 0-1/{len(SOUND)}"),
        ("bytes=4-", 206, SOUND[4:], f"bytes 4-13/{len(SOUND)}"),
        ("bytes=-3", 206, SOUND[-3:], f"bytes 11-13/{len(SOUND)}"),
        ("bytes=4-999", 206, SOUND[4:], f"bytes 4-13/{len(SOUND)}"),
        ("bytes=-999", 206, SOUND, f"bytes 0-13/{len(SOUND)}"),
        ("bytes=14-", 416, b"", f"bytes */{len(SOUND)}"),
        ("bytes=5-2", 416, b"", f"bytes */{len(SOUND)}"),
        ("bytes=-0", 416, b"", f"bytes */{len(SOUND)}"),
        ("bytes=-", 200, SOUND, None),
        ("bytes=0-1,3-4", 200, SOUND, None),
        ("seconds=1-2", 200, SOUND, None),
        ("bytes=" + "9" * 40 + "-", 200, SOUND, None),
    ],
)
async def test_a_part_is_given_as_players_ask_for_it(
    world: World, asked: str, status: int, part: bytes, told: str | None
) -> None:
    answer = await world.client.get(await with_sound(world), headers={"Range": asked})
    assert (answer.status, await answer.read(), answer.headers.get("Content-Range")) == (status, part, told)


async def test_what_only_calls_itself_a_sound_is_given_to_save(world: World) -> None:
    answer = await world.client.get(await with_sound(world, "audio/x-script"))
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"


async def test_a_citizens_correction_is_seen_with_old_and_new_and_their_words(world: World) -> None:
    await at_the_desk(world)
    lighting: Service = next(service for service in CITY.services if service.code == "lighting")
    place = Place(words="<b>calle 8</b>")
    changed, update = correct(
        TICKET, CITY.calendar, service=lighting, place=place, actor=CITIZEN, at=NOW, note="es el foco"
    )
    async with world.store.work() as work:
        await work.tickets.change(changed, update)
        await work.commit()
    page = await world.page(PATH)
    assert "Pothole → Street light" in page
    assert "Av. Bolívar 123</q> → <q" in page
    assert "&lt;b&gt;calle 8&lt;/b&gt;" in page
    assert "es el foco" in page
