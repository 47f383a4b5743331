"""Addresses that would lead out of the folder, and languages that are none."""

from itertools import product

import pytest

from tests.web.security.wire import asked, sent
from tests.web.world import World

FOLDERS = (
    "/static/",
    "/static/vendor/",
    "/data/",
    "/photos/",
    "/photos/public/",
    "/export/",
    "/desk/tickets/",
    "/try/",
)
WAYS = (
    "../config.yml",
    "..%2f..%2fconfig.yml",
    "%2e%2e/%2e%2e/pyproject.toml",
    "..%5c..%5cconfig.yml",
    "....//....//pyproject.toml",
    "%252e%252e%252fpyproject.toml",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "..%00/vecino.css",
    "vecino.css%00.png",
    ".%00./x",
    "\\..\\..\\config.yml",
    "..;/..;/config.yml",
    "a" * 3_000,
    "%c0%ae%c0%ae/config.yml",
)
INSIDE = (b"[project]", b"root:", b"city:", b"SQLite format")


@pytest.mark.parametrize(("folder", "way"), list(product(FOLDERS, WAYS)))
async def test_no_address_leads_out_of_its_folder(world: World, folder: str, way: str) -> None:
    """Sent as it stands: client libraries tidy addresses up."""
    came = await sent(world, asked(f"GET {folder}{way} HTTP/1.1"))
    assert came.split(b" ", 2)[1] in {b"303", b"301", b"302", b"308", b"400", b"403", b"404"}
    assert not any(word in came for word in INSIDE)


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static", "/static/vendor/", "/static/.gitignore", "/static/.", "/.git/HEAD", "/.env", "/config.yml",
     "/data/.lock", "/static/vecino.css~", "/static/vecino.css.bak", "/var/vecino.sqlite"],
)  # fmt: skip
async def test_no_folder_is_listed_and_no_hidden_file_is_given(world: World, path: str) -> None:
    assert (await world.client.get(path, allow_redirects=False)).status == 404


@pytest.mark.parametrize("wish", ["../../etc/passwd", "es\r\nSet-Cookie: a=b", "zz", "", "{{7*7}}", "x" * 900])
async def test_a_language_is_one_of_the_citys_whatever_is_asked_for(world: World, wish: str) -> None:
    for path in ("/", "/desk/login"):
        by_address = await world.client.get(path, params={"language": wish, "l": wish})
        assert by_address.status == 200
        assert "a" not in by_address.cookies
        by_cookie = await world.client.get(
            path, headers={"Cookie": f"vecino_language={wish.encode('unicode_escape').decode()[:90]}"}
        )  # fmt: skip
        assert by_cookie.status == 200
