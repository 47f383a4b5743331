"""What waits for a provider is sent when it is back, not when its own wait is over."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from bot.delivery.outage import SPAN, TROUBLE, Outages
from bot.delivery.worker import AWAIT_RECEIPT, DeliveryWorker
from bot.loop import Workplace
from bot.ports import Departure, Limit, StoreUnavailable, UnitOfWork
from channels import Rejected, Throttled, Traits, Unavailable
from channels.message import Contact, Outbound
from channels.reason import Reason
from store.database import Database
from tests.store.samples import StillClock, citizen, enqueue, queued

HOUR = 3600


class Provider:
    """Fails by `trouble` while it is set; `sent` says who got what, and when."""

    def __init__(self, clock: StillClock, name: str = "telegram", *, callbacks: bool = False) -> None:
        self.name, self.clock, self.tries = name, clock, 0
        self.trouble: Exception | None = None
        self.only: Contact | None = None  # for whom it fails; None: for all
        self.sent: list[tuple[str, datetime]] = []
        self.traits = Traits(buttons=100, text_limit=4096, callbacks=callbacks)

    def read(self, webhook: object) -> list[object]:
        return []

    async def send(self, outbound: Outbound) -> str:
        self.tries += 1
        if self.trouble and self.only in (None, outbound.recipient):
            raise self.trouble
        self.sent.append((outbound.key, self.clock.now()))
        return f"id of {outbound.key}"

    async def close(self) -> None: ...

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.sent]


class Office:
    """A database with people and workers on it; time passes only when nothing is due."""

    def __init__(self, database: Database, clock: StillClock) -> None:
        self.database, self.clock = database, clock
        self.workers: list[DeliveryWorker] = []

    def hire(self, *providers: Provider, limit: Limit | None = None) -> DeliveryWorker:
        at = Workplace(
            store=self.database, clock=self.clock, random=Random(len(self.workers)),
            owner=f"process {len(self.workers)}", wake=self.database.bell,
        )  # fmt: skip
        channels = {provider.name: provider for provider in providers}
        limits = dict.fromkeys(channels, limit) if limit else {}
        self.workers.append(DeliveryWorker(at, channels=channels, limits=limits))  # type: ignore[arg-type]  # they read no webhook
        return self.workers[-1]

    async def write(self, key: str, to: Contact) -> None:
        row = queued(key, await citizen(self.database, to), to=to)
        await enqueue(self.database, row, now=self.clock.now())

    async def settle(self) -> None:
        while sum([await worker.loop.step() for worker in self.workers]):
            pass

    async def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.clock.forward(1)
            await self.settle()


@pytest.fixture
async def office(database: Database, clock: StillClock) -> AsyncIterator[Office]:
    yield Office(database, clock)


def person(number: int, channel: str = "telegram") -> Contact:
    return Contact(channel=channel, address=f"{number}")


async def down_for_long(office: Office, provider: Provider, people: int = 5, trouble: Exception | None = None) -> None:
    """Two messages wait for each of these, all of whom were tried often."""
    provider.trouble = trouble or Unavailable(Reason.NETWORK)
    for n in range(people):
        for part in ("first", "second"):
            await office.write(f"{n} {part}", person(n, provider.name))
    await office.pass_time(150)
    provider.trouble = None


@pytest.mark.parametrize("reason", [Reason.NETWORK, Reason.PROVIDER, Reason.UNAUTHORIZED])
async def test_one_success_after_an_outage_brings_all_that_waits_in_order(office: Office, reason: Reason) -> None:
    provider = Provider(office.clock)
    office.hire(provider)
    await down_for_long(office, provider, trouble=Unavailable(reason))
    back = office.clock.now()
    await office.write("new", person(99))
    await office.settle()
    assert provider.sent[0] == ("new", back)
    assert {at for _, at in provider.sent} == {back}
    for n in range(5):
        assert [key for key in provider.keys if key.startswith(f"{n} ")] == [f"{n} first", f"{n} second"]


async def test_the_rates_still_hold_what_is_hastened(office: Office) -> None:
    provider = Provider(office.clock)
    office.hire(provider, limit=Limit(rate=1))
    provider.trouble = Unavailable(Reason.NETWORK)
    for n in range(5):
        await office.write(f"{n}", person(n))
    await office.pass_time(150)
    provider.trouble = None
    await office.write("new", person(99))
    await office.pass_time(20)
    times = [at for _, at in provider.sent]
    assert len(times) == 6
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(times))
    assert times[-1] - times[0] <= timedelta(seconds=10)


async def test_other_channels_are_left_alone(office: Office) -> None:
    telegram, sms = Provider(office.clock), Provider(office.clock, "sms")
    office.hire(telegram, sms)
    sms.trouble = Unavailable(Reason.NETWORK)
    await office.write("by sms", person(1, "sms"))
    await down_for_long(office, telegram)
    tries = sms.tries
    await office.write("new", person(99))
    await office.settle()
    assert len(telegram.sent) == 11
    assert sms.tries == tries


async def test_what_may_have_arrived_waits_for_its_receipt_first(office: Office) -> None:
    provider = Provider(office.clock, "sms", callbacks=True)
    office.hire(provider)
    await down_for_long(office, provider)
    provider.trouble = Unavailable(Reason.NETWORK, uncertain=True)
    await office.write("unsure", person(98, "sms"))
    await office.settle()
    asked = office.clock.now()
    provider.trouble = None
    await office.write("new", person(99, "sms"))
    await office.settle()
    assert "unsure" not in provider.keys
    assert len(provider.sent) == 11
    await office.pass_time(AWAIT_RECEIPT + 1)
    assert dict(provider.sent)["unsure"] - asked >= timedelta(seconds=AWAIT_RECEIPT)


async def test_a_pause_that_the_provider_asked_for_is_kept(office: Office) -> None:
    provider = Provider(office.clock)
    office.hire(provider)
    provider.trouble, provider.only = Throttled(HOUR), person(98)
    await office.write("slowly", person(98))
    await office.settle()
    provider.only = None
    await down_for_long(office, provider)
    await office.write("new", person(99))
    await office.settle()
    assert len(provider.sent) == 11
    assert "slowly" not in provider.keys


@pytest.mark.parametrize(
    "trouble",
    [Throttled(40, whole=True), Rejected(Reason.TOO_LONG), Unavailable(Reason.INTERNAL_ERROR), KeyError("a bug")],
)
async def test_what_is_no_outage_hastens_nothing(office: Office, trouble: Exception) -> None:
    provider = Provider(office.clock)
    office.hire(provider)
    provider.trouble = Unavailable(Reason.NETWORK)
    await office.write("waits", person(1))
    await office.settle()
    provider.trouble, provider.only = trouble, None
    for n in range(10, 20):
        await office.write(f"{n}", person(n))
    await office.settle()
    provider.trouble = None
    office.workers[0]._closed.clear()  # it was told to slow down; here the next one goes at once
    await office.write("new", person(99))
    await office.settle()
    assert "new" in provider.keys
    assert "waits" not in provider.keys


async def test_a_failure_now_and_then_hastens_nothing(office: Office) -> None:
    provider = Provider(office.clock)
    office.hire(provider)
    provider.trouble, provider.only = Unavailable(Reason.PROVIDER, uncertain=True), person(1)
    await office.write("poison", person(1))
    for n in range(10, 60):
        await office.write(f"{n}", person(n))
        await office.settle()
    assert provider.tries == 51


async def test_a_provider_that_comes_and_goes_does_not_use_up_the_tries(office: Office) -> None:
    provider = Provider(office.clock)
    office.hire(provider)
    down = Unavailable(Reason.PROVIDER, uncertain=True)
    await down_for_long(office, provider, people=8, trouble=down)
    provider.trouble, provider.only = down, None
    before = provider.tries
    for n in range(20, 40):  # within half a minute
        provider.trouble = None
        await office.write(f"{n}", person(n))
        await office.workers[0].loop.step()
        provider.trouble = down
        await office.settle()
    assert provider.tries - before <= 20 + 2 * 8 + 16


async def test_another_process_that_saw_nothing_of_it_hastens_too(office: Office) -> None:
    """The one that saw it was ended meanwhile: a message's own tries tell."""
    provider = Provider(office.clock)
    office.hire(provider)
    await down_for_long(office, provider)
    office.workers.clear()
    office.hire(provider)
    while not provider.sent:
        await office.pass_time(1)
    assert len(provider.sent) == 10


