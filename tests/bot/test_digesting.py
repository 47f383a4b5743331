"""Each subscriber gets each week's digest once, whoever looks, whatever is killed and whatever clocks do."""

import asyncio
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.digesting.child import Order, Printed
from bot.digesting.due import Due
from bot.digesting.sending import Digesting
from bot.ports import Kind, StoreUnavailable
from store.database import Database
from store.seal import Seal
from tests.bot.digests import ANA, BEA, CARO, GROUP, MONDAY, PRINTED, ROADS, Printer, digesting, email, names, queued
from tests.store.samples import SECRET, StillClock

NEWER = "a-newer-key-for-the-tests-of-no-worth-at-all"
LATER = timedelta(days=400)


@pytest.fixture
def clock() -> StillClock:
    clock = StillClock()
    clock.time = MONDAY
    return clock


async def test_each_gets_it_once_however_often_is_looked(database: Database, clock: StillClock) -> None:
    printer = Printer()
    one = digesting(database, clock, printer, ANA, BEA, CARO, GROUP)
    await one.look()
    await one.look()
    await digesting(database, clock, printer, ANA, BEA, CARO, GROUP, owner="other").look()
    assert await names(database, clock) == ["-100777", "ana@city.example", "bea@city.example", "caro@city.example"]
    assert [(order.period.week, order.language) for order in printer.orders] == [("2026-W47", "es"), ("2026-W47", "pt")]


async def test_the_next_week_brings_the_next_one(database: Database, clock: StillClock) -> None:
    one = digesting(database, clock, Printer(), ANA)
    await one.look()
    clock.forward(7 * 86_400)
    await one.look()
    assert [row.outbound.key.split(":")[1] for row in await queued(database, clock.now())] == ["2026-W47", "2026-W48"]


async def test_after_a_stop_of_weeks_only_the_latest_is_sent(database: Database, clock: StillClock) -> None:
    await digesting(database, clock, Printer(), ANA).look()
    clock.forward(5 * 7 * 86_400 + 3600)
    printer = Printer()
    await digesting(database, clock, printer, ANA).look()
    assert [order.period.week for order in printer.orders] == ["2026-W52"]


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=3), timedelta(days=8), timedelta(days=40)])
async def test_a_clock_that_was_set_back_sends_nothing_again(
    database: Database, clock: StillClock, back: timedelta
) -> None:
    weeks = 8
    for _ in range(weeks):
        await digesting(database, clock, Printer(), ANA).look()
        clock.forward(7 * 86_400)
    assert len(await queued(database, clock.now())) == weeks
    clock.forward(-(timedelta(days=7) + back).total_seconds())
    await digesting(database, clock, Printer(), ANA).look()
    assert not await queued(database, clock.now() + LATER)


async def test_a_message_that_is_forgotten_is_not_sent_again(database: Database, clock: StillClock) -> None:
    await digesting(database, clock, Printer(), ANA).look()
    assert len(await queued(database, clock.now())) == 1
    async with database.work() as work:
        await work.housekeeping.rest(clock.now() + LATER, clock.now() + LATER)
        await work.commit()
    async with database.view() as view:
        assert (await view.backlogs.all())[0].waiting == 0
    await digesting(database, clock, Printer(), ANA).look()
    assert not await queued(database, clock.now())


async def test_each_has_their_own_hour(database: Database, clock: StillClock) -> None:
    early, late = email("a@city.example", hour=6), email("b@city.example", hour=9)
    one = digesting(database, clock, Printer(), early, late)
    await one.look()  # who comes at nine has last week's digest to get: it is the latest that was due
    found = {row.outbound.recipient.address: row.outbound.key for row in await queued(database, clock.now())}
    assert {address: key.split(":")[1] for address, key in found.items()} == {
        "a@city.example": "2026-W47",
        "b@city.example": "2026-W46",
    }
    clock.forward(2 * 3600)
    await one.look()
    (row,) = await queued(database, clock.now())
    assert (row.outbound.recipient.address, row.outbound.key.split(":")[1]) == ("b@city.example", "2026-W47")


async def test_one_person_may_read_the_city_and_a_department(database: Database, clock: StillClock) -> None:
    await digesting(database, clock, Printer(), ANA, email("ana@city.example", scope=ROADS)).look()
    assert await names(database, clock) == ["ana@city.example", "ana@city.example"]


