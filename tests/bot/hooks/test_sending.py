"""One POST: to the address that was looked at, quickly, and without believing the other side anything."""

import asyncio
import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.hooks import signing
from bot.hooks.sending import Sender
from bot.hooks.target import Address, Network, Trouble, allowed_by
from bot.ports.hooks import Hook
from tests.bot.hooks.receiver import receiving, verified

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOOPBACK = ip_address("127.0.0.1")


def inside() -> Sequence[Network]:
    return allowed_by(["127.0.0.0/8"])


async def test_it_is_taken_with_its_headers() -> None:
    async with receiving() as there:
        answer = await Sender(inside)(there.url, b'{"id": "1", "type": "x"}', {"webhook-id": "1"})
    assert (answer.status, answer.trouble) == (204, None)
    [(headers, body)] = there.seen
    assert (headers["webhook-id"], body) == ("1", b'{"id": "1", "type": "x"}')
    assert "cookie" not in headers


async def test_loopback_is_not_reached_unless_config_allows_it() -> None:
    async with receiving() as there:
        answer = await Sender(lambda: ())(there.url, b"{}", {})
    assert answer.trouble is Trouble.PRIVATE
    assert there.seen == []


async def test_a_name_that_changes_its_mind_leads_nowhere_else() -> None:
    """DNS rebinding: the second look would give another address; there is none."""
    asked: list[str] = []

    async def turncoat(host: str) -> list[Address]:
        asked.append(host)
        return [LOOPBACK] if len(asked) == 1 else [ip_address("127.0.0.2")]

    async with receiving() as there:
        port = there.url.rpartition(":")[2]
        answer = await Sender(inside, turncoat)(f"http://twice.example:{port}", b'{"id": "1", "type": "x"}', {})
        assert answer.trouble is None
        assert asked == ["twice.example"]
        assert there.seen[0][0]["host"].startswith("twice.example")


async def test_a_name_that_led_outside_when_it_was_added_is_looked_at_again() -> None:
    async def now_inside(_: str) -> list[Address]:
        return [LOOPBACK]

    async with receiving() as there:
        port = there.url.rpartition(":")[2].partition("/")[0]
        answer = await Sender(lambda: (), now_inside)(f"https://turned.example:{port}/hook", b"{}", {})
    assert answer.trouble is Trouble.PRIVATE
    assert there.seen == []


@pytest.mark.parametrize(("status", "headers", "trouble", "later"), [
    (200, {}, None, None),
    (302, {"Location": "http://127.0.0.1:1/"}, Trouble.REDIRECT, None),
    (307, {"Location": "/hook"}, Trouble.REDIRECT, None),
    (400, {}, Trouble.STATUS, None),
    (410, {}, Trouble.GONE, None),
    (429, {"Retry-After": "120"}, Trouble.STATUS, 120),
    (503, {"Retry-After": "99999999999"}, Trouble.STATUS, 3600),
    (503, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, Trouble.STATUS, None),
    (503, {"Retry-After": "-5"}, Trouble.STATUS, None),
])  # fmt: skip
async def test_only_a_2xx_is_taken(
    status: int, headers: dict[str, str], trouble: Trouble | None, later: int | None
) -> None:  # fmt: skip
    async with receiving() as there:
        there.answers = [(status, headers)]
        answer = await Sender(inside)(there.url, b'{"id": "1", "type": "x"}', {})
        assert len(there.seen) == 1, "no redirect is followed"
    assert (answer.status, answer.trouble) == (status, trouble)
    assert answer.later == (None if later is None else timedelta(seconds=later))


async def test_nobody_there_is_no_connection_and_no_name_is_no_name() -> None:
    async def nobody(_: str) -> list[Address]:
        raise OSError

    assert (await Sender(inside)("http://127.0.0.1:1/", b"{}", {})).trouble is Trouble.CONNECTION
    assert (await Sender(inside, nobody)("https://nobody.example/", b"{}", {})).trouble is Trouble.NAME


async def test_a_subscriber_that_never_answers_is_not_waited_for() -> None:
    async def stalls(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    app = web.Application()
    app.router.add_post("/", stalls)
    async with TestServer(app) as server:
        answer = await Sender(inside, seconds=0.3)(str(server.make_url("/")), b"{}", {})
    assert answer.trouble is Trouble.TIMEOUT


async def test_of_an_endless_answer_little_is_read() -> None:
    written = 0

    async def pours(request: web.Request) -> web.StreamResponse:
        nonlocal written
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(1000):
            await answer.write(b"x" * 64 * 1024)
            written += 1
        return answer

    app = web.Application()
    app.router.add_post("/", pours)
    async with TestServer(app) as server:
        answer = await Sender(inside)(str(server.make_url("/")), b"{}", {})
    assert answer.status == 200
    assert written < 200, "it was read to its end"


async def test_a_bomb_is_not_unpacked_and_wild_headers_break_nothing() -> None:
    async def bomb(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\x1f\x8b nothing", headers={"Content-Encoding": "gzip", "X": "y" * 20_000})

    app = web.Application()
    app.router.add_post("/", bomb)
    async with TestServer(app) as server:
        answer = await Sender(inside)(str(server.make_url("/")), b"{}", {})
    assert answer.trouble in (None, Trouble.CONNECTION)


def hook(**values: object) -> Hook:
    fields: dict[str, object] = {"name": "x", "url": "x", "secrets": (b"n" * 32, b"o" * 32), "made_at": NOW, "due": NOW}
    return Hook(**(fields | values))  # type: ignore[arg-type]


def test_while_a_secret_changes_both_are_good_and_then_the_new_one_only() -> None:
    one = hook(old_until=NOW + signing.OVERLAP)
    for now, both in ((NOW, True), (NOW + timedelta(hours=24), False)):
        headers = signing.headers("A.1", now, b"{}", signing.valid(one, now))
        assert verified(headers, b"{}", signing.shown(b"n" * 32))
        assert verified(headers, b"{}", signing.shown(b"o" * 32)) is both
        assert not verified(headers, b"{ }", signing.shown(b"n" * 32))
        assert headers["webhook-timestamp"] == str(int(now.timestamp()))


def test_the_signature_is_that_of_the_specifications_own_example() -> None:
    """As the reference libraries test themselves: this secret, id, time and body give this signature."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signing.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [key])
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
