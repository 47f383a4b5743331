"""A citizen's own data, after a code that only they can have read."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from channels.message import Contact
from handlers.turn import Dialogue
from store.seal import Seal
from tests.town import SECRET, ScriptedParser, Town, parse

WRONG = "Ese no es el código. Mírelo otra vez, por favor: son 6 cifras."
FAILED = "Tampoco es el código, así que no hice nada. Puede empezar de nuevo cuando quiera."
ERASED = "Listo, sus datos quedaron borrados. ¡Gracias por todo lo que nos avisó!"
WHERE = re.compile(r"Bache, anotado")


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known["hay un bache"] = parse("report_pothole", language="es")
    parser.known["mis datos ya"] = parse("my_data", language="es")
    parser.known["borren lo mio"] = parse("erase_data", language="es")


async def asked(puerto: Town, text: str = "borrar mis datos") -> str:
    """The code."""
    found = re.search(r"\d{6}", (await puerto.says(text))[-1])
    assert found
    return found[0]


def another(code: str, more: int = 1) -> str:
    return f"{(int(code) + more) % 1_000_000:06}"


@pytest.mark.parametrize(
    "form",
    ["{code}", " {code} ", "El código es {code}", "{code}, gracias", "mi codigo: {code}.", "mis datos {code}",
     "{code}!!", "aquí va, me llegó el {code} recién"],
)  # fmt: skip
async def test_the_code_counts_alone_and_within_words(puerto: Town, form: str) -> None:
    code = await asked(puerto)
    assert await puerto.says(form.format(code=code)) == [ERASED]


async def test_the_code_counts_in_parts_and_in_other_scripts(puerto: Town) -> None:
    code = await asked(puerto)
    assert await puerto.says(f"{code[:2]} {code[2:]}") == [ERASED]
    code = await asked(puerto)
    assert await puerto.says("".join(chr(0xFF10 + int(digit)) for digit in code)) == [ERASED]


@pytest.mark.parametrize("text", ["mis datos", "mis datos ya"])
async def test_my_data_is_told_after_the_code_with_a_file(puerto: Town, text: str) -> None:
    code = await asked(puerto, text)
    told, attached = await puerto.says(code)
    assert told.startswith("Lo que guardamos de usted: ***; idioma: Español; desde el 23 nov 2026; reportes: 0;")
    assert attached == "Todo está en este archivo."


async def test_a_wish_that_only_the_model_sees_needs_the_code_as_well(puerto: Town) -> None:
    code = await asked(puerto, "borren lo mio")
    assert await puerto.says(code) == [ERASED]


async def test_three_wrong_codes_and_nothing_is_done(puerto: Town) -> None:
    code = await asked(puerto)
    assert await puerto.says(another(code)) == [WRONG]
    assert await puerto.says(f"el código es {another(code, 2)}") == [WRONG]
    assert await puerto.says(another(code, 3)) == [FAILED]
    assert await puerto.says(code) != [ERASED]


async def test_the_right_code_at_the_third_try_is_right(puerto: Town) -> None:
    code = await asked(puerto)
    await puerto.says(another(code))
    await puerto.says("12345")
    assert await puerto.says(code) == [ERASED]


async def test_a_list_of_codes_is_none_of_them(puerto: Town) -> None:
    code = await asked(puerto)
    every = " ".join(f"{number:06}" for number in range(300))
    assert await puerto.says(f"{code} {every}") != [ERASED]


async def test_within_ten_minutes_the_code_counts(puerto: Town) -> None:
    code = await asked(puerto)
    puerto.clock.forward(minutes=9, seconds=30)
    assert await puerto.says(code) == [ERASED]


async def test_after_ten_minutes_the_code_does_nothing(puerto: Town) -> None:
    code = await asked(puerto)
    puerto.clock.forward(minutes=10, seconds=1)
    assert await puerto.says(code) == [FAILED]


async def dialogue(puerto: Town) -> tuple[int, Dialogue]:
    """Whose it is, and the dialogue as the store has it."""
    async with puerto.store.work() as work:
        citizen = await work.citizens.find(Contact(channel="simulated_telegram", address="p1"))
        assert citizen
        found = (await work.dialogues.quiet([citizen.id]))[citizen.id]
    assert found
    return citizen.id, found


async def keep(puerto: Town, citizen: int, dialogue: Dialogue) -> None:
    async with puerto.store.work() as work:
        await work.dialogues.save(citizen, dialogue, puerto.clock.now())
        await work.commit()


async def test_only_a_keyed_hash_of_the_code_is_kept(puerto: Town) -> None:
    code = await asked(puerto)
    _, kept = await dialogue(puerto)
    what, hashed, _ = kept.item.split(":")
    salt, _, digest = hashed.partition(".")
    assert what == "erase"
    assert code not in repr(kept) + kept.item
    assert digest == Seal(SECRET).keyed(salt, code)[0]
    assert digest != Seal(SECRET[::-1]).keyed(salt, code)[0]
    assert len(salt) == 16


async def test_the_same_code_is_kept_as_another_hash_each_time(puerto: Town) -> None:
    await asked(puerto)
    _, first = await dialogue(puerto)
    await asked(puerto)
    _, second = await dialogue(puerto)
    assert first.item.split(":")[1].partition(".")[0] != second.item.split(":")[1].partition(".")[0]


async def test_a_code_that_was_sent_counts_when_the_key_is_changed(puerto: Town) -> None:
    code = await asked(puerto)
    puerto.inbox._keyed = Seal(f"{'n' * 40},{SECRET}").keyed
    assert await puerto.says(code) == [ERASED]


async def test_the_message_that_told_the_code_goes_with_its_time(puerto: Town) -> None:
    code = await asked(puerto, "mis datos")
    for minutes in (5, 6):
        puerto.clock.forward(minutes=minutes)
        async with puerto.store.work() as work:
            gone = await work.erasure.tidy(puerto.clock.now())
            await work.commit()
        assert gone == (minutes == 6)
    citizen, _ = await dialogue(puerto)
    async with puerto.store.view() as view:
        assert code not in repr(await view.exports.everything(citizen))


@pytest.mark.parametrize("item", ["erase:482193:", "erase:482193", "my_data:482193:place:"])
@pytest.mark.parametrize("text", ["482193", "sí", "no", "el código es 482193"])
async def test_a_code_from_before_they_were_kept_as_hashes_is_over(puerto: Town, item: str, text: str) -> None:
    await asked(puerto)
    citizen, waiting = await dialogue(puerto)
    await keep(puerto, citizen, replace(waiting, item=item))
    told = await puerto.says(text)
    assert told
    assert ERASED not in told
    assert not any("Lo que guardamos" in one for one in told)
    async with puerto.store.view() as view:
        assert (await view.set_aside.page(0, 10)).total == 0


async def test_each_wish_has_a_code_of_its_own(puerto: Town) -> None:
    first = await asked(puerto, "mis datos")
    second = await asked(puerto, "borrar mis datos")
    assert first != second
    assert await puerto.says(first) == [WRONG]
    assert await puerto.says(second) == [ERASED]


async def test_no_means_no_and_yes_is_no_code(puerto: Town) -> None:
    code = await asked(puerto)
    assert "escríbame este código" in (await puerto.says("sí"))[-1]
    assert await puerto.says("no") == ["Bien, no hice nada. Escríbame cuando lo necesite."]
    assert await puerto.says(code) != [ERASED]


async def test_who_says_yes_is_sent_another_code_that_counts_instead(puerto: Town) -> None:
    code = await asked(puerto)
    another_one = re.search(r"\d{6}", (await puerto.says("sí"))[-1])
    assert another_one
    assert another_one[0] != code
    assert await puerto.says(code) == [WRONG]
    assert await puerto.says(another_one[0]) == [ERASED]


async def test_another_code_gives_neither_time_nor_tries(puerto: Town) -> None:
    code = await asked(puerto)
    await puerto.says(another(code))
    await puerto.says("sí")
    puerto.clock.forward(minutes=6)
    await puerto.says("sí")
    _, waiting = await dialogue(puerto)
    assert waiting.misses == 1
    assert puerto.clock.now() - waiting.since >= timedelta(minutes=6)


async def test_anything_else_is_handled_as_usual_and_ends_the_wish(puerto: Town) -> None:
    code = await asked(puerto)
    assert WHERE.match((await puerto.says("hay un bache"))[-1])
    assert await puerto.says(code) != [ERASED]


async def test_a_house_number_is_no_wrong_code(puerto: Town) -> None:
    await puerto.says("hay un bache")
    await asked(puerto)
    assert "Bolívar 1234" in (await puerto.says("Bolívar 1234"))[-1]


async def test_a_report_goes_on_after_my_data(puerto: Town) -> None:
    await puerto.says("hay un bache")
    code = await asked(puerto, "mis datos")
    *_, question = await puerto.says(code)
    assert WHERE.match(question)
    assert "Calle 8 12" in (await puerto.says("Calle 8 12"))[-1]


async def test_a_report_goes_on_while_the_code_is_waited_for(puerto: Town) -> None:
    await puerto.says("hay un bache")
    await asked(puerto, "mis datos")
    assert "Calle 8 12" in (await puerto.says("Calle 8 12"))[-1]


async def test_a_digit_chooses_what_was_offered_before(puerto: Town) -> None:
    await puerto.says("qwerty")
    await asked(puerto, "mis datos")
    assert WHERE.match((await puerto.says("1"))[-1])


async def test_who_said_stop_is_sent_no_code_and_a_clerk_reads_the_wish(puerto: Town) -> None:
    await puerto.says("baja")
    assert await puerto.says("borrar mis datos") == []
    async with puerto.store.view() as view:
        assert [aside.text for aside in (await view.set_aside.page(0, 10)).rows] == ["borrar mis datos"]


@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
async def test_each_language_asks_for_the_code_and_says_goodbye(puerto: Town, language: str) -> None:
    words = {"es": "borrar mis datos", "pt": "apagar meus dados", "en": "delete my data", "fr": "effacer mes données"}
    code = re.search(r"\d{6}", (await puerto.says(words[language], language=language))[-1])
    assert code
    done = {"es": "borrados", "pt": "apagados", "en": "deleted", "fr": "effacées"}
    assert done[language] in (await puerto.says(code[0], language=language))[-1]
