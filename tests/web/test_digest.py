"""The digest at the desk: figures for any days, each with its tickets."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from bot.ports import Clerk
from digest.words import NAMES, RUNNING
from tests.samples import TICKET
from tests.web.statistics import Statistics
from tests.web.test_harmless import OURS, PAYLOADS, Tags
from tests.web.world import HASH, World
from tickets.figures import Figure, Kind, Scope, Slice, Source
from tickets.period import week

PATH = "/desk/digest"
MINE = OURS | {"caption", "meter", "optgroup"}


@pytest.fixture
async def desk(world: World) -> World:
    """Somebody at the desk of a city with figures."""
    world.store.statistics = Statistics()
    await world.log_in()
    return world


def plain(page: str) -> str:
    """What is read, with one space where there are many."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="(/desk/digest[^"#]*)', page)]


async def test_without_days_it_is_the_week_of_the_e_mail(desk: World) -> None:
    page = plain(await desk.page(PATH))
    assert "not over" not in page
    line = f"{NAMES[Figure.FILED]} 120 119 +1 11"
    for words in ("Puerto Vecino · Week 47, Nov 16", line, "What changed most", "What we do not know"):
        assert words in page


async def test_the_week_that_runs_says_so_and_has_no_next_one(desk: World) -> None:
    page = await desk.page(f"{PATH}?week=2026-W48")
    assert RUNNING.partition("{")[0] in page
    assert 'rel="next"' not in page
    assert 'rel="prev"' in page
    assert 'rel="next"' in await desk.page(f"{PATH}?week=2026-W47")


async def test_from_week_to_week_and_from_stretch_to_stretch(desk: World) -> None:
    first = links(await desk.page(f"{PATH}?week=2026-W01"))
    assert {f"{PATH}?week=2025-W52", f"{PATH}?week=2026-W02"} <= set(first)
    near = links(await desk.page(f"{PATH}?from=2026-11-01&to=2026-11-10&scope=department:roads"))
    assert f"{PATH}?from=2026-10-22&to=2026-10-31&scope=department%3Aroads" in near
    assert f"{PATH}?from=2026-11-11&to=2026-11-20&scope=department%3Aroads" in near


async def test_every_link_of_the_page_leads_somewhere(desk: World) -> None:
    page = await desk.page(f"{PATH}?week=2026-W47")
    found = set(links(page))
    assert len(found) > 100
    for link in found:
        answer = await desk.client.get(link)
        assert answer.status == 200, link
    figures = {figure for figure, *_ in desk.store.statistics.asked}  # type: ignore[union-attr]
    assert figures == set(Figure)


async def test_every_number_leads_to_its_own_tickets(desk: World) -> None:
    await desk.page(
        f"{PATH}/tickets?figure=filed&week=2026-W46&scope=area:centro&part=department:roads&service=pothole"
    )
    await desk.page(f"{PATH}/tickets?figure=open&age=3&channel=sms&language=pt&street=Avenida+Bol%C3%ADvar&part=area:")
    statistics = desk.store.statistics
    assert isinstance(statistics, Statistics)
    centro, roads = Scope(kind=Kind.AREA, code="centro"), Scope(kind=Kind.DEPARTMENT, code="roads")
    assert statistics.asked == [
        (Figure.FILED, week("2026-W46"), centro, Slice(part=roads, service="pothole")),
        (
            Figure.OPEN, week("2026-W47"), Scope(),
            Slice(part=Scope(kind=Kind.AREA), age=3, channel="sms", language="pt", street="Avenida Bolívar"),
        ),
    ]  # fmt: skip


async def test_the_title_of_a_list_has_its_number(desk: World) -> None:
    desk.store.statistics = Statistics(tickets=tuple(replace(TICKET, number=f"{n:03}-AAA") for n in range(120)))
    first = await desk.page(f"{PATH}/tickets?figure=filed")
    assert f"<h1>{NAMES[Figure.FILED]}: 120</h1>" in first
    assert first.count('class="number"') == 50
    assert links(first)[-1].endswith("&page=2")
    assert (await desk.page(links(first)[-1])).count('class="number"') == 50
    assert (await desk.page(f"{PATH}/tickets?figure=filed&page=99")).count('class="number"') == 20


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("figure=spared", f"{NAMES[Figure.SPARED]}: 21"),
        ("figure=rated&part=department:roads", f"{NAMES[Figure.RATED]}: 12"),
        ("figure=disputed&scope=area:centro", "Citizens who say that it is not fixed: 8"),
    ],
)
async def test_where_no_tickets_are_counted_the_title_tells_how_many_are_behind(
    desk: World, query: str, title: str
) -> None:
    page = plain(await desk.page(f"{PATH}/tickets?{query}"))
    assert title in page
    assert "Behind this number is 1 ticket." in page


@pytest.mark.parametrize(
    ("query", "field", "typed", "words"),
    [
        ("week=47", "week", "47", "This is no week. Write one such as 2026-W47."),
        ("week=2031-W01", "week", "2031-W01", "These days have not begun yet."),
        ("from=2026-11-20&to=2026-11-02", "to", "2026-11-02", "This day is before the first one."),
        ("from=2015-01-01&to=2026-11-02", "to", "2026-11-02", "This is too long: at most 400 days."),
        ("from=1/11/26&to=2026-11-02", "from", "1/11/26", "This is no date. Write one such as 2026-11-30."),
        ("to=2026-11-02", "from", "", "A date is missing here."),
        ("from=1995-01-01&to=1995-01-02", "from", "1995-01-01", "Nothing is known of years before 2000."),
    ],
)
async def test_what_makes_no_sense_is_told_beside_its_field(
    desk: World, query: str, field: str, typed: str, words: str
) -> None:
    for path in (PATH, f"{PATH}/tickets", f"{PATH}/digest.csv"):
        page = await desk.page(f"{path}?{query}&figure=filed&scope=department:roads", status=422)
        found = re.search(rf'<input id="{field}"[^>]*>', page)
        assert found
        assert f'value="{typed}"' in found[0] and 'aria-invalid="true"' in found[0] and 'type="text"' in found[0]
        assert f'id="{field}-wrong">{words}<' in page
        assert 'value="department:roads" selected' in page
        assert "All figures" not in page


