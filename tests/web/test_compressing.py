"""What leaves packed, what does not, and that a browser fetches a file once."""

import gzip

import pytest

from tests.web.world import World
from web.assets import STATIC

PACKED, PLAIN = {"Accept-Encoding": "gzip, br"}, {"Accept-Encoding": "identity"}


async def raw(world: World, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """The answer as it came over the wire."""
    async with world.client.session.get(
        world.client.make_url(path), headers={"Accept": "text/html", **headers}, auto_decompress=False
    ) as answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, await answer.read()


@pytest.mark.parametrize("path", ["/", "/desk/login", "/nothing"])
async def test_a_page_is_packed_for_who_takes_it_so_and_says_the_same(demo: World, path: str) -> None:
    """But for the token of its form."""
    for name, value in (("accept-encoding", "gzip;q=0"), ("accept-encoding", "br"), ("accept-encoding", "")):
        assert "content-encoding" not in (await raw(demo, path, {name: value}))[1]
    status, headers, body = await raw(demo, path, PACKED)
    plain = await raw(demo, path, PLAIN)
    assert "Accept-Encoding" in headers["vary"]
    assert headers["vary"] == plain[1]["vary"]
    assert status == plain[0]
    assert plain[2].startswith(b"<!doctype html>")
    if len(plain[2]) >= 1024:
        assert headers["content-encoding"] == "gzip"
        assert len(body) < len(plain[2]) * 0.6
        assert len(gzip.decompress(body)) == len(plain[2])


async def test_a_long_page_is_packed_too(demo: World) -> None:
    status, headers, body = await raw(demo, "/try", PACKED)
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert b"</html>" in gzip.decompress(body)


@pytest.mark.parametrize("path", ["/healthz", "/static/icon.svg"])
async def test_what_is_short_is_as_it_is_or_packed_and_always_right(world: World, path: str) -> None:
    assert (await (await world.client.get(path)).text()) == (await raw(world, path, PLAIN))[2].decode()


async def test_a_file_is_fetched_once(world: World) -> None:
    path = "/static/vecino.css?v=1"
    _, first, body = await raw(world, path, PACKED)
    assert gzip.decompress(body) == (STATIC / "vecino.css").read_bytes()
    assert first["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in first["cache-control"]
    again = await raw(world, path, PACKED | {"If-None-Match": f'"other", W/{first["etag"]}'})
    assert (again[0], again[2]) == (304, b"")
    plain = await raw(world, path, PLAIN | {"If-None-Match": first["etag"]})
    assert (plain[0], plain[2]) == (200, (STATIC / "vecino.css").read_bytes())


@pytest.mark.parametrize(
    "name", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "vendor", "vendor/.fetched", "vendor//../../app.py", "none.css",
             "a" * 200, "vecino.css/", "%00", "vecino.css%00"],
)  # fmt: skip
async def test_nothing_beside_the_folder_is_given_away(world: World, name: str) -> None:
    async with world.client.session.get(str(world.client.make_url("/static/")) + name) as answer:
        assert answer.status == 404
