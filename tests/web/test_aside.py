"""The desk's list of messages that were set aside."""

import pytest

from channels.message import Contact, Inbound
from tests.web.world import NOW, World, csrf_of

PATH = "/desk/aside"
BEA = Contact(channel="sms", address="7")


async def set_aside(world: World, *texts: str, reason: str = "RuntimeError") -> None:
    async with world.store.work() as work:
        for text in texts:
            message = Inbound(sender=BEA, external_id=text, received_at=NOW, text=text)
            await work.inbox.accept([message])
            [claimed] = await work.inbox.claim("test", NOW, 60, 1)
            await work.inbox.set_aside(claimed, NOW, reason)
        await work.commit()
    await world.log_in()


async def press(world: World, act: str) -> int:
    async with world.store.view() as view:
        row = (await view.set_aside.page(0, 1)).rows[0].id
    csrf = csrf_of(await world.page(PATH))
    answer = await world.client.post(f"{PATH}/{row}/{act}", data={"csrf": csrf}, allow_redirects=False)
    return answer.status


async def waiting(world: World) -> list[str]:
    async with world.store.work() as work:
        return [arrival.inbound.text for arrival in await work.inbox.claim("test", NOW, 60, 10)]


async def test_the_list_says_what_was_written_and_why_nobody_answered(world: World) -> None:
    await set_aside(world, "hay un bache", reason="loop")
    page = await world.page(PATH)
    assert "hay un bache" in page
    assert "perhaps a machine" in page


async def test_a_message_that_is_to_be_answered_waits_again_behind_what_came_meanwhile(world: World) -> None:
    await set_aside(world, "hay un bache")
    async with world.store.work() as work:
        await work.inbox.accept([Inbound(sender=BEA, external_id="2", received_at=NOW, text="hola?")])
        await work.commit()
    assert await press(world, "again") == 303
    assert "hay un bache" not in await world.page(PATH)
    async with world.store.work() as work:
        [first] = await work.inbox.claim("test", NOW, 60, 10)
        assert first.inbound.text == "hola?"
        await work.inbox.answered(first, NOW)
        await work.commit()
    assert await waiting(world) == ["hay un bache"]


async def test_pressing_twice_answers_once(world: World) -> None:
    await set_aside(world, "hay un bache")
    async with world.store.view() as view:
        row = (await view.set_aside.page(0, 1)).rows[0].id
    csrf = csrf_of(await world.page(PATH))
    for _ in range(2):
        answer = await world.client.post(f"{PATH}/{row}/again", data={"csrf": csrf}, allow_redirects=False)
        assert answer.status == 303
    assert await waiting(world) == ["hay un bache"]


async def test_what_is_set_aside_a_second_time_can_be_tried_a_third_time(world: World) -> None:
    await set_aside(world, "hay un bache")
    for _ in range(2):
        assert await press(world, "again") == 303
        async with world.store.work() as work:
            [claimed] = await work.inbox.claim("test", NOW, 60, 1)
            await work.inbox.set_aside(claimed, NOW, "RuntimeError")
            await work.commit()
    assert "hay un bache" in await world.page(PATH)


async def test_what_somebody_has_seen_to_goes_off_the_list(world: World) -> None:
    await set_aside(world, "hay un bache")
    assert await press(world, "seen") == 303
    assert "hay un bache" not in await world.page(PATH)
    assert await waiting(world) == []


async def test_all_that_a_machine_wrote_goes_off_the_list_at_once(world: World) -> None:
    await set_aside(world, *(f"message {n}" for n in range(5)), reason="loop")
    assert "seen-all" in await world.page(PATH)
    assert await press(world, "seen-all") == 303
    assert "Nothing was set aside." in await world.page(PATH)


async def test_who_wants_no_messages_is_not_answered_after_all(world: World) -> None:
    await set_aside(world, "hay un bache", reason="opted_out")
    page = await world.page(PATH)
    assert "/again" not in page
    assert "/seen" in page


async def test_a_long_list_has_pages(world: World) -> None:
    await set_aside(world, *(f"message {n}" for n in range(51)))
    assert "page=2" in await world.page(PATH)
    for page in (2, 3):  # taken off, the last one of a page leaves the clerk at the page before
        assert (await world.page(f"{PATH}?page={page}")).count("<blockquote") == 1


@pytest.mark.parametrize("act", ["again", "seen", "seen-all"])
async def test_a_form_from_elsewhere_does_nothing(world: World, act: str) -> None:
    await set_aside(world, "hay un bache")
    async with world.store.view() as view:
        row = (await view.set_aside.page(0, 1)).rows[0].id
    answer = await world.client.post(f"{PATH}/{row}/{act}", data={"csrf": "x"}, allow_redirects=False)
    assert answer.status == 403
    assert "hay un bache" in await world.page(PATH)
