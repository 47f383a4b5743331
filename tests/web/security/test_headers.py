"""What every answer says beside its content: pages, errors, files, and what is refused before it is read."""

import re
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from tests.web.security.wire import asked, sent
from tests.web.test_roles import address
from tests.web.world import World, begin, csrf_of

LINES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OPEN = re.compile(r"/(widget|open311|data|feeds|feed)\b")  # for other sites' pages too
STREAMS = {"/desk/live", "/try/phones/{phone}/{style}/news", "/try/phones/{phone}/news"}  # they do not end


async def answers(world: World) -> dict[str, ClientResponse]:
    """Of every route that is looked at, and of all that goes wrong."""
    canonical = {one.resource.canonical for one in world.app.router.routes() if one.resource and one.method == "GET"}
    found = {path: await world.client.get(address(path), allow_redirects=False) for path in canonical - STREAMS}
    for path in ("/nothing", "/static/nothing.css", "/desk/tickets/7K3-9QX", "/channels/sms"):
        found[path] = await world.client.get(path, headers={"Accept": "text/html"}, allow_redirects=False)
    found["404 for all"] = await world.client.post("/nothing", data=b"x")
    found["403"] = await world.client.post("/channels/sms", data=b"x")
    found["405"] = await world.client.delete("/desk")
    found["413"] = await world.client.post("/channels/sms", data=b"x" * 300_000, headers={"X-Secret": "right"})
    found["415"] = await world.client.post("/desk/login", data=b"x", headers={"Content-Type": "text/plain"})
    found["500"] = await world.client.post("/channels/sms", data=b"bug", headers={"X-Secret": "right"})
    world.store.gone = True
    found["503"] = await world.client.get("/desk")
    world.store.gone = False
    return found


async def test_every_page_and_every_error_carries_the_headers_that_protect(world: World) -> None:
    for path, answer in (await answers(world)).items():
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        framed = path == "/widget"
        assert ("frame-ancestors 'none'" in policy) is not framed, path
        for name, value in LINES.items():
            assert answer.headers.get(name) == value or (framed and name == "X-Frame-Options"), (path, name)
        assert "Server" not in answer.headers, path


async def test_every_answer_says_what_it_is(world: World) -> None:
    for path, answer in (await answers(world)).items():
        if answer.status in {204, 304}:
            continue
        kind = answer.headers.get("Content-Type", "")
        assert kind, path
        if kind.startswith("text/") and not OPEN.match(path):
            assert "charset=utf-8" in kind, path


async def test_https_is_promised_on_every_answer(tmp_path: Path, empty: Path) -> None:
    world = await begin(tmp_path, empty=empty, public_url="https://vecino.example.org")
    for path, answer in (await answers(world)).items():
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", path
    await world.client.close()
    await world.store.close()


async def test_no_page_has_a_script_or_a_style_of_its_own(world: World) -> None:
    await world.log_in()
    for path, answer in (await answers(world)).items():
        if answer.content_type != "text/html":
            continue
        page = await answer.text()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/)", page), path
        assert not re.search(r"<style|\sstyle=|\son\w+=", page), path


@pytest.mark.parametrize(
    "raw",
    [
        asked("GET / HTTP/1.1", "X-Long: SAID" + "a" * 20_000),
        asked("GET / HTTP/1.1", "SAID\x01: a"),
        asked("POST /channels/sms HTTP/1.1", "Content-Length: SAID"),
        b"SAID\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_answered_without_a_version_or_its_own_words(world: World, raw: bytes) -> None:
    came = await sent(world, raw, then=2)
    assert b"400 Bad Request" in came
    assert b"SAID" not in came
    assert b"aiohttp" not in came
    assert b"Python" not in came
    assert b"default-src 'none'" in came


async def test_what_is_private_is_kept_by_no_cache_between(world: World) -> None:
    await world.log_in()
    for path, answer in (await answers(world)).items():
        kept = answer.headers["Cache-Control"]
        if path.startswith("/desk") or "token" in path or answer.status >= 400:
            assert "no-store" in kept or "private" in kept or "no-cache" in kept, (path, kept)
            assert "public" not in kept, (path, kept)


async def test_leaving_takes_all_with_it(world: World) -> None:
    await world.log_in()
    page = await world.page("/desk")
    answer = await world.client.post("/desk/logout", data={"csrf": csrf_of(page)}, allow_redirects=False)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["vecino_desk"]["max-age"] == "0"


async def test_other_sites_pages_read_what_is_public_alone(world: World) -> None:
    await world.log_in()
    for path, answer in (await answers(world)).items():
        allowed = answer.headers.get("Access-Control-Allow-Origin")
        assert "Access-Control-Allow-Credentials" not in answer.headers, path
        if not re.match(r"/(open311|data|feed)", path) and "feed" not in path and "atom" not in path:
            assert allowed is None, path
