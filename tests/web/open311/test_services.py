"""Discovery, services and their definitions."""

import json
from typing import Any

import pytest
from defusedxml import ElementTree

from tests.web.world import World

V2 = "/open311/v2"


async def told(world: World, path: str, **headers: str) -> Any:
    answer = await world.client.get(path, headers=headers)
    assert answer.status == 200, await answer.text()
    return json.loads(await answer.read())


async def test_discovery_names_two_endpoints_with_two_formats_at_both_addresses(open_world: World) -> None:
    for path in ("/open311/discovery.json", f"{V2}/discovery.json"):
        found = await told(open_world, path)
        assert len(found["endpoints"]) == 2
        for endpoint in found["endpoints"]:
            assert len(endpoint["formats"]) == 2
        ours = found["endpoints"][0]
        assert ours["formats"] == ["text/xml", "application/json"]  # as a client compares them
        assert ours["url"].endswith("/open311/v2/")  # FixMyStreet's client puts names behind it
        assert (ours["type"], ours["specification"]) == ("production", "http://wiki.open311.org/GeoReport_v2")
        assert "datos@puerto-vecino.example" in found["contact"]
        assert found["key_service"]
        assert found["changeset"]


async def test_discovery_in_xml_says_the_same(open_world: World) -> None:
    answer = await open_world.client.get("/open311/discovery.xml")
    root = ElementTree.fromstring(await answer.read())
    assert root.tag == "discovery"
    assert [one.tag for one in root] == ["changeset", "contact", "key_service", "endpoints"]
    assert [one.text for one in root.findall("endpoints/endpoint[1]/formats/format")] == [
        "text/xml",
        "application/json",
    ]


async def test_services_are_those_of_which_we_take_reports(open_world: World) -> None:
    found = await told(open_world, f"{V2}/services.json")
    assert [one["service_code"] for one in found] == ["pothole", "lighting", "noise"]
    assert [one["metadata"] for one in found] == [False, True, False]
    assert all(one["type"] == "realtime" and one["description"] and one["group"] for one in found)


async def test_services_in_xml(open_world: World) -> None:
    answer = await open_world.client.get(f"{V2}/services.xml")
    root = ElementTree.fromstring(await answer.read())
    assert root.tag == "services"
    assert [one.findtext("service_code") for one in root.findall("service")] == ["pothole", "lighting", "noise"]
    assert [one.findtext("metadata") for one in root] == ["false", "true", "false"]


async def test_a_definition_is_made_of_the_services_questions(open_world: World) -> None:
    found = await told(open_world, f"{V2}/services/lighting.json?locale=en")
    assert found["service_code"] == "lighting"
    fault, since = found["attributes"]
    assert (fault["code"], fault["datatype"], fault["order"]) == ("fault", "singlevaluelist", 1)
    assert (fault["variable"], fault["required"], fault["description"]) == (True, True, "What is wrong?")
    assert fault["values"] == [{"key": "off", "name": "Off & <dark>"}, {"key": "leans", "name": "Leans"}]
    assert (since["datatype"], since["order"]) == ("string", 2)
    assert "values" not in since


async def test_a_definition_in_xml(open_world: World) -> None:
    answer = await open_world.client.get(f"{V2}/services/lighting.xml")
    root = ElementTree.fromstring(await answer.read())
    assert root.tag == "service_definition"
    assert [one.findtext("code") for one in root.findall("attributes/attribute")] == ["fault", "since"]
    assert root.findtext("attributes/attribute/values/value/name") == "Off & <dark>"


async def test_a_service_that_asks_nothing_has_no_attributes(open_world: World) -> None:
    assert await told(open_world, f"{V2}/services/pothole.json") == {"service_code": "pothole", "attributes": []}


@pytest.mark.parametrize("code", ["nothing", "power", "POTHOLE", "%3Cx%3E", "pothole.json"])
async def test_an_unknown_service_is_404(open_world: World, code: str) -> None:
    answer = await open_world.client.get(f"{V2}/services/{code}.xml")
    assert answer.status == 404
    assert ElementTree.fromstring(await answer.read()).findtext("error/code") == "404"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"Accept-Language": "pt-BR,es;q=0.5"}, "Buraco"), ({"Accept-Language": "de, fr;q=0.9, en;q=0.1"}, "Nid-de-poule"),
        ({"Accept-Language": "de"}, "Bache"), ({"Accept-Language": "en;q=0, fr"}, "Nid-de-poule"), ({}, "Bache"),
    ],
)  # fmt: skip
async def test_names_come_in_the_language_that_is_accepted(open_world: World, asked: dict[str, str], name: str) -> None:
    answer = await open_world.client.get(f"{V2}/services.json", headers=asked)
    assert (await answer.json())[0]["service_name"] == name
    assert "Accept-Language" in answer.headers["Vary"]
    languages = {"Bache": "es", "Buraco": "pt", "Nid-de-poule": "fr"}
    assert answer.headers["Content-Language"] == languages[name]


@pytest.mark.parametrize(("locale", "name"), [("fr", "Nid-de-poule"), ("pt_BR", "Buraco"), ("xx", "Pothole")])
async def test_a_locale_in_the_address_comes_first(open_world: World, locale: str, name: str) -> None:
    found = await told(open_world, f"{V2}/services.json?locale={locale}", **{"Accept-Language": "en"})
    assert found[0]["service_name"] == name
