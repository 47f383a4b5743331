"""What no browser and no provider sends: odd methods, two lengths, endless headers, bombs, foreign names."""

import gzip
from pathlib import Path

import pytest
from aiohttp.web import Application

from tests.web.security.wire import asked, sent
from tests.web.test_roles import enter
from tests.web.world import PASSWORD, World, begin, csrf_of
from tickets.rights import Role
from web import body

ODD = ("TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "BREW")
PAGES = ("/", "/desk", "/desk/login", "/static/vecino.css", "/healthz", "/data/", "/channels/sms", "/nothing")


@pytest.mark.parametrize("method", ODD)
@pytest.mark.parametrize("path", PAGES)
async def test_a_method_that_nobody_uses_is_refused_everywhere(world: World, method: str, path: str) -> None:
    came = await sent(world, asked(f"{method} {path} HTTP/1.1", "X-Mine: said-back"))
    assert came.split(b" ", 2)[1] in {b"400", b"404", b"405"}
    assert b"said-back" not in came


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 4", "Content-Length: 11"),
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Content-Length: +4",),
        ("Content-Length: -1",),
        ("Content-Length: 4, 11",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding: xchunked",),
        ("X: a\rTransfer-Encoding: chunked",),
        (" Content-Length: 4",),
    ],
)
async def test_a_body_of_two_lengths_is_refused(world: World, headers: tuple[str, ...]) -> None:
    """Or a proxy and we would see two different requests in one."""
    hidden = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    came = await sent(world, asked("POST /channels/sms HTTP/1.1", "X-Secret: right", *headers, body=hidden))
    assert came.split(b" ", 2)[1] == b"400"
    assert came.count(b"400 Bad Request\r\n") == 1
    assert world.accepted == []


@pytest.mark.parametrize(
    "raw",
    [
        asked("GET /" + "a" * 20_000 + " HTTP/1.1"),
        asked("GET / HTTP/1.1", "X-Long: " + "a" * 20_000),
        asked("GET / HTTP/1.1", *[f"X-{number}: {'a' * 200}" for number in range(2_000)]),
        asked("GET / HTTP/9.9"),
        asked("GET http://[::1 HTTP/1.1"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n\r\n\x00\xff\r\n\r\n",
        asked("GET / HTTP/1.1", "Host: another.example"),
    ],
)
async def test_an_address_or_a_header_that_cannot_be_is_refused(world: World, raw: bytes) -> None:
    came = await sent(world, raw, then=2)
    assert came.split(b" ", 2)[1:2] in ([b"400"], [b"414"], [b"431"])
    assert (await world.client.get("/healthz")).status == 200


async def test_a_body_that_does_not_come_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "PATIENCE", 0.05)
    came = await sent(world, asked("POST /channels/sms HTTP/1.1", "X-Secret: right", "Content-Length: 9", body=b"ho"))
    assert came.split(b" ", 2)[1] == b"408"
    assert world.accepted == []


@pytest.mark.parametrize("path", ["/channels/sms", "/desk/login", "/open311/v2/requests.json"])
async def test_a_packed_body_is_measured_as_it_unpacks(world: World, path: str) -> None:
    bomb = gzip.compress(b"a=" + b"0" * (60 * 1024 * 1024))
    assert len(bomb) < 100_000
    headers = {"Content-Encoding": "gzip", "X-Secret": "right", "Content-Type": "application/x-www-form-urlencoded"}
    answer = await world.client.post(path, data=bomb, headers=headers)
    assert answer.status in {400, 413}
    assert world.accepted == []


async def test_json_without_end_or_bottom_is_refused(demo: World) -> None:
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    for content in (b"[" * 100_000, b'{"text": ', b'{"text": 1e999999}', b"\xff\xfe", b"NaN", b'"' + b"a" * 9_999):
        answer = await demo.client.post("/try/phones/0123456789abcdef/sms", data=content, headers=headers)
        assert answer.status in {400, 413}


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/xml", ""])
async def test_a_form_of_another_kind_is_not_read(world: World, content_type: str) -> None:
    """No other site's page can then send one without asking first."""
    await world.client.get("/desk/login")
    answer = await world.client.post("/desk/login", data=b"login=ana", headers={"Content-Type": content_type or "x"})
    assert answer.status == 415


async def test_a_field_given_twice_has_one_meaning(world: World) -> None:
    """What the door counts tries by is what it then looks up."""
    csrf = csrf_of(await world.page("/desk/login"))
    fields = [("login", "nobody"), ("login", "ana"), ("password", "wrong"), ("password", PASSWORD), ("csrf", csrf)]
    answer = await world.client.post("/desk/login?login=rosa&next=/desk/audit", data=fields, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk")


async def test_fields_that_no_form_has_change_nothing(world: World) -> None:
    await enter(world, Role.CLERK)
    page = await world.page("/desk/me")
    fields = {"csrf": csrf_of(page), "language": "es", "role": "admin", "contacts": "1", "login": "ana", "second": ""}
    await world.client.post("/desk/me/language", data=fields, allow_redirects=False)
    assert (await world.client.get("/desk/people")).status == 403


async def test_the_host_that_a_caller_names_is_never_repeated(tmp_path: Path, empty: Path) -> None:
    """A link that was made of it would lead whoever gets it to somebody else's server."""
    world = await begin(tmp_path, empty=empty, public_url="https://vecino.example.org")
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for path in _pages(world.app):
        answer = await world.client.get(path, headers=evil, allow_redirects=False)
        assert "evil.example" not in await answer.text(), path
        assert "evil.example" not in str(answer.headers), path
    await world.client.close()
    await world.store.close()


def _pages(app: Application) -> list[str]:
    """All that can be looked at without a log-in, and what leads there."""
    routes = [one.resource for one in app.router.routes() if one.resource and one.method == "GET"]
    paths = {one.canonical for one in routes if "{" not in one.canonical} | {"/desk/tickets/7K3-9QX", "/nothing"}
    return sorted(paths - {"/desk/live"})


async def test_an_address_that_a_stranger_writes_is_not_believed(tmp_path: Path, empty: Path) -> None:
    """Our proxy adds the address that it saw at the end; what stands before it is anybody's word, and frees nobody."""
    world = await begin(tmp_path, empty=empty, public_url="http://vecino.example.org")
    came = [
        (await world.log_in(f"nobody{number}", headers={"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.9"})).status
        for number in range(22)
    ]
    assert (came[0], came[-1]) == (422, 429)
    assert (await world.log_in("ana", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})).status == 303
    await world.client.close()
    await world.store.close()
