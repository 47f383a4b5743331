"""A clerk files a report of somebody who phoned or came in."""

import re

import pytest

from channels.message import Contact
from tests.web.world import World, csrf_of
from tickets.model import Event, Ticket

FIELDS = {"service": "pothole", "words": "Avenida Bolívar 123", "point": "", "text": "a deep hole", "language": "es"}


async def begin(world: World) -> dict[str, str]:
    await world.log_in()
    page = await world.page("/desk/new")
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    return {"csrf": csrf_of(page), "once": once[1]}


async def post(world: World, **fields: str) -> tuple[int, str, str]:
    answer = await world.client.post("/desk/new", data=fields, allow_redirects=False)
    return answer.status, await answer.text(), answer.headers.get("Location", "")


async def at(world: World, location: str) -> Ticket:
    async with world.store.view() as view:
        ticket = await view.tickets.get(location.rpartition("/")[2])
    assert ticket
    return ticket


async def test_a_report_without_a_number_is_filed_and_nothing_is_ever_sent(world: World) -> None:
    form = await begin(world)
    code, _, location = await post(world, **form, **FIELDS)
    assert code == 303
    ticket = await at(world, location)
    assert (ticket.service, ticket.channel, ticket.language) == ("pothole", "desk", "es")
    assert ticket.place.street == "Avenida Bolívar"
    async with world.store.view() as view:
        assert not await view.outbox.of_ticket(ticket.number)
        (filed,) = await view.tickets.history(ticket.number)
    assert (filed.event, filed.actor.name) == (Event.FILED, "ana")
    page = await world.page(location)
    assert "They left no number" in page
    csrf = csrf_of(page)
    move = {"csrf": csrf, "version": "1", "to": "resolved", "text": ""}
    assert (await world.client.post(f"{location}/move", data=move, allow_redirects=False)).status == 303
    async with world.store.view() as view:
        assert not await view.outbox.of_ticket(ticket.number)


async def test_who_leaves_a_number_and_agrees_is_told_by_sms_who_we_are_and_the_ticket(world: World) -> None:
    form = await begin(world)
    code, _, location = await post(world, **form, **FIELDS, phone="+1 (555) 012-3456", consent="yes")
    assert code == 303
    ticket = await at(world, location)
    assert ticket.channel == "sms"
    async with world.store.view() as view:
        welcome, receipt = await view.outbox.of_ticket(ticket.number)
        citizen = await view.citizens.find(Contact(channel="sms", address="+15550123456"))
    assert "welcome in es" in welcome.text and "receipt in es" in receipt.text
    assert citizen and citizen.welcomed and citizen.consent


async def test_the_same_form_sent_twice_files_once(world: World) -> None:
    form = await begin(world)
    for more in ({}, {"phone": "+15550123456", "consent": "yes", "once": "another", "do": "file"}):
        places = {(await post(world, **{**form, **FIELDS, "do": "file", **more}))[2] for _ in range(2)}
        assert len(places) == 1 and "" not in places


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"service": ""}, "Choose what it is about"), ({"words": ""}, "Write where it is"),
        ({"point": "here"}, "latitude and longitude"), ({"text": " "}, "Write something first"),
        ({"language": "xx"}, "Choose a language"), ({"phone": "12"}, "with its country"),
        ({"phone": "+15550123456"}, "Ask them first"), ({"text": "x" * 1001}, "At most"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_beside_the_field_and_all_is_kept(
    world: World, wrong: dict[str, str], told: str
) -> None:
    form = await begin(world)
    code, page, _ = await post(world, **{**form, **FIELDS, **wrong})
    assert (code, told in page) == (422, True)
    assert form["once"] in page
    if "text" not in wrong:
        assert "a deep hole</textarea>" in page


async def test_the_same_thing_told_before_is_offered_and_can_be_joined(world: World) -> None:
    form = await begin(world)
    _, _, location = await post(world, **form, **FIELDS)
    number = location.rpartition("/")[2]
    form = await begin(world)
    code, page, _ = await post(world, **form, **FIELDS)
    assert (code, number in page, "Is it one of these?" in page) == (200, True, True)
    joined = {"do": "join", "number": number, "phone": "+15550123456", "consent": "yes"}
    assert (await post(world, **form, **FIELDS, **joined))[0] == 303
    assert (await at(world, location)).followers == 1
    assert (await post(world, **form, **FIELDS, **joined))[0] == 303
    assert (await at(world, location)).followers == 1
    code, _, other = await post(world, **{**form, **FIELDS, "do": "file", "once": "anew"})
    assert code == 303 and other != location
