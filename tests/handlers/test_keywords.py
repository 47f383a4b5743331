"""Rights by keyword: per language and country, folded, and never as a part of something longer."""

import re

import pytest

from bot.i18n import catalogue
from bot.texts import TEXTS
from handlers.phrases.keywords import CODE_WORDS, RIGHTS, Right, right
from handlers.phrases.words import SIGNS, fold
from handlers.say import Say
from tests.town import CITY, ScriptedParser, Town, parse


@pytest.mark.parametrize("asked", Right)
def test_each_language_has_its_words_for_each_right(asked: Right) -> None:
    for language in CITY.languages:
        assert RIGHTS[asked].get(language), f"{language}: add its words for {asked} to handlers/phrases/keywords.py"
        assert CODE_WORDS.get(language), f"{language}: add what stands beside a code to handlers/phrases/keywords.py"


def test_tables_are_keyed_by_language_or_by_language_and_country() -> None:
    keys = {key for table in RIGHTS.values() for key in table} - {SIGNS, "ht"}
    for key in keys:
        language, _, country = key.partition("_")
        assert language in CITY.languages, key
        assert not country or (len(country) == 2 and country.isupper()), key


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("STOP", Right.STOP), ("Baja.", Right.STOP), ("¡BAJA!", Right.STOP), ("parar", Right.STOP),
        ("sair", Right.STOP), ("Arrêt", Right.STOP), ("ARRÊTER", Right.STOP), ("“BAJA”", Right.STOP),
        ("baja, por favor", Right.STOP), ("Dame de baja", Right.STOP), ("/stop", Right.STOP), ("stop\n", Right.STOP),
        ("START", Right.START), ("alta", Right.START), ("Voltar", Right.START), ("Reprendre", Right.START),
        ("help", Right.HELP), ("Ayuda", Right.HELP), ("ajuda!", Right.HELP), ("Aide", Right.HELP), ("?", Right.HELP),
        ("my data", Right.MY_DATA), ("Mis datos", Right.MY_DATA), ("MEUS DADOS", Right.MY_DATA),
        ("mes données", Right.MY_DATA), ("mes donnees svp", Right.MY_DATA), ("/mis_datos", Right.MY_DATA),
        ("my_data", Right.MY_DATA), ("¿Qué datos tienen de mí?", Right.MY_DATA),
        ("delete my data", Right.ERASE), ("Please delete my data!", Right.ERASE), ("Borrar mis datos", Right.ERASE),
        ("elimine mis datos, por favor", Right.ERASE), ("Apagar meus dados", Right.ERASE),
        ("Excluir meus dados", Right.ERASE), ("supprimez mes données", Right.ERASE),
        ("Effacer mes données s'il vous plaît", Right.ERASE), ("/delete_my_data", Right.ERASE),
        ("human", Right.PERSON), ("Humano", Right.PERSON), ("Persona", Right.PERSON), ("Atendente", Right.PERSON),
        ("humain", Right.PERSON), ("Quiero hablar con una persona", Right.PERSON), ("agent", Right.PERSON),
        ("Je voudrais parler à quelqu'un", Right.PERSON),
    ],
)  # fmt: skip
def test_a_right_is_known_whatever_its_case_accents_and_punctuation(text: str, asked: Right) -> None:
    assert right(text.lstrip("/")) is asked


@pytest.mark.parametrize("word", [word for table in RIGHTS.values() for words in table.values() for word in words])
def test_every_word_means_its_right_and_nothing_within_a_sentence(word: str) -> None:
    assert right(word) is not None
    assert right(f"hay un bache, {word}, en la calle 8") is None
    assert fold(word) == word


@pytest.mark.parametrize(
    ("text", "beginning"),
    [("mis datos", "Para saber que es usted"), ("ayuda", "Cuénteme qué pasa"), ("BAJA", "Listo, no le escribo más")],
)  # fmt: skip
async def test_a_right_is_heard_in_the_middle_of_a_report(
    puerto: Town, parser: ScriptedParser, text: str, beginning: str
) -> None:
    parser.known["hay un bache"] = parse("report_pothole", language="es")
    await puerto.says("hay un bache")
    assert (await puerto.says(text))[0].startswith(beginning)


@pytest.mark.parametrize(
    ("text", "beginning"),
    [("mis datos", "Para saber que es usted"), ("borrar mis datos", "Esto borra sus datos"),
     ("BAJA", "Listo, no le escribo más")],
)  # fmt: skip
async def test_a_right_is_heard_while_a_person_has_the_conversation(puerto: Town, text: str, beginning: str) -> None:
    await puerto.says("persona")
    assert (await puerto.says("hola, ¿hay alguien?")) == []
    assert (await puerto.says(text))[0].startswith(beginning)


async def test_the_code_is_heard_while_a_person_has_the_conversation(puerto: Town) -> None:
    await puerto.says("persona")
    code = (await puerto.says("borrar mis datos"))[-1].rpartition(" ")[2]
    assert (await puerto.says(code))[0].startswith("Listo, sus datos quedaron borrados")
    assert len(await puerto.says("hola")) == 2  # a newcomer, whom the bot welcomes


@pytest.mark.parametrize("language", CITY.languages)
def test_no_text_asks_for_a_word_that_means_something_else_to_twilio(language: str) -> None:
    said = [catalogue(language).gettext(text) for text in TEXTS.values()]
    assert [
        text for text in said if re.search(r"\b(CANCEL|END|QUIT|INFO)\b|[\"«“](cancel|end|quit|info)[\"»”]", text)
    ] == []


@pytest.mark.parametrize("language", CITY.languages)
def test_the_word_that_the_confirmation_names_brings_the_messages_back(language: str) -> None:
    told = catalogue(language).gettext(TEXTS[Say.STOPPED])
    word = re.findall(r"\b[A-Z]{4,}\b", told)[-1]
    assert right(word) is Right.START
