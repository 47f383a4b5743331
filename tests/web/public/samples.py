"""Tickets for the public pages, and what is asked of every answer there."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from aiohttp import ClientResponse

from bot.inforce import InForce
from tests.samples import TICKET
from tests.web.world import NOW, World
from tickets.city import City
from tickets.model import CITIZEN, Place, Point, Ticket
from tickets.number import new_number
from tickets.workflow import filed
from web.ports import WEB

HERE = Point(latitude=14.6, longitude=-66.5)
PUBLIC = ("/", "/report", "/poster", "/figures", "/follow", "/feeds/all.atom", "/widget", f"/r/{TICKET.number}")


async def fill(world: World, count: int) -> list[Ticket]:
    """So many, a minute apart, the newest last."""
    random, first = Random(3), await world.file()
    place = Place(words="x", point=HERE, street="Avenida Bolívar", area="centro")
    made = [
        replace(
            first, number=new_number(random), filed_at=NOW - timedelta(days=1) + timedelta(minutes=n), place=place
        )
        for n in range(count)
    ]  # fmt: skip
    async with world.store.work() as work:
        for one in made:
            await work.tickets.file(one, filed(one, actor=CITIZEN))
        await work.commit()
    return made


def govern(world: World, city: City) -> None:
    """Another city holds from now on."""
    object.__setattr__(world.app[WEB], "force", InForce(city))


def is_public(answer: ClientResponse) -> bool:
    """No cookie, kept by caches for a little while, and different by language alone."""
    return (
        "Set-Cookie" not in answer.headers
        and answer.headers["Cache-Control"] == "public, max-age=60"
        and answer.headers["Vary"].startswith("Accept-Language")
        and answer.headers["ETag"].startswith('"')
    )
