"""What the bot and the desk ask the store, one call each: measured by `benchmarks.million`, and their plans read by
`tests/store/test_plans.py`."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from benchmarks.fleet import ROOT
from bot.clock import SystemClock
from bot.config import load
from bot.ports import Closure, Query, Queued, Word
from channels.message import Contact, Delivery, Inbound, Outbound, Receipt
from store.database import Database
from store.work import Work
from tests.store.samples import ticket
from tickets.figures import Figure, Scope
from tickets.model import CITIZEN, Actor, Author, Place, Point, Status, Ticket
from tickets.period import last_week
from tickets.workflow import filed, move

CLOCK = SystemClock()
NOW = CLOCK.now()
CLERK = Actor(author=Author.CLERK, name="bench")
WAITING = [Contact(channel="sms", address=f"+1500555{n:04}") for n in range(50)]  # a message of each is queued
KNOWN = WAITING[0]
AGE = timedelta(days=30)
CITY = load(ROOT / "config.yml", {}).city
WEEK = last_week(NOW, CITY.calendar.zone)
STREET = Place(words="Avenida Bolívar", street="Avenida Bolívar")
CROWDED = replace(STREET, point=Point(latitude=14.6, longitude=-66.5))  # in the middle of the demo city
Ask = Callable[[Work, Ticket], Awaitable[object]]


def inbound(name: str, sender: Contact) -> Inbound:
    return Inbound(sender=sender, external_id=name, received_at=NOW, text="hay un bache")


def listed(query: Query | None = None, *, middle: bool = False) -> Ask:
    """A page of the desk's list: the first, or the one in the middle."""
    query = query or Query()
    offsets: list[int] = []

    async def ask(work: Work, _: Ticket) -> object:
        if middle and not offsets:  # the first answer is not timed
            offsets.append((await work.tickets.page(query)).total // 2)
        return await work.tickets.page(replace(query, offset=offsets[0] if middle else 0))

    return ask


async def file(work: Work, one: Ticket) -> None:
    fresh = ticket("000-000", one.reporter)
    await work.tickets.file(fresh, filed(fresh, actor=CITIZEN))


def reads() -> dict[str, Ask]:
    """Those that change nothing. Anew for each database, for they remember where the middle of a list is."""
    return {
        "citizen by contact": lambda work, _: work.citizens.find(KNOWN),
        "ticket by number": lambda work, one: work.tickets.get(one.number),
        "its history": lambda work, one: work.tickets.history(one.number),
        "its messages": lambda work, one: work.outbox.of_ticket(one.number),
        "tickets of a reporter": lambda work, one: work.tickets.of_reporter(one.reporter, 5),
        "tickets that one joined": lambda work, one: work.tickets.followed_by(one.reporter, 5),
        "does one follow it": lambda work, one: work.followers.follows(one.number, one.reporter),
        "its followers": lambda work, one: work.followers.of_ticket(one.number),
        "open near a point": lambda work, _: work.tickets.near(CROWDED, "pothole", 60, NOW - AGE, 3),
        "open in a street": lambda work, _: work.tickets.near(STREET, "pothole", 60, NOW - AGE, 3),
        "desk: open, first page": listed(),
        "desk: closed, first page": listed(Query(open=False)),
        "desk: closed, middle": listed(Query(open=False), middle=True),
        "desk: any, first page": listed(Query(open=None)),
        "desk: any, middle": listed(Query(open=None), middle=True),
        "desk: resolved, first page": listed(Query(open=None, status=Status.RESOLVED)),
        "desk: resolved, middle": listed(Query(open=None, status=Status.RESOLVED), middle=True),
        "desk: open of a service": listed(Query(services=("waste",))),
        "desk: any of a service, first page": listed(Query(open=None, services=("waste",))),
        "desk: any of a service, middle": listed(Query(open=None, services=("waste",)), middle=True),
        "desk: words": listed(Query(open=None, words=(Word(stem="bach", services=("pothole",)), Word(stem="esquin")))),
        "desk: part of a number": listed(Query(open=None, words=(Word(stem="7k3", part="7K3"),))),
        "desk: numbers beside the filters": lambda work, _: work.tickets.counts(Query()),
        "desk's news: tickets by their numbers": lambda work, one: work.live.glances([one.number]),
        "desk's news: those that a list has": lambda work, one: work.live.among(Query(area="centro"), [one.number]),
        "desk's news: filed since": lambda work, _: work.live.filed(NOW - timedelta(hours=1), 200),
        "tickets by status": lambda work, _: work.tickets.count_by_status(),
        "undelivered": lambda work, _: work.undelivered.page(0, 50),
        "set aside": lambda work, _: work.set_aside.page(0, 50),
        "keys in use (at start)": lambda work, _: work.citizens.marks(),
        "who is to be asked whether it is fixed": lambda work, _: work.closures.due(NOW, 0, 50),
        "what was said to the question": lambda work, one: work.closures.of_ticket(one.number),
        "digest of a week": lambda work, _: work.statistics.digest(CITY, WEEK, Scope(), NOW),
        "tickets behind a figure": lambda work, _: work.statistics.behind(CITY, Figure.LATE, WEEK, Scope(), NOW, 0, 50),
    }


# taken back afterwards
WRITES: dict[str, Ask] = {
    "accept a message": lambda work, _: work.inbox.accept([inbound("new", KNOWN)]),
    "claim from the inbox": lambda work, _: work.inbox.claim("bench", CLOCK.now(), 60, 16),
    "claim from the outbox": lambda work, _: work.outbox.claim("bench", CLOCK.now(), 60, 16),
    "receipt by the provider's id": lambda work, _: work.outbox.receipt(
        "sms", Receipt(key=None, external_id="SMsent", delivery=Delivery.DELIVERED), CLOCK.now()
    ),
    "file a ticket": file,
    "move a ticket": lambda work, one: work.tickets.change(
        *move(one, Status.TRIAGED, CITY.calendar, actor=CLERK, at=NOW)
    ),
    "plan the question whether it is fixed": lambda work, one: work.closures.plan(
        [Closure(number=one.number, citizen=one.reporter, resolved_at=NOW, due=NOW)]
    ),
    "answer it": lambda work, one: work.closures.answered(one.number, one.reporter, "yes"),
    "ask no more": lambda work, one: work.closures.drop(one.number),
    "ask no more of what is long past": lambda work, _: work.closures.expire(NOW),
    "photos due": lambda work, _: work.photos.claim("bench", NOW, 60, 10),
    "parked too long": lambda work, _: work.windows.claim(NOW, 60, 10),
    "a provider is back": lambda work, _: work.outbox.hasten("sms"),
    "STOP": lambda work, one: work.outbox.drop_queued(one.reporter, NOW),
    "free what a dead process held": lambda work, _: work.inbox.release("nobody"),
    "forget answered messages": lambda work, _: work.housekeeping.messages(NOW - timedelta(days=40), 0),
    "forget the rest": lambda work, _: work.housekeeping.rest(NOW, NOW - timedelta(days=7)),
}


async def prepared(store: Database) -> Ticket:
    """Some messages that wait, one that was sent, and a ticket."""
    async with store.work() as work:
        await work.inbox.accept([inbound(contact.address, contact) for contact in WAITING])
        lanes = await work.citizens.lanes(WAITING)
        citizen = lanes[KNOWN]
        await work.outbox.enqueue([_reply(contact, lanes[contact]) for contact in WAITING], NOW)
        [departure, *_] = await work.outbox.claim("bench", CLOCK.now(), 60, 1)
        await work.outbox.sent(departure, "SMsent", NOW)
        one = ticket("ZZZ-ZZZ", citizen, filed_at=NOW, due_at=NOW + timedelta(days=2))
        if await work.tickets.get(one.number) is None:
            await work.tickets.file(one, filed(one, actor=CITIZEN))
        found = await work.tickets.get(one.number)
        await work.commit()
    assert found is not None
    return found


def _reply(contact: Contact, citizen: int) -> Queued:
    outbound = Outbound(key=f"reply:{contact.address}", recipient=contact, text="x" * 100)
    return Queued(outbound=outbound, citizen=citizen)
