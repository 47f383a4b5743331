"""The OpenAPI document says what is there, all of it, and nothing else."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.web.open311.test_posting import HOLE, add_key, post
from tests.web.open311.town import TOWN, clear, close, fill, number, ticket
from tests.web.world import NOW, World
from web.open311 import requests, updates
from web.open311.openapi import PATH, document

DOCUMENT = document(TOWN, "https://puerto-vecino.example")


def operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def fits(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Draft202012Validator:
    """Its components can be referred to."""
    return Draft202012Validator({**schema, "components": document["components"]})


async def test_every_route_is_in_the_document_and_the_other_way_round(open_world: World) -> None:
    app = open_world.client.app
    assert app
    there = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource and route.resource.canonical.startswith("/open311") and route.method != "HEAD"
    }
    assert there == {(method, path) for method, path, _ in operations()}


async def test_it_is_served_for_this_city_and_may_be_kept(open_world: World) -> None:
    answer = await open_world.client.get(PATH)
    told = await answer.json()
    assert (answer.status, answer.content_type) == (200, "application/json")
    assert told["info"]["title"] == f"Open311 of {TOWN.name}"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = await open_world.client.get(PATH, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    url = told["servers"][0]["url"]
    assert not url.endswith("/")
    assert url.startswith("http")


def test_all_schemas_are_json_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for _, _, operation in operations():
        for parameter in operation["parameters"]:
            Draft202012Validator.check_schema(parameter["schema"])


def test_every_operation_has_a_name_of_its_own_and_all_its_path_is_explained() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    for _, path, operation in operations():
        explained = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        assert explained == set(re.findall(r"{(\w+)}", path))


@pytest.mark.parametrize(("module", "path"), [(requests, "requests"), (updates, "servicerequestupdates")])
def test_every_parameter_that_the_code_names_is_explained(module: Any, path: str) -> None:
    named = set(re.findall(r"`([a-z_]+)`", module.__doc__)) - {"updated_"}
    asked = DOCUMENT["paths"][f"/open311/v2/{path}.{{form}}"]["get"]["parameters"]
    assert named <= {one["name"] for one in asked}


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/open311/discovery.json", "/open311/discovery.{form}"),
        ("/open311/v2/services.json", "/open311/v2/services.{form}"),
        ("/open311/v2/services/lighting.json", "/open311/v2/services/{code}.{form}"),
        ("/open311/v2/services/pothole.json", "/open311/v2/services/{code}.{form}"),
        ("/open311/v2/requests.json", "/open311/v2/requests.{form}"),
        ("/open311/v2/requests.json?extensions=true", "/open311/v2/requests.{form}"),
        (f"/open311/v2/requests/{number(1)}.json?extensions=true", "/open311/v2/requests/{number}.{form}"),
        (f"/open311/v2/tokens/{number(1)}.json", "/open311/v2/tokens/{token}.{form}"),
        ("/open311/v2/servicerequestupdates.json", "/open311/v2/servicerequestupdates.{form}"),
        ("/open311/v2/requests/none.json", "/open311/v2/requests/{number}.{form}"),
        ("/open311/v2/requests.json?bbox=1", "/open311/v2/requests.{form}"),
    ],
)
async def test_every_answer_fits_its_schema(open_world: World, asked: str, path: str) -> None:
    await fill(open_world, ticket(1), ticket(2), ticket(3, service="noise"))
    await clear(open_world, ticket(2), "a hole")
    await close(open_world, ticket(3, service="noise"), NOW - timedelta(hours=1))
    answer = await open_world.client.get(asked)
    told = DOCUMENT["paths"][path]["get"]["responses"][str(answer.status)]
    fits(DOCUMENT, told["content"]["application/json"]["schema"]).validate(await answer.json())
    assert await answer.json()


async def test_what_is_answered_to_a_post_fits_its_schema(open_world: World) -> None:
    key = await add_key(open_world)
    status, said, _ = await post(open_world, HOLE | {"api_key": key})
    filed = DOCUMENT["paths"]["/open311/v2/requests.{form}"]["post"]["responses"]
    fits(DOCUMENT, filed[str(status)]["content"]["application/json"]["schema"]).validate(said)
    update = {"service_request_id": said[0]["service_request_id"], "description": "seen", "api_key": key}
    status, said, _ = await post(open_world, update, to="/open311/v2/servicerequestupdates")
    noted = DOCUMENT["paths"]["/open311/v2/servicerequestupdates.{form}"]["post"]["responses"]
    assert status == 200
    fits(DOCUMENT, noted["200"]["content"]["application/json"]["schema"]).validate(said)
