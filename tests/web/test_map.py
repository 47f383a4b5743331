"""The map of tickets: the same as in the list, in numbers, signs and words."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.ports.points import Box
from bot.settings.tiles import Tiles
from tests.samples import TICKET
from tests.web.world import CITY, NOW, World
from tickets.model import Place, Point, Priority, Status
from web.app import build
from web.map import grid
from web.map.layers import of_city
from web.ports import WEB

BOX = "14.58,-66.52,14.62,-66.48"
HERE = Place(
    words="<b>junto al poste</b>", street="Avenida Bolívar", area="centro", point=Point(latitude=14.6, longitude=-66.5)
)


def at(latitude: float, longitude: float) -> Place:
    return replace(HERE, point=Point(latitude=latitude, longitude=longitude))


async def filed(world: World) -> None:
    """Four open ones: two at one point, an emergency, one without a point; and a closed one."""
    for ticket in (
        replace(TICKET, place=HERE, due_at=NOW - timedelta(days=1)),
        replace(TICKET, number="84G-7ZR", service="lighting", place=HERE),
        replace(TICKET, number="ZZ1-V0A", priority=Priority.EMERGENCY, place=at(14.608, -66.506)),
        replace(TICKET, number="ZZ2-V0B", place=Place(words="en algún lugar")),
        replace(TICKET, number="Z1R-V01", status=Status.RESOLVED, closed_at=NOW, place=at(14.592, -66.494)),
    ):
        await world.file(ticket)


async def marks(world: World, query: str, zoom: int = 15, box: str = BOX) -> list[dict[str, object]]:
    answer = await world.client.get(f"/desk/map/cells?{query}&zoom={zoom}&box={box}")
    assert answer.status == 200, await answer.text()
    found: list[dict[str, object]] = (await answer.json())["marks"]
    return found


@pytest.fixture
async def desk(world: World) -> World:
    await filed(world)
    await world.log_in()
    return world


@pytest.mark.parametrize(
    ("query", "total", "unplaced"),
    [
        ("status=open", 4, 1),
        ("status=any", 5, 1),
        ("status=closed", 1, 0),
        ("status=open&service=lighting", 1, 0),
        ("status=open&late=1", 1, 0),
        ("status=open&area=centro", 3, 0),
        ("status=any&q=bolivar", 5, 1),
        ("status=open&since=2030-01-01", 0, 0),
    ],
)
async def test_the_map_counts_what_the_list_counts(desk: World, query: str, total: int, unplaced: int) -> None:
    listed, page = await desk.page(f"/desk?{query}"), await desk.page(f"/desk/map?{query}")
    in_words = f"{total} ticket{'s' if total != 1 else ''}"
    assert re.search(rf'class="total"[^>]*>{in_words}\b', listed)
    assert re.search(rf'class="total"[^>]*>{in_words}\b', page)
    assert (f"{unplaced} of them without a point" in page) == bool(unplaced)
    drawn = sum(int(str(one["text"])) if "size" in one else 1 for one in await marks(desk, query))
    assert drawn == total - unplaced


async def test_each_mark_has_a_name_and_a_sign_of_its_own(desk: World) -> None:
    many, alone = sorted(await marks(desk, "status=open"), key=lambda one: "number" in one)
    assert (many["name"], many["kind"], many["text"], many["last"]) == ("2 tickets, 1 late", "many late", "2", True)
    assert (alone["number"], alone["kind"], alone["text"]) == ("ZZ1-V0A", "emergency", "!")
    assert alone["name"] == "ZZ1-V0A, Pothole, Received, Emergency, Avenida Bolívar"
    closed = await marks(desk, "status=closed")
    assert [(one["kind"], one["text"]) for one in closed] == [("closed", "✓")]


async def test_nothing_that_a_citizen_wrote_is_on_the_map(desk: World) -> None:
    for path in (f"/desk/map/cells?status=any&zoom=19&box={BOX}", f"/desk/map/tickets?status=any&box={BOX}"):
        text = await desk.page(path)
        assert "junto" not in text
        assert "hueco" not in text
        assert "enorme" not in text


async def test_a_bubble_lists_what_is_there_and_leads_to_it(desk: World) -> None:
    page = await desk.page("/desk/map/tickets?status=open&box=14.6,-66.5,14.6,-66.5")
    assert re.findall(r'href="/desk/tickets/([^"]+)"', page) == ["7K3-9QX", "84G-7ZR"]
    assert "Avenida Bolívar" in page
    assert 'class="badge late"' in page


async def test_where_most_are_is_told_in_numbers_with_a_legend(desk: World) -> None:
    answer = await desk.client.get(f"/desk/map/cells?status=open&heat=1&zoom=15&box={BOX}")
    told = await answer.json()
    assert told["legend"] == ["1", "2"]
    assert sorted((one["text"], one["step"]) for one in told["marks"]) == [("1", 1), ("2", 2)]
    page = await desk.page("/desk/map?status=open&heat=1")
    assert page.count('class="heat step') == 2
    assert 'name="heat" value="1"' in page  # other filters keep it


async def test_without_javascript_areas_lead_to_their_list(desk: World) -> None:
    page = await desk.page("/desk/map?status=open")
    assert 'href="/desk?status=open&amp;area=centro" aria-label="Centro: 3 tickets, 1 emergency, 1 late"' in page
    assert "In none of the city&#39;s areas" in page or "In none of the city's areas" in page


@pytest.mark.parametrize(
    "query",
    ["", "zoom=15", f"zoom=x&box={BOX}", f"zoom=20&box={BOX}", "zoom=3&box=1,2,3", "zoom=3&box=nan,0,1,1",
     "zoom=3&box=2,0,1,1", "zoom=3&box=0,0,inf,1", "zoom=3&box=-91,0,1,1", "zoom=3&box=a,b,c,d", "zoom=-1&box=0,0,1,1"],
)  # fmt: skip
async def test_what_is_no_part_of_the_earth_is_a_bad_question(desk: World, query: str) -> None:
    assert (await desk.client.get(f"/desk/map/cells?status=open&{query}")).status == 400


async def test_the_whole_earth_closely_is_cut_to_what_a_screen_shows(desk: World) -> None:
    assert await marks(desk, "status=open", 19, "-85,-180,85,180") == []
    assert len(await marks(desk, "status=open", 0, "-85,-180,85,180")) == 1


async def test_a_number_in_the_search_leads_to_its_ticket(desk: World) -> None:
    answer = await desk.client.get("/desk/map?q=7k39qx", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/tickets/7K3-9QX")


async def test_only_the_desk_sees_the_map(world: World) -> None:
    for path in ("/desk/map", "/desk/map/cells", "/desk/map/tickets", "/desk/map/city.json", "/desk/map/beside"):
        answer = await world.client.get(path, allow_redirects=False)
        assert answer.headers["Location"].startswith("/desk/login"), path


async def test_the_citys_layers_are_kept_by_the_browser_until_they_change(desk: World) -> None:
    page = await desk.page("/desk/map")
    found = re.search(r'data-city="([^"]+)"', page)
    assert found
    answer = await desk.client.get(found[1])
    drawn = json.loads(await answer.text())
    assert drawn["areas"][0][0] == "Centro"
    assert drawn["streets"] == [["Avenida Bolívar", [-6650600, 1460000, 1200, 0]]]
    assert "immutable" in answer.headers["Cache-Control"]
    again = await desk.client.get("/desk/map/city.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.headers["Cache-Control"]) == (304, "private, no-cache")
    assert of_city(replace(CITY, landmarks=())).address != found[1]


async def test_side_by_side_is_kept_and_shows_the_rows_of_the_page(desk: World) -> None:
    assert "data-map" not in await desk.page("/desk?status=open")
    answer = await desk.client.get("/desk/map/beside?status=open&late=1&show=1", allow_redirects=False)
    assert answer.headers["Location"] == "/desk?status=open&late=1"
    page = await desk.page("/desk?status=open")
    assert page.count('data-map="rows"') == 1
    assert sorted(re.findall(r'<a class="pin [a-z]+" href="#t-([^"]+)"', page)) == ["7K3-9QX", "84G-7ZR", "ZZ1-V0A"]
    assert "1 ticket of this page has no point on the map." in page
    await desk.client.get("/desk/map/beside?show=0", allow_redirects=False)
    assert "data-map" not in await desk.page("/desk?status=open")


async def test_a_ticket_is_shown_among_the_open_ones_around_it(desk: World) -> None:
    page = await desk.page("/desk/tickets/ZZ1-V0A")
    assert 'data-map="spot"' in page
    assert "without=ZZ1-V0A" in page
    assert 'class="plan"' in page  # what is drawn without JavaScript
    around = await marks(desk, "status=open&without=ZZ1-V0A")
    assert [one.get("number") for one in around] == [None]


async def test_the_ticket_itself_is_not_among_those_around_it(desk: World) -> None:
    around = await marks(desk, "status=open&without=84G-7ZR")
    assert sorted(str(one["name"])[:7] for one in around) == ["7K3-9QX", "ZZ1-V0A"]


async def test_a_place_is_picked_where_it_is_changed_and_where_a_report_is_written(desk: World) -> None:
    assert 'data-field="place-point"' in await desk.page("/desk/tickets/7K3-9QX")
    assert 'data-field="new-point"' in await desk.page("/desk/new")


async def test_only_a_chosen_server_of_pictures_is_asked_for_any(desk: World) -> None:
    assert "data-tiles" not in await desk.page("/desk/map")


async def test_a_chosen_server_of_pictures_joins_the_policy_and_no_other(desk: World) -> None:
    tiles = Tiles(url="https://t.example:8443/a/{z}/{x}/{y}.png?k=1", attribution="© <b>Ana</b>")
    other = TestClient(
        TestServer(build(replace(desk.app[WEB], tiles=tiles))), cookie_jar=desk.client.session.cookie_jar
    )
    async with other:
        answer = await other.get("/desk/map")
        page = await answer.text()
    assert "img-src 'self' blob: https://t.example:8443;" in answer.headers["Content-Security-Policy"]
    assert 'data-tiles="https://t.example:8443/a/{z}/{x}/{y}.png?k=1"' in page
    assert "© &lt;b&gt;Ana" in page
    plain = await desk.client.get("/desk/map")
    assert "img-src 'self' blob:;" in plain.headers["Content-Security-Policy"]


@pytest.mark.parametrize("counts", [[], [1], [5, 1], [6, 1], [9, 10, 11], [1, 77], [1_000_000, 3]])
def test_shades_hold_every_count_once(counts: list[int]) -> None:
    edges = grid.steps(counts)
    legend = grid.ranges(edges, max(counts, default=0))
    assert len(edges) <= 5
    assert list(edges) == sorted(set(edges))
    for count in counts:
        first, last = legend[grid.step_of(count, edges) - 1]
        assert first <= count <= last


def test_squares_lie_where_they_lie_however_the_map_is_pushed() -> None:
    one = grid.grid_of(Box(south=14.59, west=-66.51, north=14.6, east=-66.5), 16, CITY)
    two = grid.grid_of(Box(south=14.5901, west=-66.5101, north=14.6001, east=-66.5001), 16, CITY)
    assert (one.high, one.wide) == (two.high, two.wide)
    for row, column in ((0, 0), (7, 9)):
        assert grid.square(one, row, column) == grid.square(two, row, column)


def test_two_clusters_never_lie_on_each_other() -> None:
    around = Box(south=0.0, west=0.0, north=1.0, east=1.0)
    kept = grid.clear_of_others(Point(latitude=0.01, longitude=0.99), around)
    assert (kept.latitude, kept.longitude) == (0.3, 0.7)
