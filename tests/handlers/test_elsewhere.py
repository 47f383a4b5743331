"""What is another's to do is said at once, with whose it is; nothing is filed, and the citizen can put us right."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.i18n import Words
from handlers.reporting import elsewhere
from handlers.say import Say
from handlers.turn import Draft
from nlu.places import Gazetteer
from tests.handlers.turns import turn
from tests.town import CITY, PIN, ScriptedParser, Town, parse, town
from tickets.city import Body
from tickets.model import Place, Point

COSTA = Point(latitude=14.6, longitude=-66.475)
NOWHERE = Point(latitude=14.7, longitude=-66.6)
BODY = Body(names=dict.fromkeys(CITY.languages, "Aguas del Sur"), reach=dict.fromkeys(CITY.languages, "555 0199"))


@pytest.fixture
async def puerto(tmp_path: Path, sqlite_template: Path, parser: ScriptedParser) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "town.db")
    parser.known |= {
        "hay un bache": parse("report_pothole", language="es"),
        "gracias": parse("thank", language="es"),
        "en la calle 8": parse("provide_location", "en la calle 8", location="calle 8"),
        "árbol caído en la calle molino": parse(
            "report_tree", "árbol caído en la calle molino", location="calle molino", language="es"
        ),
        "blablabla": parse(None),
    }
    url, gazetteer = f"sqlite:///{tmp_path / 'town.db'}", Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)
    async with town(tmp_path, parser, places=gazetteer, database_url=url) as place:
        yield place


async def test_a_pin_in_another_municipality_is_told_whose_it_is_and_files_nothing(puerto: Town) -> None:
    await puerto.says("hay un bache")
    (told,) = await puerto.says(point=COSTA)
    assert "Costa Clara" in told
    assert "555 0300" in told
    assert await puerto.tickets() == []


async def test_the_place_can_be_put_right(puerto: Town) -> None:
    await puerto.says("hay un bache")
    await puerto.says(point=COSTA)
    (summary,) = await puerto.says("en la calle 8")
    assert summary.startswith("Bache: calle 8.")
    await puerto.presses("Sí")
    assert [ticket.place.street for ticket in await puerto.tickets()] == ["Calle 8"]


async def test_a_pin_puts_it_right_too(puerto: Town) -> None:
    await puerto.says("hay un bache")
    await puerto.says(point=NOWHERE)
    assert "¿Lo mando?" in (await puerto.says(point=PIN))[-1]


@pytest.mark.parametrize("said", ["gracias", "ok", "no"])
async def test_thanks_end_it(puerto: Town, said: str) -> None:
    await puerto.says("hay un bache")
    await puerto.says(point=COSTA)
    await puerto.says(said)
    assert "¿En qué calle" in (await puerto.says("hay un bache"))[-1]


async def test_another_report_behind_it_is_one(puerto: Town) -> None:
    await puerto.says("hay un bache")
    await puerto.says(point=COSTA)
    (summary,) = await puerto.says("árbol caído en la calle molino")
    assert summary.startswith("Árbol: calle molino.")


async def test_what_is_not_understood_ends_it_the_second_time(puerto: Town) -> None:
    await puerto.says("hay un bache")
    await puerto.says(point=COSTA)
    (asked,) = await puerto.says("blablabla")
    assert asked.startswith("Me falta el lugar")
    (over,) = await puerto.says("blablabla")
    assert "¿" not in over


def test_a_place_a_few_metres_beyond_the_edge_is_ours() -> None:
    edge = Place(point=Point(latitude=14.6, longitude=-66.48512 + 0.0003))
    assert not elsewhere.is_outside(CITY, edge)
    assert elsewhere.is_outside(CITY, Place(point=COSTA))
    assert not elsewhere.is_outside(replace(CITY, areas=()), Place(point=NOWHERE))
    assert not elsewhere.is_outside(CITY, Place(words="nadie sabe dónde"))


@pytest.mark.parametrize("language", CITY.languages)
def test_a_service_of_another_body_is_told_of(language: str) -> None:
    water = CITY.service("water")
    assert water
    service = replace(water, body=BODY)
    answer = elsewhere.told(turn(), CITY, service, Draft(service="water"))
    assert answer
    assert answer.dialogue
    assert answer.replies[0].say is Say.OTHER_BODY
    assert "Aguas del Sur" in Words(CITY)(answer.replies[0], language)


async def test_a_place_beyond_all_is_told_of_by_the_citys_name(puerto: Town) -> None:
    await puerto.says("hay un bache")
    (told,) = await puerto.says(point=NOWHERE)
    assert "Puerto Vecino" in told


async def test_of_two_problems_the_one_beyond_the_city_is_told_of_and_the_other_goes_on(
    puerto: Town, parser: ScriptedParser
) -> None:
    far, near = "hay basura en la playa", "hay un bache en la calle 8"
    both = f"{far} y también {near}"
    parser.known |= {
        far: parse("report_waste", far, location="la playa", language="es"),
        near: parse("report_pothole", near, location="calle 8", language="es"),
        both: parse("report_waste", both, location="la playa", language="es"),
    }
    places = puerto.inbox._places

    class Beach:
        """Knows a beach beyond the city."""

        def resolve(self, words: str) -> Place:
            return Place(words=words, point=COSTA) if words == "la playa" else places.resolve(words)

        def locate(self, point: Point, words: str = "") -> Place:
            return places.locate(point, words)

    puerto.inbox._places = Beach()
    said = await puerto.says(both)
    assert any("Costa Clara" in one for one in said)
    assert said[-1].startswith("Bache: calle 8.")
