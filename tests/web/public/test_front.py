"""The city's front page: what is open, near whoever asks, in their language, and the same for everybody."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports import UnitOfWork
from tests.samples import TICKET
from tests.web.public.samples import PUBLIC, fill, govern, is_public
from tests.web.world import CITY, World
from tickets.model import Actor, Author, Status
from tickets.openness import Openness, Precision
from tickets.workflow import move

CLERK = Actor(author=Author.CLERK, name="ana")


@pytest.mark.parametrize("path", PUBLIC)
async def test_every_answer_is_for_everybody_and_leaves_nothing_behind(world: World, path: str) -> None:
    await world.file()
    answer = await world.client.get(path, headers={"Accept-Language": "pt", "Cookie": "vecino_language=fr"})
    assert answer.status == 200 and is_public(answer)
    assert answer.headers["Content-Language"] == "pt"
    again = await world.client.get(
        path, headers={"Accept-Language": "pt", "If-None-Match": f'"x", W/{answer.headers["ETag"]}'}
    )
    assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
    other = await world.client.get(path, headers={"Accept-Language": "fr", "If-None-Match": answer.headers["ETag"]})
    assert other.status == 200


@pytest.mark.parametrize("path", PUBLIC)
async def test_no_page_asks_anybody_else_for_anything_or_holds_a_script_of_its_own(world: World, path: str) -> None:
    await world.file()
    page = await world.page(path)
    loaded = re.findall(r'<(?:script|img|link|iframe|use)[^>]*\s(?:src|href)="([^"]*)"', page)
    assert all(one.startswith(("/", "#")) for one in loaded), loaded
    assert "<script>" not in page and " style=" not in page and " onclick" not in page


async def test_the_chosen_language_stays_in_every_link(world: World) -> None:
    await world.file()
    page = await world.page("/?l=pt")
    assert '<html lang="pt">' in page
    inside = [one for one in re.findall(r'<a [^>]*href="(/[^"]*)"', page) if not re.search(r"^/data/|hreflang", one)]
    assert all("l=" in one or "language=pt" in one for one in inside), inside
    assert '<html lang="es">' in await world.page("/?l=xx")


async def test_what_was_reported_is_listed_without_a_word_of_its_reporter(world: World) -> None:
    await world.file(replace(TICKET, description="Soy Ana, mi vecino Luis tiene un bache"))
    page = await world.page("/?l=en")
    assert TICKET.number in page and "Pothole" in page and "Avenida Bolívar, Centro" in page
    assert "Luis" not in page and "123" not in page and "telegram" not in page.lower()


async def test_the_list_goes_on_page_by_page_and_what_is_typed_into_the_address_does_no_harm(world: World) -> None:
    made = [one.number for one in await fill(world, 45)]
    seen = []
    for page in (1, 2, 3):
        text = await world.page(f"/?page={page}")
        seen += list(dict.fromkeys(re.findall(r"/r/(\w{3}-\w{3})", text)))
    assert seen == [*reversed(made), TICKET.number]
    for wrong in ("0", "-1", "99", "x", "1e9", "٣"):
        assert "/r/" in await world.page(f"/?page={wrong}")


async def test_an_area_and_a_service_can_be_asked_for_and_unknown_ones_are_everything(world: World) -> None:
    await world.file()
    for query, there in (
        ("area=centro", True), ("service=pothole", True), ("service=lighting", False), ("which=solved", False),
        ("area=nowhere", True), ("service=%3Cscript%3E", True), ("near=14.6,-66.5", False), ("near=a,b", True),
        ("near=999,1", True), ("near=nan,inf", True),
    ):  # fmt: skip
        page = await world.page(f"/?{query}")
        assert (f"/r/{TICKET.number}" in page) is there, query
        assert "<script>" not in page


async def test_near_a_spot_is_what_lies_within_a_walk(world: World) -> None:
    made = await fill(world, 1)
    assert made[0].number in await world.page("/?near=14.6004,-66.5004")
    assert made[0].number not in await world.page("/?near=14.62,-66.5")


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("7k3 9qx", "/r/7K3-9QX"), ("Mercado", "/?near=14.599,-66.498#list"), ("centro", "/?area=centro#list"),
        ("Avenida Bolívar 120", "/?near=14.600,-66.500#list"), ("", "/#list"),
    ],
)  # fmt: skip
async def test_what_is_typed_leads_to_an_address_without_it(world: World, words: str, to: str) -> None:
    answer = await world.client.get("/find", params={"what": words}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, to)
    kept = await world.client.get(
        "/find", params={"what": words, "l": "pt", "service": "pothole"}, allow_redirects=False
    )
    assert "l=pt" in kept.headers["Location"]


async def test_a_place_that_nobody_knows_is_said_kindly_and_not_kept(world: World) -> None:
    answer = await world.client.get("/find", params={"what": "<b>Xyzzy</b>" * 20, "l": "en"})
    page = await answer.text()
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "That place is not known here" in page and "Xyzzy" not in page and "Centro" in page


async def test_what_was_closed_lately_can_be_looked_at(world: World) -> None:
    ticket = await world.file()
    async with world.store.work() as work:
        await work.tickets.change(
            *move(ticket, Status.RESOLVED, CITY.calendar, actor=CLERK, at=world.clock.now(), note="Listo")
        )
        await work.commit()
    assert ticket.number not in await world.page("/")
    page = await world.page("/?which=solved&l=en")
    assert ticket.number in page and "Fixed" in page and "Listo" not in page
    world.clock.pass_by(days=31)
    assert ticket.number not in await world.page("/?which=solved&l=en")


async def test_a_sensitive_place_is_neither_in_the_list_nor_on_the_map_while_it_stands_alone(world: World) -> None:
    govern(world, replace(CITY, openness=Openness(precisions={"pothole": Precision.STREET}, few=3)))
    await fill(world, 1)
    page = await world.page("/?l=en")
    assert "Avenida" not in page and "h0" not in page
    assert page.count("Place not shown") == 4  # in the heading and below it
    assert "/r/" not in await world.page("/?area=centro")
    assert "/r/" not in await world.page("/?near=14.6,-66.5")
    assert "<b>" not in page


async def test_of_a_hundred_who_ask_at_once_one_asks_the_store(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.file()
    asked, view = list[int](), world.store.view

    def looked() -> UnitOfWork:
        asked.append(1)
        return view()

    monkeypatch.setattr(world.store, "view", looked)
    answers = await asyncio.gather(*(world.client.get("/?l=en") for _ in range(100)))
    assert {answer.status for answer in answers} == {200} and len(asked) == 1
    world.clock.pass_by(seconds=59)
    await world.page("/?l=en")
    assert len(asked) == 1
    world.clock.pass_by(seconds=1)
    await world.page("/?l=en")
    assert len(asked) == 2


async def test_who_has_very_many_different_pages_made_must_wait_and_what_is_kept_is_free(world: World) -> None:
    statuses = [(await world.client.get(f"/?near=14.{n:03},-66.5")).status for n in range(210)]
    assert (statuses[0], statuses[199], statuses[200]) == (200, 200, 429)
    assert (await world.client.get("/?near=14.000,-66.5")).status == 200
    world.clock.pass_by(seconds=1)
    assert (await world.client.get("/?near=15,-66.5")).status == 200


async def test_while_the_database_is_away_what_was_shown_last_is_shown_for_a_while(world: World) -> None:
    await world.file()
    first = await world.page("/?l=en")
    world.store.gone = True
    world.clock.pass_by(minutes=5)
    assert await world.page("/?l=en") == first
    assert (await world.client.get("/?l=fr")).status == 503
    world.clock.at += timedelta(minutes=10)
    assert (await world.client.get("/?l=en")).status == 503


async def test_the_demo_leads_to_its_phones_and_its_desk(demo: World) -> None:
    shown = await demo.page("/?l=en")
    for way in ("/try?language=en", "/both?language=en", "/desk?language=en"):
        assert f'href="{way}"' in shown
    assert "invented reports" in shown


async def test_a_city_in_earnest_leads_to_its_desk_only_quietly(world: World) -> None:
    page = await world.page("/?l=en")
    assert "/try" not in page and "invented reports" not in page and page.count('href="/desk') == 1


async def test_only_the_front_page_may_ask_where_a_phone_is_and_only_the_widget_stands_in_other_pages(
    world: World,
) -> None:
    for path in PUBLIC[:-1]:
        answer = await world.client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert ("geolocation=(self)" in answer.headers["Permissions-Policy"]) is (path == "/")
        assert ("frame-ancestors *" in policy) is (path == "/widget")
        assert ("X-Frame-Options" not in answer.headers) is (path == "/widget")
        assert "script-src 'self'" in policy and "style-src 'self'" in policy
