from datetime import timedelta
from itertools import pairwise

import pytest

from bot import loop
from bot.delivery import worker as delivery
from bot.delivery.window import Window
from bot.ports import Departure, Failure, Kind, Limit, Queued, Store, StoreUnavailable, UnitOfWork
from channels import Rejected, Throttled, Traits, Unavailable
from channels.message import Contact, Delivery, Outbound
from channels.reason import Reason
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


async def undelivered(puerto: Town) -> list[Failure]:
    async with puerto.store.view() as view:
        return list((await view.undelivered.page(0, 100)).rows)


async def test_a_message_that_cannot_be_sent_now_is_sent_later_in_order(puerto: Town) -> None:
    provider = Provider(Unavailable("timeout"), Unavailable("timeout"))
    await with_provider(puerto, provider)
    assert provider.accepted == []
    for _ in range(4):
        puerto.clock.forward(seconds=10)
        await puerto.settle()
    assert [o.text[:5] for o in provider.accepted] == ["Hola,", "Bache"]


async def test_waits_grow_and_end_where_it_may_have_arrived(puerto: Town) -> None:
    provider = Provider(*[Unavailable("down", uncertain=True)] * 100)
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
    """Not for the message behind it either, until they write again."""
    provider = Provider(Rejected(reason))
    await with_provider(puerto, provider)
    puerto.clock.forward(hours=3)
    await puerto.settle()
    assert (provider.troubles, provider.accepted) == ([], [])
    assert [failure.reason for failure in await undelivered(puerto)] == [reason] * (2 if reason != "opted_out" else 0)
    await puerto.says("hola")
    assert len(provider.accepted) == 1


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


class NoWindow:
    """One that cannot read what it needs, as with a citizen sealed with a lost key."""

    def __init__(self, window: Window) -> None:
        self.window, self.broken = window, 1

    async def prepare(self, departure: Departure) -> Departure | None:
        if self.broken:
            self.broken -= 1
            raise ValueError
        return await self.window.prepare(departure)


async def test_a_message_whose_form_cannot_be_found_has_a_reason_and_a_later_try(puerto: Town) -> None:
    provider = Provider()
    puerto.delivery._window = NoWindow(puerto.delivery._window)  # type: ignore[assignment,arg-type]  # the town is wired with good parts; this test breaks one
    await with_provider(puerto, provider)
    assert puerto.delivery.counters.get("outbound", outcome="later", reason=Reason.INTERNAL_ERROR) == 1
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


@pytest.mark.parametrize("key", ["reply", "notice"])
async def test_what_waited_too_long_is_not_sent_but_listed(puerto: Town, key: str) -> None:
    provider = Provider(*[Unavailable("down")] * 10_000)
    await with_provider(puerto, provider)
    async with puerto.store.work() as work:
        person = await work.citizens.find(Contact(channel="simulated_telegram", address="p1"))
        assert person
        outbound = Outbound(key="notice:1", recipient=person.contact, text="novedad")
        await work.outbox.enqueue([Queued(outbound=outbound, citizen=person.id, kind=Kind.NOTICE)], puerto.clock.now())
        await work.commit()
    puerto.clock.forward(hours=25)
    for _ in range(5):  # they stand in one line: each look takes one
        await puerto.settle()
    assert [(f.kind, f.reason) for f in await undelivered(puerto)] == [("reply", "too_old")] * 2
    if key == "notice":
        puerto.clock.forward(days=7)
        await puerto.settle()
        assert (await undelivered(puerto))[0].reason == "too_old"
    else:
        provider.troubles.clear()
        puerto.clock.forward(hours=1)
        await puerto.settle()
        assert [o.text for o in provider.accepted] == ["novedad"]


async def test_a_form_that_the_provider_refuses_goes_again_in_a_plainer_one(puerto: Town) -> None:
    provider = Provider(Unavailable("first the welcome waits"))
    await with_provider(puerto, provider)
    provider.troubles = [Rejected("refused")]  # the welcome is plain already: it fails; the question has buttons
    puerto.clock.forward(seconds=5)
    await puerto.delivery.loop.step()
    provider.troubles = [Rejected("refused")]
    await puerto.settle()
    [question] = provider.accepted
    assert "\n1 Sí\n2 No" in question.text
    assert question.choices == ()
    assert [f.reason for f in await undelivered(puerto)] == ["refused"]


