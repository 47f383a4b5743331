"""The desk's list of messages that reached nobody."""

import pytest

from bot.ports import Kind, Queued
from channels.message import Contact, Delivery, Outbound
from channels.reason import Reason
from tests.web.world import NOW, World, csrf_of
from web.reasons import HOPELESS, KINDS, MAIL_REASONS, REASONS, why

PATH = "/desk/undelivered"
ANA = Contact(channel="telegram", address="77")  # who files the world's ticket


async def failed(world: World, *keys: str, reason: str = Reason.UNREACHABLE) -> None:
    await world.file()
    async with world.store.work() as work:
        ana = await work.citizens.find(ANA)
        assert ana
        for key in keys:
            outbound = Outbound(key=key, recipient=ANA, text=f"text of {key}")
            news = Queued(outbound=outbound, citizen=ana.id, kind=Kind.NOTICE, number="7K3-9QX", version=1)
            await work.outbox.enqueue([news], NOW)
            [departure] = await work.outbox.claim("one", NOW, 60, 10)
            await work.outbox.failed(departure, reason, NOW)
        await work.commit()
    await world.log_in()


async def sent(world: World) -> list[tuple[str, Delivery]]:
    async with world.store.view() as view:
        return [(row.key, row.delivery) for row in await view.outbox.of_ticket("7K3-9QX")]


async def row(world: World) -> int:
    async with world.store.view() as view:
        return (await view.undelivered.page(0, 1)).rows[0].id


async def test_the_list_says_what_to_whom_and_why(world: World) -> None:
    await failed(world, "notice:7K3-9QX/1:1")
    page = await world.page(PATH)
    for words in ("7K3-9QX", "News of a report", "Telegram", "Their phone cannot be reached", "text of notice"):
        assert words in page
    assert "77" not in page.replace("7K3", "")  # nobody's address


async def test_an_empty_list_says_so(world: World) -> None:
    await world.log_in()
    assert "Everything that was sent has arrived" in await world.page(PATH)


async def test_sending_again_takes_it_off_the_list_and_queues_it(world: World) -> None:
    await failed(world, "reply:1:0")
    csrf, id_ = csrf_of(await world.page(PATH)), await row(world)
    answer = await world.client.post(f"{PATH}/{id_}/again", data={"csrf": csrf}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, PATH)
    assert "text of" not in await world.page(PATH)
    assert await sent(world) == [("reply:1:0", Delivery.FAILED), (f"again/{id_}", Delivery.QUEUED)]


async def test_who_is_second_is_told_that_nothing_was_sent(world: World) -> None:
    await failed(world, "reply:1:0")
    csrf, id_ = csrf_of(await world.page(PATH)), await row(world)
    for _ in range(2):
        answer = await world.client.post(f"{PATH}/{id_}/again", data={"csrf": csrf})
    assert "That message was not sent again" in await answer.text()
    assert len(await sent(world)) == 2


async def test_what_a_clerk_took_off_stays_off(world: World) -> None:
    await failed(world, "reply:1:0")
    csrf, id_ = csrf_of(await world.page(PATH)), await row(world)
    for _ in range(2):
        answer = await world.client.post(f"{PATH}/{id_}/settle", data={"csrf": csrf}, allow_redirects=False)
        assert answer.status == 303
    assert "text of" not in await world.page(PATH)
    assert await sent(world) == [("reply:1:0", Delivery.FAILED)]


@pytest.mark.parametrize("reason", Reason)
async def test_a_retry_is_offered_only_where_it_can_help(world: World, reason: Reason) -> None:
    await failed(world, "reply:1:0", reason=reason)
    page = await world.page(PATH)
    assert REASONS[reason] in page
    assert ("Send again" in page) == (reason not in HOPELESS)
    assert "Take off the list" in page


async def test_long_lists_have_pages(world: World) -> None:
    await failed(world, *(f"reply:{n}:0" for n in range(51)))
    first, second = await world.page(PATH), await world.page(f"{PATH}?page=2")
    assert (first.count("text of"), second.count("text of")) == (50, 1)
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert "text of" in await world.page(f"{PATH}?page=x")


@pytest.mark.parametrize("act", ["again", "settle"])
async def test_a_form_that_is_not_from_here_does_nothing(world: World, act: str) -> None:
    await failed(world, "reply:1:0")
    assert (await world.client.post(f"{PATH}/{await row(world)}/{act}", data={"csrf": "x"})).status == 403
    assert "text of" in await world.page(PATH)


@pytest.mark.parametrize("path", ["/0/again", "/x/again", "/999999999999999999999/settle", "/1/nothing"])
async def test_what_does_not_exist_is_not_found(world: World, path: str) -> None:
    await failed(world, "reply:1:0")
    csrf = csrf_of(await world.page(PATH))
    assert (await world.client.post(PATH + path, data={"csrf": csrf})).status == 404


async def test_strangers_are_led_to_the_log_in(world: World) -> None:
    answer = await world.client.get(PATH, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/login?next=/desk/undelivered")


async def test_each_update_of_a_ticket_shows_what_became_of_its_notice(world: World) -> None:
    await failed(world, "notice:7K3-9QX/1:1", reason=Reason.BLOCKED)
    page = await world.page("/desk/tickets/7K3-9QX")
    assert page.count("Told to the citizen:") == 1
    assert page.count("They have blocked us") == 2  # at the update, and beside the text


async def test_a_bounced_mail_to_staff_names_the_address_and_no_phone(world: World) -> None:
    await world.log_in()
    head = Contact(channel="email", address="head@city.example")
    async with world.store.work() as work:
        lane = (await work.citizens.lanes([head]))[head]
        digest = Outbound(key="digest:1", recipient=head, subject="Week 47 in Puerto Vecino", text="all of its figures")
        await work.outbox.enqueue([Queued(outbound=digest, citizen=lane, kind=Kind.DIGEST)], NOW)
        [departure] = await work.outbox.claim("one", NOW, 60, 10)
        await work.outbox.failed(departure, Reason.NOT_FOUND, NOW)
        await work.refusals.record(lane, Reason.NOT_FOUND)
        await work.commit()
    page = await world.page(PATH)
    for words in (
        "Weekly digest",
        "E-mail (head@city.example)",
        "There is no such mailbox",
        "Week 47 in Puerto Vecino",
    ):
        assert words in page
    assert "all of its figures" not in page
    await world.client.post(f"{PATH}/{await row(world)}/again", data={"csrf": csrf_of(page)})
    async with world.store.work() as work:
        assert [one.outbound.subject for one in await work.outbox.claim("one", NOW, 60, 10)] == [digest.subject]


@pytest.mark.parametrize("reason", MAIL_REASONS)
def test_a_mailbox_is_no_phone(reason: str) -> None:
    assert why(reason, "email") == MAIL_REASONS[reason] != why(reason, "sms") == REASONS[reason]


def test_every_reason_and_kind_has_words() -> None:
    assert set(REASONS) == set(Reason)
    assert set(KINDS) == set(Kind)
