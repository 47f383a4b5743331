"""Phone and desk side by side, in the demo."""

import re

import pytest

from tests.web.world import World

DEMO = "/desk/demo?token=" + "T" * 43
FRAMED = ("/try", "/try?beside=1", "/desk", "/desk/login", "/desk/tickets/7K3-9QX")


async def test_there_is_no_such_page_in_earnest(world: World) -> None:
    await world.page("/both", 404)
    assert "/both" not in await world.page("/")


async def test_the_page_shows_both_in_frames_with_titles(demo: World) -> None:
    page = await demo.page("/both?language=en")
    frames = re.findall(r'<iframe class="(\w+)" src="([^"]+)" title="([^"]+)"', page)
    assert [(one, source) for one, source, _ in frames] == [("phone", "/try?beside=1"), ("desk", "/desk")]
    assert all(title for *_, title in frames)
    assert 'href="/both"' in await demo.page("/")


async def test_beside_the_desk_the_phones_stand_one_by_one(demo: World) -> None:
    page = await demo.page("/try?beside=1&language=en")
    assert 'class="try beside"' in page
    assert [f'href="#phone-{style}"' in page for style in ("telegram", "sms", "whatsapp")] == [True] * 3
    assert 'class="try beside"' not in await demo.page("/try")


async def test_phone_and_desk_may_stand_in_a_page_of_ours_and_in_no_others(demo: World) -> None:
    await demo.file()
    await demo.client.get(DEMO)
    for path in FRAMED:
        headers = (await demo.client.get(path)).headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"], path
        assert headers["X-Frame-Options"] == "SAMEORIGIN", path
        assert "frame-src" not in headers["Content-Security-Policy"], path


@pytest.mark.parametrize("path", ["/", "/both", "/deskx", "/try/phones/0123456789abcdef", "/static/vecino.css"])
async def test_nothing_else_may_stand_in_a_frame(demo: World, path: str) -> None:
    query = "?telegram=0&sms=0&whatsapp=0" if "phones" in path else ""
    for simulator in demo.simulators.values():
        simulator.say("0123456789abcdef", "hello")
    headers = (await demo.client.get(path + query)).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert ("frame-src 'self'" in headers["Content-Security-Policy"]) is (path == "/both")


async def test_in_earnest_the_desk_stands_in_no_frame(world: World) -> None:
    await world.log_in()
    for path in ("/desk", "/desk/login"):
        headers = (await world.client.get(path)).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
