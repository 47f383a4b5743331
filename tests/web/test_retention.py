"""Holds, reports that a rule deleted, what rules did, and somebody's data deleted by an admin, at the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports.audit import Deed
from channels.message import Contact
from tests.samples import TICKET
from tests.web.test_case_direct import PATH, post
from tests.web.test_people import trail
from tests.web.test_roles import enter
from tests.web.world import NOW, PASSWORD, World, csrf_of
from tickets.model import Event, Status
from tickets.retention import Duty, Rule
from tickets.rights import Role

PHONE = "+525587654321"
RULE = Rule(after=timedelta(days=365), do=Duty.DELETE_CASE)
CLOSED = replace(TICKET, status=Status.RESOLVED, closed_at=NOW)
LATER = NOW + timedelta(days=400)


async def carry(world: World) -> int:
    async with world.store.work() as work:
        part = await work.retention.carry(RULE, LATER, None, 10)
        await work.retention.ran(LATER, RULE, part.reports)
        await work.commit()
    return part.reports


async def test_a_supervisor_keeps_a_closed_report_and_leaves_it_to_the_rules_again(world: World) -> None:
    await world.file(CLOSED)
    csrf = await enter(world, Role.SUPERVISOR)
    assert (await post(world, "hold", csrf=csrf, version="1", do="keep", text="in court"))[0] == 303
    assert await carry(world) == 0
    page = await world.page(PATH)
    assert "Kept out of the rules of deletion" in page and "in court" in page
    assert (await post(world, "hold", csrf=csrf, version="2", do="release", text="settled"))[0] == 303
    async with world.store.view() as view:
        assert [one.event for one in await view.tickets.history(TICKET.number)][-2:] == [Event.HELD, Event.RELEASED]
    assert await carry(world) == 1


async def test_a_hold_without_a_reason_is_not_taken(world: World) -> None:
    await world.file(CLOSED)
    csrf = await enter(world, Role.SUPERVISOR)
    assert (await post(world, "hold", csrf=csrf, version="1", do="keep", text=" "))[0] == 422
    async with world.store.view() as view:
        assert await view.retention.held(TICKET.number) is None


async def test_a_clerk_holds_nothing(world: World) -> None:
    await world.file(CLOSED)
    csrf = await enter(world, Role.CLERK)
    assert "/hold" not in await world.page(PATH)
    assert (await post(world, "hold", csrf=csrf, version="1", do="keep", text="mine"))[0] == 403


async def test_what_a_rule_deleted_is_told_as_deleted_to_everybody(world: World) -> None:
    await world.file(CLOSED)
    await carry(world)
    await enter(world, Role.CLERK)
    assert "was deleted" in await world.page(PATH, status=410)
    answer = await world.client.get(f"/r/{TICKET.number}")
    assert (answer.status, "was deleted" in await answer.text()) == (410, True)
    answer = await world.client.get(f"/open311/v2/requests/{TICKET.number}.json")
    assert answer.status == 410
    assert f"{LATER:%Y-%m-%d}" in await answer.text()


async def test_what_rules_did_is_listed_by_night_and_names_no_report(world: World) -> None:
    await world.file(CLOSED)
    await carry(world)
    await enter(world, Role.AUDITOR)
    page = await world.page("/desk/audit/retention")
    assert str(RULE) in page
    assert TICKET.number not in page


async def known(world: World) -> Contact:
    """Somebody who has reported."""
    contact = Contact(channel="sms", address=PHONE)
    async with world.store.work() as work:
        lane = (await work.citizens.lanes([contact]))[contact]
        await work.commit()
    await world.file(replace(TICKET, reporter=lane, description="soy Zanahoria"))
    return contact


@pytest.mark.parametrize("fields", [{"ticket": TICKET.number}, {"channel": "sms", "address": "+52 55 8765-4321"}])
async def test_an_admin_sees_what_would_go_and_has_it_deleted(world: World, fields: dict[str, str]) -> None:
    contact = await known(world)
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/erasure"))
    answer = await world.client.post("/desk/erasure", data={"csrf": csrf, **fields})
    page = await answer.text()
    assert answer.status == 200
    assert "···4321" in page
    assert PHONE not in page
    wrong = {"csrf": csrf, "old": "no password of theirs", **fields}
    assert (await world.client.post("/desk/erasure/delete", data=wrong)).status == 422
    done = await world.client.post("/desk/erasure/delete", data={**wrong, "old": PASSWORD})
    assert done.status == 200
    async with world.store.view() as view:
        assert await view.citizens.find(contact) is None
        ticket = await view.tickets.get(TICKET.number)
    assert ticket
    assert ticket.description == ""
    [entry] = [one for one in await trail(world) if one.deed is Deed.ERASED]
    assert (entry.subject, entry.detail) == ("", "1 reports")


@pytest.mark.parametrize("fields", [
    {"ticket": "QQQ-QQQ"}, {"ticket": "?"}, {"channel": "sms", "address": "+525500000000"}, {},
    {"channel": "sms", "address": "nobody"}, {"channel": "pigeon", "address": PHONE},
])  # fmt: skip
async def test_whoever_is_not_known_is_said_to_be_unknown(world: World, fields: dict[str, str]) -> None:
    await known(world)
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/erasure"))
    for path in ("/desk/erasure", "/desk/erasure/delete"):
        answer = await world.client.post(path, data={"csrf": csrf, "old": PASSWORD, **fields})
        assert answer.status == 422


async def test_a_supervisor_deletes_nobodys_data(world: World) -> None:
    await enter(world, Role.SUPERVISOR)
    await world.page("/desk/erasure", status=403)
