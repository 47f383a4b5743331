"""A clerk writes to the citizen of a ticket: as it will arrive, once, and only where it can."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports.amendments import Amendment, Kind
from channels.message import Contact, Inbound
from tests.samples import TICKET
from tests.web.test_case_direct import PATH, at_the_desk, post, ticket_of
from tests.web.world import CITY, NOW, World
from tickets.model import Event
from web.ports import WEB


def once_of(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


async def letters(world: World) -> list[str]:
    async with world.store.view() as view:
        return [one.text for one in await view.outbox.of_ticket("7K3-9QX")]


async def test_an_answer_is_sent_kept_in_the_history_and_counts_as_the_first_answer(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    code, _ = await post(world, "answer", csrf=csrf, version="1", once="o1", text="Which lamp?", do="send")
    assert code == 303
    (letter,) = await letters(world)
    assert "Which lamp?" in letter and "7K3-9QX" in letter and "Ana" in letter
    ticket = await ticket_of(world)
    assert ticket.answered_at == NOW
    async with world.store.view() as view:
        update = (await view.tickets.history("7K3-9QX"))[-1]
    assert (update.event, update.note, update.public) == (Event.ANSWERED, "Which lamp?", False)
    page = await world.page(PATH)
    assert "Written to the citizen" in page
    assert "Waiting to be sent" in page


async def test_the_same_form_sent_twice_is_one_message(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    fields = {"csrf": csrf, "version": "1", "once": "o1", "text": "Hello"}
    assert [(await post(world, "answer", **fields))[0] for _ in range(2)] == [303, 303]
    assert len(await letters(world)) == 1
    assert (await ticket_of(world)).version == 2


async def test_a_preview_shows_the_text_as_it_arrives_and_sends_nothing(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    code, page = await post(world, "answer", csrf=csrf, version="1", once="o1", text="<b>Hi</b>", do="preview")
    assert code == 200
    assert "As it will arrive" in page
    assert "about_report in es: 7K3-9QX, &lt;b&gt;Hi&lt;/b&gt;, Ana" in page
    assert once_of(page) == "o1"
    assert not await letters(world)
    assert (await ticket_of(world)).version == 1


@pytest.mark.parametrize("do", ["send", "preview"])
async def test_nothing_is_sent_without_words(world: World, do: str) -> None:
    await world.file()
    code, page = await post(world, "answer", csrf=await at_the_desk(world), version="1", once="o", text=" ", do=do)
    assert (code, "Write something first." in page) == (422, True)


async def test_who_asked_for_no_more_messages_is_not_written_to_and_the_page_says_so_before(world: World) -> None:
    await world.file()
    async with world.store.work() as work:
        citizen = await work.citizens.find(Contact(channel="telegram", address="77"))
        assert citizen
        await work.citizens.save(replace(citizen, opted_out=True))
        await work.commit()
    csrf = await at_the_desk(world)
    page = await world.page(PATH)
    assert "They asked for no more messages: nothing can be sent to them." in page
    assert 'name="once"' not in page
    code, page = await post(world, "answer", csrf=csrf, version="1", once="o", text="typed long ago")
    assert code == 422
    assert "typed long ago" in page
    assert not await letters(world)


async def test_whatsapps_window_is_told_open_or_over(world: World) -> None:
    arrival = Inbound(
        sender=Contact(channel="whatsapp", address="+15550123"), external_id="w", received_at=NOW,
        free_until=NOW + timedelta(hours=24),
    )  # fmt: skip
    async with world.store.work() as work:
        await work.inbox.accept([arrival])
        citizen = await work.citizens.find(arrival.sender)
        assert citizen
        await work.commit()
    await world.file(replace(TICKET, reporter=citizen.id, channel="whatsapp"))
    await at_the_desk(world)
    assert "WhatsApp takes it until" in await world.page(PATH)
    world.clock.pass_by(hours=11)
    await at_the_desk(world)
    world.clock.pass_by(hours=0)
    async with world.store.work() as work:
        await work.commit()
    world.clock.pass_by(hours=13, minutes=1)
    await at_the_desk(world)
    assert "WhatsApp's 24 hours are over" in (await world.page(PATH)).replace("&#39;", "'")


async def test_a_reply_at_hand_is_put_in_with_the_tickets_own_words(world: World) -> None:
    await world.file()
    async with world.store.work() as work:
        texts = dict.fromkeys(CITY.languages, "Hola, {number} ({service}) para {due}. {name}")
        value = json.dumps({"names": texts, "texts": texts})
        await work.amendments.amend(Amendment(kind=Kind.CANNED, key="hello", value=value, at=NOW, login="ana"))
        await work.commit()
    await world.app[WEB].force.refresh(world.store)
    csrf = await at_the_desk(world)
    fields = {"csrf": csrf, "version": "1", "once": "o1", "canned": "hello", "do": "insert"}
    code, page = await post(world, "answer", text="Typed before.", **fields)
    assert code == 200
    assert "Typed before.\nHola, 7K3-9QX (" in page
    assert "Ana</textarea>" in page
    assert not await letters(world)
    assert CITY.canned == ()


async def test_an_answer_to_a_ticket_that_somebody_changed_is_stale_and_kept(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    await post(world, "move", csrf=csrf, version="1", to="triaged", text="")
    code, page = await post(world, "answer", csrf=csrf, version="1", once="o", text="my answer")
    assert code == 409
    assert "my answer</textarea>" in page
