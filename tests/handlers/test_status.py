from dataclasses import replace
from datetime import timedelta

import pytest

from bot.i18n import Words
from channels.message import Contact
from channels.segments import count
from channels.simulator import Style
from handlers.say import Say, say
from nlu.parse import Guess
from tests.samples import TICKET
from tests.town import CITY, PIN, ScriptedParser, Town, parse
from tickets.model import CITIZEN, Place, Status
from tickets.retention import Duty, Rule
from tickets.workflow import filed, move

WORDS = Words(CITY)
WHOLE = "hay un bache en Av. Bolívar 123"
OTHER = "un poste apagado en la calle 8"
ASK = "¿cómo va mi reporte?"


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es"),
        OTHER: parse("report_lighting", OTHER, location="la calle 8", language="es"),
        ASK: parse("check_status", language="es"),
        "bache": parse("report_pothole", language="es"),
        "todavía sigue igual": parse("reopen", language="es"),
        "me faltó decir que es profundo": parse("add_comment", language="es"),
    }


async def report(puerto: Town, text: str = WHOLE, phone: str = "p1") -> str:
    await puerto.says(text, phone=phone)
    await puerto.presses("Sí", phone=phone)
    return (await puerto.tickets(phone=phone))[0].number


async def test_my_report_is_told_with_its_promised_date(puerto: Town) -> None:
    number = await report(puerto)
    (told,) = await puerto.says(ASK)
    assert told.splitlines() == [
        f"{number}, Bache, Av. Bolívar 123: recibido. Esperamos resolverlo para el lun 30 de nov.",
        "Lo que sigue: el equipo lo revisa.",
    ]


async def test_several_reports_are_listed_newest_first(puerto: Town) -> None:
    first, second = await report(puerto), await report(puerto, OTHER)
    (told,) = await puerto.says(ASK)
    assert told == f"Sus reportes recientes: [{second} Alumbrado: recibido] [{first} Bache: recibido]"
    assert (await puerto.says("2"))[-1].startswith(f"{first}, Bache, Av. Bolívar 123: recibido.")


@pytest.mark.parametrize("spelling", ["{0}", "{1}", " {2} "])
async def test_a_number_alone_is_enough_however_it_is_typed(puerto: Town, spelling: str) -> None:
    number = await report(puerto)
    typed = spelling.format(number, number.replace("-", "").lower(), number.replace("-", " "))
    (told,) = await puerto.says(typed)
    assert told.startswith(number)


async def test_somebody_elses_number_opens_only_the_public_part(puerto: Town) -> None:
    number = await report(puerto)
    *_, told = await puerto.says(number, phone="p2")
    assert told == f"{number}, Bache: recibido."  # and no news are promised to whom none are sent


async def test_a_number_that_is_nobodys_is_answered_with_what_one_looks_like(puerto: Town) -> None:
    assert (await puerto.says("7K3-9QX"))[-1].startswith("No encuentro 7K3-9QX.")


async def test_nobodys_reports_are_answered_with_how_to_make_one(puerto: Town) -> None:
    assert (await puerto.says(ASK))[-1].startswith("Por ahora no tiene reportes")


async def test_a_clerks_move_is_told_in_the_language_of_the_citizen(puerto: Town) -> None:
    number = await report(puerto)
    await puerto.desk.move(number=number, to=Status.IN_PROGRESS, version=1, login="rosa", note="Vamos mañana.")
    await puerto.desk.move(number=number, to=Status.RESOLVED, version=2, login="rosa", note="")
    await puerto.settle()
    assert puerto.screen()[-2:] == [
        f"Novedades del reporte {number} (Bache): ya lo estamos atendiendo. Vamos mañana.",
        f"¡Buenas noticias! El reporte {number} (Bache) ya fue resuelto.\n¿Usted cómo lo ve: quedó bien? [Sí] [No]",
    ]
    (told,) = await puerto.says(number)
    assert told == f"{number}, Bache, Av. Bolívar 123: resuelto el lun 23 de nov."


