from datetime import timedelta
from itertools import pairwise

import pytest

from bot import delivery, loop
from bot.ports import Store, StoreUnavailable, UnitOfWork
from channels import Rejected, Throttled, Traits, Unavailable
from channels.message import Delivery, Outbound
from tests.bot.conftest import WHOLE
from tests.town import START, Town


class Provider:
    """A channel that fails as told, one trouble per try, and then accepts."""

    name = "simulated_telegram"

    def __init__(self, *troubles: Exception, callbacks: bool = False) -> None:
        self.troubles, self.accepted = list(troubles), list[Outbound]()
        self.traits = Traits(buttons=100, text_limit=4096, callbacks=callbacks)

    def read(self, webhook: object) -> list[object]:
        return []

    async def send(self, outbound: Outbound) -> str:
        if self.troubles:
            raise self.troubles.pop(0)
        self.accepted.append(outbound)
        return f"id{len(self.accepted)}"

    async def close(self) -> None: ...


async def with_provider(puerto: Town, provider: Provider) -> None:
    puerto.delivery._channels = {"simulated_telegram": provider}  # type: ignore[dict-item]  # the town is wired with good parts; this test breaks one
    await puerto.says(WHOLE)


async def test_a_message_that_cannot_be_sent_now_is_sent_later_in_order(puerto: Town) -> None:
    provider = Provider(Unavailable("timeout"), Unavailable("timeout"))
    await with_provider(puerto, provider)
    assert provider.accepted == []
    for _ in range(4):
        puerto.clock.forward(seconds=10)
        await puerto.settle()
    assert [o.text[:5] for o in provider.accepted] == ["Hola,", "Bache"]


async def test_waits_grow_and_end(puerto: Town) -> None:
    provider = Provider(*[Unavailable("down")] * 100)
    await with_provider(puerto, provider)
    tries = []
    while len(provider.troubles) > 100 - delivery.MAX_ATTEMPTS and len(tries) < 100_000:
        before = len(provider.troubles)
        puerto.clock.forward(seconds=3)
        await puerto.delivery.loop.step()
        if len(provider.troubles) < before:
            tries.append(puerto.clock.now() - START)
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert gaps[0] <= timedelta(seconds=6)
    assert max(gaps) <= timedelta(seconds=delivery.LONGEST_WAIT * 1.2 + 3)
    assert tries[-1] > timedelta(hours=1.5)


async def test_throttling_waits_as_long_as_asked_and_counts_no_attempt(puerto: Town) -> None:
    provider = Provider(*[Throttled(40)] * 50)
    await with_provider(puerto, provider)
    puerto.clock.forward(seconds=39)
    await puerto.settle()
    assert len(provider.troubles) == 49
    for _ in range(60):
        puerto.clock.forward(seconds=41)
        await puerto.settle()
    assert len(provider.accepted) == 2


@pytest.mark.parametrize("reason", ["blocked", "not_a_number", "opted_out"])
async def test_a_refusal_for_good_is_kept_with_its_reason_and_not_repeated(puerto: Town, reason: str) -> None:
    provider = Provider(Rejected(reason), Rejected(reason))
    await with_provider(puerto, provider)
    puerto.clock.forward(hours=3)
    await puerto.settle()
    assert (provider.troubles, provider.accepted) == ([], [])


async def test_a_send_whose_answer_was_lost_waits_for_its_receipt(puerto: Town) -> None:
    provider = Provider(Unavailable("dropped", uncertain=True), callbacks=True)
    await with_provider(puerto, provider)
    puerto.clock.forward(seconds=delivery.AWAIT_RECEIPT - 1)
    await puerto.settle()
    assert provider.accepted == []
    puerto.clock.forward(seconds=2)
    await puerto.settle()
    assert len(provider.accepted) == 2


async def test_a_bug_in_a_channel_stops_nobody_else(puerto: Town) -> None:
    provider = Provider(KeyError("surprise"))
    await with_provider(puerto, provider)
    puerto.clock.forward(seconds=10)
    await puerto.settle()
    assert len(provider.accepted) == 2


async def test_a_channel_that_was_switched_off_is_named_as_the_reason(puerto: Town) -> None:
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    puerto.delivery._channels = {}
    from tickets.model import Status

    await puerto.desk.move(number=ticket.number, to=Status.TRIAGED, version=1, login="rosa", note="")
    await puerto.settle()
    async with puerto.store.view() as view:
        (notice,) = [s for s in await view.outbox.of_ticket(ticket.number) if s.key.startswith("notice:")]
    assert (notice.delivery, notice.reason) == (Delivery.FAILED, "channel_off")


@pytest.mark.parametrize(("asked", "waits"), [(0.0, 1), (1e300, 3600), (float("inf"), 3600)])
async def test_a_pause_asked_for_is_neither_nothing_nor_for_ever(puerto: Town, asked: float, waits: float) -> None:
    provider = Provider(Throttled(asked))
    await with_provider(puerto, provider)
    assert provider.accepted == []
    puerto.clock.forward(seconds=waits + 1)
    await puerto.settle()
    assert len(provider.accepted) == 2


class LocksAfterSending:
    """A store that cannot be written for a moment, just when a message has been sent."""

    def __init__(self, store: Store, provider: Provider) -> None:
        self.store, self.provider, self.locked = store, provider, 2

    def work(self) -> UnitOfWork:
        if self.provider.accepted and self.locked:
            self.locked -= 1
            raise StoreUnavailable
        return self.store.work()


async def test_a_message_sent_while_the_database_locks_is_noted_as_sent_and_not_sent_again(
    puerto: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "PAUSE", 0.0)
    provider = Provider()
    store = LocksAfterSending(puerto.store, provider)
    puerto.delivery._store = store  # type: ignore[assignment]  # the town is wired with good parts; this test breaks one
    await with_provider(puerto, provider)
    puerto.clock.forward(hours=1)
    await puerto.settle()
    assert (store.locked, len(provider.accepted)) == (0, 2)
