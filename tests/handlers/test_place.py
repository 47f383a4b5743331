"""Where it is, when the model points at a part of what was said."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nlu.places import Gazetteer
from tests.town import CITY, ScriptedParser, Town, parse, town

CORNER = "calle los pinos esq carretera norte"
TOLD = "al fondo de todo, por la calle 8"


@pytest.fixture
async def puerto(tmp_path: Path, sqlite_template: Path, parser: ScriptedParser) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "town.db")
    parser.known |= {
        "bache": parse("report_pothole", language="es"),
        CORNER: parse("provide_location", CORNER, location="esq carretera norte"),
        TOLD: parse("provide_location", TOLD, location="la calle 8"),
    }
    url, gazetteer = f"sqlite:///{tmp_path / 'town.db'}", Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)
    async with town(tmp_path, parser, places=gazetteer, database_url=url) as place:
        yield place


@pytest.mark.parametrize("first", ["bache", CORNER])
async def test_a_street_that_the_model_overlooked_is_not_lost(puerto: Town, first: str) -> None:
    await puerto.says(first)
    await (puerto.says(CORNER) if first == "bache" else puerto.presses("Bache"))
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert (ticket.place.words, ticket.place.street) == (CORNER, "Calle Los Pinos / Carretera Norte")


async def test_the_place_is_what_the_model_points_at_and_the_clerk_reads_all_that_was_said(puerto: Town) -> None:
    await puerto.says("bache")
    await puerto.says(TOLD)
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert (ticket.place.words, ticket.place.street) == ("la calle 8", "Calle 8")
    assert ticket.description == f"bache\n{TOLD}"
