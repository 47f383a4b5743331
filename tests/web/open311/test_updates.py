"""What happened to requests, as FixMyStreet's client polls it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from defusedxml import ElementTree

from tests.web.open311.town import clear, close, fill, following, number, ticket
from tests.web.world import NOW, World

PATH = "/open311/v2/servicerequestupdates"


async def told(world: World, query: str = "") -> list[dict[str, Any]]:
    answer = await world.client.get(f"{PATH}.json?{query}")
    assert answer.status == 200, await answer.text()
    found = json.loads(await answer.read())
    assert isinstance(found, list)
    return found


async def test_each_step_has_an_id_a_time_and_a_status(open_world: World) -> None:
    one = ticket(3)
    await fill(open_world, one)
    after = await close(open_world, one, NOW - timedelta(minutes=5), "secreto")
    filed, resolved = await told(open_world)
    assert filed["update_id"] != resolved["update_id"]
    assert {filed["service_request_id"], resolved["service_request_id"]} == {one.number}
    assert (filed["status"], filed["updated_datetime"]) == ("open", "2026-11-23T12:00:00Z")
    assert (resolved["status"], resolved["external_status_code"]) == ("closed", "resolved")
    assert filed["description"]
    assert "secreto" not in resolved["description"]
    await clear(open_world, after, "", "Se bacheó")
    assert (await told(open_world))[1]["description"] == "Se bacheó"


async def test_in_xml(open_world: World) -> None:
    await fill(open_world, ticket(1))
    root = ElementTree.fromstring(await (await open_world.client.get(f"{PATH}.xml")).read())
    assert root.tag == "service_request_updates"
    assert [one.findtext("service_request_id") for one in root.findall("request_update")] == [number(1)]


async def test_dates_say_which(open_world: World) -> None:
    await fill(open_world, *(ticket(n) for n in range(5)))
    found = await told(open_world, "start_date=2026-11-23T12:00:00Z&end_date=2026-11-23T13:00:00Z")
    assert [one["service_request_id"] for one in found] == [number(3), number(2)]


@pytest.mark.parametrize(
    "query", ["start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", "start_date=x", "after=1", "page_size=0"]
)
async def test_what_cannot_be_read_is_refused(open_world: World, query: str) -> None:
    answer = await open_world.client.get(f"{PATH}.xml?{query}")
    assert answer.status == 400
    assert ElementTree.fromstring(await answer.read()).findtext("error/description")


async def test_all_of_the_requests_that_are_named(open_world: World) -> None:
    old = replace(ticket(2), filed_at=NOW - timedelta(days=300))
    await fill(open_world, ticket(1), old)
    found = await told(open_world, f"service_request_id={old.number},{number(9)}")
    assert [one["service_request_id"] for one in found] == [old.number]
    assert await told(open_world, "service_request_id=none") == []


async def test_links_lead_through_all_of_it_once(open_world: World) -> None:
    await fill(open_world, *(replace(ticket(n), filed_at=NOW - timedelta(hours=n // 3)) for n in range(8)))
    found: list[str] = []
    path = f"{PATH}.json?page_size=3"
    while path:
        answer = await open_world.client.get(path)
        found += [one["update_id"] for one in json.loads(await answer.read())]
        path = following(answer)
    assert (len(found), len(set(found))) == (8, 8)
