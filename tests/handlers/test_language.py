import pytest

from tests.town import ScriptedParser, Town, parse

OI, HELLO = ("Oi!", "Me conte"), ("Hello!", "Tell me")  # the second where the welcome has said hello already
HOLA, BONJOUR = ("¡Hola!", "Cuénteme"), ("Bonjour !", "Dites-moi")


async def greeted(puerto: Town, text: str, phone: str = "p1", **more: str) -> str:
    return (await puerto.says(text, phone=phone, **more))[-1]


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        "oi": parse("greet", language="pt"), "hello": parse("greet", language="en"), "bonjour": parse("greet", language="fr"),
        "ok": parse("greet"), "in english please": parse("change_language", language="en"),
        "otro idioma": parse("change_language", language="es"), "bache": parse("report_pothole", language="es"),
        "Market Street 5": parse("provide_location", "Market Street 5", location="Market Street 5", language="en"),
    }  # fmt: skip


async def test_the_answer_is_in_the_language_of_the_message(puerto: Town) -> None:
    assert (await greeted(puerto, "oi")).startswith(OI)
    assert (await greeted(puerto, "hello")).startswith(HELLO)
    assert (await greeted(puerto, "bonjour")).startswith(BONJOUR)


async def test_a_word_that_tells_nothing_keeps_the_language(puerto: Town) -> None:
    await puerto.says("oi")
    assert (await greeted(puerto, "ok")).startswith(OI)


async def test_before_any_word_tells_the_phone_does_then_the_city(puerto: Town) -> None:
    assert (await greeted(puerto, "ok", language="fr-CA")).startswith(BONJOUR)
    assert (await greeted(puerto, "ok", phone="+5511999999999")).startswith(OI)
    assert (await greeted(puerto, "ok", phone="+233555555555")).startswith(BONJOUR)
    assert (await greeted(puerto, "ok", phone="p7")).startswith(HOLA)


async def test_a_chosen_language_stays_whatever_is_written(puerto: Town) -> None:
    assert await greeted(puerto, "in english please") == "Sure, from now on in English."
    assert (await greeted(puerto, "oi")).startswith(HELLO)


async def test_asked_without_a_name_the_languages_are_offered(puerto: Town) -> None:
    asked = await greeted(puerto, "otro idioma")
    assert asked == "¿Qué idioma prefiere? [Español] [Português] [English] [Français]"
    assert await puerto.presses("Français") == ["Très bien, on continue en français."]


async def test_an_address_in_another_language_does_not_change_the_language(puerto: Town) -> None:
    await puerto.says("bache")
    assert "¿Lo mando?" in await greeted(puerto, "Market Street 5")


async def test_the_language_changes_in_the_middle_and_the_draft_stays(puerto: Town) -> None:
    await puerto.says("bache")
    await puerto.says("in english please")
    assert (await greeted(puerto, "Market Street 5")).startswith("Pothole, at: Market Street 5.")
