import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import _ready
from bot.inbox.reception import Reception
from bot.ports import Store, StoreUnavailable, Told, UnitOfWork
from bot.roles.watching import Watching
from channels.message import Delivery, Inbound, Receipt
from store.seal import Seal
from store.spool import ReceiptSpool, Spool
from tests.bot.conftest import WHOLE
from tests.town import Town


class Away:
    """A database that is away until it is back."""

    def __init__(self, store: Store) -> None:
        self.store, self.away = store, True

    def work(self) -> UnitOfWork:
        if self.away:
            raise StoreUnavailable
        return self.store.work()

    def view(self) -> UnitOfWork:
        return self.work()

    async def close(self) -> None: ...


class Slow:
    """A database that lets nobody write before it is told to; `asked` once somebody wants to."""

    def __init__(self, store: Store, go: asyncio.Event) -> None:
        self.store, self.go, self.asked = store, go, asyncio.Event()

    def work(self) -> UnitOfWork:
        return Waiting(self)  # type: ignore[return-value]  # it becomes the real one as soon as it is entered

    def view(self) -> UnitOfWork:
        return self.store.view()

    async def close(self) -> None: ...


class Waiting:
    """A unit of work that begins when its database lets it."""

    def __init__(self, slow: Slow) -> None:
        self.slow, self.work = slow, slow.store.work()

    async def __aenter__(self) -> UnitOfWork:
        self.slow.asked.set()
        await self.slow.go.wait()
        return await self.work.__aenter__()

    async def __aexit__(self, *error: Any) -> None:
        await self.work.__aexit__(*error)


class FullDisk:
    """A spool that cannot write."""

    def append(self, arrivals: Sequence[Inbound]) -> None:
        raise OSError(28, "No space left on device")

    def pending(self) -> bool:
        return False

    async def drain(self, accept: object) -> int:
        return 0

    def apart(self) -> Mapping[str, int]:
        return {}


async def test_while_the_database_is_away_messages_go_to_the_spool_and_are_answered_later_in_order(
    puerto: Town,
) -> None:
    phone, store = puerto.phones["simulated_telegram"], Away(puerto.store)
    reception = Reception(store, puerto.spool, puerto.clock)
    await reception.accept([phone.say("p1", WHOLE)])
    await reception.accept([phone.say("p1", "si")])
    assert puerto.spool.pending()
    await puerto.settle()
    assert len(puerto.screen()) == 2  # only what was said
    store.away = False
    await reception.accept([phone.say("p2", "hola")])  # queues up behind them
    await puerto.settle()
    assert len(puerto.screen(phone="p2")) == 1
    await reception.drain()
    await puerto.settle()
    assert not puerto.spool.pending()
    assert len(await puerto.tickets()) == 1
    assert len(puerto.screen(phone="p2")) == 1 + 2  # the welcome and the menu


async def test_no_webhook_waits_for_what_was_spooled_before_it(puerto: Town) -> None:
    phone, go = puerto.phones["simulated_telegram"], asyncio.Event()
    puerto.spool.append([phone.say("p1", WHOLE)])
    store = Slow(puerto.store, go)
    reception = Reception(store, puerto.spool, puerto.clock)
    draining = asyncio.create_task(reception.drain())
    await store.asked.wait()
    async with asyncio.timeout(1):
        await reception.accept([phone.say("p1", "si")])
    assert not draining.done()
    go.set()
    await draining
    assert not puerto.spool.pending()
    await puerto.settle()
    assert len(await puerto.tickets()) == 1  # "si" came second


async def test_a_full_spool_disk_turns_nobody_away_while_the_store_is_there(puerto: Town) -> None:
    reception = Reception(puerto.store, Brimful(), puerto.clock)
    await reception.accept([puerto.phones["simulated_telegram"].say("p1", WHOLE)])
    await puerto.settle()
    assert len(puerto.screen()) == 1 + 2


async def test_a_provider_that_tries_again_after_the_spool_is_answered_once(puerto: Town) -> None:
    phone, store = puerto.phones["simulated_telegram"], Away(puerto.store)
    reception = Reception(store, puerto.spool, puerto.clock)
    message = phone.say("p1", WHOLE)
    await reception.accept([message])
    await reception.accept([message])
    store.away = False
    await reception.drain()
    await reception.accept([message])
    await puerto.settle()
    assert len(puerto.screen()) == 1 + 2


async def test_only_when_the_spool_fails_too_is_the_provider_asked_to_come_again(puerto: Town) -> None:
    reception = Reception(Away(puerto.store), FullDisk(), puerto.clock)
    with pytest.raises(StoreUnavailable):
        await reception.accept([puerto.phones["simulated_telegram"].say("p1", WHOLE)])


async def test_nothing_to_accept_needs_no_database(puerto: Town) -> None:
    await Reception(Away(puerto.store), FullDisk(), puerto.clock).accept([])


class Brimful(FullDisk):
    """Something lies in it, and nothing more can be written."""

    def pending(self) -> bool:
        return True


class BrokenDisk:
    """A spool that can be written and not be read."""

    def append(self, arrivals: Sequence[Inbound]) -> None:
        """What is in it is lost from sight."""

    def pending(self) -> bool:
        return True

    async def drain(self, accept: object) -> int:
        raise OSError(5, "Input/output error")

    def apart(self) -> Mapping[str, int]:
        return {}


async def test_a_spool_that_cannot_be_read_holds_up_nobody_who_writes_now(puerto: Town) -> None:
    reception = Reception(puerto.store, BrokenDisk(), puerto.clock)
    with pytest.raises(OSError, match="Input/output"):
        await reception.drain()
    await reception.accept([puerto.phones["simulated_telegram"].say("p1", WHOLE)])
    await puerto.settle()
    assert len(puerto.screen()) == 1 + 2


