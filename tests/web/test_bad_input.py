"""Every form and every page, asked by somebody who is nobody, by a stale page, and with rubbish: never a fault of ours,
and nothing done."""

import re
from collections.abc import Iterator

import pytest
from aiohttp.web import AbstractRoute, UrlDispatcher

from tests.samples import TICKET
from tests.web.world import World, csrf_of

_VALUES = {
    "number": "ZZZ-ZZZ", "thread": "999999", "id": "999999", "letter": "9", "token": "x" * 43, "login": "nobody",
    "batch": "999999", "room": "replies", "key": "none", "code": "none", "name": "sms", "phone": "0" * 16,
    "style": "sms", "form": "csv", "size": "small", "reference": "none",
}  # fmt: skip
_RUBBISH = (
    ("", "application/x-www-form-urlencoded", 400), ("csrf=%", "application/x-www-form-urlencoded", 400),
    ("csrf=%ff%fe&to=%00", "application/x-www-form-urlencoded", 400), ("{}", "application/json", 415),
    ("é", "application/x-www-form-urlencoded", 400), ("&".join(f"a{n}=1" for n in range(80)), "application/x-www-form-urlencoded", 400),
    ("<x/>", "text/xml", 415), ("text=" + "a" * 300_000, "application/x-www-form-urlencoded", 413),
)  # fmt: skip
_QUERIES = (
    "page=-1", "page=99999999999999999999", "page=x", "q=%00%ff", "q=" + "a" * 5000, "status=none&late=7&since=2026-99-99",
    "week=2026-W99&of=none", "language=xx", "n=%00&n=%00&all=1", "zoom=99&box=1,2,3", "zoom=1&west=a", "deed=none&login=%00",
    "next=//evil.example", "lat=nan&lon=inf", "v=none",
)  # fmt: skip


def _routes(router: UrlDispatcher, method: str) -> Iterator[tuple[AbstractRoute, str]]:
    """Each with an address that fits it and names nothing that is there."""
    for route in router.routes():
        if route.method == method and route.resource and "/channels/" not in route.resource.canonical:
            yield route, re.sub(r"{(\w+)}", lambda name: _VALUES[name[1]], route.resource.canonical)


_OPEN_TO_ALL = (
    "/desk/login", "/desk/invitation/", "/outside/", "/digest/", "/try/", "/confirm/", "/mail/", "/open311/",
)  # fmt: skip


def _forms(world: World) -> list[str]:
    """Of those who are logged in."""
    return [path for _, path in _routes(world.app.router, "POST") if not path.startswith(_OPEN_TO_ALL)]


async def test_no_form_is_taken_without_a_session_and_each_leads_to_the_log_in(world: World) -> None:
    for path in _forms(world):
        answer = await world.client.post(path, data={"csrf": "x", "version": "1"}, allow_redirects=False)
        assert (answer.status, answer.headers.get("Location", "")[:12]) == (303, "/desk/login?"), path


async def test_no_form_is_taken_with_a_wrong_token(world: World) -> None:
    await world.log_in()
    for path in _forms(world):
        answer = await world.client.post(path, data={"csrf": "x" * 80, "version": "1"}, allow_redirects=False)
        assert answer.status == 403, path


async def test_a_form_about_what_is_not_there_finds_nothing(world: World) -> None:
    await world.log_in()
    token = csrf_of(await world.page("/desk/me"))
    for path in (one for one in _forms(world) if one != "/desk/logout"):
        fields = {"csrf": token, "version": "1", "once": "a", "text": "x", "to": "received", "seen": "0"}
        answer = await world.client.post(path, data=fields, allow_redirects=False)
        assert answer.status in (303, 400, 403, 404, 409, 422), (path, answer.status)


@pytest.mark.parametrize(("sent", "content_type", "status"), _RUBBISH)
async def test_rubbish_is_refused_by_every_form(world: World, sent: str, content_type: str, status: int) -> None:
    await world.log_in()
    for path in _forms(world):
        headers = {"Content-Type": content_type}
        answer = await world.client.post(path, data=sent.encode(), headers=headers, allow_redirects=False)
        assert answer.status in (status, 403), (path, answer.status)


