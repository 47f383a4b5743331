"""What is the same for all of /open311/: forms, errors, caches, other sites' pages, and how often one may ask."""

import json

import pytest
from defusedxml import ElementTree

from tests.web.open311.town import OURS
from tests.web.world import World

V2 = "/open311/v2"


@pytest.mark.parametrize(("path", "content"), [("services.xml", "text/xml"), ("services.json", "application/json")])
async def test_the_content_type_is_what_clients_compare(open_world: World, path: str, content: str) -> None:
    answer = await open_world.client.get(f"{V2}/{path}")
    assert answer.headers["Content-Type"] == content
    assert (await answer.read()).isascii() or content == "application/json"


@pytest.mark.parametrize(
    "path", ["/open311/v2/nothing", "/open311", "/open311/", "/open311/v3/services", "/open311/v2/services",
             "/open311/v2/requests/%00", "/open311/v2/requests/7K3-9QX", "/open311/v2/services.yaml"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["json", "xml"])
async def test_what_is_not_there_is_told_in_the_standards_words(open_world: World, path: str, form: str) -> None:
    answer = await open_world.client.get(path, headers={"Accept": f"application/{form}"})
    assert answer.status == 404
    body = await answer.read()
    if form == "json":
        (error,) = json.loads(body)
        assert error["code"] == 404
        assert error["description"]
    else:
        root = ElementTree.fromstring(body)
        assert (root.tag, root.findtext("error/code")) == ("errors", "404")
        assert root.findtext("error/description")


async def test_the_address_says_the_form_before_the_header_does(open_world: World) -> None:
    answer = await open_world.client.get(f"{V2}/nothing.xml", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "text/xml"


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE"])
async def test_another_method_is_405_and_told_so(open_world: World, method: str) -> None:
    answer = await open_world.client.request(method, f"{V2}/services.json")
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]
    assert json.loads(await answer.read())[0]["code"] == 405


async def test_a_fault_of_ours_shows_no_trace(open_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("+15550123 in /srv/city/file.py")

    monkeypatch.setattr("web.open311.services.offered", broken)
    answer = await open_world.client.get(f"{V2}/services.xml")
    assert answer.status == 500
    text = await answer.text()
    assert ElementTree.fromstring(text).findtext("error/code") == "500"
    assert "15550123" not in text
    assert "file.py" not in text


async def test_a_store_that_is_away_is_503_and_says_when_to_come_again(open_world: World) -> None:
    open_world.store.gone = True
    answer = await open_world.client.get(f"{V2}/requests.json")
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert json.loads(await answer.read())[0]["code"] == 503
    assert (await open_world.client.get(f"{V2}/services.json")).status == 200  # needs no store


@pytest.mark.parametrize(("asked", "status"), [(OURS, 200), ("", 200), ("elsewhere.example", 404)])
async def test_only_our_own_jurisdiction_is_served(open_world: World, asked: str, status: int) -> None:
    for path in ("services", "requests", "services/lighting", "servicerequestupdates", "discovery"):
        answer = await open_world.client.get(f"{V2}/{path}.json", params={"jurisdiction_id": asked})
        assert answer.status == status, path


async def test_a_jurisdiction_is_asked_for_before_anything_else(open_world: World) -> None:
    answer = await open_world.client.get(f"{V2}/services/nothing.json?jurisdiction_id=x")
    assert "jurisdiction_id" in (await answer.json())[0]["description"]


async def test_parameters_that_nobody_knows_are_passed_over(open_world: World) -> None:
    assert (await open_world.client.get(f"{V2}/services.json?api_key=&foo=bar&service_code=x")).status == 200


async def test_what_has_not_changed_is_not_sent_again(open_world: World) -> None:
    first = await open_world.client.get(f"{V2}/services.json")
    assert "public" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    again = await open_world.client.get(f"{V2}/services.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Vary"] == first.headers["Vary"] == "Accept-Language, Accept-Encoding"
    other = await open_world.client.get(
        f"{V2}/services.json", headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "fr"}
    )
    assert other.status == 200


async def test_errors_are_not_kept(open_world: World) -> None:
    answer = await open_world.client.get(f"{V2}/services/nothing.json")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_other_sites_pages_may_read_it(open_world: World) -> None:
    for path in (f"{V2}/services.json", f"{V2}/nothing.json"):
        answer = await open_world.client.get(path, headers={"Origin": "https://map.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    asked = await open_world.client.options(f"{V2}/requests.json", headers={"Origin": "https://map.example"})
    assert asked.status == 204
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]


async def test_a_caller_who_asks_too_often_waits(open_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.open311.standard.PER_MINUTE", 5)
    for _ in range(5):
        assert (await open_world.client.get("/open311/discovery.json")).status == 200
    answer = await open_world.client.get(f"{V2}/services.xml")
    assert answer.status == 429
    wait = int(answer.headers["Retry-After"])
    assert ElementTree.fromstring(await answer.read()).findtext("error/code") == "429"
    open_world.clock.pass_by(seconds=wait)
    assert (await open_world.client.get(f"{V2}/services.xml")).status == 200


async def test_head_is_answered_without_a_body(open_world: World) -> None:
    answer = await open_world.client.head(f"{V2}/services.xml")
    assert (answer.status, await answer.read()) == (200, b"")
    assert answer.headers["Content-Type"] == "text/xml"