async def test_a_spooled_message_that_the_store_refuses_holds_nobody_up(puerto: Town) -> None:
    phone, store = puerto.phones["simulated_telegram"], Away(puerto.store)
    reception = Reception(store, puerto.spool, puerto.clock)
    await reception.accept([phone.say("p1", "veneno")])
    await reception.accept([phone.say("p2", WHOLE)])
    store.away = False

    async def accept(arrivals: Sequence[Inbound]) -> None:
        if arrivals[0].text == "veneno":
            raise ValueError(arrivals[0].text)
        async with puerto.store.work() as work:
            await work.inbox.accept(arrivals)
            await work.commit()

    assert await puerto.spool.drain(accept) == 1
    assert not puerto.spool.pending()
    await puerto.settle()
    assert len(puerto.screen(phone="p2")) == 1 + 2


async def test_receipts_of_a_time_without_database_are_noted_when_it_is_back(
    puerto: Town, tmp_path: Path, seal: Seal
) -> None:
    phone, store = puerto.phones["simulated_telegram"], Away(puerto.store)
    told = ReceiptSpool(tmp_path / "receipts", seal)
    reception = Reception(store, puerto.spool, puerto.clock, told=told)
    await puerto.reception.accept([phone.say("p1", "hola")])
    await puerto.settle()
    gone = Receipt(key="reply:1:0", external_id="", delivery=Delivery.DELIVERED, reason="")
    await reception.receipts("simulated_telegram", [gone])
    assert told.pending()
    store.away = False
    await reception.drain()
    assert not told.pending()
    async with puerto.store.view() as view:
        row = await view._tx.execute(text("SELECT delivery FROM outbox WHERE key = 'reply:1:0'"))
        assert row.scalar_one() == "delivered"


async def test_without_a_place_for_receipts_the_provider_is_asked_to_come_again(puerto: Town) -> None:
    reception = Reception(Away(puerto.store), puerto.spool, puerto.clock)
    with pytest.raises(StoreUnavailable):
        await reception.receipts("sms", [Receipt(key="k", external_id="", delivery=Delivery.SENT, reason="")])


class Refusing:
    """A spool whose messages the store refuses, all of them."""

    def __init__(self, trouble: Exception | None) -> None:
        self.trouble = trouble
        self.appended: list[Inbound] = []

    def append(self, arrivals: Sequence[Inbound]) -> None:
        self.appended += arrivals

    def pending(self) -> bool:
        return True

    async def drain(self, accept: object) -> int:
        if self.trouble:
            raise self.trouble
        return 0

    def apart(self) -> Mapping[str, int]:
        return {}


@pytest.mark.parametrize("trouble", [OSError(5, "Input/output error"), KeyError("a column"), StoreUnavailable()])
async def test_whatever_is_wrong_with_the_spooled_messages_receipts_are_noted(
    puerto: Town, tmp_path: Path, seal: Seal, trouble: Exception
) -> None:
    told = ReceiptSpool(tmp_path / "receipts", seal)
    told.append([Told(channel="sms", receipt=Receipt(key="k", external_id="", delivery=Delivery.SENT, reason=""))])
    reception = Reception(puerto.store, Refusing(trouble), puerto.clock, told=told)
    with pytest.raises(type(trouble)):
        await reception.drain()
    assert not told.pending()


async def test_while_the_store_refuses_what_was_spooled_what_comes_queues_up_and_it_is_told(puerto: Town) -> None:
    spool = Refusing(KeyError("a column"))
    reception = Reception(puerto.store, spool, puerto.clock)
    with pytest.raises(KeyError):
        await reception.drain()
    await reception.accept([puerto.phones["simulated_telegram"].say("p1", WHOLE)])
    assert len(spool.appended) == 1
    assert await _ready(puerto.store, reception, Watching()) == {"database": True, "spool": False}
    spool.trouble = StoreUnavailable()
    with pytest.raises(StoreUnavailable):
        await reception.drain()
    assert not reception.well  # the store's absence says nothing of it
    spool.trouble = None
    await reception.drain()
    assert await _ready(puerto.store, reception, Watching()) == {"database": True, "spool": True}


async def test_receipts_that_the_store_refuses_are_told_too_and_hold_up_no_message(
    puerto: Town, tmp_path: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, phone = ReceiptSpool(tmp_path / "receipts", seal), puerto.phones["simulated_telegram"]
    told.append([Told(channel="sms", receipt=Receipt(key="k", external_id="", delivery=Delivery.SENT, reason=""))])
    puerto.spool.append([phone.say("p1", WHOLE)])
    reception = Reception(puerto.store, puerto.spool, puerto.clock, told=told)

    async def refuse(told: Sequence[Told]) -> None:
        raise KeyError("a column")

    with monkeypatch.context() as trouble:
        trouble.setattr(reception, "_note", refuse)
        with pytest.raises(KeyError):
            await reception.drain()
    assert (puerto.spool.pending(), told.pending(), reception.well) == (False, True, False)
    await reception.drain()
    assert (told.pending(), reception.well) == (False, True)


async def test_while_the_store_does_not_answer_no_spooled_file_is_opened(
    puerto: Town, tmp_path: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows yet whether its key is the store's own: as unreadable it would be set apart for good."""
    Spool(tmp_path / "other", Seal("x" * 40)).append([puerto.phones["simulated_telegram"].say("p1", WHOLE)])
    spool = Spool(tmp_path / "other", seal)

    async def away() -> None:
        raise StoreUnavailable

    with monkeypatch.context() as absence:
        absence.setattr(puerto.store._read, "begin", away)
        with pytest.raises(StoreUnavailable):
            await Reception(puerto.store, spool, puerto.clock).drain()
    assert spool.pending()
    assert spool.apart()["unreadable"] == 0
