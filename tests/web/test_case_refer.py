"""A ticket goes to another department, or to a body beyond the city, which answers by the link in its mail."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.i18n import Words
from tests.samples import TICKET
from tests.web.test_case_direct import PATH, at_the_desk, post, ticket_of
from tests.web.world import CITY, World, begin, named
from tickets.city import Department, Partner
from tickets.model import Event

WORDS = "cable suelto, llámeme al 555-0123-456 o a ana@casa.example"
TWO = replace(
    CITY,
    departments=(*CITY.departments, Department(code="parks", names=named("Parks"))),
    partners=(Partner(names=named("Power company"), address="desk@power.example", language="pt"),),
)


@pytest.fixture
async def reachable(tmp_path: Path, empty: Path):
    world = await begin(tmp_path, empty=empty, city=TWO, public_url="http://city.example", render=Words(TWO))
    yield world
    await world.client.close()
    await world.store.close()


async def referred(world: World, **more: str) -> str:
    """The path behind the link in the mail."""
    await world.file(replace(TICKET, description=WORDS, assignee=None))
    csrf = await at_the_desk(world)
    fields = {"to": "0", "text": "Your pole, we think", "body": "", "address": "", "language": "", **more}
    code, page = await post(world, "outside", csrf=csrf, version="1", **fields)
    assert code == 303, page
    async with world.store.view() as view:
        (mail,) = await view.outbox.of_ticket("7K3-9QX")
    link = re.search(r"http://city\.example(/outside/[\w-]+)", mail.text)
    assert link, mail.text
    assert link[1] not in await world.page(PATH)  # it is the body's key, no clerk's
    assert "cable" not in mail.text and "555" not in mail.text
    return link[1]


async def test_a_department_gets_it_with_the_note_and_nobody_has_it_there_yet(reachable: World) -> None:
    world = reachable
    await world.file()
    csrf = await at_the_desk(world)
    await post(world, "assign", csrf=csrf, version="1", to="ana")
    assert (await post(world, "department", csrf=csrf, version="2", to="parks", text="a tree"))[0] == 303
    ticket = await ticket_of(world)
    assert (ticket.department, ticket.assignee) == ("parks", None)
    page = await world.page(PATH)
    assert "Roads → Parks" in page and "a tree" in page


@pytest.mark.parametrize(("to", "text", "told"), [("", "x", "Choose a department"), ("parks", " ", "Write something")])
async def test_a_handover_needs_a_department_and_a_note(reachable: World, to: str, text: str, told: str) -> None:
    await reachable.file()
    code, page = await post(reachable, "department", csrf=await at_the_desk(reachable), version="1", to=to, text=text)
    assert (code, told in page) == (422, True)


async def test_the_body_sees_what_and_where_and_never_how_to_reach_who_reported_it(reachable: World) -> None:
    path = await referred(reachable)
    reachable.client.session.cookie_jar.clear()
    page = await reachable.page(path)
    for words in ("cable suelto", "Avenida Bolívar", "Your pole, we think", "Power company"):
        assert words in page
    for words in ("555-0123", "ana@casa", "telegram", "77"):
        assert words not in page.replace("7K3-9QX", "")
    assert 'lang="pt"' in page[:60]
    assert 'lang="fr"' in (await reachable.page(path + "?language=fr"))[:60]


@pytest.mark.parametrize(("verdict", "outside"), [("done", None), ("not_ours", None), ("longer", "Power company")])
async def test_its_answer_stands_in_the_history(reachable: World, verdict: str, outside: str | None) -> None:
    path = await referred(reachable)
    for _ in range(2):
        answer = await reachable.client.post(
            path, data={"verdict": verdict, "word": "until Friday"}, allow_redirects=False
        )
        assert answer.status in (303, 410)
    assert (await ticket_of(reachable)).outside == outside
    async with reachable.store.view() as view:
        history = await view.tickets.history("7K3-9QX")
    (said,) = [one for one in history if one.event is Event.RETURNED]
    assert (said.actor.name, said.note) == ("Power company", "until Friday")
    assert "until Friday" in await reachable.page(PATH)
    await reachable.page(path, 200 if outside else 410)


@pytest.mark.parametrize(
    ("fields", "told"), [({}, "Choose one"), ({"verdict": "longer"}, "Write why"), ({"verdict": "x"}, "Choose one")]
)
async def test_an_answer_that_will_not_do_is_said_beside_the_field(
    reachable: World, fields: dict[str, str], told: str
) -> None:
    path = await referred(reachable)
    answer = await reachable.client.post(path, data=fields)
    assert answer.status == 422
    assert told in await answer.text()
    assert (await ticket_of(reachable)).version == 2


async def test_a_ticket_that_was_taken_back_is_shown_no_more(reachable: World) -> None:
    path = await referred(reachable)
    csrf = await at_the_desk(reachable)
    assert (await post(reachable, "back", csrf=csrf, version="2", text="we did it"))[0] == 303
    assert "cable suelto" not in await reachable.page(path, 410)
    answer = await reachable.client.post(path, data={"verdict": "done", "word": ""}, allow_redirects=False)
    assert answer.status == 410
    assert (await ticket_of(reachable)).outside is None


async def test_links_that_are_none_have_to_wait_after_some_tries(reachable: World) -> None:
    path = await referred(reachable)
    seen = [(await reachable.client.get(f"/outside/{'x' * 40}{n}")).status for n in range(25)]
    assert seen[0] == 404 and seen[-1] == 429
    await reachable.page(path)  # who has a link is not kept out


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"body": "", "address": "a@b.example", "language": "es"}, "Write the body"),
        ({"body": "Power", "address": "nowhere", "language": "es"}, "no address of e-mail"),
        ({"body": "Power", "address": "a@b.example", "language": "xx"}, "Choose a language"),
    ],
)
async def test_a_body_that_is_typed_needs_a_name_an_address_and_a_language(
    reachable: World, fields: dict[str, str], told: str
) -> None:
    await reachable.file()
    csrf = await at_the_desk(reachable)
    code, page = await post(reachable, "outside", csrf=csrf, version="1", to="-", text="my note", **fields)
    assert (code, told in page.replace("&#39;", "'")) == (422, True)
    assert "my note</textarea>" in page


async def test_without_a_public_address_no_link_is_sent_and_the_form_says_why(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    fields = {"to": "-", "body": "Power", "address": "a@b.example", "language": "es", "text": ""}
    code, page = await post(world, "outside", csrf=csrf, version="1", **fields)
    assert (code, "no public address" in page) == (422, True)
    assert (await ticket_of(world)).outside is None
