"""What clerks can do about a message that reached nobody: each once, in the history, and lost is none."""

from dataclasses import replace

import pytest

from bot.ports import Clerk, Kind, Queued
from channels.message import Contact, Delivery, Inbound, Outbound
from channels.reason import Reason
from tests.samples import TICKET
from tests.web.test_undelivered import PATH, failed, row, sent
from tests.web.world import HASH, NOW, World, csrf_of
from tickets.casework import Way
from tickets.model import CITIZEN, Event, Priority, Ticket, Update
from tickets.rights import Role
from tickets.workflow import filed

SECOND = "84G-7ZM"
ON_WHATSAPP = Contact(channel="whatsapp", address="+15550123")
BY_SMS = Contact(channel="sms", address="+15550123")


async def post(world: World, act: str, id_: int, **fields: str) -> tuple[int, str]:
    csrf = csrf_of(await world.page(PATH))
    answer = await world.client.post(f"{PATH}/{id_}/{act}", data={"csrf": csrf, **fields}, allow_redirects=False)
    return answer.status, answer.headers.get("Location", "") or await answer.text()


async def last(world: World, number: str = "7K3-9QX") -> Update:
    async with world.store.view() as view:
        return (await view.tickets.history(number))[-1]


async def lost(world: World, ticket: Ticket, contact: Contact, reason: str, key: str) -> int:
    """A notice of this ticket to this contact that failed."""
    arrival = Inbound(sender=contact, external_id=key, received_at=NOW)
    async with world.store.work() as work:
        await work.inbox.accept([arrival])
        citizen = await work.citizens.find(contact)
        assert citizen
        outbound = Outbound(key=key, recipient=contact, text=f"Ya quedó: {key}")
        news = Queued(outbound=outbound, citizen=citizen.id, kind=Kind.NOTICE, number=ticket.number, version=1)
        await work.outbox.enqueue([news], NOW)
        for departure in await work.outbox.claim("one", NOW, 60, 10):
            await work.outbox.failed(departure, reason, NOW)
        await work.commit()
        return citizen.id


async def by_sms(world: World) -> None:
    """A failure on WhatsApp, whose number takes SMS."""
    await world.file()
    await lost(world, TICKET, ON_WHATSAPP, Reason.OUTSIDE_WINDOW, "news")
    await world.log_in()


@pytest.mark.parametrize(
    ("act", "way", "fields"),
    [
        ("again", Way.AGAIN, {}),
        ("settle", Way.NOBODY, {}),
        ("told", Way.PHONE, {"way": "phone", "note": "Spoke with <b>her</b>"}),
        ("told", Way.PERSON, {"way": "person"}),
        ("told", Way.LETTER, {"way": "letter"}),
        ("told", Way.OTHER, {"way": "other", "note": "Her daughter tells her"}),
    ],
)
async def test_each_act_stands_in_the_history_once_however_often_it_is_sent(
    world: World, act: str, way: Way, fields: dict[str, str]
) -> None:
    await failed(world, "reply:1:0")
    id_ = await row(world)
    assert (await post(world, act, id_, **fields))[0] == 303
    second = await post(world, act, id_, **fields)
    assert second[0] == 303 and (act == "settle" or second[1].endswith("sent=0"))
    update = await last(world)
    assert (update.event, update.version, update.actor.name) == (Event.RETOLD, 2, "ana")
    change = update.change("delivery")  # type: ignore[arg-type]
    assert change and (change.old, change.new) == (Reason.UNREACHABLE, way)
    assert update.note == fields.get("note", "")
    page = await world.page("/desk/tickets/7K3-9QX")
    assert "(not delivered: Their phone cannot be reached)" in " ".join(page.split())
    assert "<b>her</b>" not in page


async def test_what_is_sent_again_and_fails_again_comes_back(world: World) -> None:
    await failed(world, "reply:1:0")
    first = await row(world)
    await post(world, "again", first)
    async with world.store.work() as work:
        (departure,) = await work.outbox.claim("one", NOW, 60, 10)
        await work.outbox.failed(departure, Reason.UNREACHABLE, NOW)
        await work.commit()
    assert "text of reply" in await world.page(PATH)
    assert await row(world) != first


async def test_by_sms_it_goes_to_the_same_number_and_its_cost_is_shown_before(world: World) -> None:
    await by_sms(world)
    page = await world.page(PATH)
    assert "Send by SMS" in page
    assert ON_WHATSAPP.address not in page
    id_ = await row(world)
    assert (await post(world, "sms", id_))[0] == 303
    assert (await post(world, "sms", id_))[1].endswith("sent=0")
    async with world.store.work() as work:
        (departure,) = await work.outbox.claim("one", NOW, 60, 10)
    assert (departure.outbound.recipient, departure.outbound.text) == (BY_SMS, "Ya quedó: news")
    assert "Sent by SMS instead" in await world.page("/desk/tickets/7K3-9QX")


