"""A clerk writes of a report, and the citizen answers: it reaches the clerk, and the bot goes on with all else."""

import pytest

from bot.desk.answering import Answering
from bot.i18n import Words
from channels.simulator import Style
from handlers.effects import ThreadKind
from tests.bot.conftest import WHOLE
from tests.town import CITY, STYLES, ScriptedParser, Town, parse
from tickets.model import Author, Event, Ticket

ANSWERS = {
    "es": "Es la segunda lámpara, la de la esquina",
    "pt": "É a segunda lâmpada, a da esquina",
    "en": "It is the second lamp, the one at the corner",
    "fr": "C'est le deuxième lampadaire, celui du coin",
}
TOLD = {"es": "7K3", "pt": "7K3"}
LAMP, THANKS, PLACED = "la lámpara sigue apagada", "gracias", "hay basura tirada en Calle Sol 8"


@pytest.fixture
def parser() -> ScriptedParser:
    return ScriptedParser(
        {
            WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es"),
            LAMP: parse("report_pothole", LAMP, language="es"),
            THANKS: parse("thank", THANKS, language="es"),
            PLACED: parse("report_waste", PLACED, location="Calle Sol 8", language="es"),
            **{text: parse(None, text, language=code) for code, text in ANSWERS.items()},
        }
    )


async def filed(puerto: Town, style: Style = "telegram") -> Ticket:
    await puerto.says(WHOLE, style=style)
    await (puerto.presses("Sí", style=style) if style == "telegram" else puerto.says("sí", style=style))
    return (await puerto.tickets(style=style))[0]


def desk(puerto: Town) -> Answering:
    return Answering(puerto.store, Words(CITY), puerto.clock, CITY, puerto.phones)


async def written(puerto: Town, ticket: Ticket, once: str = "o", text: str = "¿Cuál?") -> None:
    async with puerto.store.view() as view:
        now = await view.tickets.get(ticket.number)
    assert now
    await desk(puerto).answer(
        number=now.number, version=now.version, login="rosa", name="Rosa", text=text, once=once
    )  # fmt: skip
    await puerto.settle()


async def waiting(puerto: Town) -> list[tuple[ThreadKind, str | None, str]]:
    async with puerto.store.view() as view:
        return [(one.thread.kind, one.thread.clerk, one.last.text) for one in (await view.threads.page(0, 9)).rows]


async def said(puerto: Town, number: str) -> list[str]:
    async with puerto.store.view() as view:
        history = await view.tickets.history(number)
    return [
        one.note for one in history if one.actor.author is Author.CITIZEN and one.event is Event.COMMENTED
    ]  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
async def test_an_answer_to_a_clerk_is_kept_with_the_report_and_marked_unread(
    puerto: Town, style: Style, language: str
) -> None:
    ticket = await filed(puerto, style)
    await written(puerto, ticket)
    assert "Rosa" in puerto.screen(style)[-1]
    text = ANSWERS[language]
    [told] = await puerto.says(text, style=style)
    assert ticket.number in told
    assert await said(puerto, ticket.number) == [text]
    assert await waiting(puerto) == [(ThreadKind.REPLY, None, text)]
    async with puerto.store.view() as view:
        assert (await view.threads.waiting())[1] == 1


async def test_it_is_unread_for_whose_ticket_it_is_until_they_answer(puerto: Town) -> None:
    ticket = await filed(puerto)
    async with puerto.store.work() as work:
        from dataclasses import replace

        from tickets import casework
        from tickets.model import Actor

        now = await work.tickets.get(ticket.number)
        assert now
        actor = Actor(author=Author.CLERK, name="rosa")
        await work.tickets.change(*casework.assign(replace(now), "rosa", actor=actor, at=puerto.clock.now()))
        await work.commit()
    await written(puerto, ticket)
    await puerto.says(ANSWERS["es"])
    assert await waiting(puerto) == [(ThreadKind.REPLY, "rosa", ANSWERS["es"])]
    await written(puerto, ticket, "second", "Gracias, vamos.")
    assert await waiting(puerto) == []
    await puerto.says("y otra cosa")
    assert await waiting(puerto) == [(ThreadKind.REPLY, "rosa", "y otra cosa")]


async def test_what_sounds_like_the_same_report_is_an_answer_and_another_one_is_not(puerto: Town) -> None:
    ticket = await filed(puerto)
    await written(puerto, ticket)
    await puerto.says(LAMP)
    assert await said(puerto, ticket.number) == [LAMP]
    await puerto.says(PLACED)
    assert await said(puerto, ticket.number) == [LAMP]


async def test_thanks_are_no_news_and_what_follows_still_reaches_the_clerk(puerto: Town) -> None:
    ticket = await filed(puerto)
    await written(puerto, ticket)
    await puerto.says(THANKS)
    assert await waiting(puerto) == []
    await puerto.says(ANSWERS["es"])
    assert await said(puerto, ticket.number) == [ANSWERS["es"]]


@pytest.mark.parametrize("text", ["mis reportes", "BAJA", "hay un incendio con gente adentro"])
async def test_rights_commands_and_danger_go_their_own_way(puerto: Town, text: str) -> None:
    ticket = await filed(puerto)
    await written(puerto, ticket)
    await puerto.says(text)
    assert await said(puerto, ticket.number) == []


async def test_a_photo_that_was_asked_for_stands_with_the_report(puerto: Town) -> None:
    ticket = await filed(puerto)
    await written(puerto, ticket, text="Mande una foto, por favor")
    await puerto.says(photo=b"\xff\xd8\xffphoto")
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 1
    assert [kind for kind, _, _ in await waiting(puerto)] == [ThreadKind.REPLY]


async def test_after_a_week_nothing_is_taken_for_an_answer(puerto: Town) -> None:
    ticket = await filed(puerto)
    await written(puerto, ticket)
    puerto.clock.forward(hours=24 * 7)
    await puerto.says(ANSWERS["es"])
    assert await said(puerto, ticket.number) == []


async def test_a_report_under_way_is_not_broken_off_by_a_clerk(puerto: Town) -> None:
    ticket = await filed(puerto)
    await puerto.says(PLACED)
    await written(puerto, ticket)
    await puerto.says("sí")
    assert await said(puerto, ticket.number) == []
    assert len(await puerto.tickets()) == 2
