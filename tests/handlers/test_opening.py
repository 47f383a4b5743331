""" "I want to report something", and other short messages in which a model heard something else."""

from dataclasses import replace

import pytest

from bot.whereabouts import place_in
from handlers import information
from handlers.people import danger
from handlers.phrases.neighbour_words import says_leave
from handlers.phrases.verdict import may_be_fixed
from handlers.phrases.words import NO, says
from handlers.reporting import opening
from handlers.reporting.complaint import complains
from handlers.reporting.heard import says_option
from handlers.reports.closure import _verdict
from handlers.turn import Asked, Dialogue
from nlu.parse import Guess
from nlu.places import Gazetteer
from tests.handlers.turns import NOW, turn
from tests.town import CITY, ScriptedParser, Town, parse

WISHES = [
    "quiero reportar algo",
    "I want to report something",
    "quero avisar uma coisa",
    "je veux signaler quelque chose",
]
PLACES = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)


@pytest.mark.parametrize("text", WISHES)
@pytest.mark.parametrize("heard", ["help", "cancel", "start", None])
async def test_who_wants_to_report_is_invited_then_shown_the_menu_then_given_a_person(
    puerto: Town, parser: ScriptedParser, text: str, heard: str | None
) -> None:
    parser.known[text] = parse(heard, language="es")
    assert "Cuénteme qué pasa" in (await puerto.says(text))[-1]
    assert "Otro problema" in (await puerto.says(text))[-1]
    assert "persona" in " ".join(await puerto.says(text))


async def test_help_that_a_model_hears_is_not_repeated_for_ever(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["esto cómo va"] = parse("help", language="es")
    told = [" ".join(await puerto.says("esto cómo va")) for _ in range(3)]
    assert len(set(told)) == len(told)
    assert "persona" in told[-1]


@pytest.mark.parametrize("text", ["cancelar el reporte", "mis reportes", "no quiero reportar nada", "reporte"])
def test_what_says_more_is_no_such_wish(text: str) -> None:
    assert not opening.is_said(turn(text))


def test_a_no_that_only_a_model_hears_reopens_nothing_where_a_yes_stands() -> None:
    text = "foi resollvido sim"
    assert may_be_fixed(text)
    asked = Dialogue(asked=Asked.FIXED, since=NOW)
    assert _verdict(turn(text, dialogue=asked, parse=parse("reopen"))) is None
    assert not may_be_fixed("não foi resolvido")


@pytest.mark.parametrize("text", ["n é isso", "n", "ñ", "n, obrigada", "nop", "nel"])
def test_a_no_of_one_letter_is_a_no_whatever_a_model_hears(text: str) -> None:
    assert says(text, NO)
    assert not says_option(turn(text, parse=parse("affirm")), "yes", "affirm")


def test_a_no_of_one_letter_before_more_words_sends_nothing() -> None:
    assert not says_option(turn("n era bem isso ai", parse=parse("affirm")), "yes", "affirm")


async def test_a_complaint_is_a_report_and_no_question_about_the_days() -> None:
    text = "la basura lleva días sin que la recojan en la calle Molino"
    assert complains(text)
    assert not information.is_asked(turn(text, parse=parse("report_waste")), CITY)
    asks = "¿qué días pasa la basura?"
    assert information.is_asked(turn(asks, parse=parse("ask_information")), CITY)


@pytest.mark.parametrize(("text", "service"), [("un momento", None), ("hay una moto tirada", "report_vehicle")])
def test_danger_that_only_an_unsure_model_hears_is_none(text: str, service: str | None) -> None:
    ranking = (Guess(name="emergency", confidence=0.57), Guess(name=service or "out_of_scope", confidence=0.38))
    heard = replace(parse("emergency"), confidence=0.57, ranking=ranking)
    assert danger.unless_imagined(turn(text, parse=heard)).intent == service
    assert danger.unless_imagined(turn(text, parse=replace(heard, confidence=0.7))).intent == "emergency"
    assert danger.unless_imagined(turn("sale humo de la casa", parse=heard)).intent == "emergency"


def test_no_more_news_of_one_report_is_no_stop() -> None:
    assert says_leave("n quero mais receber avisos do 7K3-9QX", "7K3-9QX")


@pytest.mark.parametrize(
    ("text", "pointed", "words"),
    [
        ("au 77 rue des ecoles il y a une fuite d'eau", None, "77 rue des ecoles"),
        ("hay un bache en calle los pinos 45", None, "calle los pinos 45"),
        ("2 baches en calle los pinos", None, "Calle Los Pinos"),
        ("no light in front of St Mary's since monday", "in front of St", "in front of St Mary's"),
    ],
)
def test_the_house_number_and_the_whole_name_are_kept(text: str, pointed: str | None, words: str) -> None:
    place = place_in(text, parse("report_other", text, **({"location": pointed} if pointed else {})), PLACES)
    assert place is not None
    assert place.words == words
