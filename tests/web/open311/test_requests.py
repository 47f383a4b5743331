"""Service requests, by every filter of the standard's and ours."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from defusedxml import ElementTree

from store.transaction import Transaction
from tests.web.open311.town import TOWN, clear, close, fill, following, number, ticket
from tests.web.world import NOW, World
from tickets.model import CITIZEN, Place, Point, Ticket
from tickets.workflow import filed

PATH = "/open311/v2/requests"


async def told(world: World, query: str = "") -> list[dict[str, Any]]:
    answer = await world.client.get(f"{PATH}.json?{query}")
    assert answer.status == 200, await answer.text()
    found = json.loads(await answer.read())
    assert isinstance(found, list)
    return found


async def numbers(world: World, query: str = "") -> list[str]:
    return [one["service_request_id"] for one in await told(world, query)]


async def refusal(world: World, query: str) -> str:
    answer = await world.client.get(f"{PATH}.json?{query}")
    assert answer.status == 400, query
    (error,) = json.loads(await answer.read())
    assert error["code"] == 400
    return str(error["description"])


def east(n: int) -> Place:
    return Place(point=Point(latitude=14.6, longitude=-66.5 + n / 1000), area="centro")


async def test_a_request_tells_all_that_the_standard_names(open_world: World) -> None:
    place = Place(
        words="casa azul", street="Avenida Bolívar", area="centro", point=Point(latitude=14.6, longitude=-66.5)
    )
    one = ticket(1, place=place)
    await fill(open_world, one)
    (found,) = await told(open_world, "locale=en")
    assert found == {
        "service_request_id": one.number,
        "status": "open",
        "status_notes": "received",
        "service_name": "Pothole",
        "service_code": "pothole",
        "description": "Pothole",
        "agency_responsible": "Roads",
        "service_notice": None,
        "requested_datetime": "2026-11-23T14:00:00Z",
        "updated_datetime": "2026-11-23T14:00:00Z",
        "expected_datetime": "2026-11-28T14:00:00Z",
        "address": "Avenida Bolívar, Centro, Puerto Vecino",
        "address_id": None,
        "zipcode": None,
        "lat": 14.6,
        "long": -66.5,
        "media_url": None,
    }


async def test_nobodys_words_are_told_before_a_clerk_cleared_them(open_world: World) -> None:
    one = ticket(1)
    await fill(open_world, one)
    answer = await open_world.client.get(f"{PATH}.xml?extensions=true")
    text = await answer.text()
    for word in ("bache enorme", "frente a mi casa", "telegram"):
        assert word not in text
    await clear(open_world, one, "Un hoyo <grande> & hondo")
    assert (await told(open_world))[0]["description"] == "Un hoyo <grande> & hondo"


async def test_a_closed_request_is_told_as_closed_and_changed_when_it_was_closed(open_world: World) -> None:
    one = ticket(9)
    await fill(open_world, one)
    after = await close(open_world, one, NOW - timedelta(hours=1))
    (found,) = await told(open_world)
    assert (found["status"], found["updated_datetime"]) == ("closed", "2026-11-23T14:00:00Z")
    assert "done" not in found["status_notes"]
    await clear(open_world, after, "", "Se bacheó")
    assert (await told(open_world))[0]["status_notes"].endswith(": Se bacheó")


async def test_what_the_standard_has_no_name_for_is_told_to_who_asks(open_world: World) -> None:
    one = ticket(9)
    await fill(open_world, one)
    await close(open_world, one, NOW)
    (found,) = await told(open_world, "extensions=true")
    assert (found["status_code"], found["area"], found["media_urls"]) == ("resolved", "centro", [])
    assert found["closed_datetime"] == "2026-11-23T15:00:00Z"


async def test_the_newest_comes_first(open_world: World) -> None:
    await fill(open_world, ticket(3), ticket(1), ticket(2))
    assert await numbers(open_world) == [number(1), number(2), number(3)]


async def test_numbers_override_all_other_filters_and_are_read_as_people_write_them(open_world: World) -> None:
    old = replace(ticket(5), filed_at=NOW - timedelta(days=400))
    await fill(open_world, ticket(1), old, ticket(3))
    plain = number(1).replace("-", "").lower()
    query = f"service_request_id={plain},{number(5)},NONE,{number(1)}&status=closed&start_date=bad"
    assert sorted(await numbers(open_world, query)) == sorted([number(1), number(5)])
    assert await numbers(open_world, f"service_request_id={number(7)}") == []
    assert await numbers(open_world, "service_request_id=") == []


async def test_one_request_is_a_list_of_one(open_world: World) -> None:
    await fill(open_world, ticket(1))
    answer = await open_world.client.get(f"{PATH}/{number(1)}.json")
    assert [one["service_request_id"] for one in json.loads(await answer.read())] == [number(1)]
    root = ElementTree.fromstring(await (await open_world.client.get(f"{PATH}/{number(1)}.xml")).read())
    assert root.tag == "service_requests"
    assert [one.findtext("service_request_id") for one in root.findall("request")] == [number(1)]


@pytest.mark.parametrize("name", [number(2), "x", "7K3-9QY", "%27%20OR%201=1", "é" * 80])
async def test_a_request_that_is_not_there_is_404(open_world: World, name: str) -> None:
    await fill(open_world, ticket(1))
    assert (await open_world.client.get(f"{PATH}/{name}.json")).status == 404


async def test_services_and_statuses_are_lists(open_world: World) -> None:
    closed = ticket(2)
    await fill(open_world, ticket(1, service="lighting"), closed, ticket(3), ticket(4, service="other"))
    await close(open_world, closed, NOW)
    assert await numbers(open_world, "service_code=lighting,other") == [number(1), number(4)]
    assert await numbers(open_world, "service_code=lighting&service_code=pothole&status=open") == [number(1), number(3)]
    assert await numbers(open_world, "status=closed") == [number(2)]
    assert len(await numbers(open_world, "status=open,closed")) == 4
    assert await numbers(open_world, "service_code=nothing") == []


async def test_without_dates_it_is_the_last_90_days(open_world: World) -> None:
    old = replace(ticket(2), filed_at=NOW - timedelta(days=91))
    edge = replace(ticket(3), filed_at=NOW - timedelta(days=90))
    await fill(open_world, ticket(1), old, edge)
    assert await numbers(open_world) == [number(1), number(3)]
    assert await numbers(open_world, "end_date=2026-09-01T00:00:00Z") == [number(3), number(2)]


async def test_dates_hold_both_of_their_seconds(open_world: World) -> None:
    await fill(open_world, *(ticket(n) for n in range(5)))
    query = "start_date=2026-11-23T12:00:00Z&end_date=2026-11-23T14:00:00Z"
    assert await numbers(open_world, query) == [number(1), number(2), number(3)]


@pytest.mark.parametrize(
    "query",
    [
        "start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", "start_date=x", "end_date=2026-13-01",
        "status=resolved", "lat=14.6", "lat=14.6&long=-66.5", "radius=100", "lat=x&long=1&radius=1", "bbox=1,2,3",
        "page=0", "page_size=1001", "page_size=x", "page=9999", "after=x", "updated_after=soon", "closed_before=1",
    ],
)  # fmt: skip
async def test_what_cannot_be_read_is_refused_by_name(open_world: World, query: str) -> None:
    description = await refusal(open_world, query)
    assert description.partition(":")[0].split(" and ")[0] in {
        "lat",
        "long",
        "radius",
        *query.replace("&", "=").split("="),
    }


async def test_a_box_holds_what_lies_in_it(open_world: World) -> None:
    await fill(open_world, *(ticket(n, place=east(n)) for n in range(5)), ticket(7, place=Place(area="centro")))
    assert await numbers(open_world, "bbox=-66.4995,14.599,-66.4965,14.601") == [number(1), number(2), number(3)]
    assert await numbers(open_world, "bbox=0,0,1,1") == []


async def test_a_circle_holds_what_is_near(open_world: World) -> None:
    await fill(open_world, *(ticket(n, place=east(n)) for n in range(5)))  # a thousandth is about 108 m here
    assert await numbers(open_world, "lat=14.6&long=-66.5&radius=250") == [number(0), number(1), number(2)]


async def test_changes_are_read_on_in_their_order_however_old_the_requests_are(open_world: World) -> None:
    some = [replace(ticket(n), filed_at=NOW - timedelta(days=200 + n)) for n in range(3)]
    await fill(open_world, *some)
    await close(open_world, some[1], NOW - timedelta(minutes=5))
    await close(open_world, some[0], NOW - timedelta(minutes=1))
    assert await numbers(open_world, "updated_after=2026-11-23T14:00:00Z") == [number(1), number(0)]
    assert await numbers(open_world, "updated_after=2026-11-23T14:57:00Z") == [number(0)]
    assert await numbers(open_world, "updated_after=2026-11-23T14:00:00Z&updated_before=2026-11-23T14:56:00Z") == [
        number(1)
    ]
    assert await numbers(open_world, "closed_after=2026-11-23T14:57:00Z") == [number(0)]
    assert await numbers(open_world, "updated_after=2026-11-23T14:00:00Z&start_date=2026-11-01") == []


async def every_part(world: World, query: str) -> tuple[list[str], int]:
    """By following the links; and how many parts there were."""
    found: list[str] = []
    path, parts = f"{PATH}.json?{query}", 0
    while path:
        answer = await world.client.get(path)
        assert answer.status == 200, await answer.text()
        found += [one["service_request_id"] for one in json.loads(await answer.read())]
        parts += 1
        path = following(answer)
    return found, parts


async def test_links_lead_through_all_of_it_once_even_where_times_are_the_same(open_world: World) -> None:
    some = [replace(ticket(n), filed_at=NOW - timedelta(hours=n // 4)) for n in range(11)]
    await fill(open_world, *some)
    found, parts = await every_part(open_world, "page_size=3")
    assert (len(found), len(set(found)), parts) == (11, 11, 4)
    assert found == await numbers(open_world)
    changed, _ = await every_part(open_world, "page_size=2&updated_after=2026-11-01&service_code=pothole")
    assert sorted(changed) == sorted(found)


async def test_pages_have_numbers_too(open_world: World) -> None:
    await fill(open_world, *(ticket(n) for n in range(5)))
    assert await numbers(open_world, "page_size=2&page=2") == [number(2), number(3)]
    assert await numbers(open_world, "page_size=2&page=4") == []


async def test_what_is_filed_meanwhile_moves_no_part(open_world: World) -> None:
    await fill(open_world, *(ticket(n) for n in range(1, 5)))
    first = await open_world.client.get(f"{PATH}.json?page_size=2")
    await fill_more(open_world, ticket(0))
    rest = await open_world.client.get(following(first))
    assert [one["service_request_id"] for one in json.loads(await rest.read())] == [number(3), number(4)]


async def fill_more(world: World, one: Ticket) -> None:
    async with world.store.work() as work:
        await work.tickets.file(one, filed(one, actor=CITIZEN))
        await work.commit()


async def test_a_sensitive_service_is_found_only_where_it_is_told_to_be(open_world: World) -> None:
    few = TOWN.openness.few
    some = [ticket(n, service="noise", place=east(n)) for n in range(few)]
    await fill(open_world, *some[:-1])
    assert {one["lat"] for one in await told(open_world)} == {None}
    assert await numbers(open_world, "bbox=-67,14,-66,15") == []
    assert await numbers(open_world, "area=centro") == []
    await fill_more(open_world, some[-1])
    points = {(one["lat"], one["long"]) for one in await told(open_world)}
    assert len(points) == 1
    ((lat, long),) = points
    assert len(await numbers(open_world, f"lat={lat}&long={long}&radius=1")) == few
    assert await numbers(open_world, "lat=14.6&long=-66.498&radius=1") == []  # where one of them really is
    assert {one["address"] for one in await told(open_world)} == {"Centro, Puerto Vecino"}


async def test_xml_says_what_json_says(open_world: World) -> None:
    await fill(open_world, *(ticket(n) for n in range(3)))
    await clear(open_world, ticket(1), "]]> & <b>\x07 ñ 𝄞 \r\n '\"")
    root = ElementTree.fromstring(await (await open_world.client.get(f"{PATH}.xml?extensions=1")).read())
    in_json = await told(open_world, "extensions=1")
    in_xml = [{field.tag: field.text for field in one if not len(field)} for one in root]
    plain = [{k: None if v is None or v == [] else str(v) for k, v in one.items()} for one in in_json]
    assert in_xml == plain


async def test_a_store_is_asked_as_often_for_many_as_for_few(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    execute = Transaction.execute

    async def counted(self: Transaction, statement: Any, *rest: Any) -> Any:
        asked.append(statement)
        return await execute(self, statement, *rest)

    monkeypatch.setattr(Transaction, "execute", counted)
    await fill(open_world, *(ticket(n) for n in range(40)))
    for n in range(0, 40, 2):
        await clear(open_world, ticket(n), "words")
    asked.clear()
    await told(open_world, "page_size=2")
    few = len(asked)
    asked.clear()
    await told(open_world, "page_size=40")
    assert len(asked) == few