async def test_an_addition_reaches_the_clerk_in_the_history(puerto: Town) -> None:
    number = await report(puerto)
    assert await puerto.says("me faltó decir que es profundo") == [
        f"Anotado en el reporte {number}. El equipo lo va a ver."
    ]
    async with puerto.store.view() as view:
        history = await view.tickets.history(number)
    assert history[-1].note == "me faltó decir que es profundo"


async def test_nobody_can_add_to_anothers_report(puerto: Town, parser: ScriptedParser) -> None:
    number = await report(puerto)
    text = f"para el {number}: es mentira"
    parser.known[text] = parse("add_comment", language="es")
    assert (await puerto.says(text, phone="p2"))[-1].startswith(f"{number}, Bache: recibido.")
    async with puerto.store.view() as view:
        assert len(await view.tickets.history(number)) == 1


async def test_past_its_date_no_old_promise_is_repeated(puerto: Town) -> None:
    number = await report(puerto)
    puerto.clock.forward(days=20)
    (told,) = await puerto.says(number)
    late, _next = told.splitlines()
    assert late.endswith("Debía estar listo el lun 30 de nov: disculpe la demora, sigue en nuestra lista.")


@pytest.mark.parametrize("typed", ["QQQ-QQQ", "qqq-qqq", "¿QQQ-QQQ?", "7K39QZ", "7K3-9QZ", "7K3 9QZ"])
async def test_a_wrong_number_alone_is_told_so_and_says_nothing_of_the_language(
    puerto: Town, parser: ScriptedParser, typed: str
) -> None:
    parser.known[typed] = parse(None, language="fr")
    for _ in range(2):
        assert (await puerto.says(typed))[-1] == WORDS(say(Say.NUMBER_UNKNOWN, number=typed), "es")
    assert parser.asked == []


async def test_a_report_that_a_rule_deleted_is_told_as_deleted_and_when(puerto: Town) -> None:
    number = await report(puerto)
    async with puerto.store.work() as work:
        ticket = await work.tickets.get(number)
        assert ticket
        now = puerto.clock.now()
        await work.tickets.change(*move(ticket, Status.RESOLVED, CITY.calendar, actor=CITIZEN, at=now, note=""))
        rule = Rule(after=timedelta(days=365), do=Duty.DELETE_CASE)
        await work.retention.carry(rule, now + timedelta(days=400), None, 10)
        await work.commit()
    (told,) = await puerto.says(number)
    assert told.startswith(f"El reporte {number} (Bache) se cerró hace mucho. Lo borramos el ")
    assert "2027" in told or "2028" in told


@pytest.mark.parametrize("phone", ["p1", "p2"])
async def test_a_wrong_number_in_the_middle_of_a_report_is_no_place(puerto: Town, phone: str) -> None:
    await puerto.says("bache", phone=phone)
    assert await puerto.says("QQQ-QQQ", phone=phone) == [WORDS(say(Say.NUMBER_UNKNOWN, number="QQQ-QQQ"), "es")]
    assert "Cra 100" in (await puerto.says("Cra 100", phone=phone))[-1]  # and an address that looks like one is


async def test_a_plate_is_no_ticket_number_when_a_vehicle_is_reported(puerto: Town, parser: ScriptedParser) -> None:
    text = "un carro abandonado en la calle 8"
    parser.known[text] = parse("report_vehicle", text, location="la calle 8", language="es")
    await puerto.says(text)
    assert "¿Lo mando?" in (await puerto.says("ABC-123"))[-1]
    await puerto.says("sí")
    (ticket,) = await puerto.tickets()
    assert ticket.description == f"{text}\nABC-123"


@pytest.mark.parametrize("word", ["dejalo", "demain", "existe", "dentro", "bye-bye", "non-non"])
async def test_a_word_that_could_be_a_number_is_read_as_a_word(puerto: Town, parser: ScriptedParser, word: str) -> None:
    parser.known[word] = parse("goodbye", language="es")
    assert (await puerto.says(word))[-1].startswith("¡Hasta luego!")


