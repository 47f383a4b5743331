"""News that wait on WhatsApp for too long: each is decided on by itself, whatever becomes of the others."""

from collections.abc import Iterator, Mapping
from random import Random

import pytest
from sqlalchemy import update

from bot.delivery.fallback import LEASE, MAX_ATTEMPTS, FallbackWorker
from bot.loop import Workplace
from bot.ports import Failure, Queued, Store, StoreUnavailable, UnitOfWork
from channels import Channel
from channels.message import Contact, Inbound, Outbound
from store.tables import citizens, outbox
from tests.town import Town


class Trap(Mapping[str, Channel]):
    """The city's channels, of which the first look-ups end in an error that nobody thought of."""

    def __init__(self, channels: Mapping[str, Channel], traps: int) -> None:
        self._channels, self._traps = channels, traps

    def __getitem__(self, name: str) -> Channel:
        if self._traps:
            self._traps -= 1
            raise RuntimeError(name)
        return self._channels[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._channels)

    def __len__(self) -> int:
        return len(self._channels)


def person(n: int, channel: str = "simulated_whatsapp") -> Contact:
    return Contact(channel=channel, address=f"p{n}")


async def waiting(town: Town, *people: int) -> None:
    """News for each of these, parked and overdue."""
    for n in people:
        wrote = Inbound(sender=person(n), external_id=f"first of {n}", received_at=town.clock.now())
        async with town.store.work() as work:
            await work.inbox.accept([wrote])
            citizen = await work.citizens.find(person(n))
            assert citizen
            outbound = Outbound(key=f"news of {n}", recipient=person(n), text=f"news of {n}")
            await work.outbox.enqueue([Queued(outbound=outbound, citizen=citizen.id)], town.clock.now())
            (departure,) = await work.outbox.claim("test", town.clock.now(), 60, 1)
            await work.windows.park(departure, town.clock.now(), town.clock.now())
            await work.commit()


def worker(town: Town, channels: Mapping[str, Channel]) -> FallbackWorker:
    at = Workplace(store=town.store, clock=town.clock, random=Random(1), owner="test", wake=town.store.bell)
    return FallbackWorker(at, channels=channels)


async def told(town: Town) -> list[str]:
    """What anybody was told by SMS by now."""
    while await town.delivery.loop.step():
        pass
    return [text for n in range(1, 4) for text in town.screen("sms", f"p{n}")]


async def failures(town: Town) -> list[Failure]:
    async with town.store.view() as view:
        return list((await view.undelivered.page(0, 10)).rows)


async def test_a_message_that_cannot_be_decided_on_stops_no_other(puerto: Town) -> None:
    await waiting(puerto, 1, 2, 3)
    fallback = worker(puerto, Trap(puerto.phones, 1))
    assert await fallback.loop.step() == 3
    assert len(await told(puerto)) == 2
    assert await fallback.loop.step() == 0
    puerto.clock.forward(seconds=LEASE)
    assert await fallback.loop.step() == 1
    assert await told(puerto) == ["news of 1", "news of 2", "news of 3"]


async def test_what_can_never_be_decided_on_a_clerk_sees(puerto: Town) -> None:
    await waiting(puerto, 1)
    fallback = worker(puerto, Trap(puerto.phones, 10**6))
    for _ in range(MAX_ATTEMPTS + 1):
        assert await fallback.loop.step() == 1
        puerto.clock.forward(seconds=LEASE)
    assert await fallback.loop.step() == 0
    assert [(failure.reason, failure.text) for failure in await failures(puerto)] == [("internal_error", "news of 1")]


async def test_who_is_sealed_with_a_lost_key_is_told_all_the_same(puerto: Town) -> None:
    wrote = Inbound(sender=person(1, "simulated_sms"), external_id="by sms", received_at=puerto.clock.now())
    async with puerto.store.work() as work:
        await work.inbox.accept([wrote])
        lost = update(citizens).where(citizens.c.channel == "simulated_sms").values(address=b"?" * 60)
        await work.windows._tx.execute(lost)  # type: ignore[attr-defined]  # no port breaks a row
        await work.commit()
    await waiting(puerto, 1, 2)
    await worker(puerto, puerto.phones).loop.step()
    assert await told(puerto) == ["news of 1", "news of 2"]


async def test_only_who_decides_says_so(puerto: Town, capsys: pytest.CaptureFixture[str]) -> None:
    await waiting(puerto, 1)
    slow, quick = worker(puerto, puerto.phones), worker(puerto, puerto.phones)
    late = await slow._claim(10)
    puerto.clock.forward(seconds=LEASE)
    assert await quick.loop.step() == 1
    for parked in late:
        await slow._handle(parked)
    assert capsys.readouterr().out.count("no_answer_to_news") == 1
    assert await told(puerto) == ["news of 1"]


async def test_what_cannot_be_opened_is_listed_as_that(puerto: Town) -> None:
    await waiting(puerto, 1, 2)
    async with puerto.store.work() as work:
        lost = update(outbox).where(outbox.c.key == "news of 1").values(outbound=b"?" * 60)
        await work.windows._tx.execute(lost)  # type: ignore[attr-defined]  # no port breaks a row
        await work.commit()
    await worker(puerto, puerto.phones).loop.step()
    assert [failure.reason for failure in await failures(puerto)] == ["unreadable"]
    assert await told(puerto) == ["news of 2"]


class Flaky:
    """A database that is away for every second of those who want to write, as long as it is `bad`."""

    def __init__(self, store: Store) -> None:
        self.store, self.bad, self.asked = store, True, 0

    def work(self) -> UnitOfWork:
        self.asked += 1
        if self.bad and self.asked % 2 == 0:
            raise StoreUnavailable
        return self.store.work()

    def view(self) -> UnitOfWork:
        return self.store.view()

    async def close(self) -> None: ...


async def test_a_database_that_was_away_is_no_attempt(puerto: Town) -> None:
    await waiting(puerto, 1)
    store = Flaky(puerto.store)
    at = Workplace(store=store, clock=puerto.clock, random=Random(1), owner="test", wake=puerto.store.bell)
    fallback = FallbackWorker(at, channels=puerto.phones)
    for _ in range(MAX_ATTEMPTS + 1):
        store.asked = 0  # the claim comes through, the decision does not
        assert await fallback.loop.step() == 1
        puerto.clock.forward(seconds=LEASE)
    store.bad = False
    assert await fallback.loop.step() == 1
    assert await told(puerto) == ["news of 1"]
