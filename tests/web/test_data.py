"""/data/: a page that says what there is, and the files as they lie on the disk."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.opendata.export import Order, export
from tests.samples import TICKET
from tests.web.world import CITY, NOW, World

COUNT = 40


async def exported(world: World, folder: Path, count: int = COUNT) -> None:
    for n in range(count):
        await world.file(replace(TICKET, number=f"{n:03}-{n:03}"))
    await export(world.store, Order(city=CITY, root=folder / "data", notes={}), NOW)


@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
async def test_the_page_says_what_there_is(world: World, tmp_path: Path, language: str) -> None:
    await exported(world, tmp_path)
    answer = await world.client.get(f"/data/?l={language}")
    page = await answer.text()
    assert (answer.status, answer.headers["Content-Language"]) == (200, language)
    assert "Set-Cookie" not in answer.headers
    for name in (
        "tickets.csv.gz",
        "tickets.geojson.gz",
        "tickets.parquet",
        "open311.csv.gz",
        "counts.csv",
        "SHA256SUMS",
    ):
        assert f'href="/data/{name}"' in page
    assert CITY.openness.licence.name in page
    again = await world.client.get(f"/data/?l={language}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


async def test_before_the_first_export_the_page_says_so(world: World) -> None:
    page = await world.page("/data/")
    assert "The first files are being made" in page
    assert ".csv.gz" not in page


async def test_every_file_that_the_page_names_is_there(world: World, tmp_path: Path) -> None:
    await exported(world, tmp_path)
    sums = await world.page("/data/SHA256SUMS")
    for line in sums.splitlines():
        answer = await world.client.get(f"/data/{line.split()[1]}")
        assert answer.status == 200, line
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_packed_file_comes_as_it_lies_and_in_parts(world: World, tmp_path: Path) -> None:
    await exported(world, tmp_path)
    content = (tmp_path / "data" / "current" / "tickets.csv.gz").read_bytes()
    answer = await world.client.get("/data/tickets.csv.gz")
    assert answer.content_type == "application/gzip"
    assert "Content-Encoding" not in answer.headers
    assert await answer.read() == content
    part = await world.client.get("/data/tickets.csv.gz", headers={"Range": "bytes=10-19"})
    assert (part.status, await part.read()) == (206, content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(content)}"
    again = await world.client.get("/data/tickets.csv.gz", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


@pytest.mark.parametrize("accepted", ["gzip", "identity", ""])
async def test_without_its_ending_a_file_is_text_for_everybody(world: World, tmp_path: Path, accepted: str) -> None:
    await exported(world, tmp_path)
    answer = await world.client.get("/data/tickets.csv", headers={"Accept-Encoding": accepted})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers.get("Content-Encoding", "") == (accepted if accepted == "gzip" else "")
    assert answer.headers["Vary"] == "Accept-Encoding"
    plain = gzip.decompress((tmp_path / "data" / "current" / "tickets.csv.gz").read_bytes())
    assert await answer.read() == plain  # the client unpacks it
    assert plain.count(b"\r\n") == COUNT + 1


async def test_a_head_request_gets_no_content(world: World, tmp_path: Path) -> None:
    await exported(world, tmp_path)
    for name in ("tickets.csv", "tickets.parquet"):
        answer = await world.client.head(f"/data/{name}", headers={"Accept-Encoding": "identity"})
        assert (answer.status, await answer.read()) == (200, b"")


@pytest.mark.parametrize(
    "name",
    [
        ".months.json",
        ".lock",
        "..%2fcurrent",
        "%2e%2e/x",
        "current/tickets.csv",
        "tickets",
        "tickets.csv.gz.gz",
        "x" * 80,
    ],
)
async def test_nothing_else_can_be_asked_for(world: World, tmp_path: Path, name: str) -> None:
    await exported(world, tmp_path, 3)
    assert (await world.client.get(f"/data/{name}")).status == 404


async def test_a_new_export_is_seen_at_once(world: World, tmp_path: Path) -> None:
    await exported(world, tmp_path, 3)
    assert json.loads(await world.page("/data/tickets.geojson"))["features"][2:]
    await world.file(replace(TICKET, number="999-999"))
    await export(world.store, Order(city=CITY, root=tmp_path / "data", notes={}), NOW)
    numbers = {one["id"] for one in json.loads(await world.page("/data/tickets.geojson"))["features"]}
    assert "999-999" in numbers


async def test_the_address_without_a_slash_leads_to_the_page(world: World) -> None:
    answer = await world.client.get("/data", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (308, "/data/")
