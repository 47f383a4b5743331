"""Joining a neighbour's report before filing one's own, and leaving it again."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.i18n import Words
from channels.message import Contact
from channels.simulator import Style
from handlers.say import Say, ServiceName, say
from nlu.places import Gazetteer
from tests.town import CITY, PIN, STYLES, ScriptedParser, Town, parse, town
from tickets.model import Event, Place, Priority, Status, Ticket

WORDS = Words(CITY)
BACHE = "hay un bache enorme"
HERE = "hay un bache en Av. Bolívar"
TREE = "se cayó un árbol en Av. Bolívar"


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        BACHE: parse("report_pothole", language="es"),
        HERE: parse("report_pothole", HERE, location="Av. Bolívar", language="es"),
        TREE: parse("report_tree", TREE, location="Av. Bolívar", language="es"),
        "no, es en la calle 8": parse("correct", "no, es en la calle 8", location="la calle 8", language="es"),
        "otra cosa": parse("report_other", language="es"),
    }


@pytest.fixture
async def puerto(tmp_path: Path, sqlite_template: Path, parser: ScriptedParser) -> AsyncIterator[Town]:
    """With the city's own gazetteer."""
    shutil.copy(sqlite_template, tmp_path / "town.db")
    places = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)
    async with town(tmp_path, parser, places=places, database_url=f"sqlite:///{tmp_path / 'town.db'}") as place:
        yield place


async def filed(puerto: Town, *, phone: str = "ana", style: Style = "telegram") -> Ticket:
    """A pothole that Ana reports with a pin."""
    await puerto.says(BACHE, phone=phone, style=style)
    await puerto.says(point=PIN, phone=phone, style=style)
    await puerto.says("sí", phone=phone, style=style)
    return (await puerto.tickets(phone=phone, style=style))[0]


async def told(puerto: Town, *, phone: str = "beto", style: Style = "telegram") -> str:
    """The question that whoever reports the same thing is asked."""
    await puerto.says(BACHE, phone=phone, style=style)
    return (await puerto.says(point=PIN, phone=phone, style=style))[-1]


def worded(what: Say, ticket: Ticket) -> str:
    return WORDS(say(what, number=ticket.number, service=ServiceName(ticket.service), status=ticket.status), "es")


async def test_a_new_report_of_what_was_closed_too_long_ago_is_held_against_the_neighbours_first(puerto: Town) -> None:
    mine = await filed(puerto)
    await puerto.desk.move(number=mine.number, to=Status.RESOLVED, version=1, login="rosa", note="")
    await puerto.settle()
    puerto.clock.forward(days=4)
    theirs = await filed(puerto, phone="beto")
    await puerto.says("no", phone="ana")
    (offered,) = await puerto.says("sí", phone="ana")
    assert "vecinos" in offered
    await puerto.says("sí", phone="ana")
    assert (await newest(puerto, theirs.number)).followers == 1
    assert len(await puerto.tickets(phone="ana")) == 1


async def newest(puerto: Town, number: str) -> Ticket:
    async with puerto.store.view() as view:
        ticket = await view.tickets.get(number)
    assert ticket
    return ticket


async def events(puerto: Town, number: str) -> list[Event]:
    async with puerto.store.view() as view:
        return [update.event for update in await view.tickets.history(number)]


async def follows(puerto: Town, number: str, phone: str, style: Style = "telegram") -> bool:
    async with puerto.store.view() as view:
        citizen = await view.citizens.find(Contact(channel=f"simulated_{style}", address=phone))
        return citizen is not None and await view.followers.follows(number, citizen.id)


async def test_an_open_report_nearby_is_offered_with_street_age_and_status(puerto: Town) -> None:
    await filed(puerto)
    puerto.clock.forward(days=2)
    offered = WORDS(say(Say.NEARBY, service=ServiceName("pothole"), place=Place(words="Paseo del Parque")), "es")
    none = WORDS(say(Say.NONE_OF_THESE), "es")
    assert await told(puerto) == f"{offered} [Paseo del Parque, hace 2 días: recibido] [{none}]"


@pytest.mark.parametrize("style", STYLES)
async def test_one_digit_joins_on_every_channel(puerto: Town, style: Style) -> None:
    ticket = await filed(puerto)
    await told(puerto, style=style)
    (reply,) = await puerto.says("1", style=style, phone="beto")
    joined = say(
        Say.JOINED, number=ticket.number, service=ServiceName("pothole"), status=Status.RECEIVED, due=ticket.due_at
    )
    assert reply == WORDS(joined, "es") or style == "sms"
    assert ticket.number in reply
    assert (await newest(puerto, ticket.number)).followers == 1
    assert await follows(puerto, ticket.number, "beto", style)
    assert await puerto.tickets(style=style, phone="beto") == []
    assert (await puerto.says("1", style=style, phone="beto")) != [reply]  # the question is answered