async def test_several_processes_hasten_once(office: Office) -> None:
    provider = Provider(office.clock)
    for _ in range(3):
        office.hire(provider)
    await down_for_long(office, provider, people=12)
    await office.write("new", person(99))
    tries = provider.tries
    while sum(await asyncio.gather(*(worker.loop.step() for worker in office.workers))):
        pass
    assert len(provider.sent) == 25
    assert provider.tries - tries == 25
    async with office.database.work() as work:
        assert await work.outbox.hasten("telegram") == 0


class Away:
    """A database that cannot be written to while it is `away`."""

    def __init__(self, store: Database) -> None:
        self.store, self.away = store, False

    def work(self) -> UnitOfWork:
        if self.away:
            raise StoreUnavailable
        return self.store.work()

    def view(self) -> UnitOfWork:
        return self.store.view()

    async def close(self) -> None: ...


async def failed(office: Office, outages: Outages, key: str) -> Departure:
    """An outage of which this process sees as much as it must, in which one message was put off for long."""
    await office.write(key, person(1))
    async with office.database.work() as work:
        [departure] = await work.outbox.claim("test", office.clock.now(), 60, 10)
        later, now = office.clock.now() + timedelta(hours=1), office.clock.now()
        await work.outbox.retry(departure, later, Reason.NETWORK, earliest=now)
        await work.commit()
    for _ in range(TROUBLE):
        outages.failed(departure, Reason.NETWORK)
    return departure


async def due(office: Office) -> list[Departure]:
    """What can be sent now; it is."""
    async with office.database.work() as work:
        found = await work.outbox.claim("test", office.clock.now(), 60, 10)
        for departure in found:
            await work.outbox.sent(departure, "", office.clock.now())
        await work.commit()
    return list(found)


@pytest.mark.parametrize("alone", [True, False])
async def test_a_second_outage_in_the_same_half_minute_is_not_forgotten(office: Office, *, alone: bool) -> None:
    first = Outages(office.database, office.clock)
    second = first if alone else Outages(office.database, office.clock)
    await first.sent(await failed(office, first, "a"))
    assert len(await due(office)) == 1
    departure = await failed(office, second, "b")
    await second.sent(departure)
    assert await due(office) == []  # once in each half minute
    office.clock.forward(SPAN)
    await second.sent(departure)
    assert len(await due(office)) == 1
    await failed(office, Outages(office.database, office.clock), "c")
    office.clock.forward(SPAN)
    await second.sent(departure)
    assert await due(office) == []  # what was made up for is forgotten


async def test_an_outage_whose_end_could_not_be_written_is_not_forgotten(office: Office) -> None:
    store = Away(office.database)
    outages = Outages(store, office.clock)
    departure = await failed(office, outages, "a")
    store.away = True
    await outages.sent(departure)
    store.away = False
    office.clock.forward(SPAN)
    await outages.sent(departure)
    assert len(await due(office)) == 1
