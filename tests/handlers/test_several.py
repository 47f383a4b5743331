"""Several problems: in one message, or a second one before the first was sent."""

import pytest

from tests.town import ScriptedParser, Town, parse

LAMP, HOLE = "no prende la luz en la calle 8", "hay un bache en la calle molino"
BOTH = f"{LAMP} y también {HOLE}"
THREE = f"{LAMP}. {HOLE}. Además se cayó un árbol en la rua 7"
SAME = f"{HOLE} y también hay basura en el mismo lugar"
STREET = "se cayó un árbol en la calle molino"
WHOLE = {
    LAMP: ("report_lighting", "calle 8"),
    HOLE: ("report_pothole", "calle molino"),
    STREET: ("report_tree", "calle molino"),
    "se cayó un árbol en la rua 7": ("report_tree", "rua 7"),
    "otro en la calle 9": (None, "calle 9"),
    "hay basura en el mismo lugar": ("report_waste", "el mismo lugar"),
    "también hay basura": ("report_waste", ""),
    "no, es un árbol en la rua 7": ("report_tree", "rua 7"),
}


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    for text, (intent, place) in WHOLE.items():
        for said in (text, f"{text}."):
            parser.known[said] = parse(intent, said, location=place, language="es")
    parser.known |= {
        BOTH: parse("report_lighting", BOTH, location="calle 8", language="es"),
        THREE: parse("report_lighting", THREE, location="calle 8", language="es"),
        SAME: parse("report_pothole", SAME, location="calle molino", language="es"),
        f"{HOLE} y otro en la calle 9": parse("report_pothole", HOLE, location="calle molino", language="es"),
        "cancelar": parse("cancel", language="es"),
        "quiero hablar con alguien": parse("handover", language="es"),
    }


async def test_two_problems_become_two_tickets_one_after_the_other(puerto: Town) -> None:
    *_, announced, first = await puerto.says(BOTH)
    assert announced == "Anotado, son 2 cosas. Vamos una por una; primero: Alumbrado."
    assert first.startswith("Alumbrado: calle 8.")
    receipt, following, second = await puerto.presses("Sí")
    assert "¡Listo!" in receipt
    assert following.endswith("Bache.")
    assert second.startswith("Bache: calle molino.")
    (receipt,) = await puerto.presses("Sí")
    assert "¡Listo!" in receipt
    tickets = await puerto.tickets()
    assert [(t.service, t.place.words, t.description) for t in tickets] == [
        ("pothole", "calle molino", HOLE), ("lighting", "calle 8", LAMP),
    ]  # fmt: skip


async def test_three_on_a_plain_phone(puerto: Town) -> None:
    await puerto.says(THREE, style="sms")
    for _ in range(3):
        await puerto.says("1", style="sms")
    assert [t.service for t in await puerto.tickets(style="sms")] == ["tree", "pothole", "lighting"]


async def test_the_same_service_at_another_place_is_another_report(puerto: Town) -> None:
    await puerto.says(f"{HOLE} y otro en la calle 9")
    await puerto.presses("Sí")
    await puerto.presses("Sí")
    assert [(t.service, t.place.words) for t in await puerto.tickets()] == [
        ("pothole", "calle 9"), ("pothole", "calle molino"),
    ]  # fmt: skip


async def test_a_place_said_once_goes_to_both(puerto: Town) -> None:
    await puerto.says(SAME)
    await puerto.presses("Sí")
    await puerto.presses("Sí")
    assert [(t.service, t.place.words) for t in await puerto.tickets()] == [
        ("waste", "calle molino"), ("pothole", "calle molino"),
    ]  # fmt: skip


async def test_dropping_the_first_goes_on_with_the_second(puerto: Town) -> None:
    await puerto.says(BOTH)
    dropped, *_, second = await puerto.says("cancelar")
    assert "no mandé nada" in dropped
    assert second.startswith("Bache: calle molino.")
    await puerto.presses("Sí")
    assert [t.service for t in await puerto.tickets()] == ["pothole"]


async def test_a_person_is_called_and_the_second_waits_on(puerto: Town) -> None:
    await puerto.says(BOTH)
    said = await puerto.says("quiero hablar con alguien")
    assert not any("¿Lo mando?" in one for one in said)
    assert await puerto.tickets() == []


