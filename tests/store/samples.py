"""Values for the store's tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.ports import Kind, Queued
from channels.message import Contact, Inbound, Outbound
from store.database import Database
from tickets.model import CITIZEN, Place, Point, Priority, Status, Ticket, Update
from tickets.workflow import filed

SECRET = "a-key-for-the-tests-of-no-worth-at-all"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class StillClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> datetime:
        self.time += timedelta(seconds=seconds)
        return self.time


ANA = Contact(channel="sms", address="+525500000001")
BEA = Contact(channel="sms", address="+525500000002")
CLARA = Contact(channel="telegram", address="777000777")


def inbound(external_id: str, sender: Contact = ANA, text: str = "hay un bache") -> Inbound:
    return Inbound(sender=sender, external_id=external_id, received_at=NOON, text=text)


def queued(
    key: str, citizen: int, *, to: Contact = ANA, bulk: bool = False, number: str | None = None, kind: Kind = Kind.REPLY
) -> Queued:
    outbound = Outbound(key=key, recipient=to, text=f"text of {key}")
    return Queued(
        outbound=outbound, citizen=citizen, kind=kind, bulk=bulk, number=number, version=1 if number else None
    )  # fmt: skip


def ticket(number: str, reporter: int, *, hours: float = 48, **values: object) -> Ticket:
    fields: dict[str, object] = {
        "number": number,
        "service": "pothole",
        "department": "works",
        "status": Status.RECEIVED,
        "priority": Priority.NORMAL,
        "place": Place(words="Av. Bolívar 123", point=Point(latitude=19.4, longitude=-99.1), street="Av. Bolívar"),
        "description": "hay un bache",
        "reporter": reporter,
        "channel": "sms",
        "language": "es",
        "confidence": 0.9,
        "filed_at": NOON,
        "due_at": NOON + timedelta(hours=hours),
    }
    return Ticket(**(fields | values))  # type: ignore[arg-type]


async def accept(database: Database, *arrivals: Inbound) -> int:
    async with database.work() as work:
        new = await work.inbox.accept(arrivals)
        await work.commit()
    return new


async def citizen(database: Database, contact: Contact = ANA) -> int:
    """The id of a citizen who has written once."""
    await accept(database, inbound(f"first of {contact.address}", contact))
    async with database.view() as view:
        found = await view.citizens.find(contact)
    assert found
    return found.id


async def enqueue(database: Database, *rows: Queued, now: datetime = NOON) -> None:
    async with database.work() as work:
        await work.outbox.enqueue(rows, now)
        await work.commit()


async def file(database: Database, *tickets: Ticket) -> None:
    async with database.work() as work:
        for one in tickets:
            await work.tickets.file(one, filed(one, actor=CITIZEN))
        await work.commit()


def versions(updates: Sequence[Update]) -> list[int]:
    return [update.version for update in updates]