async def test_who_unsubscribed_gets_no_more(database: Database, clock: StillClock) -> None:
    async with database.work() as work:
        await work.unsubscribed.add("ANA@City.example", clock.now())
        await work.commit()
    await digesting(database, clock, Printer(), ANA, CARO).look()
    assert await names(database, clock) == ["caro@city.example"]


async def test_who_unsubscribes_while_it_is_printed_gets_none(database: Database, clock: StillClock) -> None:
    class Slow(Printer):
        async def __call__(self, order: Order) -> Printed:
            async with database.work() as work:
                await work.unsubscribed.add("ana@city.example", clock.now())
                await work.commit()
            return await super().__call__(order)

    await digesting(database, clock, Slow(), ANA, CARO).look()
    assert await names(database, clock) == ["caro@city.example"]


async def test_an_address_that_bounced_is_skipped_and_counted(database: Database, clock: StillClock) -> None:
    one = digesting(database, clock, Printer(), ANA, CARO)
    await one.look()
    async with database.work() as work:
        for row in await work.outbox.claim("test", clock.now(), 60, 10):
            if row.outbound.recipient == ANA.contact:
                await work.outbox.failed(row, "not_found", clock.now())
                await work.refusals.record(row.citizen, "not_found")
        await work.commit()
    clock.forward(7 * 86_400)
    await one.look()
    assert [a for a in await names(database, clock) if a.startswith("ana")] == []
    assert one.counters.states()["digest_bounced"] == 1


async def test_its_message_carries_page_pictures_files_and_link(database: Database, clock: StillClock) -> None:
    await digesting(database, clock, Printer(), ANA).look()
    (row,) = await queued(database, clock.now())
    message = row.outbound
    assert row.kind is Kind.DIGEST
    assert message.subject == PRINTED.subject
    assert message.unsubscribe.startswith("https://vecino.example/digest/unsubscribe/")
    assert message.unsubscribe.endswith("?language=es")
    assert message.text.endswith(f"{PRINTED.stop}: {message.unsubscribe}\n")
    page, picture, pdf = message.attachments
    assert (page.content_type, picture.name, pdf.name) == ("text/html", "cid:trend", "vecino-2026-W47-es.pdf")
    assert message.unsubscribe.encode() in page.content
    assert page.content.endswith(b"</body></html>")
    assert "ana" not in message.key
    assert "ana" not in message.unsubscribe


async def test_without_a_public_address_there_is_no_link(database: Database, clock: StillClock) -> None:
    await digesting(database, clock, Printer(), ANA, public_url="").look()
    (row,) = await queued(database, clock.now())
    assert (row.outbound.unsubscribe, row.outbound.text) == ("", PRINTED.text)


async def test_a_group_gets_the_short_message(database: Database, clock: StillClock) -> None:
    await digesting(database, clock, Printer(), GROUP).look()
    (row,) = await queued(database, clock.now())
    assert (row.outbound.text, row.outbound.attachments) == (PRINTED.short, ())


async def test_what_cannot_be_printed_stops_no_other_and_is_tried_again_later(
    database: Database, clock: StillClock
) -> None:
    printer = Printer(broken={"es"})
    one = digesting(database, clock, printer, ANA, BEA)
    await one.look()
    await one.look()
    assert await names(database, clock) == ["bea@city.example"]
    assert [order.language for order in printer.orders] == ["es", "pt"]  # not again at once
    printer.broken.clear()
    clock.forward(61)
    await one.look()
    assert await names(database, clock) == ["ana@city.example"]
    assert one.counters.get("digests", outcome="not_printed") == 1


async def test_while_the_database_is_away_nothing_breaks(database: Database, clock: StillClock) -> None:
    class Away(Printer):
        async def __call__(self, order: Order) -> Printed:
            await super().__call__(order)
            raise StoreUnavailable("gone")

    await digesting(database, clock, Away(), ANA).look()
    await digesting(database, clock, Printer(), ANA, owner="other").look()
    assert await names(database, clock) == ["ana@city.example"]


async def test_one_process_prints_at_a_time(database: Database, clock: StillClock) -> None:
    printer = Printer()
    async with database.work() as work:
        await work.leases.hold("digest", "other", clock.now(), clock.now() + timedelta(minutes=20))
        await work.commit()
    one = digesting(database, clock, printer, ANA)
    await one.look()
    assert printer.orders == []
    clock.forward(20 * 60)  # it died
    await one.look()
    assert len(printer.orders) == 1