@pytest.mark.parametrize("yes", ["sí", "yo también", "ese mismo", "moi aussi", "that one", "eu também", "el primero"])
async def test_with_one_offered_a_yes_joins_it(puerto: Town, yes: str) -> None:
    ticket = await filed(puerto)
    await told(puerto)
    await puerto.says(yes, phone="beto")
    assert await follows(puerto, ticket.number, "beto")


@pytest.mark.parametrize("no", ["no", "2", "ninguno", "es otro", "none of them", "nenhum", "aucun", "mande el mío"])
async def test_none_of_these_files_ones_own_at_once(puerto: Town, no: str) -> None:
    ticket = await filed(puerto)
    await told(puerto)
    (receipt,) = await puerto.says(no, phone="beto")
    (own,) = await puerto.tickets(phone="beto")
    assert own.number in receipt
    assert own.description == BACHE
    assert (await newest(puerto, ticket.number)).followers == 0


async def test_words_and_photos_of_who_joins_reach_the_clerk_and_nobody_else(puerto: Town) -> None:
    ticket = await filed(puerto)
    await puerto.says(BACHE, phone="beto", photo=b"\xff\xd8\xff one")
    await puerto.says(point=PIN, phone="beto")
    await puerto.says("1", phone="beto")
    async with puerto.store.view() as view:
        update = (await view.tickets.history(ticket.number))[-1]
        photos = await view.photos.of_ticket(ticket.number)
    assert (update.event, update.note, update.public) == (Event.FOLLOWED, BACHE, False)
    assert len(photos) == 1
    assert puerto.screen(phone="ana")[-1].startswith("¡Listo!")  # Ana is told nothing


async def test_who_joins_twice_is_counted_once_and_heard_again(puerto: Town) -> None:
    ticket = await filed(puerto)
    for _ in range(2):
        await told(puerto)
        (reply,) = await puerto.says("1", phone="beto")
    assert reply.startswith(f"Usted ya sigue el reporte {ticket.number}")
    assert (await newest(puerto, ticket.number)).followers == 1
    assert await events(puerto, ticket.number) == [Event.FILED, Event.FOLLOWED, Event.COMMENTED]


async def test_ones_own_report_is_not_joined_but_gets_the_words(puerto: Town) -> None:
    ticket = await filed(puerto)
    await told(puerto, phone="ana")
    (reply,) = await puerto.says("1", phone="ana")
    assert reply == worded(Say.OWN_ALREADY, ticket)
    assert (await newest(puerto, ticket.number)).followers == 0
    assert await events(puerto, ticket.number) == [Event.FILED, Event.COMMENTED]


async def test_two_who_join_at_once_are_both_counted(puerto: Town) -> None:
    ticket = await filed(puerto)
    for phone in ("beto", "carla", "dora"):
        await told(puerto, phone=phone)
    for phone in ("beto", "carla", "dora"):
        await puerto.says("1", phone=phone, settle=False)
    await puerto.settle()
    assert (await newest(puerto, ticket.number)).followers == 3


async def test_many_neighbours_make_it_urgent_and_the_history_says_so(puerto: Town) -> None:
    ticket = await filed(puerto)
    for n in range(CITY.talk.urgent_from):
        assert (await newest(puerto, ticket.number)).priority is Priority.NORMAL
        await told(puerto, phone=f"p{n}")
        await puerto.says("1", phone=f"p{n}")
    assert (await newest(puerto, ticket.number)).priority is Priority.URGENT
    async with puerto.store.view() as view:
        update = (await view.tickets.history(ticket.number))[-1]
    assert [(change.old, change.new) for change in update.changes] == [("normal", "urgent")]


async def test_one_that_is_closed_meanwhile_is_said_so_and_ones_own_goes_on(puerto: Town) -> None:
    ticket = await filed(puerto)
    await told(puerto)
    await puerto.desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="")
    replies = await puerto.says("1", phone="beto")
    assert replies[0] == f"{ticket.number}, Bache: resuelto."
    assert replies[1].startswith("Bache: Paseo del Parque. ¿Lo mando?")
    await puerto.says("sí", phone="beto")
    assert len(await puerto.tickets(phone="beto")) == 1


