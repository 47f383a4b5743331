"""A city whose staff are told of dates, and what they are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.i18n import Words
from bot.jobs import talking
from bot.notices import Desk
from bot.schedule import Schedule
from channels.message import Contact, Outbound
from store.database import Database
from store.tables import outbox
from tests.store.samples import StillClock, ticket
from tests.town import CITY
from tickets.calendar import Calendar, Target, Unit
from tickets.city import City
from tickets.model import Place, Status, Ticket
from tickets.staff import DESK, Level, Person, Role, Side

OPEN = Calendar(timezone="America/Puerto_Rico", opening={day: ((time(8), time(17)),) for day in range(5)})
HEAD = Contact(channel="sms", address="+15559990001")
ROADS = Contact(channel="telegram", address="-100200")
MAIL = Contact(channel="email", address="vialidad@puerto-vecino.example")
STAFF = (
    Role(code="head", people=(Person(channel=HEAD.channel, address=HEAD.address, language="en"),)),
    Role(
        code="roads",
        people=(
            Person(channel=ROADS.channel, address=ROADS.address, language="es"),
            Person(channel=MAIL.channel, address=MAIL.address, language="pt"),
        ),
    ),
)


WORDS = Words(CITY)  # the staff changes none


def hours(amount: int) -> Target:
    return Target(amount=amount, unit=Unit.HOURS)


def days(amount: int) -> Target:
    return Target(amount=amount, unit=Unit.DAYS)


NEAR = Level(side=Side.BEFORE, span=hours(9), to=("roads", DESK), departments=("roads",))
NEARER = Level(side=Side.BEFORE, span=hours(2), to=("head",))
LATE = Level(side=Side.AFTER, span=days(1), to=("roads",))
LATER = Level(side=Side.AFTER, span=days(3), to=("head", DESK))
ALL = (NEAR, NEARER, LATE, LATER)


def city(*levels: Level, **changed: object) -> City:
    usual = replace(CITY, calendar=OPEN, staff=STAFF, escalation=levels or ALL)
    return replace(usual, **changed)  # type: ignore[arg-type]  # each test names the fields it needs


def schedule(
    store: Database, clock: StillClock, of: City, *, names: Sequence[str] = ("promises", "escalation")
) -> Schedule:
    jobs = talking(of, WORDS, "https://vecino.example")
    return Schedule(store, clock, [job for job in jobs if job.name in names])


async def look(store: Database, clock: StillClock, of: City) -> None:
    """Five minutes later, as the schedule would."""
    clock.time += timedelta(minutes=5)
    await schedule(store, clock, of).look()


async def told(store: Database, contact: Contact | None = None) -> list[Outbound]:
    """What the staff were told, in order."""
    async with store.view() as view:
        tx = view.outbox._tx  # no port reads all
        rows = await tx.execute(select(outbox.c.outbound).where(outbox.c.kind == "escalation").order_by(outbox.c.id))
        found = [tx.codec.unpack(outbox.c.outbound, row.outbound, Outbound) for row in rows]
    return [one for one in found if contact in (None, one.recipient)]


async def levels(store: Database, number: str) -> list[int]:
    async with store.view() as view:
        return [one.level for one in await view.escalations.of([number])]


NUMBER = "7K3-9QX"
ZONE = ZoneInfo("America/Puerto_Rico")


def local(day: int, hour: float = 8, month: int = 11) -> datetime:
    """Of 2026, by the city's clock; November 23 is a Monday."""
    return datetime(2026, month, day, tzinfo=ZONE).astimezone(UTC) + timedelta(hours=hour)


def pothole(reporter: int, number: str = NUMBER, *, due: datetime, **values: object) -> Ticket:
    where = Place(words="frente a la casa de doña Ana", street="Avenida Bolívar", area="centro")
    given: dict[str, Any] = {"department": "roads", "filed_at": local(16), "due_at": due, "place": where}
    return ticket(number, reporter, **(given | values))


async def stored(store: Database, number: str = NUMBER) -> Ticket:
    async with store.view() as view:
        found = await view.tickets.get(number)
    assert found
    return found


async def move(store: Database, clock: StillClock, of: City, to: Status, number: str = NUMBER) -> None:
    desk = Desk(store, WORDS, clock, of)
    version = (await stored(store, number)).version
    await desk.move(number=number, to=to, version=version, login="rosa", note="Falta un dato.")


async def at(store: Database, clock: StillClock, of: City, when: datetime) -> list[str]:
    """What the staff hear at that time, and not before: who, and what about."""
    seen = len(await told(store))
    clock.time = when
    await schedule(store, clock, of).look()
    return [f"{one.recipient.channel}: {one.text}" for one in (await told(store))[seen:]]
