"""A digest's way out, for tests: subscribers, a printer that prints nothing, and what lies in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.digesting.child import NotPrinted, Order, Printed
from bot.digesting.sending import Digesting
from bot.digesting.subscriber import Sending, Subscriber
from bot.ports import Clock, Departure, Store
from channels.message import Contact
from store.database import Database
from tests.store.samples import SECRET, StillClock
from tests.town import CITY
from tickets.figures import Kind, Scope

MONDAY = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)  # half past seven in Puerto Vecino
ROADS = Scope(kind=Kind.DEPARTMENT, code="roads")


def email(address: str, *, scope: Scope | None = None, language: str = "es", hour: int = 7) -> Subscriber:
    contact = Contact(channel="email", address=address)
    return Subscriber(contact=contact, language=language, hour=hour, scope=scope or Scope())


GROUP = Subscriber(contact=Contact(channel="telegram", address="-100777"), language="es", hour=7)
ANA, BEA, CARO = email("ana@city.example"), email("bea@city.example", language="pt"), email("caro@city.example")
PRINTED = Printed(
    subject="Puerto Vecino, semana 47", text="el texto", html="<html><body><p>página</p></body></html>", short="corto",
    pdf=b"%PDF", csv="a,b", json="{}", images={"trend": b"PNG"}, stop="No más correos",
)  # fmt: skip


@dataclass
class Printer:
    """Keeps the orders; fails for the languages in `broken`."""

    orders: list[Order] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    async def __call__(self, order: Order) -> Printed:
        self.orders.append(order)
        if order.language in self.broken:
            raise NotPrinted("the process ended with status 1")
        return PRINTED


def digesting(
    store: Store, clock: Clock, printer: Printer, *subscribers: Subscriber, owner: str = "one",
    public_url: str = "https://vecino.example",
) -> Digesting:  # fmt: skip
    return Digesting(
        store=store, clock=clock, owner=owner, city=CITY, sending=Sending(subscribers=subscribers),
        public_url=public_url, url="", secret_keys=SECRET, var=Path(), print=printer, pace=0,
    )  # fmt: skip


async def queued(store: Store, now: datetime) -> Sequence[Departure]:
    """All that waits in the outbox; it is sent then."""
    async with store.work() as work:
        found: list[Departure] = []
        while rows := await work.outbox.claim("test", now, 60, 1000):
            for row in rows:
                await work.outbox.sent(row, f"id-{row.id}", now)
            found += rows
        await work.commit()
    return found


async def names(store: Database, clock: StillClock) -> list[str]:
    """Who has something in the queue, each as often as it has."""
    return sorted(row.outbound.recipient.address for row in await queued(store, clock.now()))