async def test_of_three_a_yes_asks_which_one(puerto: Town) -> None:
    numbers: list[str] = []
    for phone in ("a", "b", "c"):
        await puerto.says(BACHE, phone=phone)
        await puerto.says(point=replace(PIN, latitude=PIN.latitude + 0.0001 * len(numbers)), phone=phone)
        await puerto.says("no" if numbers else "sí", phone=phone)
        numbers += [(await puerto.tickets(phone=phone))[0].number]
    question = await told(puerto)
    assert question.count("[") == 4
    assert "[10 m, hace" in question
    (again,) = await puerto.says("sí", phone="beto")
    assert again == question
    await puerto.says("la segunda", phone="beto")
    assert await follows(puerto, numbers[1], "beto")


async def test_another_place_is_said_and_nothing_is_offered_there(puerto: Town) -> None:
    await filed(puerto)
    await told(puerto)
    (summary,) = await puerto.says("no, es en la calle 8", phone="beto")
    assert summary.startswith("Bache: la calle 8. ¿Lo mando?")


async def test_a_photo_while_the_question_is_open_goes_along(puerto: Town) -> None:
    ticket = await filed(puerto)
    question = await told(puerto)
    assert await puerto.says(phone="beto", photo=b"\xff\xd8\xff one") == [question]
    await puerto.says("1", phone="beto")
    async with puerto.store.view() as view:
        assert len(await view.photos.of_ticket(ticket.number)) == 1


async def test_asked_once_per_draft(puerto: Town) -> None:
    """Who wants one of their own, and then says no to sending it, is not asked again."""
    await filed(puerto)
    await told(puerto)
    await puerto.desk.move(
        number=(await puerto.tickets(phone="ana"))[0].number, to=Status.RESOLVED, version=1, login="rosa", note=""
    )
    await puerto.says("1", phone="beto")
    await filed(puerto, phone="carla")
    (change,) = await puerto.says("no", phone="beto")
    assert "¿Qué cambio?" in change


async def test_another_service_or_another_street_is_not_offered(puerto: Town) -> None:
    await filed(puerto)
    *_, summary = await puerto.says(TREE, phone="beto")
    assert "¿Lo mando?" in summary


async def test_news_reach_who_joined_and_not_who_left(puerto: Town) -> None:
    ticket = await filed(puerto)
    for phone in ("beto", "carla"):
        await told(puerto, phone=phone)
        await puerto.says("1", phone=phone)
    (left,) = await puerto.says(f"ya no quiero seguir el reporte {ticket.number}", phone="carla")
    assert left == WORDS(say(Say.LEFT, number=ticket.number), "es")
    await puerto.desk.move(number=ticket.number, to=Status.IN_PROGRESS, version=4, login="rosa", note="Vamos.")
    await puerto.settle()
    news = f"Novedades del reporte {ticket.number} (Bache): ya lo estamos atendiendo. Vamos."
    assert [puerto.screen(phone=phone)[-1] == news for phone in ("ana", "beto", "carla")] == [True, True, False]
    assert (await newest(puerto, ticket.number)).followers == 1


async def test_leaving_twice_leaves_once(puerto: Town) -> None:
    ticket = await filed(puerto)
    await told(puerto)
    await puerto.says("1", phone="beto")
    await puerto.says("dejar de seguir", phone="beto")
    (again,) = await puerto.says(f"dejar de seguir {ticket.number}", phone="beto")
    assert again == f"Usted ya no recibía avisos del reporte {ticket.number}."
    assert (await newest(puerto, ticket.number)).followers == 0
    assert await events(puerto, ticket.number) == [Event.FILED, Event.FOLLOWED, Event.LEFT]


async def test_of_two_joined_ones_it_is_asked_which_to_leave(puerto: Town) -> None:
    first = await filed(puerto)
    await puerto.says(TREE, phone="ana")
    await puerto.says("sí", phone="ana")
    second = (await puerto.tickets(phone="ana"))[0]
    await told(puerto)
    await puerto.says("1", phone="beto")
    *_, question = await puerto.says(TREE, phone="beto")
    assert "vecinos" in question
    await puerto.says("1", phone="beto")
    (which,) = await puerto.says("unfollow", phone="beto")
    assert first.number in which
    assert second.number in which
    await puerto.presses(f"{first.number} Bache: recibido", phone="beto")
    assert not await follows(puerto, first.number, "beto")
    assert await follows(puerto, second.number, "beto")


