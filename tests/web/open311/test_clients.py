"""As others see it: the official JSON schemas, `georeport` from PyPI, and what other real clients send and expect."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from defusedxml import ElementTree
from georeport import GeoReport
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.web.open311.town import OURS, clear, close, fill, number, ticket
from tests.web.world import NOW, World
from tickets.model import Place

SCHEMAS = Path(__file__).parents[3].parent / "shared" / "peers" / "open311"
V2 = "/open311/v2"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
T = TypeVar("T")


def valid(schema: str, value: object) -> None:
    """By the official schema of this name."""
    if not SCHEMAS.is_dir():
        pytest.skip("../shared/peers/open311 is missing: the official JSON schemas of Open311")
    files = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    kept: Any = Registry().with_resources(
        (name, Resource.from_contents(one, default_specification=DRAFT202012)) for name, one in files.items()
    )
    Draft202012Validator(files[schema], registry=kept, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        value
    )


async def varied(world: World) -> None:
    """Requests of every kind: open, closed, sensitive, without a place, with cleared words."""
    closed, bare = ticket(2), ticket(3, place=Place(), service="lighting")
    await fill(world, ticket(1), closed, bare, ticket(4, service="noise"), replace(ticket(5), outside="The grid"))
    await close(world, closed, NOW)
    await clear(world, ticket(1), "Un hoyo & <más> ñ")


async def body(world: World, path: str) -> Any:
    return json.loads(await (await world.client.get(f"{V2}/{path}")).read())


@pytest.mark.parametrize("query", ["", "?extensions=true", "?locale=fr"])
async def test_the_official_schemas_are_kept(open_world: World, query: str) -> None:
    await varied(open_world)
    valid("services.json", await body(open_world, f"services.json{query}"))
    valid("requests.json", await body(open_world, f"requests.json{query}"))
    valid("requests.json", await body(open_world, f"requests/{number(1)}.json{query}"))
    for code in ("pothole", "lighting"):
        valid("service-definition.json", await body(open_world, f"services/{code}.json{query}"))
    for one in await body(open_world, f"requests.json{query}"):
        valid("request.json", one)
    for one in await body(open_world, f"services.json{query}"):
        valid("service.json", one)


async def asked(world: World, ask: Callable[[GeoReport], T], form: str) -> T:
    """By the client, beside the server's loop."""
    client = GeoReport(str(world.client.make_url(V2)), jurisdiction=OURS, output_format=form)
    return await asyncio.to_thread(ask, client)


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_georeport_reads_services_definitions_and_requests(open_world: World, form: str) -> None:
    await varied(open_world)
    services = await asked(open_world, GeoReport.get_service_list, form)
    assert [one["service_code"] for one in services] == ["pothole", "lighting", "noise"]
    definition = await asked(open_world, lambda client: client.get_service_definition("lighting"), form)
    attributes = definition["attributes"] if form == "json" else definition["attributes"]["attribute"]
    assert [one["code"] for one in attributes] == ["fault", "since"]
    requests = await asked(open_world, GeoReport.get_service_requests, form)
    assert [one["service_request_id"] for one in requests] == [number(n) for n in range(1, 6)]
    assert requests[0]["description"] == "Un hoyo & <más> ñ"
    one = await asked(open_world, lambda client: client.get_service_request(number(2)), form)
    assert (one["service_request_id"], one["status"]) == (number(2), "closed")
    some = await asked(
        open_world,
        lambda client: client.get_service_requests(
            service_code="pothole,noise",
            status="open",
            start_date="2026-11-01T00:00:00Z",
            end_date="2026-11-30T00:00:00Z",
        ),
        form,
    )
    assert [one["service_request_id"] for one in some] == [number(1), number(4), number(5)]


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_georeport_hears_of_errors_by_the_status(open_world: World, form: str) -> None:
    with pytest.raises(Exception, match="404"):
        await asked(open_world, lambda client: client.get_service_definition("nothing"), form)
    with pytest.raises(Exception, match="400"):
        await asked(open_world, lambda client: client.get_service_requests(start_date="yesterday"), form)


def filled(rows: Any, *names: str) -> Iterator[str]:
    """What these fields say."""
    return (row.findtext(name) or "" for row in rows for name in names)


async def xml(world: World, path: str) -> Any:
    return ElementTree.fromstring(await (await world.client.get(f"{V2}/{path}")).read())


async def test_the_old_validators_wishes_are_met(open_world: World) -> None:
    """Dates in UTC to the second, and fields that are never empty."""
    await varied(open_world)
    requests = await xml(open_world, "requests.xml")
    assert all(filled(requests, "address", "description", "agency_responsible", "service_name", "status_notes"))
    dates = filled(requests, "requested_datetime", "updated_datetime", "expected_datetime")
    assert all(MOMENT.fullmatch(date) for date in dates)
    assert all(filled(await xml(open_world, "services.xml"), "description", "type", "metadata", "group"))


async def test_a_validator_that_compares_content_types_finds_them_without_a_charset(open_world: World) -> None:
    for path in ("discovery", "services", "services/lighting", "requests", "servicerequestupdates", "services/nothing"):
        for form, content in (("xml", "text/xml"), ("json", "application/json")):
            answer = await open_world.client.get(f"{V2}/{path}.{form}")
            assert answer.headers["Content-Type"] == content


async def test_a_client_that_takes_text_for_latin_1_reads_it_rightly(open_world: World) -> None:
    """`requests` does, where text/xml names no charset."""
    await varied(open_world)
    raw = await (await open_world.client.get(f"{V2}/requests.xml")).read()
    assert "Un hoyo &amp; &lt;m&#225;s&gt; &#241;" in raw.decode("latin-1")


async def test_fixmystreet_finds_the_words_of_an_error_where_it_looks(open_world: World) -> None:
    answer = await open_world.client.get(f"{V2}/requests.xml?status=resolved")
    assert not 200 <= answer.status < 300
    error = ElementTree.fromstring(await answer.read()).find("error")
    assert error is not None
    assert (error.findtext("code"), error.findtext("description")) == ("400", "status: only open and closed are known.")


async def test_fixmystreet_polls_updates_of_a_span(open_world: World) -> None:
    await varied(open_world)
    updates = await xml(
        open_world, "servicerequestupdates.xml?start_date=2026-11-23T14:59:00Z&end_date=2026-11-23T15:00:00Z"
    )
    (one,) = updates.findall("request_update")
    assert (one.findtext("service_request_id"), one.findtext("status")) == (number(2), "closed")
    assert MOMENT.fullmatch(one.findtext("updated_datetime") or "")
    assert one.findtext("update_id")
    assert one.findtext("description")


async def test_three_asks_for_json_by_its_ending_and_gets_lists(open_world: World) -> None:
    await varied(open_world)
    for path in ("services.json", "requests.json", f"requests/{number(1)}.json"):
        assert isinstance(await body(open_world, path), list)
    assert isinstance(await body(open_world, "services/lighting.json"), dict)
    assert isinstance(await body(open_world, "discovery.json"), dict)