@pytest.mark.parametrize(("sent", "content_type", "status"), _RUBBISH)
async def test_rubbish_in_a_form_that_is_open_to_all_is_no_fault_of_ours(
    world: World, sent: str, content_type: str, status: int
) -> None:
    for path in (path for _, path in _routes(world.app.router, "POST") if path.startswith(_OPEN_TO_ALL)):
        headers = {"Content-Type": content_type}
        answer = await world.client.post(path, data=sent.encode(), headers=headers, allow_redirects=False)
        assert answer.status in (status, 303, 400, 403, 404, 415), (path, answer.status)


@pytest.mark.parametrize("query", _QUERIES)
async def test_no_page_breaks_on_an_odd_address(world: World, query: str) -> None:
    await world.file()
    await world.log_in()
    for route, path in _routes(world.app.router, "GET"):
        if "live" not in path and "/phones/" not in path:
            answer = await world.client.get(f"{path}?{query}", allow_redirects=False)
            assert answer.status < 500, (path, route)


async def test_what_was_written_when_the_session_ended_is_shown_and_not_saved(world: World) -> None:
    await world.file()
    path = f"/desk/tickets/{TICKET.number}"
    fields = {"csrf": "none", "version": "1", "text": "call <b>them</b> again", "to": "resolved"}
    answer = await world.client.post(f"{path}/note", data=fields, allow_redirects=False)
    page = await answer.text()
    assert answer.status == 401
    assert "call &lt;b&gt;them&lt;/b&gt; again" in page
    assert "/desk/login?next=%2Fdesk%2Ftickets%2F7K3-9QX" in page
    async with world.store.view() as view:
        assert len(await view.tickets.history(TICKET.number)) == 1


@pytest.mark.parametrize("name", ["password", "old", "again", "code"])
async def test_a_password_is_never_shown_again(world: World, name: str) -> None:
    fields = {"csrf": "none", name: "my secret words here"}
    answer = await world.client.post("/desk/me/password", data=fields, allow_redirects=False)
    assert answer.status == 303


async def test_another_sites_words_are_not_shown_as_ones_own(world: World) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    data = {"text": "call this number now"}
    path = f"/desk/tickets/{TICKET.number}/note"
    assert (await world.client.post(path, data=data, headers=headers, allow_redirects=False)).status == 303


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("note", {"text": "once"}), ("move", {"to": "triaged", "text": ""}), ("assign", {"to": "ana"}),
        ("priority", {"to": "urgent"}), ("service", {"service": "lighting"}), ("place", {"words": "Mercado"}),
        ("answer", {"text": "hello", "once": "one"}), ("split", {"text": "another hole", "to": "pothole"}),
    ],
)  # fmt: skip
async def test_a_form_sent_twice_does_its_act_once(world: World, act: str, fields: dict[str, str]) -> None:
    await world.file()
    await world.log_in()
    path = f"/desk/tickets/{TICKET.number}"
    sent = {"csrf": csrf_of(await world.page(path)), "version": "1", **fields}
    first, second = [
        (await world.client.post(f"{path}/{act}", data=sent, allow_redirects=False)).status for _ in range(2)
    ]
    assert (first, second in (303, 409, 422)) == (303, True)
    async with world.store.view() as view:
        assert len(await view.tickets.history(TICKET.number)) == 2


@pytest.mark.parametrize("kind", ["( " * 3_000, "multipart/form-data; " + '"' * 4_000, "a/b;" * 1_000])
async def test_a_kind_of_body_that_no_program_writes_is_refused(world: World, kind: str) -> None:
    """The library reads comments in comments until it breaks, and thousands of quotes for a tenth of a second."""
    answer = await world.client.post("/desk/login", data=b"login=ana", headers={"Content-Type": kind})
    assert answer.status == 415
