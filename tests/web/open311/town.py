"""A city that publishes, with a service that asks, one that is sensitive and one of another body; and its tickets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from aiohttp import ClientResponse
from yarl import URL

from bot.ports.public import Clearing
from tests.samples import TICKET
from tests.web.world import CITY, NOW, World, named
from tickets.calendar import Target, Unit
from tickets.city import AnswerOption, Ask, Body, Question, Service
from tickets.model import CITIZEN, Actor, Author, Place, Point, Status, Ticket
from tickets.number import new_number
from tickets.openness import Openness, Precision
from tickets.workflow import filed, move

OURS = "puerto-vecino.example"
SQUARE = ((-66.51, 14.59), (-66.49, 14.59), (-66.49, 14.61), (-66.51, 14.61), (-66.51, 14.59))
CLERK = Actor(author=Author.CLERK, name="ana")


def _service(code: str, **other: object) -> Service:
    plain = Service(
        code=code, names=named(code.title()), department="roads", target=Target(amount=5, unit=Unit.DAYS),
        asks=(Ask.PLACE,),
    )  # fmt: skip
    return replace(plain, **other)  # type: ignore[arg-type]


FAULT = Question(
    code="fault",
    texts={"es": "¿Qué le pasa?", "pt": "O que há?", "en": "What is wrong?", "fr": "Qu'a-t-il ?"},
    options=(AnswerOption(code="off", names=named("Off & <dark>")), AnswerOption(code="leans", names=named("Leans"))),
)
SINCE = Question(code="since", texts=named("Since when?"))
TOWN = replace(
    CITY,
    departments=(replace(CITY.departments[0], names={"es": "Vialidad", "pt": "Obras", "en": "Roads", "fr": "Voirie"}),),
    services=(
        _service("pothole", names={"es": "Bache", "pt": "Buraco", "en": "Pothole", "fr": "Nid-de-poule"}),
        _service("lighting", questions=(FAULT, SINCE)),
        _service("noise"),
        _service("power", body=Body(names=named("The grid"), reach=named("555"))),
    ),
    areas=(replace(CITY.areas[0], ring=SQUARE),),
    openness=Openness(jurisdiction=OURS, contact="datos@puerto-vecino.example", precisions={"noise": Precision.AREA}),
)


def ticket(n: int, **other: object) -> Ticket:
    """The n-th, an hour older than the one before."""
    at = NOW - timedelta(hours=n)
    there = Place(words="frente a mi casa", point=Point(latitude=14.6 + n / 1000, longitude=-66.5), area="centro")
    plain = replace(TICKET, number=number(n), place=there, filed_at=at, due_at=at + timedelta(days=5))
    return replace(plain, **other)  # type: ignore[arg-type]


def number(n: int) -> str:
    """A right number, always the same one."""
    return _NUMBERS[n]


def _right() -> Sequence[str]:
    random = Random(311)
    return list(dict.fromkeys(new_number(random) for _ in range(400)))


_NUMBERS = _right()


async def fill(world: World, *tickets: Ticket) -> None:
    """Into the store, with their first update."""
    await world.file(tickets[0])
    async with world.store.work() as work:
        for one in tickets[1:]:
            await work.tickets.file(one, filed(one, actor=CITIZEN))
        await work.commit()


async def close(world: World, one: Ticket, at: datetime, note: str = "done") -> Ticket:
    """By a clerk who says so."""
    after, update = move(one, Status.RESOLVED, TOWN.calendar, actor=CLERK, at=at, note=note)
    async with world.store.work() as work:
        await work.tickets.change(after, update)
        await work.commit()
    return after


async def clear(world: World, one: Ticket, words: str, news: str = "") -> None:
    """So that anybody may read it."""
    async with world.store.work() as work:
        clearing = Clearing(words=words, news=news, news_version=one.version if news else None, at=NOW, login="ana")
        await work.public.clear(one.number, clearing)
        await work.commit()


def following(answer: ClientResponse) -> str:
    """The address of the next part, on this server; empty: there is none."""
    return str(URL(answer.links["next"]["url"]).relative()) if "next" in answer.links else ""
