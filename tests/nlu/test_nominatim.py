"""What is asked of a Nominatim server, and what is not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from nlu.nominatim import Backed, Lookahead, Nominatim, box_of
from nlu.places import Gazetteer
from tests.town import CITY, ScriptedParser, parse
from tickets.model import Place

BOX = box_of(CITY)
FOUND = [{"lat": "14.6001", "lon": "-66.4985", "display_name": "x"}]


@dataclass
class Server:
    """Answers what it is told, and keeps what it was asked."""

    answer: object = field(default_factory=lambda: FOUND)
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)

    async def search(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        return web.json_response(self.answer, status=self.status)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def nominatim(server: Server) -> AsyncIterator[Nominatim]:
    app = web.Application()
    app.router.add_get("/search", server.search)
    async with TestServer(app) as running:
        assert BOX
        yield Nominatim(str(running.make_url("")).rstrip("/"), BOX, lambda: 0.0, apart=0.0)


@pytest.fixture
def gazetteer() -> Gazetteer:
    return Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)


async def test_only_the_place_is_sent_and_only_within_the_city(
    nominatim: Nominatim, gazetteer: Gazetteer, server: Server
) -> None:
    text = "soy Ana, no hay luz en la quinta Los Mangos"
    parser = ScriptedParser({text: parse("report_lighting", text, location="quinta Los Mangos")})
    await Lookahead(parser, gazetteer, nominatim).parse(text)
    (asked,) = server.asked
    assert (asked["q"], asked["bounded"], asked["viewbox"]) == ("quinta Los Mangos", "1", ",".join(map(str, BOX or ())))
    place = Backed(gazetteer, nominatim).resolve("Quinta los mangos")
    assert (place.street, place.area, place.words) == ("Avenida Bolívar", "centro", "Quinta los mangos")


async def test_what_the_gazetteer_knows_is_not_asked(
    nominatim: Nominatim, gazetteer: Gazetteer, server: Server
) -> None:
    parser = ScriptedParser({"bache en calle 8": parse("report_pothole", "bache en calle 8", location="calle 8")})
    await Lookahead(parser, gazetteer, nominatim).parse("bache en calle 8")
    assert server.asked == []


@pytest.mark.parametrize(("answer", "asked"), [(FOUND, 1), ([], 1)])
async def test_the_same_is_asked_once_also_when_it_was_not_found(
    nominatim: Nominatim, server: Server, answer: object, asked: int
) -> None:
    server.answer = answer
    await nominatim.look_up("Los Mangos")
    await nominatim.look_up("los mangos")
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    ("answer", "status"),
    [({"error": "x"}, 200), ([{"lat": "north"}], 200), (FOUND, 500), (FOUND, 429), ([{"lat": "50", "lon": "8"}], 200)],
)
async def test_a_server_that_cannot_or_that_answers_elsewhere_is_as_one_that_knows_nothing(
    nominatim: Nominatim, gazetteer: Gazetteer, server: Server, answer: object, status: int
) -> None:
    server.answer, server.status = answer, status
    await nominatim.look_up("los mangos")
    assert Backed(gazetteer, nominatim).resolve("los mangos") == Place(words="los mangos")


async def test_who_would_wait_too_long_for_their_turn_is_not_asked_for(server: Server) -> None:
    app = web.Application()
    app.router.add_get("/search", server.search)
    async with TestServer(app) as running:
        assert BOX
        slow = Nominatim(str(running.make_url("")).rstrip("/"), BOX, lambda: 0.0, apart=60.0)
        await slow.look_up("los mangos")
        await slow.look_up("los cocos")
    assert len(server.asked) == 1


async def test_a_server_that_is_away_harms_nothing() -> None:
    assert BOX
    away = Nominatim("http://127.0.0.1:9", BOX, lambda: 0.0)
    await away.look_up("los mangos")
    assert away.remembered("los mangos") is None
