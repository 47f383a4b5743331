"""One report as anybody may see it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from bot.ports.public import Clearing
from channels.message import Media
from tests.samples import TICKET
from tests.web.public.samples import govern
from tests.web.world import CITY, NOW, World, begin
from tickets.model import Actor, Author, Event, Status
from tickets.number import new_number
from tickets.openness import Openness, Precision
from tickets.public import PublicTicket, PublicUpdate
from tickets.workflow import comment, move
from web.public.steps import What, steps

PATH = f"/r/{TICKET.number}"
CLERK = Actor(author=Author.CLERK, name="marta")


async def worked_on(world: World) -> None:
    ticket = await world.file(replace(TICKET, description="Soy Ana Gómez, un bache"))
    async with world.store.work() as work:
        ticket, update = move(
            ticket, Status.IN_PROGRESS, CITY.calendar, actor=CLERK, at=NOW, note="Vamos mañana"
        )  # fmt: skip
        await work.tickets.change(ticket, update)
        await work.tickets.change(*comment(ticket, actor=CLERK, at=NOW, note="entre nosotros", public=False))
        await work.commit()


async def clear(world: World, **what: object) -> None:
    async with world.store.work() as work:
        await work.public.clear(TICKET.number, Clearing(at=NOW, login="marta", **what))  # type: ignore[arg-type]
        await work.commit()


def picture(kind: str = "JPEG") -> bytes:
    """As a phone makes it: with its own name, and where it was."""
    exif, kept = Image.Exif(), BytesIO()
    exif[0x010F] = "Telefono de Ana Gomez"
    exif.get_ifd(0x8825).update({1: "N", 2: (19.0, 24.0, 36.5), 3: "W", 4: (99.0, 9.0, 51.2)})
    Image.new("RGB", (60, 40), "red").save(kept, kind, exif=exif)
    return kept.getvalue()


async def photo(world: World, kind: str = "image/jpeg", content: bytes | None = None) -> str:
    name = await world.files.put(picture() if content is None else content, kind)
    async with world.store.work() as work:
        await work.photos.add(TICKET.number, "sms", [Media(reference="r", content_type=kind)], NOW)
        (one,) = await work.photos.claim("me", NOW, 60, 1)
        assert await work.photos.fetched(one, name, NOW)
        await work.commit()
    return name


async def test_it_tells_how_things_stand_and_nobodys_words_or_name(world: World) -> None:
    await worked_on(world)
    page = await world.page(f"{PATH}?l=en")
    for told in ("Pothole", "Avenida Bolívar, Centro", "Being worked on", "Someone is on it", "What has happened"):
        assert told in page
    for kept in ("Ana", "marta", "Vamos", "entre nosotros", "telegram", "bache"):
        assert kept not in page, kept


async def test_cleared_words_news_and_photos_are_shown_until_they_are_taken_back(world: World) -> None:
    await worked_on(world)
    name = await photo(world)
    assert (await world.client.get(f"/photos/public/{name}")).status == 404
    await clear(world, words="Un <b>bache</b>", news="Vamos mañana", news_version=2, photos=(name,))
    page = await world.page(f"{PATH}?l=en")
    assert "Un &lt;b&gt;bache&lt;/b&gt;" in page and page.count("Vamos mañana") >= 1 and name in page
    shown = await world.client.get(f"/photos/public/{name}")
    assert (shown.status, shown.content_type) == (200, "image/jpeg")
    assert shown.headers["Cache-Control"] == "public, max-age=300"
    assert shown.headers["Cross-Origin-Resource-Policy"] == "cross-origin"  # or no site's map could show `media_url`
    again = await world.client.get(f"/photos/public/{name}", headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status == 304
    async with world.store.work() as work:
        await work.public.unclear(TICKET.number)
        await work.commit()
    world.clock.pass_by(seconds=60)
    assert "bache" not in await world.page(f"{PATH}?l=en")
    taken_back = await world.client.get(f"/photos/public/{name}", headers={"If-None-Match": shown.headers["ETag"]})
    assert taken_back.status == 404


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_cleared_photo_is_public_without_where_and_by_whom_it_was_taken(world: World, kind: str) -> None:
    await world.file()
    name = await photo(world, f"image/{kind.lower()}", picture(kind))
    await clear(world, photos=(name,))
    assert name in await world.page(PATH)
    shown = await world.client.get(f"/photos/public/{name}")
    content = await shown.read()
    assert (shown.status, shown.content_type) == (200, "image/jpeg")
    assert "Ana Gomez" in str(dict(Image.open(BytesIO(picture(kind))).getexif()))
    assert dict(Image.open(BytesIO(content)).getexif()) == {}
    assert b"Ana Gomez" not in content
    assert Image.open(BytesIO(content)).size == (60, 40)


async def test_a_cleared_file_that_is_no_picture_is_not_there(world: World) -> None:
    await world.file()
    name = await photo(world, content=b"no pixels")
    await clear(world, photos=(name,))
    assert (await world.client.get(f"/photos/public/{name}")).status == 404


@pytest.mark.parametrize("name", ["x", "0" * 32, "0" * 31, "../secret", "%00", "..%2f..%2fetc"])
async def test_a_photo_that_is_none_is_not_there(world: World, name: str) -> None:
    assert (await world.client.get(f"/photos/public/{name}")).status == 404


async def test_a_number_is_found_however_it_is_written(world: World) -> None:
    await world.file()
    for typed in ("7k3-9qx", "7K39QX", "7K3 9QX"):
        answer = await world.client.get(f"/r/{typed}?l=pt", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (301, f"{PATH}?l=pt")


@pytest.mark.parametrize("number", ["000-000", "7K3-9QA", "x" * 500, "%00", "..%2f", "84G-7ZM", "desk"])
async def test_numbers_that_are_none_look_alike_and_nothing_typed_comes_back(world: World, number: str) -> None:
    answer = await world.client.get(f"/r/{number}?l=en")
    page = await answer.text()
    assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")
    assert "We find no report with this number" in page and "x" * 40 not in page
    other = await (await world.client.get("/r/000-001?l=en")).text()
    assert page == other


async def test_who_guesses_must_wait_for_right_numbers_too_and_nobody_else_must(tmp_path: Path) -> None:
    world = await begin(tmp_path, public_url="http://city.example")
    await world.file()
    random, me = Random(1), {"X-Forwarded-For": "203.0.113.9"}
    statuses = [(await world.client.get(f"/r/{new_number(random)}", headers=me)).status for _ in range(40)]
    assert (statuses[0], statuses[29], statuses[30], statuses[-1]) == (404, 404, 429, 429)
    refused = await world.client.get(PATH, headers=me)
    assert (refused.status, int(refused.headers["Retry-After"]) >= 1) == (429, True)
    assert (await world.client.get(PATH, headers={"X-Forwarded-For": "198.51.100.7"})).status == 200
    world.clock.pass_by(seconds=10)
    assert (await world.client.get(PATH, headers=me)).status == 200
    await world.client.close()
    await world.store.close()


async def test_a_sensitive_report_shows_no_place_while_it_stands_alone_and_says_why(world: World) -> None:
    govern(world, replace(CITY, openness=Openness(precisions={"pothole": Precision.AREA}, few=5)))
    await world.file()
    page = await world.page(f"{PATH}?l=en")
    assert "Avenida" not in page and "Centro" not in page and "To protect neighbours" in page


def test_neighbours_who_join_one_after_the_other_are_one_step() -> None:
    ticket = PublicTicket(
        number="7K3-9QX", service="pothole", department="roads", status=Status.RECEIVED, filed_at=NOW, changed_at=NOW,
        due_at=NOW,
    )  # fmt: skip
    events = (Event.FILED, Event.FOLLOWED, Event.FOLLOWED, Event.CORRECTED, Event.FOLLOWED, Event.REOPENED)
    updates = [PublicUpdate(number="7K3-9QX", version=n, at=NOW, event=event) for n, event in enumerate(events, 1)]
    told = steps(ticket, updates)
    assert [(step.what, step.times) for step in told] == [(What.FILED, 1), (What.JOINED, 3), (What.REOPENED, 1)]