async def test_who_wants_no_sms_gets_none_and_telegram_has_no_number(world: World) -> None:
    await by_sms(world)
    async with world.store.work() as work:
        await work.inbox.accept([Inbound(sender=BY_SMS, external_id="s", received_at=NOW)])
        citizen = await work.citizens.find(BY_SMS)
        assert citizen
        await work.citizens.save(replace(citizen, opted_out=True))
        await work.commit()
    assert "Send by SMS" not in await world.page(PATH)
    assert (await post(world, "sms", await row(world)))[1].endswith("sent=0")
    assert "Ya quedó" in await world.page(PATH)  # nothing is lost
    await failed_again(world, "on telegram")
    page = await world.page(PATH)
    assert "on telegram" in page and "Send by SMS" not in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"way": "", "note": "typed"}, "Choose how they were told."),
        ({"way": "again", "note": "typed"}, "Choose how they were told."),
        ({"way": "other", "note": " "}, "Write something first."),
        ({"way": "phone", "note": "x" * 1001}, "At most 1000 characters"),
    ],
)
async def test_a_form_that_is_not_taken_says_why_and_keeps_what_was_typed(
    world: World, fields: dict[str, str], told: str
) -> None:
    await failed(world, "reply:1:0")
    status, page = await post(world, "told", await row(world), **fields)
    assert (status, told in page, fields["note"].strip() in page) == (422, True, True)
    assert len(await sent(world)) == 1
    assert (await last(world)).event is Event.FILED


async def test_emergencies_stand_first_then_open_tickets_and_all_can_be_filtered(world: World) -> None:
    await failed(world, "of the first")
    pressing = replace(TICKET, number=SECOND, priority=Priority.EMERGENCY, department="water")
    async with world.store.work() as work:
        await work.tickets.file(pressing, filed(pressing, actor=CITIZEN))
        await work.commit()
    await lost(world, pressing, ON_WHATSAPP, Reason.BLOCKED, "of the second")
    await failed_again(world, "of the third")
    page = await world.page(PATH)
    assert page.index("of the second") < page.index("of the third") < page.index("of the first")
    for query, shown, hidden in (
        ("reason=blocked", "of the second", "of the first"),
        ("channel=telegram", "of the first", "of the second"),
        ("department=water", "of the second", "of the first"),
        ("reason=blocked&channel=telegram", "Nothing of this kind.", "of the second"),
    ):
        page = await world.page(f"{PATH}?{query}")
        assert shown in page and hidden not in page, query
    assert "of the first" in await world.page(f"{PATH}?reason=%3Cscript%3E&department=x'y")


async def failed_again(world: World, key: str) -> None:
    await lost(world, TICKET, Contact(channel="telegram", address="77"), Reason.UNREACHABLE, key)


async def test_the_tickets_page_offers_the_same_and_leads_back_to_itself(world: World) -> None:
    await failed(world, "reply:1:0")
    page = await world.page("/desk/tickets/7K3-9QX")
    id_ = await row(world)
    assert f'action="/desk/undelivered/{id_}/again"' in page
    status, to = await post(world, "again", id_, back="/desk/tickets/7K3-9QX")
    assert (status, to) == (303, "/desk/tickets/7K3-9QX")
    assert f'action="/desk/undelivered/{id_}/again"' not in await world.page("/desk/tickets/7K3-9QX")


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/desk/undelivered/../x", "/desk\nX: y"])
async def test_nobody_is_led_elsewhere(world: World, back: str) -> None:
    await failed(world, "reply:1:0")
    assert (await post(world, "again", await row(world), back=back)) == (303, PATH)


@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
async def test_a_letter_has_the_text_the_number_and_how_to_answer_in_the_citizens_language(
    world: World, language: str
) -> None:
    await failed(world, "<b>hola</b>")
    async with world.store.work() as work:
        citizen = await work.citizens.find(Contact(channel="telegram", address="77"))
        assert citizen
        await work.citizens.save(replace(citizen, language=language, chosen=True))
        await work.commit()
    page = await world.page(f"{PATH}/{await row(world)}/letter")
    assert f'<html lang="{language}">' in page
    for words in ("7K3-9QX", "555 0100", "text of &lt;b&gt;hola&lt;/b&gt;", "Puerto Vecino"):
        assert words in page
    assert "77<" not in page


async def test_other_departments_are_read_not_acted_on(world: World) -> None:
    await failed(world, "reply:1:0")
    id_ = await row(world)
    async with world.store.work() as work:
        rosa = Clerk(
            login="rosa", name="Rosa", language="en", password=HASH, role=Role.CLERK, department="water"
        )  # fmt: skip
        await work.clerks.add(rosa)
        await work.commit()
    await world.log_in("rosa")
    page = await world.page(PATH)
    assert "text of reply" in page and f"/{id_}/again" not in page
    csrf = csrf_of(await world.page("/desk/me"))
    for act, fields in (("again", {}), ("sms", {}), ("settle", {}), ("told", {"way": "phone"})):
        answer = await world.client.post(f"{PATH}/{id_}/{act}", data={"csrf": csrf, **fields})
        assert answer.status == 403
    assert await sent(world) == [("reply:1:0", Delivery.FAILED)]
