"""Conversations at the desk: who waits, what they said, and what two clerks can do to each other."""

from dataclasses import replace

import pytest

from bot.ports import Said
from channels.message import Contact, Inbound, Kind, Media
from channels.simulator import Simulator
from handlers.effects import ThreadKind
from tests.web.test_case_pictures import photo as taken
from tests.web.world import NOW, World, csrf_of
from tickets.model import CITIZEN, Point

PATH = "/desk/threads"
PHOTO = Media(reference="p1", content_type="image/jpeg")


async def asked(
    world: World, text: str = "quiero una persona", kind: ThreadKind = ThreadKind.ASKED, *, silent: bool = True,
    said: Said | None = None, channel: str = "telegram",
) -> int:  # fmt: skip
    """A citizen of the city waits; their thread."""
    sender = Contact(channel=channel, address="77")
    async with world.store.work() as work:
        await work.inbox.accept([Inbound(sender=sender, external_id=text, received_at=NOW, text=text)])
        [citizen] = (await work.citizens.lanes([sender])).values()
        thread = await work.threads.open(citizen, kind, NOW, silent=silent)
        if text or said:
            await work.threads.write(thread.id, CITIZEN, said or Said(text=text), NOW)
        await work.commit()
    return thread.id


async def post(world: World, thread: int, act: str, **fields: str) -> tuple[int, str]:
    csrf = csrf_of(await world.page(f"{PATH}/{thread}"))
    answer = await world.client.post(f"{PATH}/{thread}/{act}", data={"csrf": csrf, **fields}, allow_redirects=False)
    return answer.status, await answer.text()


async def test_who_waits_is_listed_and_counted_on_every_page(world: World) -> None:
    await asked(world)
    await world.log_in()
    page = await world.page(PATH)
    assert "quiero una persona" in page
    assert "Wants to talk to a person" in page
    assert 'Conversations <span class="count">1</span>' in await world.page("/desk")


async def test_an_emergency_stands_at_the_top_of_every_page_until_it_is_closed(world: World) -> None:
    thread = await asked(world, "fuego", ThreadKind.EMERGENCY, silent=False)
    await world.log_in()
    assert ">1 conversation is about an emergency.</a>" in await world.page("/desk/undelivered")
    assert (await post(world, thread, "close"))[0] == 303
    assert "about an emergency.</a>" not in await world.page("/desk")  # its words stand ready for the script


async def test_an_answer_goes_to_the_citizen_and_shows_what_became_of_it(world: World) -> None:
    thread = await asked(world)
    await world.log_in()
    assert (await post(world, thread, "answer", text="¿En qué le ayudo?", once="a"))[0] == 303
    page = await world.page(f"{PATH}/{thread}")
    assert "¿En qué le ayudo?" in page
    assert "Waiting to be sent" in page
    assert "Taken by ana" in page


@pytest.mark.parametrize(("text", "says"), [("", "Write something first."), ("a" * 1001, "At most 1000 characters")])
async def test_a_form_that_is_not_taken_says_why_and_loses_nothing(world: World, text: str, says: str) -> None:
    thread = await asked(world)
    await world.log_in()
    status, page = await post(world, thread, "answer", text=text, once="a")
    assert status == 422
    assert says in page
    assert text in page


async def test_a_colleagues_conversation_is_seen_to_be_theirs_and_can_be_taken_over(world: World) -> None:
    thread = await asked(world)
    async with world.store.work() as work:
        await work.threads.take(thread, "bea")
        await work.commit()
    await world.log_in()
    status, page = await post(world, thread, "answer", text="hola", once="a")
    assert status == 409
    assert "A colleague has this conversation." in page
    assert "hola" in page
    assert (await post(world, thread, "take"))[0] == 409
    assert (await post(world, thread, "take", instead_of="bea"))[0] == 303
    assert (await post(world, thread, "answer", text="hola", once="a"))[0] == 303


async def test_closed_meanwhile_is_said(world: World) -> None:
    thread = await asked(world)
    await world.log_in()
    csrf = csrf_of(await world.page(f"{PATH}/{thread}"))
    for expected in (303, 409):
        answer = await world.client.post(f"{PATH}/{thread}/close", data={"csrf": csrf}, allow_redirects=False)
        assert answer.status == expected
    assert "This conversation is closed." in await answer.text()