async def test_an_addition_to_nothing_that_says_where_becomes_a_report(puerto: Town, parser: ScriptedParser) -> None:
    text = "y anoten un poste torcido en la calle 8"
    guesses = (Guess(name="add_comment", confidence=0.5), Guess(name="report_lighting", confidence=0.4))
    parser.known[text] = parse("add_comment", text, location="la calle 8", language="es", ranking=guesses)
    *_, menu = await puerto.says(text)
    assert "[Alumbrado]" in menu
    (summary,) = await puerto.presses("Alumbrado")
    assert summary.startswith("Alumbrado: la calle 8.")


async def test_what_a_clerk_wrote_last_is_told_with_its_day(puerto: Town) -> None:
    number = await report(puerto)
    puerto.clock.forward(days=1)
    await puerto.desk.move(number=number, to=Status.WAITING, version=1, login="rosa", note="Esperamos asfalto.")
    await puerto.desk.note(number=number, version=2, login="rosa", text="nobody outside reads this")
    *_, told = await puerto.says(number)
    assert told.splitlines()[1:] == [
        "Última novedad, mar 24 de nov: Esperamos asfalto.",
        "Lo que sigue: seguimos en cuanto llegue lo que esperamos.",
    ]


async def test_by_sms_a_long_note_is_cut_so_that_it_stays_two_messages(puerto: Town) -> None:
    await puerto.says(WHOLE, style="sms")
    await puerto.says("si", style="sms")
    number = (await puerto.tickets(style="sms"))[0].number
    await puerto.desk.move(number=number, to=Status.IN_PROGRESS, version=1, login="rosa", note="Vamos " * 100)
    *_, told = await puerto.says(number, style="sms")
    assert count(told).segments == 2
    assert "Vamos..." in told
    assert told.endswith("yo le aviso cuando esté listo.")


async def test_who_joined_sees_street_news_and_date_and_none_of_the_reporters_words(
    puerto: Town, parser: ScriptedParser
) -> None:
    parser.known["frente a la casa de Rosa"] = parse("provide_location", language="es")
    for phone, answer in (("p1", "sí"), ("p2", "1")):
        await puerto.says("bache", phone=phone)
        await puerto.says("frente a la casa de Rosa", point=PIN, phone=phone)
        await puerto.says(answer, phone=phone)
    number = (await puerto.tickets())[0].number
    await puerto.desk.move(number=number, to=Status.TRIAGED, version=2, login="rosa", note="Pasamos el lunes.")
    for asked in (number, ASK):
        *_, told = await puerto.says(asked, phone="p2")
        assert told.splitlines() == [
            f"{number}, Bache, Avenida Bolívar: lo estamos revisando. Esperamos resolverlo para el lun 30 de nov.",
            "Última novedad, lun 23 de nov: Pasamos el lunes.",
            "Lo que sigue: alguien va al lugar.",
            "Usted sigue este reporte.",
        ]
    assert "Rosa" in (await puerto.says(number))[-1]
    stranger = (await puerto.says(number, phone="p3"))[-1]
    assert stranger == f"{number}, Bache: lo estamos revisando."


@pytest.mark.parametrize("words", ["¿y el foco?", "¿cómo va lo de la luz?", "¿cómo va lo de la calle 8?"])
async def test_one_of_several_is_found_by_what_it_is_about(puerto: Town, parser: ScriptedParser, words: str) -> None:
    await report(puerto)
    lamp = await report(puerto, OTHER)
    await report(puerto, WHOLE)
    parser.known[words] = parse("check_status", language="es")
    *_, told = await puerto.says(words)
    assert told.startswith(f"{lamp}, Alumbrado, la calle 8")


