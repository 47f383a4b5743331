from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import loop
from bot.i18n import Words
from bot.inbox import worker as inbox
from bot.ports import Store, StoreUnavailable, UnitOfWork
from channels.message import Inbound
from handlers.say import Say, say
from tests.bot.conftest import WHOLE
from tests.town import CITY, ScriptedParser, Town, parse, town

TROUBLE = Words(CITY)(say(Say.TROUBLE), "es")


@pytest.fixture
async def both(tmp_path: Path, database_url: str, parser: ScriptedParser) -> AsyncIterator[Town]:
    """A town on SQLite and one on PostgreSQL."""
    async with town(tmp_path, parser, database_url=database_url) as place:
        yield place


async def test_a_whole_dialogue_on_each_database(both: Town) -> None:
    await both.says(WHOLE)
    await both.presses("Sí")
    assert [ticket.service for ticket in await both.tickets()] == ["pothole"]


async def test_the_same_message_twice_is_answered_once(both: Town) -> None:
    message = both.phones["simulated_telegram"].say("p1", WHOLE)
    await both.reception.accept([message])
    await both.reception.accept([message, message])
    await both.settle()
    await both.reception.accept([message])
    await both.settle()
    assert len(both.screen()) == 1 + 2  # mine, the welcome and the summary


async def test_messages_of_one_citizen_are_answered_in_the_order_they_came(both: Town, parser: ScriptedParser) -> None:
    phone = both.phones["simulated_sms"]
    parser.known |= {"calle 8": parse("provide_location", "calle 8", location="calle 8")}
    await both.reception.accept([phone.say("p1", text) for text in ("hay un bache", "1", "calle 8", "si")])
    await both.settle()
    (ticket,) = await both.tickets(style="sms")
    assert (ticket.service, ticket.place.words) == ("pothole", "calle 8")


async def test_a_kill_between_claiming_and_answering_repeats_nothing_and_loses_nothing(puerto: Town) -> None:
    await puerto.says(WHOLE)
    yes = next(b.choices[0].id for b in puerto.phones["simulated_telegram"].screen("p1") if b.choices)
    await puerto.reception.accept([puerto.phones["simulated_telegram"].say("p1", "Sí", choice=yes)])
    async with puerto.store.work() as work:  # a worker that dies with the message in its hands
        (lost,) = await work.inbox.claim("dead", puerto.clock.now(), inbox.LEASE, 10)
        await work.commit()
    await puerto.settle()
    assert await puerto.tickets() == []
    puerto.clock.forward(seconds=inbox.LEASE + 1)
    await puerto.settle()
    assert len(await puerto.tickets()) == 1
    async with puerto.store.work() as work:  # and it was not dead after all
        assert not await work.inbox.answered(lost, puerto.clock.now())


class Broken:
    """A parser that always fails in an unexpected way."""

    async def parse(self, text: str) -> None:
        raise ZeroDivisionError(text)


async def test_a_message_that_cannot_be_handled_is_set_aside_told_and_the_next_one_goes_on(
    puerto: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    puerto.inbox._understanding._parser = Broken()  # type: ignore[assignment]  # the town is wired with good parts; this test breaks one
    phone = puerto.phones["simulated_telegram"]
    await puerto.reception.accept([phone.say("p1", "secreto 555-1234"), phone.say("p1", "", point=None)])
    for _ in range(inbox.MAX_ATTEMPTS):
        await puerto.settle()
        puerto.clock.forward(minutes=2)
    await puerto.settle()
    assert puerto.screen()[2] == TROUBLE
    assert puerto.screen()[-1].startswith(Words(CITY)(say(Say.SORRY_MENU), "es"))  # the empty one needs no parser
    async with puerto.store.view() as view:
        (aside,) = (await view.set_aside.page(0, 10)).rows
    assert (aside.reason, aside.text) == ("ZeroDivisionError", "secreto 555-1234")
    told = capsys.readouterr()
    assert "handling_failed" in told.out + told.err
    assert "555-1234" not in told.out + told.err


async def test_a_number_that_is_taken_already_is_replaced_by_another(puerto: Town) -> None:
    class SameThenFree:
        """Random numbers that begin with one that is taken."""

        def __init__(self) -> None:
            self.draws = [7] * 3

        def getrandbits(self, count: int) -> int:
            return self.draws.pop() if self.draws else 9 % (1 << count)

        def randrange(self, stop: int) -> int:
            return 7 % stop

    puerto.inbox._random = SameThenFree()  # type: ignore[assignment]  # a source of numbers that repeats itself
    for phone in ("p1", "p2"):
        puerto.inbox._random.draws = [7] * 3  # type: ignore[attr-defined]
        await puerto.says(WHOLE, phone=phone)
        puerto.inbox._random.draws = [7]  # type: ignore[attr-defined]
        await puerto.presses("Sí", phone=phone)
    (one,), (other,) = await puerto.tickets(phone="p1"), await puerto.tickets(phone="p2")
    assert one.number != other.number


async def test_a_citizen_who_never_wrote_before_has_one_record_however_many_messages_come_at_once(both: Town) -> None:
    phone = both.phones["simulated_whatsapp"]
    first = phone.say("p1", "a")
    burst = [replace(first, external_id=f"m{n}", text=str(n)) for n in range(20)]
    assert all(isinstance(item, Inbound) for item in burst)
    await both.reception.accept(burst)
    await both.settle()
    assert len({ticket.reporter for ticket in await both.tickets(style="whatsapp")}) <= 1
    assert sum("soy Vecino" in said for said in both.screen("whatsapp")) == 1


async def test_a_message_that_ended_its_process_again_and_again_is_set_aside(puerto: Town) -> None:
    await puerto.says(WHOLE, settle=False)
    for _ in range(inbox.MAX_CLAIMS):  # each time somebody claims it and is never heard of again
        async with puerto.store.work() as work:
            assert await work.inbox.claim("dead", puerto.clock.now(), inbox.LEASE, 10)
            await work.commit()
        puerto.clock.forward(seconds=inbox.LEASE + 1)
    await puerto.settle()
    async with puerto.store.view() as view:
        (aside,) = (await view.set_aside.page(0, 10)).rows
    assert aside.reason == "never_finished"
    assert puerto.screen()[-1] == TROUBLE


class LocksOnce:
    """A store whose first commit of an answer fails."""

    def __init__(self, store: Store) -> None:
        self.store, self.works = store, 0

    def view(self) -> UnitOfWork:
        return self.store.view()

    def work(self) -> UnitOfWork:
        self.works += 1
        if self.works in (2, 3):  # the answer, and the first try to give it back
            raise StoreUnavailable
        return self.store.work()


async def test_a_message_whose_answer_could_not_be_written_does_not_wait_for_the_end_of_its_lease(
    puerto: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "PAUSE", 0.0)
    puerto.inbox._store = LocksOnce(puerto.store)  # type: ignore[assignment]  # the town is wired with good parts; this test breaks one
    assert [said[:5] for said in await puerto.says(WHOLE)] == ["Hola,", "Bache"]
