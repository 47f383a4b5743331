"""Two messages in a row that are not understood give the menu, three a person; whatever the question was."""

import pytest

from channels.simulator import Style
from tests.town import ScriptedParser, Town, parse

HOLE = "hay un bache en la calle molino"


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {
        HOLE: parse("report_pothole", HOLE, location="calle molino", language="es"),
        "bache": parse("report_pothole", language="es"),
    }


@pytest.mark.parametrize("style", ["telegram", "sms", "whatsapp"])
async def test_three_times_not_understood_calls_a_person(puerto: Town, style: Style) -> None:
    await puerto.says("asdf", style=style)
    menu = "".join(await puerto.says("qwer", style=style))
    assert "Otro problema" in menu
    said = " ".join(await puerto.says("zxcv", style=style))
    assert "persona" in said
    assert await puerto.says("sigo aquí", style=style) == []


async def test_what_was_understood_in_between_begins_the_count_anew(puerto: Town) -> None:
    await puerto.says("asdf")
    await puerto.says("qwer")
    assert "¿En qué calle" in (await puerto.says("bache"))[-1]
    assert "Me falta el lugar" in (await puerto.says("99"))[-1]
    assert "Me falta el lugar" in (await puerto.says("98"))[-1]
    assert "persona" in " ".join(await puerto.says("97"))


async def test_neither_yes_nor_no_for_the_third_time_calls_a_person(puerto: Town) -> None:
    await puerto.says(HOLE)
    assert "¿Lo mando?" in (await puerto.says("asdf"))[-1]
    assert "¿Lo mando?" in (await puerto.says("qwer"))[-1]
    assert "persona" in " ".join(await puerto.says("zxcv"))
