"""Each number of the digest page is the number of the list that it leads to: on the demo's history, in both databases."""

import re
from html import unescape
from pathlib import Path

from yarl import URL

from bot.clock import SystemClock
from bot.commands.demo import fill
from store.seal import Seal
from tests.town import CITY as TOWN
from tests.web.world import SECRET, World, begin
from tickets.figures import Figure
from web.measures import NOT_TICKETS

_LINK = re.compile(r'href="(/desk/digest/tickets\?[^"]*)">([0-9,]+)</a>')
_BEHIND = re.compile(r"Behind this number (?:is|are) ([0-9,]+) ticket")
_TITLE = re.compile(r"<h1>[^<]*: ([0-9,]+)</h1>")
_PAGES = ("/desk/digest?by=filed", "/desk/digest?scope=department:roads&by=open", "/desk/digest?scope=area:centro")


def number(shown: str) -> int:
    return int(shown.replace(",", ""))


async def some_links(world: World, path: str) -> dict[URL, int]:
    """The counts of this page by their links: of each figure and each kind of slice the last one."""
    found = {URL(unescape(link)): number(shown) for link, shown in _LINK.findall(await world.page(path))}
    kinds = {(link.query["figure"], frozenset(link.query)): link for link in found}
    return {link: found[link] for link in kinds.values()}


async def check(world: World, link: URL, shown: int) -> None:
    page = await world.page(str(link))
    title, behind = _TITLE.search(page), _BEHIND.search(page)
    assert title and number(title[1]) == shown, link
    counts_tickets = Figure(link.query["figure"]) not in NOT_TICKETS
    assert (behind is None) == counts_tickets
    assert behind is None or 1 <= number(behind[1]) <= shown, link
    tickets = number(behind[1]) if behind else shown
    assert page.count('class="number"') == min(tickets, 50), link


async def test_every_number_is_that_of_its_list(database_url: str, tmp_path: Path) -> None:
    await fill(database_url, Seal(SECRET), TOWN, tickets=600, weeks=12, seed=3)
    world = await begin(tmp_path, city=TOWN, filled=database_url)
    world.clock.at = SystemClock().now()
    await world.log_in()
    seen = set()
    for path in _PAGES:
        for link, shown in (await some_links(world, path)).items():
            await check(world, link, shown)
            seen.add(link.query["figure"])
    assert seen >= {"filed", "closed", "open", "late", "due", "on_time", "answered", "resolved", "asked", "confirmed"}
    await world.client.close()
    await world.store.close()
