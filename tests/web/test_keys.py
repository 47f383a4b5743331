"""The way through a list ticket by ticket, and the clerk's word on single keys; all without a script."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from yarl import URL

from tests.samples import TICKET
from tests.web.world import World, csrf_of
from web.keys import Way, onward, way

NUMBERS = ("7K3-9QX", "84G-7ZR", "Z1R-V01")
LIST = "/desk?status=open"


@pytest.fixture
async def busy(world: World) -> World:
    for n, number in enumerate(NUMBERS):
        await world.file(replace(TICKET, number=number, filed_at=TICKET.filed_at + timedelta(minutes=n)))
    await world.log_in()
    return world


async def led(world: World, path: str) -> str:
    answer = await world.client.get(path, allow_redirects=False)
    assert answer.status == 303
    return answer.headers["Location"]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/desk", "//evil.example", "/\\evil.example", "/desk\\@evil.example", "/deskevil", "/login",
        "javascript:alert(1)", "/desk/../admin", "/desk//evil.example", "/desk?q=\r\nSet-Cookie: a=b", "/desk?<script>",
        "/desk?q=" + "a" * 2000, "", "/desk?\x00",
    ],
)  # fmt: skip
def test_nobody_is_led_out_of_the_desk(address: str) -> None:
    assert way({"from": address, "at": "3", "did": "7K3-9QX"}) == Way()
    assert onward("7K3-9QX", {"from": address, "then": "list"}) == "/desk/tickets/7K3-9QX"
    assert onward("7K3-9QX", {"from": address, "then": "next"}) == "/desk/tickets/7K3-9QX"


@pytest.mark.parametrize("address", ["/desk", "/desk?status=open&q=calle%20mayor", "/desk/undelivered", "/desk?page=2"])
def test_every_page_of_the_desk_can_be_come_from(address: str) -> None:
    assert way({"from": address, "at": "3"}) == Way(back=address, at=3)


@pytest.mark.parametrize(
    ("at", "means"), [("", 0), ("-1", 0), ("x", 0), ("9999999", 1_000_000), ("99999999", 0), ("²", 0)]
)
def test_a_place_in_a_list_is_a_number(at: str, means: int) -> None:
    assert way({"from": LIST, "at": at}).at == means


async def test_a_row_of_the_list_leads_to_a_ticket_that_leads_back_to_the_row(busy: World) -> None:
    page = await busy.page("/desk?status=open&service=pothole")
    found = re.search(rf'href="(/desk/tickets/{NUMBERS[1]}[^"]*)"', page)
    assert found
    case = await busy.page(found[1].replace("&amp;", "&"))
    assert f'href="/desk?status=open&amp;service=pothole#t-{NUMBERS[1]}"' in case
    assert f'id="t-{NUMBERS[1]}"' in page


@pytest.mark.parametrize(("step", "at", "to"), [(1, 0, 1), (1, 1, 2), (-1, 2, 1)])
async def test_the_next_and_the_one_before(busy: World, step: int, at: int, to: int) -> None:
    where = Way(back=LIST, at=at).to(NUMBERS[at], step=step)
    assert URL(await led(busy, where)) == URL(Way(back=LIST, at=to).case(NUMBERS[to]))


@pytest.mark.parametrize(("step", "at"), [(1, 2), (-1, 0)])
async def test_beyond_the_ends_is_the_list_itself(busy: World, step: int, at: int) -> None:
    assert await led(busy, Way(back=LIST, at=at).to(NUMBERS[at], step=step)) == LIST


@pytest.mark.parametrize("path", ["/desk/next", "/desk/next?from=//evil.example&after=7K3-9QX&at=1"])
async def test_without_a_list_the_way_leads_to_the_desk(busy: World, path: str) -> None:
    assert await led(busy, path) == "/desk"


async def test_after_a_move_the_next_one_has_come_up_to_its_place(busy: World) -> None:
    page = await busy.page(Way(back=LIST, at=0).case(NUMBERS[0]))
    fields = {
        "csrf": csrf_of(page), "version": "1", "to": "resolved", "text": "", "from": LIST, "at": "0", "then": "next",
    }  # fmt: skip
    answer = await busy.client.post(f"/desk/tickets/{NUMBERS[0]}/move", data=fields)
    assert answer.url.path == f"/desk/tickets/{NUMBERS[1]}"
    assert f"{NUMBERS[0]} is done" in await answer.text()


async def test_an_act_keeps_the_way_also_where_it_was_refused(busy: World) -> None:
    where = Way(back=LIST, at=1)
    csrf = csrf_of(await busy.page(where.case(NUMBERS[1])))
    fields = {"csrf": csrf, "version": "1", "text": "", **dict(where.trail)}
    answer = await busy.client.post(f"/desk/tickets/{NUMBERS[1]}/note", data=fields)
    assert answer.status == 422
    page = await answer.text()
    assert f'href="{LIST}#t-{NUMBERS[1]}"' in page
    assert page.count('name="from" value="/desk?status=open"') >= 5
    fields["text"] = "seen"
    done = await busy.client.post(f"/desk/tickets/{NUMBERS[1]}/note", data=fields, allow_redirects=False)
    assert URL(done.headers["Location"]) == URL(where.case(NUMBERS[1]))


async def test_all_keys_stand_on_a_page_and_can_be_switched_off(busy: World) -> None:
    page = await busy.page("/desk/keys")
    assert "<kbd>j</kbd>" in page
    assert 'data-keys="1"' in page
    for on, shown in (("0", 'data-keys="0"'), ("1", 'data-keys="1"')):
        answer = await busy.client.post("/desk/me/shortcuts", data={"csrf": csrf_of(page), "on": on})
        assert shown in await answer.text()
        assert shown in await busy.page("/desk")
    assert "Switch single keys off" in await busy.page("/desk/me")


async def test_another_clerks_keys_stay_as_they_are(demo: World) -> None:
    await demo.log_in()
    page = await demo.page("/desk/keys")
    await demo.client.post("/desk/me/shortcuts", data={"csrf": csrf_of(page), "on": "0"})
    await demo.log_in("demo")
    assert 'data-keys="1"' in await demo.page("/desk")


async def test_the_switch_is_a_form_of_ours(busy: World) -> None:
    answer = await busy.client.post("/desk/me/shortcuts", data={"on": "0"})
    assert answer.status == 403
