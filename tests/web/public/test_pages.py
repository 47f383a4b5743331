"""Figures, how to report, feeds, the window for other pages, and what machines are told."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.ports.public import Clearing
from bot.settings.invite import Invite
from tests.samples import TICKET
from tests.web.public.samples import fill, govern
from tests.web.world import CITY, NOW, World, begin
from tickets.openness import Openness, Precision
from web.ports import WEB

ATOM = "{http://www.w3.org/2005/Atom}"


def invite(world: World, invited: Invite) -> None:
    object.__setattr__(world.app[WEB], "invite", invited)


async def test_figures_of_few_are_not_told_and_say_so(world: World) -> None:
    await world.file()
    page = await world.page("/figures?l=en")
    assert "too few to say" in page and "How to read this" in page and "%" not in page.replace("100%", "")


async def test_a_sensitive_services_small_counts_are_told_as_fewer_than(world: World) -> None:
    govern(world, replace(CITY, openness=Openness(precisions={"pothole": Precision.AREA}, few=5)))
    await world.file()
    page = await world.page("/figures?l=en")
    assert "&lt;5" in page and "Some kinds of reports could tell of a person" in page


async def test_how_to_report_has_the_links_and_codes_of_the_channels_there_are(world: World) -> None:
    invite(world, Invite(telegram="PuertoVecinoBot", sms="+15550100", whatsapp="+15550101"))
    page = await world.page("/report?l=en")
    for link in (
        "https://t.me/PuertoVecinoBot?start=page",
        "https://wa.me/15550101?text=Hello%2C%20I%20would%20like%20to%20report%20a%20problem.",
        "sms:+15550100?&amp;body=Hello%2C%20I",
    ):
        assert f'href="{link}' in page
    assert page.count('class="qr"') == 3 == (await world.page("/poster?l=en")).count('class="qr"')


async def test_without_channels_the_phone_of_city_hall_is_told(world: World) -> None:
    page = await world.page("/report?l=en")
    assert 'class="qr"' not in page and "tel:5550100" in page and "/poster" not in page


async def test_in_the_demo_it_leads_to_the_phones(demo: World) -> None:
    assert 'href="/try?language=en"' in await demo.page("/report?l=en")


@pytest.mark.parametrize("path", ["/feeds/all.atom", "/feeds/service/pothole.atom", "/feeds/area/centro.atom"])
async def test_a_feed_is_atom_by_the_book(world: World, path: str) -> None:
    await fill(world, 45)
    answer = await world.client.get(f"{path}?l=en")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    feed = ElementTree.fromstring(await answer.read())
    assert feed.tag == f"{ATOM}feed"
    for part in [feed, *feed.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1 and part.findtext(f"{ATOM}{name}")
        assert (part.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    entries = feed.findall(f"{ATOM}entry")
    times = [one.findtext(f"{ATOM}updated") or "" for one in entries]
    assert len(entries) == 40 and times == sorted(times, reverse=True) and feed.findtext(f"{ATOM}updated") == times[0]
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == 40


async def test_a_feed_says_the_same_of_a_report_in_whichever_language_and_no_word_of_anybody(world: World) -> None:
    await world.file()
    feeds = [await world.page(f"/feeds/all.atom?l={language}") for language in ("en", "fr")]
    ids = [ElementTree.fromstring(one.encode()).findtext(f"{ATOM}entry/{ATOM}id") for one in feeds]
    assert ids[0] == ids[1]
    assert "enorme" not in feeds[0] and TICKET.number in feeds[0]
    assert "<entry>" not in await world.page("/feeds/service/lighting.atom")


async def test_a_feed_can_be_read_whatever_the_words_are_that_a_clerk_cleared(world: World) -> None:
    one = await world.file()
    async with world.store.work() as work:
        await work.public.clear(one.number, Clearing(words="un \x0b<bache> & \x1b[31m\ufffe", at=NOW, login="ana"))
        await work.commit()
    feed = ElementTree.fromstring((await world.page("/feeds/all.atom?l=en")).encode())
    assert feed.findtext(f"{ATOM}entry/{ATOM}summary") == f"un <bache> & [31m ({one.number})"


@pytest.mark.parametrize("path", ["/feeds/service/none.atom", "/feeds/area/none.atom", "/feeds/none.atom"])
async def test_a_feed_of_nothing_is_not_there(world: World, path: str) -> None:
    assert (await world.client.get(path)).status == 404


async def test_following_lists_every_feed_and_the_window_for_other_pages(world: World) -> None:
    page = await world.page("/follow?l=en")
    for path in ("/feeds/all.atom?l=en", "/feeds/service/pothole.atom?l=en", "/feeds/area/centro.atom?l=en"):
        assert f'href="{path}"' in page
    assert "&lt;iframe" in page


async def test_the_window_shows_the_newest_of_an_area(world: World) -> None:
    made = await fill(world, 8)
    page = await world.page("/widget?area=centro&l=en")
    assert [one.number in page for one in made] == [False] * 3 + [True] * 5
    assert 'target="_blank" rel="noopener"' in page and "<form" not in page


async def test_single_reports_are_not_for_search_engines_and_a_map_of_the_site_needs_its_address(
    tmp_path: Path,
) -> None:
    world = await begin(tmp_path, public_url="https://city.example")
    robots = await world.page("/robots.txt")
    assert "Disallow: /r/\n" in robots and "Sitemap: https://city.example/sitemap.xml" in robots
    sitemap = ElementTree.fromstring(await world.page("/sitemap.xml"))
    assert len(sitemap) == 16 and all((one[0].text or "").startswith("https://city.example/") for one in sitemap)
    await world.client.close()
    await world.store.close()


async def test_without_an_address_of_its_own_there_is_no_map_of_the_site(world: World) -> None:
    assert (await world.client.get("/sitemap.xml")).status == 404
    assert "Sitemap" not in await world.page("/robots.txt")
