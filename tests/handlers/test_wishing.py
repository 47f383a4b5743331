"""Who wants to report something and does not say what is asked what it is about, whatever a model hears in it."""

from dataclasses import replace

import pytest

from bot.whereabouts import place_said
from handlers.phrases.wishing import TABLES, is_vague, wishes_to_report
from handlers.reporting import opening
from handlers.turn import Asked, Dialogue
from nlu.parse import Guess
from nlu.places import Gazetteer
from tests.handlers.turns import NOW, turn
from tests.town import CITY, ScriptedParser, Town, parse
from tickets.model import Place

VAGUE = [
    "quisiera reportar una situación en mi calle", "necesito reportar algo que no es de lo común",
    "tengo un problema del barrio que no sé a quién decirle", "hay algo raro en mi calle y quiero avisar",
    "queria registrar uma situação na minha rua", "um problema na minha rua",
    "tem uma coisa que a prefeitura deveria ver", "I would like to report a situation on my street",
    "i would like to report a situation on my strreet", "there's something the council should see",
    "there is a problem in my street", "je veux vous prévenir d'un problème dans le quartier",
    "j'ai une chose à signaler", "quiero poner una queja de algo en la calle", "il y a une situation étrange, je préviens",
    "quero fazer uma reclamação de algo na rua", "je voudrais signaler une situation dans ma rue", "il y a une chose que la mairie devrait voir",
]  # fmt: skip
WISHES = [
    "quiero reportar que tiraron escombro", "quero relatar um poste torto", "I need to report a broken bench",
    "je souhaite vous signaler un banc cassé", "vengo a avisarles de una zanja abierta",
]  # fmt: skip
NO_WISHES = [
    "no quiero reportar nada", "ya no quiero reportar el bache", "quiero ver mis reportes", "my reports",
    "I don't want to report anything anymore", "não quero mais registrar", "je ne veux plus rien signaler",
    "quiero avisar que mi reporte sigue igual", "I want to report that my report was wrong",
    "quiero hablar con una persona para reportar algo", "quiero denunciar a un empleado", "cómo va mi reporte",
    "je dois parler à quelqu'un de la mairie", "necesito hablar con alguien de la alcaldía",
    "no hay problema en mi calle", "there is no problem in my street", "no quiero reportar un problema en mi calle",
    "não quero relatar um problema na minha rua", "I don't want to report a problem in my street",
]  # fmt: skip
MENU = "Otro problema"
PLACES = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("table", TABLES)
def test_every_language_has_its_words(table: str, language: str) -> None:
    assert TABLES[table].get(language), f"{language}: add its words to {table} in handlers/phrases/wishing.py"


@pytest.mark.parametrize("text", VAGUE)
def test_these_say_that_there_is_something_and_not_what(text: str) -> None:
    assert is_vague(text)


@pytest.mark.parametrize("text", WISHES)
def test_these_want_to_report_and_say_what(text: str) -> None:
    assert wishes_to_report(text)
    assert not is_vague(text)


@pytest.mark.parametrize("text", [*NO_WISHES, "hay un bache en mi calle", "a lamp is out on my street", "hola", ""])
def test_these_do_not(text: str) -> None:
    assert not is_vague(text)
    assert not wishes_to_report(text)


@pytest.mark.parametrize("heard", ["check_status", "help", "handover", "ask_information", "reopen"])
async def test_whatever_a_model_hears_it_is_asked_what_it_is_about(
    puerto: Town, parser: ScriptedParser, heard: str
) -> None:
    text = "quisiera reportar una situación en mi calle"
    parser.known[text] = parse(heard, language="es")
    assert "¿De qué se trata?" in (await puerto.says(text))[-1]
    again = (await puerto.says(text))[-1]
    assert "¿De qué se trata?" in again
    assert MENU in again
    assert "no le entiendo" not in again


async def test_the_place_that_it_names_is_kept(puerto: Town, parser: ScriptedParser) -> None:
    text = "necesito reportar algo raro en la calle Molino 33"
    parser.known[text] = parse("handover", text, location="la calle Molino 33", language="es")
    assert "¿De qué se trata?" in (await puerto.says(text))[-1]
    assert "la calle Molino 33. ¿Lo mando?" in (await puerto.says("1"))[-1]


def test_a_street_that_no_model_sees_in_it_is_kept_as_well() -> None:
    text = "quiero reportar que rompieron una banca en la calle Molino 33"
    place = place_said(opening.heard(turn(text, parse=parse("help"))), PLACES)
    assert place is not None
    assert place.street == "Calle Molino"


def test_a_service_of_which_the_model_is_sure_is_kept_and_a_guess_is_not() -> None:
    text = "I'd like to report something in my street"
    sure = turn(text, parse=parse("report_noise"))
    assert opening.heard(sure) == sure
    guess = replace(parse("report_animal"), confidence=0.3)
    heard = opening.heard(turn(text, parse=guess)).parse
    assert heard is not None
    assert heard.intent is None
    assert heard.ranking == ()


@pytest.mark.parametrize("heard", ["emergency", "stop", "erase_data"])
def test_danger_and_rights_are_heard_in_it(heard: str) -> None:
    said = turn("quiero avisar de un problema en mi calle", parse=parse(heard))
    assert opening.heard(said) == said


def test_asked_where_it_is_a_wish_that_tells_a_place_answers() -> None:
    asked = Dialogue(asked=Asked.PLACE, since=NOW)
    text = "quiero reportar algo en la calle Molino"
    told = parse(None, text, location="la calle Molino")
    said = turn(text, dialogue=asked, parse=told, place=Place(words="la calle Molino"))
    assert not opening.is_wish(said)
    assert opening.is_wish(turn("quiero reportar algo en mi calle", dialogue=asked, parse=parse(None)))


def test_a_report_that_is_told_is_no_bare_wish() -> None:
    ranking = (Guess(name="report_noise", confidence=0.5),)
    said = turn("quiero reportar una fiesta en mi calle", parse=parse("report_noise", ranking=ranking))
    assert opening.heard(said) == said