async def test_stop_ends_all_of_them(puerto: Town) -> None:
    await puerto.says(BOTH)
    assert len(await puerto.says("baja")) == 1
    await puerto.says("alta")
    assert await puerto.tickets() == []


async def test_a_second_report_before_yes_waits_and_changes_nothing(puerto: Town) -> None:
    await puerto.says(LAMP)
    announced, first = await puerto.says(HOLE)
    assert "son 2 cosas" in announced
    assert first.startswith("Alumbrado: calle 8.")
    await puerto.presses("Sí")
    await puerto.presses("Sí")
    assert [(t.service, t.place.words) for t in await puerto.tickets()] == [
        ("pothole", "calle molino"), ("lighting", "calle 8"),
    ]  # fmt: skip


async def test_what_comes_on_top_without_a_place_is_at_the_same_one(puerto: Town) -> None:
    await puerto.says(HOLE)
    await puerto.says("también hay basura")
    await puerto.presses("Sí")
    await puerto.presses("Sí")
    assert [(t.service, t.place.words) for t in await puerto.tickets()] == [
        ("waste", "calle molino"), ("pothole", "calle molino"),
    ]  # fmt: skip


async def test_a_correction_is_no_second_report(puerto: Town) -> None:
    await puerto.says(HOLE)
    (summary,) = await puerto.says("no, es un árbol en la rua 7")
    assert summary.startswith("Árbol: rua 7.")


async def test_the_same_place_is_that_of_the_newest_report(puerto: Town) -> None:
    await puerto.says(HOLE)
    await puerto.presses("Sí")
    (summary,) = await puerto.says("hay basura en el mismo lugar")
    assert summary.startswith("Basura: calle molino.")


async def test_the_same_place_as_none_is_asked_for(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["en el mismo lugar"] = parse("provide_location", "en el mismo lugar", location="el mismo lugar")
    parser.known["bache"] = parse("report_pothole", language="es")
    await puerto.says("bache")
    (asked,) = await puerto.says("en el mismo lugar")
    assert asked.startswith("Me falta el lugar")


async def test_one_problem_asks_the_model_once(puerto: Town, parser: ScriptedParser) -> None:
    await puerto.says(HOLE)
    assert parser.asked == [HOLE]


async def test_something_on_top_after_filing_is_a_new_report(puerto: Town, parser: ScriptedParser) -> None:
    dog = "y también un perro muerto en el mismo lugar"
    parser.known[dog] = parse("add_comment", dog, language="es")
    await puerto.says(HOLE)
    await puerto.presses("Sí")
    (summary,) = await puerto.says(dog)
    assert summary.startswith("Animales y plagas: calle molino.")


async def test_more_of_the_same_after_filing_is_a_comment(puerto: Town, parser: ScriptedParser) -> None:
    more = "también el bache ya rompió dos llantas"
    parser.known[more] = parse("add_comment", more, language="es")
    await puerto.says(HOLE)
    await puerto.presses("Sí")
    assert (await puerto.says(more))[0].startswith("Anotado en el reporte")


@pytest.mark.parametrize(
    ("said", "begins"),
    [("el lugar", "Alumbrado, anotado. ¿En qué calle"), ("o assunto", "¿De qué se trata?"), ("drop it", "De acuerdo")],
)
async def test_what_shall_be_changed_may_be_written_out(puerto: Town, said: str, begins: str) -> None:
    await puerto.says(LAMP)
    await puerto.presses("No")
    assert (await puerto.says(said))[0].startswith(begins)


async def test_yes_with_another_place_is_no_yes(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["sí pero en la calle 9"] = parse("affirm", "sí pero en la calle 9", location="calle 9", language="es")
    await puerto.says(LAMP)
    (summary,) = await puerto.says("sí pero en la calle 9")
    assert summary.startswith("Alumbrado: calle 9.")
    assert await puerto.tickets() == []


async def test_the_same_place_said_of_the_report_under_way_changes_nothing(
    puerto: Town, parser: ScriptedParser
) -> None:
    again = "pasa siempre en el mismo lugar"
    parser.known[again] = parse("report_pothole", again, location="el mismo lugar", language="es")
    await puerto.says(LAMP)
    await puerto.presses("Sí")
    await puerto.says(HOLE)
    (summary,) = await puerto.says(again)
    assert summary.startswith("Bache: calle molino.")