async def test_a_channel_told_to_slow_down_as_a_whole_waits_as_a_whole(puerto: Town) -> None:
    provider = Provider(Throttled(40, whole=True))
    puerto.delivery._limits = {"simulated_telegram": Limit(rate=30)}
    await with_provider(puerto, provider)
    await puerto.says("hola", phone="p2")
    puerto.clock.forward(seconds=39)
    await puerto.settle()
    assert provider.accepted == []
    puerto.clock.forward(seconds=2)
    for _ in range(3):
        await puerto.settle()
        puerto.clock.forward(seconds=1)
    assert len(provider.accepted) >= 3


async def test_a_chat_gets_one_message_a_second(puerto: Town) -> None:
    provider = Provider()
    puerto.delivery._limits = {"simulated_telegram": Limit(rate=30, chat_rate=1)}
    await with_provider(puerto, provider)
    assert len(provider.accepted) == 1
    puerto.clock.forward(seconds=0.9)
    await puerto.settle()
    assert len(provider.accepted) == 1
    puerto.clock.forward(seconds=0.1)
    await puerto.settle()
    assert len(provider.accepted) == 2


async def test_what_became_of_messages_is_counted(puerto: Town) -> None:
    provider = Provider(Unavailable("network"), Rejected("blocked"))
    await with_provider(puerto, provider)
    puerto.clock.forward(seconds=10)
    await puerto.settle()
    counters = puerto.delivery.counters
    assert counters.get("outbound", channel="simulated_telegram", outcome="failed", reason="blocked") == 1
    assert counters.get("outbound", outcome="later") == 1
    assert counters.get("outbound", outcome="sent") == 0


async def test_notes_of_sends_that_end_together_share_a_unit_of_work(puerto: Town) -> None:
    provider = Provider()
    units = CountsWork(puerto.store)
    puerto.delivery._store = units  # type: ignore[assignment]  # the town is wired with good parts; this one counts
    puerto.delivery._channels = {"simulated_telegram": provider}  # type: ignore[dict-item]  # the same
    puerto.delivery._room = 16.0
    for n in range(10):
        await puerto.says("hola", phone=f"q{n}", settle=False)
    while await puerto.inbox.loop.step():
        pass
    await puerto.delivery.loop.step()
    assert len(provider.accepted) == 10
    assert units.count <= 3


async def test_few_are_in_hand_after_a_start_and_more_as_sends_succeed(puerto: Town) -> None:
    """Whatever is in hand at a kill may be sent twice, and kills come in rows."""
    provider = Provider()
    puerto.delivery._channels = {"simulated_telegram": provider}  # type: ignore[dict-item]  # the town is wired with good parts; this one counts
    for n in range(30):
        await puerto.says("hola", phone=f"q{n}", settle=False)
    while await puerto.inbox.loop.step():
        pass
    rounds = [await puerto.delivery.loop.step() for _ in range(6)]
    assert rounds[0] == delivery.AT_START
    assert rounds == sorted(rounds)
    assert rounds[-1] > delivery.AT_START


async def test_a_database_away_at_the_start_does_not_widen_the_first_round(puerto: Town) -> None:
    provider = Provider()
    puerto.delivery._channels = {"simulated_telegram": provider}  # type: ignore[dict-item]  # the town is wired with good parts; this one counts
    for n in range(10):
        await puerto.says("hola", phone=f"q{n}", settle=False)
    while await puerto.inbox.loop.step():
        pass
    puerto.clock.forward(seconds=60)
    assert await puerto.delivery.loop.step() == delivery.AT_START


class CountsWork:
    def __init__(self, store: Store) -> None:
        self.store, self.count = store, 0

    def work(self) -> UnitOfWork:
        self.count += 1
        return self.store.work()


async def test_a_whole_channel_that_is_slowed_down_is_left_alone_also_where_no_rate_is_set(puerto: Town) -> None:
    provider = Provider(*[Throttled(40, whole=True)] * 50)
    puerto.delivery._channels = {"simulated_telegram": provider}  # type: ignore[dict-item]  # the same
    for n in range(20):
        await puerto.says(WHOLE, phone=f"p{n}")
    assert len(provider.troubles) >= 50 - delivery.AT_START
    provider.troubles.clear()
    puerto.clock.forward(seconds=41)
    await puerto.settle()
    assert len(provider.accepted) == 40