async def test_two_of_the_same_kind_are_asked_about_and_a_digit_opens_one(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["¿y el foco?"] = parse("check_status", language="es")
    parser.known["un poste apagado en la calle 9"] = parse(
        "report_lighting", "un poste apagado en la calle 9", location="la calle 9", language="es"
    )
    first, second = await report(puerto, OTHER), await report(puerto, "un poste apagado en la calle 9")
    await report(puerto)
    (asked,) = await puerto.says("¿y el foco?")
    assert asked == f"Sus reportes recientes: [{second} Alumbrado: recibido] [{first} Alumbrado: recibido]"
    assert (await puerto.says("2"))[-1].startswith(first)


async def test_asking_in_the_middle_of_a_report_does_not_lose_it(puerto: Town) -> None:
    first, second = await report(puerto), await report(puerto, OTHER)
    await puerto.says("bache")
    *_, told = await puerto.says(ASK)
    assert told == f"Sus reportes recientes:\n{second} Alumbrado: recibido\n{first} Bache: recibido"
    assert "¿Lo mando?" in (await puerto.says("Cra 100"))[-1]


async def test_open_reports_come_before_closed_ones(puerto: Town) -> None:
    first, second = await report(puerto), await report(puerto, OTHER)
    await puerto.desk.move(number=second, to=Status.DECLINED, version=1, login="rosa", note="No es nuestro.")
    *_, told = await puerto.says(ASK)
    assert told == f"Sus reportes recientes: [{first} Bache: recibido] [{second} Alumbrado: cerrado sin arreglo]"


async def test_an_old_report_is_told_all_the_same(puerto: Town) -> None:
    number = await report(puerto)
    puerto.clock.forward(days=100)
    assert (await puerto.says(ASK))[-1].startswith(number)


async def test_who_joined_where_no_street_is_known_is_told_the_area_and_never_the_reporters_words(
    puerto: Town, parser: ScriptedParser
) -> None:
    ticket = replace(TICKET, place=Place(words="mi casa", area="centro"))
    async with puerto.store.work() as work:
        people = [Contact(channel="simulated_telegram", address=phone) for phone in ("p1", "p2")]
        lanes = await work.citizens.lanes(people)
        one, other = (lanes[contact] for contact in people)
        filed_ = replace(ticket, reporter=one)
        await work.tickets.file(filed_, filed(filed_, actor=CITIZEN))
        await work.followers.add(ticket.number, other, ticket.filed_at)
        await work.commit()
    *_, told = await puerto.says(ticket.number, phone="p2")
    assert told.startswith(f"{ticket.number}, Bache, Centro: recibido.")
    assert "mi casa" not in told


@pytest.mark.parametrize("intent", [None, "greet", "ask_information"])
async def test_words_that_mean_nothing_ask_for_the_status_of_the_number_in_them(
    puerto: Town, parser: ScriptedParser, intent: str | None
) -> None:
    number = await report(puerto)
    text = f"how is {number.lower()} going"
    parser.known[text] = parse(intent, language="en")
    assert number in (await puerto.says(text))[0]


async def test_how_is_it_going_asks_though_the_model_hears_that_it_is_not_fixed(
    puerto: Town, parser: ScriptedParser
) -> None:
    number = await report(puerto)
    parser.known["como esta el reporte del bache"] = parse("reopen", language="es")
    before = await history_size(puerto, number)
    assert number in (await puerto.says("como esta el reporte del bache"))[0]
    assert await history_size(puerto, number) == before


async def history_size(puerto: Town, number: str) -> int:
    async with puerto.store.view() as view:
        return len(await view.tickets.history(number))


@pytest.mark.parametrize(("style", "counted"), [("telegram", True), ("sms", False)])
async def test_a_date_that_passes_over_a_holiday_is_explained_where_that_costs_nothing(
    puerto: Town, style: Style, counted: bool
) -> None:
    puerto.clock.forward(days=28)  # Monday, the week of Christmas
    await puerto.says(WHOLE, style=style)
    await (puerto.says("1", style=style) if style == "sms" else puerto.presses("Sí"))
    told = "\n".join(await puerto.says(ASK, style=style))
    assert "Esperamos resolverlo para el mar 29 de dic" in told
    assert ("\nContamos 5 días hábiles desde el lun 21 de dic; cerrado el 25 dic.\n" in told) is counted