async def test_whoever_looks_next_goes_on_where_another_ended(database: Database, clock: StillClock) -> None:
    class Dying(Printer):
        async def __call__(self, order: Order) -> Printed:
            if order.language == "pt":
                raise asyncio.CancelledError
            return await super().__call__(order)

    with pytest.raises(asyncio.CancelledError):
        await digesting(database, clock, Dying(), ANA, BEA, CARO).look()
    await digesting(database, clock, Printer(), ANA, BEA, CARO, owner="other").look()
    assert await names(database, clock) == ["ana@city.example", "bea@city.example", "caro@city.example"]


class Broken(Printer):
    """Fails by an error that nobody foresaw, for the languages in `broken`; another one each time it says so."""

    async def __call__(self, order: Order) -> Printed:
        self.orders.append(order)
        if order.language in self.broken:
            return [PRINTED][len(self.orders)]
        return PRINTED


async def test_an_error_that_nobody_foresaw_is_said_once_an_hour_and_tried_again_ever_more_seldom(
    database: Database, clock: StillClock
) -> None:
    printer = Broken(broken={"es"})
    one = digesting(database, clock, printer, ANA, BEA)
    with capture_logs() as logs:
        for _ in range(3 * 60):
            await one._look()
            clock.forward(60)
    assert await names(database, clock) == ["bea@city.example"]
    tried = sum(order.language == "es" for order in printer.orders)
    assert tried == 6  # at once, and after 1, 6, 21, 81 and 141 minutes
    assert [line["event"] for line in logs] == ["digest_not_printed"] * 3
    assert logs[0]["why"].startswith("IndexError at sending.py:")
    assert "ana" not in str(logs)


async def test_a_subscriber_whose_message_cannot_be_queued_stops_no_other(
    database: Database, clock: StillClock
) -> None:
    class Strange(Digesting):
        async def _queue(self, one: Due, printed: Printed) -> bool:
            if one.subscriber == ANA:
                raise ZeroDivisionError
            return await super()._queue(one, printed)

    plain = digesting(database, clock, Printer(), ANA, CARO)
    values = {each.name: getattr(plain, each.name) for each in fields(plain) if not each.name.startswith("_")}
    one = Strange(**values)
    with capture_logs() as logs:
        await one.look()
        await one.look()
    assert await names(database, clock) == ["caro@city.example"]
    assert [line["event"] for line in logs] == ["digest_not_queued"]
    assert len(plain.print.orders) == 1  # not again at once


async def test_a_look_that_fails_as_a_whole_is_put_off_and_said_once(database: Database, clock: StillClock) -> None:
    one = digesting(database, clock, Printer(), ANA)
    one.sending = replace(one.sending, day="monday")
    with capture_logs() as logs:
        await one._look()
        await one._look()
    assert [line["event"] for line in logs] == ["job_failed"]
    one.sending = replace(one.sending, day=0)
    assert not one._troubles.may_try("digest", clock.now())
    clock.forward(60)
    assert one._troubles.may_try("digest", clock.now())
    await one._look()
    assert await names(database, clock) == ["ana@city.example"]


async def test_a_chat_whose_data_was_erased_does_not_get_the_week_again(database: Database, clock: StillClock) -> None:
    await digesting(database, clock, Printer(), GROUP, ANA).look()
    assert len(await queued(database, clock.now())) == 2
    async with database.work() as work:
        for subscriber in (GROUP, ANA):
            someone = await work.citizens.find(subscriber.contact)
            assert someone
            await work.erasure.person(someone.id, clock.now())
        await work.commit()
    await digesting(database, clock, Printer(), GROUP, ANA).look()
    assert await names(database, clock) == []
    clock.forward(7 * 86_400)
    await digesting(database, clock, Printer(), GROUP, ANA).look()
    assert await names(database, clock) == ["-100777", "ana@city.example"]


async def test_a_new_key_sends_nothing_again(database_url: str, database: Database, clock: StillClock) -> None:
    await digesting(database, clock, Printer(), GROUP).look()
    assert len(await queued(database, clock.now())) == 1
    turned = await Database.open(database_url, Seal(f"{NEWER} {SECRET}"), clock=clock, durable=False)
    await digesting(turned, clock, Printer(), GROUP).look()
    assert not await queued(turned, clock.now())
    await turned.close()
