"""Photos at the desk: their pixels alone."""

from io import BytesIO

import pytest
from PIL import Image

from channels.message import Media
from tests.samples import TICKET
from tests.web.test_case_direct import PATH
from tests.web.world import NOW, World
from web.case.pictures import LARGEST, NoPicture, stripped


def photo(width: int = 600, height: int = 400, form: str = "JPEG") -> bytes:
    """A red picture that says with what it was taken, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Phone of Ana", 6
    kept = BytesIO()
    Image.new("RGB", (width, height), "red").save(kept, form, exif=exif)
    return kept.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_is_left_and_it_stands_upright(form: str) -> None:
    assert b"Phone of Ana" in photo(form=form)
    plain = stripped(photo(form=form), 300)
    assert b"Phone" not in plain
    with Image.open(BytesIO(plain)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (200, 300), {})


@pytest.mark.parametrize("content", [b"", b"no picture", photo()[:200], b"<svg/>", b"x" * (LARGEST + 1)])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NoPicture):
        stripped(content, 300)


def test_a_bomb_is_refused_before_its_pixels_are_made() -> None:
    kept = BytesIO()
    Image.new("1", (30_000, 30_000)).save(kept, "PNG")
    with pytest.raises(NoPicture):
        stripped(kept.getvalue(), 300)


async def test_the_case_shows_a_small_one_that_leads_to_a_plain_one(world: World) -> None:
    await world.file()
    await world.log_in()
    name = await world.files.put(photo(), "image/jpeg")
    async with world.store.work() as work:
        await work.photos.add(TICKET.number, "telegram", [Media(reference="r", content_type="image/jpeg")], NOW)
        [one] = await work.photos.claim("one", NOW, 30, 1)
        await work.photos.fetched(one, name, NOW)
        await work.commit()
    path = f"{PATH}/photos/{one.id}"
    assert f'href="{path}/plain"' in await world.page(PATH)
    for size in ("small", "plain"):
        answer = await world.client.get(f"{path}/{size}")
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert b"Phone of Ana" not in await answer.read()
    await world.page(path.replace("7K3-9QX", "F0P-0V8") + "/small", 404)
