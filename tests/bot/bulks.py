"""An act on many tickets, for tests: the desk that does it, and tickets of several citizens to do it to."""

from collections.abc import Sequence
from random import Random

from bot.desk.acts import acts_on
from bot.desk.bulk import Bulk, bulk_of
from bot.desk.bulk_book import Book, Order, What
from bot.i18n import Words
from bot.learning import Correcting
from bot.notices import Desk
from bot.ports import Clerk, Clock
from channels.message import Contact
from nlu.places import Gazetteer
from store.database import Database
from tests.store.samples import citizen, file, ticket
from tests.town import CITY
from tickets.model import Status, Ticket, Update
from tickets.rights import Role

EVA = Clerk(login="eva", name="Eva", language="es", password="", role=Role.SUPERVISOR)
TOM = Clerk(login="tom", name="Tom", language="es", password="", role=Role.SUPERVISOR)
LIA = Clerk(login="lia", name="Lia", language="es", password="", role=Role.CLERK, department="water")
RESOLVE = Order(what=What.MOVE, to=Status.RESOLVED, note="Se arregló")


def bulk(store: Database, clock: Clock) -> Bulk:
    words = Words(CITY)
    desk = Desk(store, words, clock, CITY, {"sms": 400})
    acts = acts_on(store, words, clock, CITY, Gazetteer(CITY.areas, CITY.streets, CITY.landmarks), {}, Random(1))
    return bulk_of(store, clock, CITY, words, desk, acts.direct, Correcting(store, CITY, clock), {})


async def many(database: Database, count: int, **values: object) -> list[str]:
    """So many tickets, each of somebody else, and those who act on them; their numbers."""
    async with database.work() as work:
        for one in (EVA, TOM, LIA):
            await work.clerks.add(one)
        await work.commit()
    numbers = [f"{n:03}-{n:03}" for n in range(count)]
    for n, number in enumerate(numbers):
        who = await citizen(database, Contact(channel="sms", address=f"+52550000{n:04}"))
        await file(database, ticket(number, who, **values))
    return numbers


async def tickets(database: Database, numbers: Sequence[str]) -> list[Ticket]:
    async with database.view() as view:
        return [one for number in numbers if (one := await view.tickets.get(number))]


async def history(database: Database, number: str) -> Sequence[Update]:
    async with database.view() as view:
        return await view.tickets.history(number)


async def texts(database: Database, number: str) -> list[str]:
    async with database.view() as view:
        return [one.text for one in await view.outbox.of_ticket(number)]


async def done(acts: Bulk, numbers: Sequence[str], order: Order, by: Clerk = EVA) -> int:
    """Looked at, confirmed, and gone through to the end."""
    wanted = await acts.look_at(numbers, order, by)
    await acts.confirm(wanted, by)
    await acts.working.look()
    return wanted


async def book_of(acts: Bulk, wanted: int) -> Book:
    found = await acts.get(wanted)
    assert found
    return found[1]