async def test_a_file_of_an_area_with_any_code_has_a_harmless_name(desk: World) -> None:
    answer = await desk.client.get(f"{PATH}/digest.csv", params={"week": "2026-W47", "scope": 'area:São "3"/x'})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="vecino-2026-W47-S_o_3_x.csv"'


@pytest.mark.parametrize("scope", ["department:nowhere", "area:nowhere", "x", "department:", "area:a%00b"])
async def test_a_department_or_area_that_never_was_is_refused(desk: World, scope: str) -> None:
    page = await desk.page(f"{PATH}?scope={scope}", status=422)
    assert 'id="scope-wrong">There is no such department or area.' in page


async def test_a_department_that_is_no_more_keeps_its_figures(desk: World) -> None:
    page = await desk.page(f"{PATH}?scope=department:gone")
    assert '<option value="department:gone" selected>' in page
    assert "1,234" in page


@pytest.mark.parametrize("query", ["", "figure=", "figure=all", "figure=filed&part=x", "figure=filed&age=4"])
async def test_numbers_that_are_none_have_no_list(desk: World, query: str) -> None:
    assert (await desk.client.get(f"{PATH}/tickets?{query}")).status == 404


async def test_too_few_are_not_compared(desk: World) -> None:
    page = plain(await desk.page(f"{PATH}?by=on_time_share"))
    assert "gone too few (7)" in page
    assert "86%" not in page
    assert "gone 4 3 +1" in plain(await desk.page(f"{PATH}?by=filed"))


async def test_the_reader_chooses_what_is_compared_and_in_which_order(desk: World) -> None:
    rising = await desk.page(f"{PATH}?by=filed&sort=now&order=up")
    falling = await desk.page(f"{PATH}?by=filed&sort=now&order=down")
    assert rising.index(">gone</a>") < rising.index(">Roads</a></th>")
    assert falling.index(">Roads</a></th>") < falling.index(">gone</a>")
    assert rising.count('aria-sort="ascending"') == 2
    assert falling.count('aria-sort="descending"') == 2


async def test_what_is_not_known_is_missing_and_not_zero(desk: World) -> None:
    desk.store.statistics = Statistics(missing=(Source.OUTBOX, Source.CLOSURES), known=2)
    page = plain(await desk.page(PATH))
    assert "Missing: the record of messages does not reach back far enough." in page
    assert f"{NAMES[Figure.UNDELIVERED]} not known" in page
    assert f"{NAMES[Figure.DISPUTED]} not known" in page
    assert "Usual: the mean of the 2 weeks before that are known." in page


async def test_the_first_week_has_nothing_to_be_compared_with(desk: World) -> None:
    desk.store.statistics = Statistics(known=0)
    page = plain(await desk.page(PATH))
    assert f"{NAMES[Figure.FILED]} 120 not in use yet – –" in page
    assert "Usual: the mean" not in page


async def test_what_is_shown_can_be_saved(desk: World) -> None:
    csv = await desk.client.get(f"{PATH}/digest.csv?week=2026-W47&scope=department:roads")
    assert csv.headers["Content-Disposition"] == 'attachment; filename="vecino-2026-W47-roads.csv"'
    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert ",filed,,,120," in await csv.text()
    answer = await desk.client.get(f"{PATH}/digest.json?from=2026-11-01&to=2026-11-10")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="vecino-2026-11-01-2026-11-10.json"'
    whole = json.loads(await answer.text())
    assert (whole["period"]["days"], whole["whole"]["now"]["counts"]["filed"]) == (10, 120)


@pytest.mark.parametrize("path", [PATH, f"{PATH}/tickets?figure=filed", f"{PATH}/digest.csv", f"{PATH}/digest.json"])
async def test_only_for_who_is_logged_in(world: World, path: str) -> None:
    answer = await world.client.get(path, allow_redirects=False)
    assert (answer.status, answer.headers["Location"].partition("?")[0]) == (303, "/desk/login")


@pytest.mark.parametrize("words", PAYLOADS)
async def test_what_is_typed_comes_back_as_words(desk: World, words: str) -> None:
    words = words[:500]  # an address holds 8 KB in all
    said = dict.fromkeys(("by", "sort", "order", "part", "service", "street", "channel", "language"), words)
    for path, query in (
        (PATH, dict.fromkeys(("week", "from", "to", "scope"), words)),
        (PATH, said),
        (f"{PATH}/tickets", {**said, "figure": "filed", "part": "area:"}),
    ):
        answer = await desk.client.get(path, params=query)
        assert answer.status in {200, 422}
        seen = Tags(await answer.text())
        assert seen.names <= MINE, seen.names - MINE
        assert not any(one.startswith("on") or one == "style" for one in seen.attributes)


@pytest.mark.parametrize(
    ("language", "number"), [("es", "1,234"), ("pt", "1.234"), ("en", "1,234"), ("fr", "1\u00a0234")]
)
async def test_numbers_and_dates_are_the_readers_own(world: World, language: str, number: str) -> None:
    world.store.statistics = Statistics()
    async with world.store.work() as work:
        await work.clerks.add(Clerk(login="yo", name="Yo", language=language, password=HASH))
        await work.commit()
    await world.log_in("yo")
    assert f">{number}</a>" in await world.page(PATH)