async def test_what_is_no_text_is_shown_too(world: World) -> None:
    said = Said(
        media=(PHOTO, Media(reference="v", content_type="audio/ogg")), form=Kind.VOICE, pressed="yes",
        point=Point(latitude=14.6, longitude=-66.5),
    )  # fmt: skip
    thread = await asked(world, said=said)
    await world.log_in()
    page = await world.page(f"{PATH}/{thread}")
    for words in (
        "A voice message",
        "14.60000, -66.50000",
        "Save the file",
        "Photo 1 of this message",
        "Pressed the button",
    ):
        assert words in page


async def test_a_photo_comes_from_its_provider_and_anything_else_is_only_saved(world: World) -> None:
    phone = Simulator("telegram", lambda: NOW)
    world.channels[phone.name] = phone  # type: ignore[index]  # the world's own dictionary
    [photo] = phone.say("77", "", photo=taken()).media
    letters = Said(media=(photo, Media(reference=photo.reference, content_type="text/html")))
    thread = await asked(world, said=letters, channel=phone.name)
    await world.log_in()
    async with world.store.view() as view:
        [letter] = await view.threads.letters(thread)
    picture = await world.client.get(f"{PATH}/{thread}/files/{letter.id}/0")
    page = await world.client.get(f"{PATH}/{thread}/files/{letter.id}/1")
    assert picture.content_type == "image/jpeg"
    assert b"Phone of Ana" in taken() and b"Phone of Ana" not in await picture.read()
    assert (page.content_type, page.headers["Content-Disposition"]) == ("application/octet-stream", "attachment")
    for path in (f"{thread}/files/{letter.id}/2", f"{thread}/files/999/0", f"{thread + 1}/files/{letter.id}/0"):
        assert (await world.client.get(f"{PATH}/{path}")).status == 404


async def test_a_photo_that_is_gone_is_not_found(world: World) -> None:
    thread = await asked(world, said=Said(media=(PHOTO,)))
    await world.log_in()
    async with world.store.view() as view:
        [letter] = await view.threads.letters(thread)
    assert (await world.client.get(f"{PATH}/{thread}/files/{letter.id}/0")).status == 404


async def test_of_violence_no_word_and_no_report_is_shown(world: World) -> None:
    await world.file()
    async with world.store.work() as work:
        [citizen] = (await work.citizens.lanes([Contact(channel="telegram", address="77")])).values()
        thread = await work.threads.open(citizen, ThreadKind.DANGER, NOW, silent=False)
        await work.commit()
    await world.log_in()
    page = await world.page(f"{PATH}/{thread.id}")
    assert "Somebody else may read their phone" in page
    assert "7K3-9QX" not in page


async def test_their_reports_are_one_click_away_from_who_may_see_whose_they_are(world: World) -> None:
    await world.file()
    thread = await asked(world)
    await world.log_in()
    assert "7K3-9QX" not in await world.page(f"{PATH}/{thread}")
    async with world.store.work() as work:
        clerk = await work.clerks.get("ana")
        assert clerk
        await work.clerks.change(replace(clerk, contacts=True))
        await work.commit()
    assert 'href="/desk/tickets/7K3-9QX"' in await world.page(f"{PATH}/{thread}")


@pytest.mark.parametrize("act", ["take", "answer", "close"])
async def test_a_form_from_elsewhere_does_nothing(world: World, act: str) -> None:
    thread = await asked(world)
    await world.log_in()
    answer = await world.client.post(f"{PATH}/{thread}/{act}", data={"csrf": "x"}, allow_redirects=False)
    assert answer.status == 403
    async with world.store.view() as view:
        found = await view.threads.get(thread)
    assert found is not None and found.clerk is None and found.closed_at is None


async def test_only_clerks_see_conversations(world: World) -> None:
    thread = await asked(world)
    for path in (PATH, f"{PATH}/{thread}", f"{PATH}/{thread}/files/1/0"):
        answer = await world.client.get(path, allow_redirects=False)
        assert answer.headers["Location"].startswith("/desk/login")


@pytest.mark.parametrize("path", ["999", "0", "x", "1/files/1/100"])
async def test_what_there_is_not_is_not_found(world: World, path: str) -> None:
    await world.log_in()
    await world.page(f"{PATH}/{path}", status=404)


async def test_words_cannot_become_markup(world: World) -> None:
    thread = await asked(world, "<script>alert(1)</script>")
    await world.log_in()
    for page in (await world.page(PATH), await world.page(f"{PATH}/{thread}")):
        assert "<script>alert" not in page
