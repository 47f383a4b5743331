"""Danger, in the simulated town: the number first, the desk told, the report not lost; and silence where words betray."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import alerting
from bot.i18n import Words
from bot.ports import Entry
from bot.resuming import Resuming
from bot.settings.lines import read_alerts, read_talk
from bot.settings.section import Problem, open_yaml
from channels.message import Contact
from channels.simulator import Style
from handlers.effects import ThreadKind
from handlers.turn import Citizen
from tests.bot.conftest import WHOLE
from tests.town import CITY, STYLES, ScriptedParser, Town, parse
from tickets.city import Alert, Talk
from tickets.model import Priority

GAS = "huele mucho a gas, vengan"
WIRE = "hay un cable caído echando chispas en la calle 8"
STAFF = Contact(channel="simulated_sms", address="+15559999")


@pytest.fixture
def parser() -> ScriptedParser:
    return ScriptedParser(
        {
            GAS: parse("emergency", GAS, language="es"),
            WIRE: parse("report_lighting", WIRE, location="calle 8", language="es"),
            "algo terrible pasa": parse("emergency", language="es"),
            "en la calle 8": parse("provide_location", "en la calle 8", location="calle 8", language="es"),
            "no sé": parse("deny", language="es"),
            WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es"),
            "mi marido me pega": parse("report_noise", language="es"),
            "hola": parse("greet", "hola", language="es"),
        }
    )


async def waiting(puerto: Town) -> Sequence[Entry]:
    async with puerto.store.view() as view:
        return (await view.threads.page(0, 50)).rows


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "text", [GAS, WIRE, "algo terrible pasa", "un señor no respira", "se derrumbó una casa con gente adentro"]
)
async def test_the_number_comes_first_of_all_even_at_first_contact(puerto: Town, style: Style, text: str) -> None:
    first, welcome, *rest = await puerto.says(text, style=style)
    assert "112" in first
    assert "Vecino" in welcome
    assert len(rest) == 1


async def test_who_goes_on_has_a_ticket_of_the_highest_priority(puerto: Town) -> None:
    *_, where = await puerto.says(GAS)
    assert "dónde" in where.lower()
    [summary] = await puerto.says("en la calle 8")
    assert "calle 8" in summary
    await puerto.presses("Sí")
    [ticket] = await puerto.tickets()
    assert (ticket.priority, ticket.service, ticket.description) == (
        Priority.EMERGENCY,
        "other",
        f"{GAS}\nen la calle 8",
    )


async def test_a_wire_is_the_lightings_and_nothing_is_asked_that_was_told(puerto: Town) -> None:
    *_, summary = await puerto.says(WIRE)
    assert "calle 8" in summary
    [receipt] = await puerto.presses("Sí")
    [ticket] = await puerto.tickets()
    assert (ticket.service, ticket.priority) == ("lighting", Priority.EMERGENCY)
    assert "antes que todo" in receipt  # and no date: days would be no comfort


async def test_who_does_not_go_on_is_asked_nothing_more(puerto: Town) -> None:
    await puerto.says(GAS)
    said = puerto.screen()
    await pass_a_day(puerto)
    assert puerto.screen() == said
    assert await puerto.tickets() == []


async def pass_a_day(puerto: Town) -> None:
    """With the job that brings up what was left lying."""
    resuming = Resuming(city=CITY, render=Words(CITY))
    for _ in range(30):
        puerto.clock.forward(hours=1)
        async with puerto.store.work() as work:
            await resuming.step(work, puerto.clock.now(), 0)
            await work.commit()
        await puerto.settle()


async def test_a_report_under_way_is_not_lost_and_becomes_one_of_danger(puerto: Town) -> None:
    await puerto.says(WHOLE)
    number, summary = await puerto.says("un niño se cayó al pozo, no respira")
    assert "112" in number
    assert summary.startswith("Bache: Av. Bolívar 123")
    await puerto.presses("Sí")
    [ticket] = await puerto.tickets()
    assert ticket.priority is Priority.EMERGENCY
    assert "no respira" in ticket.description


async def test_the_desk_has_it_at_once_while_the_bot_goes_on_talking(puerto: Town) -> None:
    await puerto.says(GAS)
    [entry] = await waiting(puerto)
    assert (entry.thread.kind, entry.thread.silent, entry.last.text) == (ThreadKind.EMERGENCY, False, GAS)
    assert await puerto.says("en la calle 8") != []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("text", "phone"),
    [("mi marido me pega", "016"), ("me quiero morir", "024"), ("ya no quiero vivir", "024"), ("fui violada", "016")],
)
async def test_violence_and_despair_get_their_line_and_no_question(
    puerto: Town, style: Style, text: str, phone: str
) -> None:
    number, welcome = await puerto.says(text, style=style)
    assert phone in number
    assert "112" not in number
    assert "?" not in number + welcome
    assert await puerto.tickets(style=style) == []


async def test_where_a_life_is_in_danger_just_now_the_emergency_number_follows(puerto: Town) -> None:
    await puerto.says("hola")
    line, emergency = await puerto.says("mi marido me pega, tiene un cuchillo")
    assert "016" in line
    assert "112" in emergency


async def test_a_person_hears_of_it_without_a_word_of_theirs(puerto: Town) -> None:
    await puerto.says("mi marido me pega")
    [entry] = await waiting(puerto)
    assert (entry.thread.kind, entry.thread.silent, entry.last.text) == (ThreadKind.DANGER, False, "")


async def test_nothing_is_sent_later_by_itself(puerto: Town) -> None:
    await puerto.says("mi marido me pega")
    said = puerto.screen()
    await pass_a_day(puerto)
    assert puerto.screen() == said


async def test_a_question_of_ours_stays_open_behind_it(puerto: Town) -> None:
    await puerto.says(WHOLE)
    assert len(await puerto.says("me quiero morir")) == 1
    await puerto.presses("Sí")
    assert len(await puerto.tickets()) == 1


async def test_without_a_line_of_its_own_it_is_the_emergency_number(puerto: Town) -> None:
    puerto.inbox._cities = replace(CITY, lines=replace(CITY.lines, violence="", self_harm=""))
    await puerto.says("hola")
    [number] = await puerto.says("mi marido me pega, tiene un cuchillo")
    assert "112" in number


async def alerts(puerto: Town) -> list[str]:
    await puerto.settle()
    return [bubble.text for bubble in puerto.phones["simulated_sms"].screen(STAFF.address)]


async def alert(puerto: Town, number: str = "", contact: Contact = STAFF, language: str = "") -> None:
    city = replace(CITY, alerts=(Alert(channel=contact.channel, address=contact.address, language=language),))
    async with puerto.store.work() as work:
        found = await work.citizens.find(Contact(channel="simulated_telegram", address="p1"))
        assert isinstance(found, Citizen)
        await alerting.alert(work, number, found, city, Words(CITY), puerto.clock.now())
        await work.commit()


async def test_the_staff_are_alerted_once_for_an_incident(puerto: Town) -> None:
    await puerto.says(GAS)
    for _ in range(3):
        await alert(puerto)
    assert len(await alerts(puerto)) == 1
    puerto.clock.at += timedelta(hours=1)
    await alert(puerto)
    assert len(await alerts(puerto)) == 2
    assert all(GAS not in text for text in await alerts(puerto))


async def test_a_filed_emergency_alerts_with_its_number_and_place(puerto: Town) -> None:
    await puerto.says(WIRE)
    await puerto.presses("Sí")
    [ticket] = await puerto.tickets()
    for _ in range(2):
        await alert(puerto, ticket.number)
    [text] = await alerts(puerto)
    assert ticket.number in text
    assert "calle 8" in text


async def test_an_alert_by_e_mail_is_in_its_readers_language_and_holds_no_word_of_the_citizen(puerto: Town) -> None:
    await puerto.says(WIRE)
    await puerto.presses("Sí")
    [ticket] = await puerto.tickets()
    await alert(puerto, ticket.number, Contact(channel="email", address="head@city.example"), "en")
    async with puerto.store.view() as view:
        *_, sent = await view.outbox.of_ticket(ticket.number)
    assert sent.text.startswith(f"EMERGENCY {ticket.number}: ")
    assert sent.text.endswith(ticket.place.street or "street not known")
    assert ticket.place.words not in sent.text


async def test_the_city_alerts_through_its_config(puerto: Town) -> None:
    puerto.inbox._record._cities = replace(CITY, alerts=(Alert(channel=STAFF.channel, address=STAFF.address),))
    await puerto.says(GAS)
    await puerto.says("en la calle 8")
    await puerto.presses("Sí")
    first, second = await alerts(puerto)
    assert "EMERG" in first.upper()
    assert (await puerto.tickets())[0].number in second


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('alerts: [{channel: whatsapp, address: "+15550123"}]', "one of telegram, sms"),
        ('alerts: [{channel: sms, address: "15550123"}]', "a number with its +"),
        ("alerts: [{channel: sms}]", "is missing"),
        ('alerts: [{channel: sms, address: "+15550123", name: Rosa}]', "is not known here"),
        ("talk: {handover: 0}", "hours"),
        ("talk: {handover: soon}", "hours"),
        ("talk: {emergency_service: fire}", "the code of a service"),
        ("talk: {patience: 3}", "is not known here"),
    ],
)
def test_a_mistake_in_them_is_told(source: str, says: str) -> None:
    problems: list[Problem] = []
    top = open_yaml(source, problems)
    read_alerts(top)
    read_talk(top)
    assert any(says in problem.advice for problem in problems)


def test_left_out_they_are_what_they_usually_are() -> None:
    top = open_yaml("a: 1", [])
    assert (read_alerts(top), read_talk(top)) == ((), Talk())
    assert read_talk(open_yaml("talk: {handover: 2.5}", [])).handover == timedelta(hours=2.5)


async def aside(puerto: Town) -> list[str]:
    async with puerto.store.view() as view:
        return [message.text for message in (await view.set_aside.page(0, 10)).rows]


@pytest.mark.parametrize("style", STYLES)
async def test_danger_told_after_stop_reaches_the_desk_and_the_staff_and_is_not_answered(
    puerto: Town, style: Style
) -> None:
    puerto.inbox._cities = replace(CITY, alerts=(Alert(channel=STAFF.channel, address=STAFF.address),))
    await puerto.says("BAJA", style=style)
    assert await puerto.says(GAS, style=style) == []
    [entry] = await waiting(puerto)
    assert (entry.thread.kind, entry.thread.silent, entry.last.text) == (ThreadKind.EMERGENCY, False, GAS)
    assert len(await alerts(puerto)) == 1
    assert await aside(puerto) == [GAS]


async def test_despair_told_after_stop_reaches_the_desk_without_its_words(puerto: Town) -> None:
    await puerto.says("BAJA")
    assert await puerto.says("me quiero morir") == []
    [entry] = await waiting(puerto)
    assert (entry.thread.kind, entry.thread.silent) == (ThreadKind.DANGER, False)


async def test_what_is_no_danger_after_stop_is_only_set_aside(puerto: Town) -> None:
    await puerto.says("BAJA")
    assert await puerto.says("borrar mis datos") == []
    assert list(await waiting(puerto)) == []
    assert await aside(puerto) == ["borrar mis datos"]
