"""A city whose staff are told of dates, and what they are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from sqlalchemy import select

from bot.app import talking
from bot.i18n import Words
from bot.schedule import Schedule
from channels.message import Contact, Outbound
from store.database import Database
from store.tables import outbox
from tests.store.samples import StillClock
from tests.town import CITY
from tickets.calendar import Calendar, Target, Unit
from tickets.city import City
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
