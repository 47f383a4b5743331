"""Settings that the desk owns: changed, compared, taken back; two at once; mistakes beside their fields."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from bot.ports.amendments import RULES, Amendment, Kind
from bot.ports.audit import Deed
from tests.samples import TICKET
from tests.web.test_roles import enter
from tests.web.world import CITY, LANGUAGES, NOW, World, begin, csrf_of, named
from tickets.city import Canned, Department, Information
from tickets.rights import Role
from tickets.routing import Rule
from web.ports import WEB

HELLO = Canned(code="hello", names=named("Hello"), texts=named("We look at {number}."))
WHEN = Information(code="when", words=dict.fromkeys(LANGUAGES, ("when bins",)), answers=named("On Monday."))
TOWN = replace(
    CITY,
    departments=(*CITY.departments, Department(code="parks", names=named("Parks"))),
    canned=(HELLO,),
    information=(WHEN,),
)
PATH = "/desk/settings"
THANKS = {f"names.{code}": "Thanks" for code in LANGUAGES} | {
    f"texts.{code}": "Thank you, {name}" for code in LANGUAGES
}


@pytest.fixture
async def town(tmp_path: Path, empty: Path) -> AsyncIterator[World]:
    world = await begin(tmp_path, empty=empty, city=TOWN)
    await world.log_in()
    yield world
    await world.client.close()
    await world.store.close()


async def post(world: World, path: str, form: dict[str, str], seen: int | None = None) -> ClientResponse:
    """A form as its page makes it; `seen` in place of what the page says."""
    page = await (await world.client.get(PATH + path.removesuffix("/remove").removesuffix("/back"))).text()
    known = page.partition('name="seen" value="')[2].partition('"')[0] or "0"
    fields = {"csrf": csrf_of(await world.page("/desk/me")), "seen": known if seen is None else str(seen), **form}
    return await world.client.post(PATH + path, data=fields, allow_redirects=False)


async def changes(world: World, kind: Kind) -> list[tuple[str, str | None]]:
    async with world.store.view() as view:
        return [(one.key, one.value) for one in await view.amendments.now(kind)]


def city_of(world: World) -> object:
    return world.app[WEB].city


async def test_a_new_reply_is_at_hand_at_once_and_noted(town: World) -> None:
    answer = await post(town, "/replies/new", THANKS)
    assert answer.status == 303 and answer.headers["Location"] == f"{PATH}/replies/key/thanks"
    assert [one.code for one in town.app[WEB].city.canned] == ["hello", "thanks"]
    await town.file()
    assert "Thank you, Ana" in await town.page(f"/desk/tickets/{TICKET.number}")
    async with town.store.view() as view:
        noted = (await view.audit.page(0, 10, deed=Deed.SETTING_CHANGED)).rows
    assert [(one.login, one.subject) for one in noted] == [("ana", "replies: thanks")]
    assert (await post(town, "/replies/new", THANKS, seen=0)).status == 303  # the same form again
    assert len(await changes(town, Kind.CANNED)) == 1
    other = await post(town, "/replies/new", THANKS | {"texts.en": "Something else"})
    assert other.status == 422 and "There is one of this name already" in await other.text()


@pytest.mark.parametrize(
    ("path", "form", "field", "said"),
    [
        ("/replies/new", THANKS | {"texts.fr": ""}, "texts.fr", "Please fill this in."),
        ("/replies/new", THANKS | {"texts.fr": "{phone}"}, "texts.fr", "{phone} stands for nothing"),
        ("/replies/new", THANKS | {"texts.pt": "x" * 601}, "texts.pt", "at most 600 characters"),
        ("/replies/new", THANKS | {"names.es": ""}, "names.es", "Please fill this in."),
        ("/replies/key/hello", {f"names.{code}": "x" for code in LANGUAGES}, "texts.es", "Please fill this in."),
        ("/answers/new", {}, "code", "Please fill this in."),
        (
            "/answers/key/when",
            {f"answers.{code}": "Yes" for code in LANGUAGES}
            | {f"words.{code}": "a b" for code in LANGUAGES}
            | {"words.en": "-"},
            "words.en",
            "would find nothing",
        ),
        (
            "/answers/key/when",
            {f"answers.{code}": "Yes" for code in LANGUAGES}
            | {f"words.{code}": "a" for code in LANGUAGES}
            | {"answers.pt": "x" * 300},
            "answers.pt",
            "at most 240 characters",
        ),
        ("/services/key/pothole", {f"names.{code}": "x" for code in LANGUAGES}, "sla.usual", "This cannot be so"),
        (
            "/services/key/pothole",
            {f"names.{code}": "x" for code in LANGUAGES} | {"sla.usual": "3", "sla.areas.centro": "soon"},
            "sla.areas.centro",
            "This cannot be so",
        ),
        (
            "/services/key/pothole",
            {f"names.{code}": "Pothole" for code in LANGUAGES} | {"names.es": "x" * 40, "sla.usual": "3"},
            "names.es",
            "at most 24 characters",
        ),
        ("/holidays/new", {"date": "soon"}, "date", "Please fill this in."),
    ],
)
async def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(
    town: World, path: str, form: dict[str, str], field: str, said: str
) -> None:
    answer = await post(town, path, form)
    page = await answer.text()
    assert answer.status == 422, page
    assert said in page.partition(f'id="{field}-wrong"')[2].partition("</span>")[0]
    for typed in form.values():
        assert typed.replace("{", "{") in page
    assert not any([await changes(town, kind) for kind in Kind])


async def test_of_two_who_change_the_same_the_second_sees_the_firsts_and_overwrites_nothing(town: World) -> None:
    form = {f"names.{code}": "Hello" for code in LANGUAGES} | {f"texts.{code}": "First" for code in LANGUAGES}
    assert (await post(town, "/replies/key/hello", form, seen=0)).status == 303
    late = await post(town, "/replies/key/hello", form | {"texts.en": "Second"}, seen=0)
    page = await late.text()
    assert late.status == 409 and "Somebody changed this" in page and "Second" in page and "First" in page
    assert town.app[WEB].city.canned[0].texts["en"] == "First"
    assert (await post(town, "/replies/key/hello", form | {"texts.en": "Second"})).status == 303
    assert town.app[WEB].city.canned[0].texts["en"] == "Second"


async def test_any_earlier_value_can_be_taken_back(town: World) -> None:
    form = {f"names.{code}": "Hello" for code in LANGUAGES}
    for text in ("One", "Two"):
        assert (
            await post(town, "/replies/key/hello", form | {f"texts.{code}": text for code in LANGUAGES})
        ).status == 303
    page = await town.page(f"{PATH}/replies/key/hello")
    assert "One" in page and "Two" in page and "Holds now" in page
    first = page.rpartition('name="to" value="')[0].rpartition('name="to" value="')[2].partition('"')[0]
    assert (await post(town, "/replies/key/hello/back", {"to": first})).status == 303
    assert town.app[WEB].city.canned[0].texts["en"] == "One"
    assert (await post(town, "/replies/key/hello/remove", {})).status == 303
    assert town.app[WEB].city.canned == () and "Taken away" in await town.page(f"{PATH}/replies")
    assert (await post(town, "/replies/key/hello/back", {"to": ""})).status == 303
    assert town.app[WEB].city.canned == (HELLO,)
    assert (await post(town, "/replies/key/hello/back", {"to": "99999"})).status == 404


async def test_an_answer_and_its_words_are_found_by_who_asks(town: World) -> None:
    form = {f"answers.{code}": "On Tuesday." for code in LANGUAGES} | {
        f"words.{code}": "when rubbish\nbins" for code in LANGUAGES
    }
    assert (await post(town, "/answers/key/when", form)).status == 303
    (one,) = town.app[WEB].city.information
    assert one.words["en"] == ("when rubbish", "bins") and one.answers["fr"] == "On Tuesday."


async def test_a_service_gets_other_names_and_targets_and_promises_by_them(town: World) -> None:
    form = {f"names.{code}": "Hole" for code in LANGUAGES} | {
        "sla.usual": "3", "sla.usual.unit": "days", "sla.urgent": "9", "sla.urgent.unit": "hours",
        "sla.areas.centro": "2", "sla.areas.centro.unit": "days",
    }  # fmt: skip
    assert (await post(town, "/services/key/pothole", form)).status == 303
    service = town.app[WEB].city.service("pothole")
    assert service and service.names["es"] == "Hole" and service.department == "roads"
    assert (service.target.amount, service.targets.areas["centro"].amount) == (3, 2)
    await town.file(replace(TICKET, service="pothole"))
    assert "Hole" in await town.page("/desk?all=1") and "Hole" in await town.page(f"{PATH}/services/key/pothole")
    assert (await town.client.get(f"{PATH}/services/new")).status == 404


async def test_a_holiday_is_added_named_moved_and_removed(town: World) -> None:
    assert (await post(town, "/holidays/new", {"date": "2026-12-24", "names.es": "Nochebuena"})).status == 303
    assert town.app[WEB].city.calendar.holidays == {date(2026, 12, 24): {"es": "Nochebuena"}}
    moved = await post(town, "/holidays/key/2026-12-24", {"date": "2026-12-23", "names.es": "Nochebuena"})
    assert moved.headers["Location"].endswith("2026-12-23")
    assert list(town.app[WEB].city.calendar.holidays) == [date(2026, 12, 23)]
    assert (await post(town, "/holidays/key/2026-12-23/remove", {})).status == 303
    assert not town.app[WEB].city.calendar.holidays


async def test_a_change_that_fits_no_more_is_left_out_and_shown_as_such(town: World) -> None:
    async with town.store.work() as work:
        for key, value in (("gone", '{"names": {"en": "Gone"}, "sla": {"days": 1}}'), ("pothole", "[")):
            await work.amendments.amend(Amendment(kind=Kind.SERVICE, key=key, value=value, at=NOW, login="ana"))
        await work.commit()
    force = town.app[WEB].force
    await force.refresh(town.store)
    assert force.now == TOWN and set(force.unfit) == {(Kind.SERVICE, "gone"), (Kind.SERVICE, "pothole")}
    assert "Does not fit" in await town.page(f"{PATH}/services")
    assert "does not fit config.yml any more" in await town.page(f"{PATH}/services/key/pothole")
    assert "does not fit config.yml any more" in await town.page(f"{PATH}/services/key/gone")
    assert "2 changes do not fit" in await town.page(PATH)


RULE = {
    "code": "School trees",
    "service": "pothole",
    "area": "",
    "words": "escuela",
    "department": "parks",
    "act": "save",
}


async def test_a_rule_is_tried_on_last_month_before_it_counts(town: World) -> None:
    await town.file(replace(TICKET, service="pothole", description="Un hoyo frente a la Escuela"))
    await town.file(replace(TICKET, number="7K3-AAA", service="pothole", description="Un hoyo"))
    answer = await post(town, "/routing/new", RULE | {"act": "try"})
    page = await answer.text()
    assert answer.status == 200 and "1 report would have gone" in page and "of 2 that were looked at" in page
    assert TICKET.number in page and "7K3-AAA" not in page and not await changes(town, Kind.ROUTE)
    assert (await post(town, "/routing/new", RULE)).status == 303
    assert town.app[WEB].city.routing == (
        Rule(code="school_trees", department="parks", service="pothole", words=("escuela",)),
    )
    page = await town.page(f"{PATH}/routing")
    assert "school_trees" in page and "escuela" in page
    every = await post(town, "/routing/rule/school_trees", RULE | {"words": "", "act": "try"})
    assert "1 report would have gone" in await every.text()


async def test_rules_keep_their_order_and_the_second_of_two_supervisors_sees_the_firsts(town: World) -> None:
    for code, place in (("one", "1"), ("two", "2"), ("first", "1")):
        assert (await post(town, "/routing/new", RULE | {"code": code, "place": place, "words": code})).status == 303
    assert [one.code for one in town.app[WEB].city.routing] == ["first", "one", "two"]
    await post(town, "/routing/move", {"code": "two", "to": "up"}, seen=3)
    assert [one.code for one in town.app[WEB].city.routing] == ["first", "two", "one"]
    late = await post(town, "/routing/rule/one", RULE | {"words": "late"}, seen=3)
    assert late.status == 409 and "What they did" in await late.text()
    assert (await post(town, "/routing/rule/one", RULE | {"act": "remove"})).status == 303
    assert [one.code for one in town.app[WEB].city.routing] == ["first", "two"]
    assert (await post(town, "/routing/back", {"to": ""}, seen=5)).status == 303
    assert town.app[WEB].city.routing == ()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (RULE | {"code": "?"}, "code"),
        (RULE | {"department": "none"}, "department"),
        (RULE | {"area": "atlantis"}, "area"),
        (RULE | {"words": "de la"}, "words"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused_beside_its_field(town: World, form: dict[str, str], field: str) -> None:
    answer = await post(town, "/routing/new", form)
    page = await answer.text()
    assert answer.status == 422 and f'id="{field}-wrong"' in page


async def test_a_report_is_filed_by_the_rules_and_its_page_says_why(town: World) -> None:
    assert (await post(town, "/routing/new", RULE)).status == 303
    await town.file(replace(TICKET, service="pothole", department="parks", route="school_trees"))
    page = await town.page(f"/desk/tickets/{TICKET.number}")
    assert "by the rule" in page and "school_trees" in page
    csrf = csrf_of(await town.page("/desk/new"))
    assert csrf


async def test_clerks_and_auditors_read_and_only_supervisors_change(town: World) -> None:
    for role in (Role.CLERK, Role.AUDITOR):
        town.client.session.cookie_jar.clear()
        await enter(town, role)
        for path in ("", "/replies", "/replies/key/hello", "/routing", "/services/key/pothole", "/holidays"):
            assert '<button class="main">Save' not in await town.page(PATH + path)
        assert (await post(town, "/replies/key/hello", THANKS)).status == 403
        assert (await post(town, "/routing/new", RULE)).status == 403
        expected = 200 if role is Role.AUDITOR else 403
        assert (await town.client.get(f"{PATH}/export")).status == expected


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "\u202eabc", "{{ 7*7 }}", '"><img src=x onerror=1>'])
async def test_what_is_typed_is_shown_harmlessly(town: World, evil: str) -> None:
    form = {f"names.{code}": "Hello" for code in LANGUAGES} | {f"texts.{code}": evil for code in LANGUAGES}
    await post(town, "/replies/key/hello", form)
    for path in ("/replies", "/replies/key/hello"):
        page = await town.page(PATH + path)
        assert "<script>alert" not in page and "<img src=x" not in page and "49" not in page.partition("<main")[2][:50]


@pytest.mark.parametrize("path", ["/replies/key/none", "/nothing", "/services/key/nothing", "/routing/rule/none"])
async def test_what_there_is_not_is_not_found(town: World, path: str) -> None:
    assert (await town.client.get(PATH + path)).status == 404


async def test_the_export_holds_what_holds(town: World) -> None:
    await post(town, "/replies/new", THANKS)
    text = await town.page(f"{PATH}/export")
    assert "code: thanks" in text and "replies:" in text
    assert json.dumps(RULES)
