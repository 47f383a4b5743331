"""One to five, and a word: what is a rating and what is none."""

import pytest

from tests.bot.resolved import bare, know, ratings, resolved
from tests.town import ScriptedParser, Town, parse


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    know(parser)


@pytest.mark.parametrize("said", ["un 4", "4 de 5", "le pongo un 4"])
async def test_a_rating_in_words_is_no_address_and_no_emergency(
    puerto: Town, parser: ScriptedParser, said: str
) -> None:
    ticket = await resolved(puerto)
    parser.known[said] = parse("emergency", language="es")
    await puerto.says("1")
    await puerto.says(said)
    assert [rating.score for rating in await ratings(puerto, ticket.number)] == [4]


@pytest.mark.parametrize(
    ("word", "kept"), [("brilliant work guys", True), ("muchas gracias", False), ("thanks mate", False)]
)
async def test_a_word_of_praise_is_kept_and_a_bare_thanks_is_answered(
    puerto: Town, parser: ScriptedParser, word: str, kept: bool
) -> None:  # fmt: skip
    ticket = await resolved(puerto)
    parser.known[word] = parse("thank")
    await puerto.says("1")
    await puerto.says("5")
    await puerto.says(word)
    assert [rating.word for rating in await ratings(puerto, ticket.number)] == [word if kept else None]


async def test_two_ones_in_a_row_by_sms_are_a_yes_and_no_rating(puerto: Town) -> None:
    ticket = await resolved(puerto, "sms")
    phone = puerto.phones["simulated_sms"]
    await puerto.reception.accept([phone.say("p1", "1")])
    await puerto.reception.accept([phone.say("p1", "1")])
    puerto.clock.forward(seconds=1)  # answered a moment later
    await puerto.settle()
    assert await ratings(puerto, ticket.number) == []
    assert puerto.screen("sms")[-1] == "¡Qué bueno! ¿Como lo hicimos, del 1 (mal) al 5 (muy bien)?"
    await puerto.says("5", style="sms")
    assert [rating.score for rating in await ratings(puerto, ticket.number)] == [5]


@pytest.mark.parametrize("said", ["7", "0", "99"])
async def test_a_digit_that_means_nothing_asks_again(puerto: Town, said: str) -> None:
    ticket = await resolved(puerto, "sms")
    (again,) = await puerto.says(said, style="sms")
    assert again.startswith(bare(f"Reporte {ticket.number}, Bache, Av. Bolívar 123: ¿quedó bien?"))
    (rate,) = await puerto.says("1", style="sms")
    (once_more,) = await puerto.says(said, style="sms")
    assert once_more == rate
    assert await ratings(puerto, ticket.number) == []


async def test_a_huge_word_is_cut_for_the_rating_and_stays_with_the_answer(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.says("1")
    await puerto.says("5")
    (kept,) = await puerto.says("qué maravilla " * 300)
    assert kept == "Gracias, el equipo lo va a leer."
    (rating,) = await ratings(puerto, ticket.number)
    assert rating.word is not None
    assert len(rating.word) <= 500


async def test_a_rating_that_is_not_understood_is_asked_for_once_more(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.says("1")
    (again,) = await puerto.says("dies")
    assert again.startswith("¡Qué bueno!")
    (other,) = await puerto.says("dies")
    assert not other.startswith("¡Qué bueno!")
    assert await ratings(puerto, ticket.number) == []


@pytest.mark.parametrize("said", ["-1", "4.5", "- 3"])
async def test_less_than_none_and_a_part_of_one_are_no_rating(puerto: Town, parser: ScriptedParser, said: str) -> None:
    ticket = await resolved(puerto)
    await puerto.says("sí")
    parser.known[said] = parse("provide_location", said, location=said, language="es")
    assert "del 1" in (await puerto.says(said))[-1]
    assert await ratings(puerto, ticket.number) == []
    await puerto.says("4")
    assert [rating.score for rating in await ratings(puerto, ticket.number)] == [4]


async def test_a_thank_you_with_more_in_it_is_asked_about_once_more(puerto: Town, parser: ScriptedParser) -> None:
    ticket = await resolved(puerto)
    parser.known["gracias mil por pasar"] = parse("thank", language="es")
    (again,) = await puerto.says("gracias mil por pasar")
    assert again.startswith(f"Reporte {ticket.number}")
    (thanks,) = await puerto.says("gracias mil por pasar")
    assert not thanks.startswith("Reporte")
    assert (await puerto.presses("Sí"))[0].startswith("¡Qué bueno!")


async def test_a_rating_of_ten_days_ago_is_not_what_a_digit_means(puerto: Town) -> None:
    ticket = await resolved(puerto)
    await puerto.says("1")
    puerto.clock.forward(days=10)
    await puerto.says("5")
    assert await ratings(puerto, ticket.number) == []
