"""Reports typed in pieces, read by the real model and placed by the demo city's gazetteer."""

from datetime import timedelta
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from bot.inbox.burst import Wait
from nlu.client import Address, Client, Fixed
from nlu.places import Gazetteer
from tests.town import CITY, town

WAIT = Wait(album=timedelta(seconds=2), thought=timedelta(seconds=4))


@pytest.mark.parametrize(
    ("pieces", "service", "street", "words"),
    [
        (("hay un bache", "enorme", "en la calle molino", "frente al 20"), "pothole", "Calle Molino", "frente al 20"),
        (("tem um buraco", "bem grande", "na rua das flores", "em frente ao 55"), "pothole", "Rua das Flores", "55"),
        (("street light is out", "for three nights", "on mill road", "next to number 12"), "lighting", "Mill Road", "12"),
        (("un arbre est tombé", "il bloque le trottoir", "rue des écoles", "devant le 14"), "tree", "Rue des Écoles", "14"),
    ],
)  # fmt: skip
async def test_a_report_in_pieces_becomes_one_ticket(
    tmp_path: Path, model: Address, pieces: tuple[str, ...], service: str, street: str, words: str
) -> None:
    gazetteer = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)
    async with aiohttp.ClientSession() as session:
        parser = Client(session, Fixed(at=model), clock=monotonic, timeout=10)
        async with town(tmp_path, parser, places=gazetteer, wait=WAIT) as place:
            for piece in pieces:
                assert await place.says(piece) == []
                place.clock.forward(seconds=2)
            place.clock.forward(seconds=3)
            await place.settle()
            assert len(place.screen()) == len(pieces) + 2  # the welcome and one question
            await place.says("1")
            (ticket,) = await place.tickets()
    assert (ticket.service, ticket.place.street) == (service, street)
    assert words in ticket.place.words
    assert ticket.description == " ".join(pieces)