async def test_ones_own_cannot_be_left_and_stop_is_named(puerto: Town) -> None:
    ticket = await filed(puerto)
    for text in ("dejar de seguir", f"dejar de seguir {ticket.number}"):
        assert await puerto.says(text, phone="ana") == [WORDS(say(Say.NEWS_OF_OWN), "es")]


async def test_leaving_in_the_middle_of_a_report_keeps_it(puerto: Town) -> None:
    ticket = await filed(puerto)
    await told(puerto)
    await puerto.says("1", phone="beto")
    await puerto.says("otra cosa", phone="beto")
    left = await puerto.says(f"dejar de seguir {ticket.number}", phone="beto")
    assert left == [WORDS(say(Say.LEFT, number=ticket.number), "es")]
    assert "Otro problema" in (await puerto.says("calle 8", phone="beto"))[-1]


async def test_of_two_in_the_middle_of_a_report_none_is_left_before_it_is_named(puerto: Town) -> None:
    first = await filed(puerto)
    await puerto.says(TREE, phone="ana")
    await puerto.says("sí", phone="ana")
    second = (await puerto.tickets(phone="ana"))[0]
    await told(puerto)
    await puerto.says("1", phone="beto")
    await puerto.says(TREE, phone="beto")
    await puerto.says("1", phone="beto")
    await puerto.says("otra cosa", phone="beto")
    (which,) = await puerto.says("dejar de seguir", phone="beto")
    assert first.number in which
    assert second.number in which
    await puerto.says(f"dejar de seguir {first.number}", phone="beto")
    assert not await follows(puerto, first.number, "beto")
    assert await follows(puerto, second.number, "beto")
    assert "Otro problema" in (await puerto.says("calle 8", phone="beto"))[-1]


async def test_a_yes_with_the_same_place_joins_and_one_with_another_does_not(
    puerto: Town, parser: ScriptedParser
) -> None:
    ticket = await filed(puerto)
    for words, street in (("sí, en el Paseo del Parque", "Paseo del Parque"), ("sí, en la Rua 7", "Rua 7")):
        parser.known[words] = parse("affirm", words, location=street, language="es")
        await told(puerto, phone=street)
        await puerto.says(words, phone=street)
        assert await puerto.tickets(phone=street) == []
    assert await follows(puerto, ticket.number, "Paseo del Parque")
    assert not await follows(puerto, ticket.number, "Rua 7")


@pytest.mark.parametrize("style", STYLES)
async def test_three_times_not_understood_ends_with_a_person(puerto: Town, style: Style) -> None:
    await filed(puerto)
    await told(puerto, style=style)
    for words in ("asdf qwer", "zxcv"):
        assert "vecinos" in (await puerto.says(words, phone="beto", style=style))[-1]
    assert "vecinos" not in (await puerto.says("uiop hjkl", phone="beto", style=style))[-1]


async def test_a_press_on_an_older_question_joins_nothing(puerto: Town) -> None:
    ticket = await filed(puerto)
    await told(puerto)
    await puerto.says("no", phone="beto")
    (reply,) = await puerto.presses("Paseo del Parque, hace 1 segundo: recibido", phone="beto")
    assert reply == WORDS(say(Say.OLD_BUTTON), "es")
    assert not await follows(puerto, ticket.number, "beto")


async def test_who_does_not_know_is_asked_again(puerto: Town, parser: ScriptedParser) -> None:
    await filed(puerto)
    question = await told(puerto)
    for words, intent in (("no sé cuál", None), ("no se", "deny")):
        parser.known[words] = parse(intent, language="es")
        assert await puerto.says(words, phone="beto") == [question]


async def test_danger_is_never_held_up_by_neighbours(puerto: Town, parser: ScriptedParser) -> None:
    await filed(puerto)
    danger = "hay un bache con un cable de luz suelto, nos vamos a electrocutar"
    parser.known[danger] = parse("report_pothole", danger, language="es")
    await puerto.says(danger, phone="beto")
    assert "vecinos" not in (await puerto.says(point=PIN, phone="beto"))[-1]


async def test_where_all_that_were_offered_are_closed_a_yes_goes_on_with_ones_own(puerto: Town) -> None:
    for phone, answer in (("ana", "sí"), ("carla", "no")):
        await told(puerto, phone=phone)
        await puerto.says(answer, phone=phone)
    await told(puerto)
    for phone in ("ana", "carla"):
        (ticket,) = await puerto.tickets(phone=phone)
        await puerto.desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="")
    (summary,) = await puerto.says("sí", phone="beto")
    assert "¿Lo mando?" in summary
