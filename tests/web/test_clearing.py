"""A clerk decides on the ticket's page what anybody may see of its words and photos."""

import re
from dataclasses import replace

import pytest

from channels.message import Media
from tests.samples import TICKET
from tests.web.test_case_direct import PATH, at_the_desk, employ, post, ticket_of
from tests.web.world import NOW, World, csrf_of
from tickets.model import Event, Status
from tickets.public import PublicTicket
from tickets.rights import Role
from web.ports import WEB

DESCRIPTION = "Soy Ana Gómez. Hay un bache enorme, llamen al +52 55 1234-5678"
MASKED = "Soy […]. Hay un bache enorme, llamen al […]"


async def public(world: World) -> PublicTicket:
    async with world.store.view() as view:
        found = await view.public.get(TICKET.number, world.app[WEB].city)
    assert found
    return found


async def with_photos(world: World, *kinds: str) -> list[int]:
    """The ids of the ticket's photos, each with a file."""
    async with world.store.work() as work:
        for n, kind in enumerate(kinds):
            name = await world.files.put(b"pixels", kind)
            await work.photos.add(TICKET.number, "sms", [Media(reference=f"r{n}", content_type=kind)], NOW)
            (photo,) = await work.photos.claim("me", NOW, 60, 1)
            assert await work.photos.fetched(photo, name, NOW)
        found = await work.photos.of_ticket(TICKET.number)
        await work.commit()
    return [photo.id for photo in found]


async def told(world: World, note: str) -> None:
    await world.app[WEB].move(number=TICKET.number, to=Status.TRIAGED, version=1, login="ana", note=note)


def written(page: str) -> str:
    """What stands in the form for the public."""
    found = re.search(r'<textarea id="public-text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1]


async def test_the_form_offers_the_words_without_names_and_numbers_and_marks_them(world: World) -> None:
    await world.file(replace(TICKET, description=DESCRIPTION))
    await at_the_desk(world)
    page = await world.page(PATH)
    assert written(page) == MASKED
    assert "<mark>Ana Gómez</mark>" in page and "<mark>+52 55 1234-5678</mark>" in page
    assert (await public(world)).words is None


async def test_shown_words_are_public_and_stand_in_the_history_without_themselves(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    world.clock.pass_by(hours=1)
    assert (await post(world, "public", csrf=csrf, version="1", do="show", text=" Un bache grande "))[0] == 303
    found = await public(world)
    assert (found.words, found.photos, found.news) == ("Un bache grande", (), None)
    assert found.changed_at == world.clock.now()
    async with world.store.view() as view:
        update = (await view.tickets.history(TICKET.number))[-1]
    assert (update.event, update.actor.name, update.public, update.version) == (Event.CLEARED, "ana", False, 2)
    assert "bache" not in str(update.changes[0].new) + update.note
    page = await world.page(PATH)
    assert "Anybody may see now: the words" in " ".join(page.split())
    assert written(page) == "Un bache grande"


async def test_only_photos_that_are_ticked_are_shown_and_no_voice_ever(world: World) -> None:
    await world.file()
    ids = await with_photos(world, "image/jpeg", "image/jpeg", "audio/ogg")
    csrf = await at_the_desk(world)
    page = await world.page(PATH)
    assert f'name="photo-{ids[0]}"' in page and f'name="photo-{ids[2]}"' not in page
    ticked = {f"photo-{ids[1]}": "1", f"photo-{ids[2]}": "1", "photo-999": "1", "photo-x": "1"}
    assert (await post(world, "public", csrf=csrf, version="1", do="show", text="", **ticked))[0] == 303
    async with world.store.view() as view:
        names = [photo.name for photo in await view.photos.of_ticket(TICKET.number)]
        assert await view.public.shown(names[1] or "") and not await view.public.shown(names[0] or "")
    assert (await public(world)).photos == (names[1],)


async def test_the_citys_news_are_shown_where_they_are_ticked(world: World) -> None:
    await world.file()
    await told(world, "Vamos el lunes")
    csrf = await at_the_desk(world)
    assert "Vamos el lunes" in await world.page(PATH)
    assert (await post(world, "public", csrf=csrf, version="2", do="show", text="", news="1"))[0] == 303
    assert (await public(world)).news == "Vamos el lunes"


async def test_a_preview_shows_it_and_writes_nothing(world: World) -> None:
    await world.file()
    ids = await with_photos(world, "image/png")
    csrf = await at_the_desk(world)
    status, page = await post(
        world, "public", csrf=csrf, version="1", do="preview", text="Un bache & más", **{f"photo-{ids[0]}": "1"}
    )
    assert status == 200
    assert "As it would stand there" in page and written(page) == "Un bache &amp; más"
    assert page.count(f"/photos/{ids[0]}/small") == 3  # above, in the form, and in the preview
    assert (await ticket_of(world)).version == 1 and (await public(world)).words is None


async def test_what_was_shown_can_be_taken_back(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    assert "Show nothing any more" not in await world.page(PATH)
    await post(world, "public", csrf=csrf, version="1", do="show", text="Un bache")
    assert "Show nothing any more" in await world.page(PATH)
    assert (await post(world, "public", csrf=csrf, version="2", do="hide", text="Un bache"))[0] == 303
    assert (await public(world)).words is None
    assert "Nobody else sees its words and photos any more" in await world.page(PATH)


async def test_showing_nothing_of_what_nobody_saw_is_not_possible(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    for do, text in (("hide", "x"), ("show", "  ")):
        status, page = await post(world, "public", csrf=csrf, version="1", do=do, text=text)
        assert status == 422 and "not possible" in page
    assert (await ticket_of(world)).version == 1


async def test_who_decided_on_an_older_ticket_is_told_and_loses_no_word(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    await told(world, "Vamos")
    status, page = await post(world, "public", csrf=csrf, version="1", do="show", text="Escrito con cuidado")
    assert status == 409 and written(page) == "Escrito con cuidado"
    assert (await public(world)).words is None


async def test_words_that_are_too_long_are_not_taken(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    status, page = await post(world, "public", csrf=csrf, version="1", do="show", text="x" * 1001)
    assert status == 422 and written(page) == "x" * 1001


async def test_a_colleague_of_another_department_reads_but_decides_nothing(world: World) -> None:
    await world.file()
    await employ(world, "bea", Role.CLERK, "water")
    await world.log_in("bea")
    csrf = csrf_of(await world.page(PATH))
    assert (await post(world, "public", csrf=csrf, version="1", do="show", text="x"))[0] == 422
    assert (await public(world)).words is None


async def test_there_is_nothing_to_clear_of_a_ticket_that_there_is_not(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    answer = await world.client.post(
        "/desk/tickets/NO-SUCH/public", data={"csrf": csrf, "version": "1", "do": "show", "text": "x"}
    )
    assert answer.status == 404


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.DECLINED])
async def test_closed_tickets_can_be_shown_too(world: World, status: Status) -> None:
    await world.file(replace(TICKET, status=status, closed_at=NOW))
    csrf = await at_the_desk(world)
    assert (await post(world, "public", csrf=csrf, version="1", do="show", text="Ya está"))[0] == 303
    assert (await public(world)).words == "Ya está"
