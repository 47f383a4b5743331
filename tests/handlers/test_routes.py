"""A report goes where the city's rules lead it, whoever files it, and a correction leads it anew."""

import json
from dataclasses import replace

import pytest

from bot.inforce import InForce
from bot.learning import Correcting
from bot.ports.amendments import RULES, Amendment, Kind
from handlers.routes import led
from tests.town import CITY, ScriptedParser, Town, parse
from tickets.model import Place
from tickets.routing import Rule

WHOLE = "hay un bache enorme frente a la escuela en Av. Bolívar 123"
SCHOOLS = Rule(code="schools", department="front", words=("escuelas",))
LIGHTS = Rule(code="lights", department="parks", service="lighting", words=("Bolivar",))
PLACE = Place(words="Av. Bolívar 123")


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    parser.known |= {WHOLE: parse("report_pothole", WHOLE, location="Av. Bolívar 123", language="es")}


@pytest.mark.parametrize(
    ("service", "words", "by"),
    [
        ("pothole", "un bache en la ESCUELA", "schools"),
        ("pothole", "un bache", None),
        ("lighting", "no hay luz", "lights"),  # what was said of the place counts too
    ],
)
def test_words_are_found_in_other_endings_and_without_accents(service: str, words: str, by: str | None) -> None:
    city = replace(CITY, routing=(SCHOOLS, LIGHTS))
    offered = city.service(service)
    assert offered
    found = led(city, offered, PLACE, words)
    assert found.rule == by and (by is not None or found.department == offered.department)


async def test_a_rule_of_the_desk_leads_the_next_report_without_a_restart(puerto: Town) -> None:
    force = InForce(CITY)
    puerto.inbox._cities = force
    rule = {"code": "schools", "words": ["escuelas"], "department": CITY.departments[-1].code}
    async with puerto.store.work() as work:
        await work.amendments.amend(
            Amendment(kind=Kind.ROUTE, key=RULES, value=json.dumps([rule]), at=puerto.clock.now(), login="ana")
        )
        await work.commit()
    await force.refresh(puerto.store)
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    assert (ticket.route, ticket.department) == ("schools", CITY.departments[-1].code)
    usual = InForce(CITY)
    await Correcting(puerto.store, usual, puerto.clock)(
        number=ticket.number, service="lighting", version=ticket.version, login="ana"
    )
    (ticket,) = await puerto.tickets()
    lighting = CITY.service("lighting")
    assert lighting and (ticket.route, ticket.department) == (None, lighting.department)
    await Correcting(puerto.store, force, puerto.clock)(
        number=ticket.number, service="pothole", version=ticket.version, login="ana"
    )
    (ticket,) = await puerto.tickets()
    assert ticket.route == "schools"
