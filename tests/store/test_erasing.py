"""What an erasure leaves to others: followers hear of the report, the staff is told, and no word stays behind."""

from datetime import timedelta

import pytest

from bot import rights
from bot.ports import Departure, Kind, Queued
from channels.message import Contact, Delivery, Outbound, Receipt
from channels.reason import Reason
from store.database import Database
from store.seal import Seal
from tests.store.everything import opened
from tests.store.samples import ANA, NOON, citizen, file, ticket
from tests.town import CITY

DORA = Contact(channel="whatsapp", address="+525500000009")
WORDS = "casa de la familia zanahoria"
HOUR = timedelta(hours=1, seconds=1)
SOON = timedelta(seconds=10)  # other refusals are waited for meanwhile


@pytest.fixture
async def dora(database: Database) -> int:
    """Somebody who is told of Ana's report."""
    ana, dora = await citizen(database, ANA), await citizen(database, DORA)
    await file(database, ticket("7K3-9QX", ana, followers=1))
    return dora


async def told(database: Database, dora: int, kind: Kind) -> None:
    outbound = Outbound(key="told", recipient=DORA, text=WORDS)
    async with database.work() as work:
        await work.outbox.enqueue([Queued(outbound=outbound, citizen=dora, kind=kind, number="7K3-9QX")], NOON)
        await work.commit()


async def claim(database: Database) -> list[Departure]:
    async with database.work() as work:
        found = await work.outbox.claim("one", NOON + SOON, 60, 10)
        await work.commit()
    return list(found)


async def park(database: Database) -> None:
    [departure] = await claim(database)
    async with database.work() as work:
        assert await work.windows.park(departure, NOON, NOON + timedelta(hours=12))
        await work.commit()


async def send(database: Database) -> str:
    """What is sent."""
    [departure] = await claim(database)
    async with database.work() as work:
        await work.outbox.sent(departure, "SM1", NOON)
        await work.commit()
    return departure.outbound.text


async def erase(database: Database) -> None:
    async with database.work() as work:
        ana = await work.citizens.find(ANA)
        assert ana
        await rights.erase(work, ana, CITY, NOON)
        await work.commit()


async def release(database: Database, dora: int) -> None:
    async with database.work() as work:
        await work.windows.release(dora, NOON)
        await work.commit()


async def refuse(database: Database) -> None:
    """As a provider says it later."""
    refusal = Receipt(
        key="told", external_id="SM1", delivery=Delivery.FAILED, reason=Reason.OUTSIDE_WINDOW
    )  # fmt: skip
    async with database.work() as work:
        await work.outbox.receipt(DORA.channel, refusal, NOON)
        await work.windows.refused_late(DORA.channel, refusal, NOON)
        await work.commit()


async def tidy(database: Database) -> None:
    async with database.work() as work:
        await work.housekeeping.rest(NOON + HOUR, NOON - timedelta(days=7))
        await work.commit()


async def left(database_url: str, seal: Seal) -> list[str]:
    return [name for name, held in (await opened(database_url, seal)).items() if WORDS.encode() in held]


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.ALERT])
async def test_what_is_parked_for_others_is_sent_whole_after_an_erasure(
    database: Database, dora: int, kind: Kind
) -> None:
    await told(database, dora, kind)
    await park(database)
    await erase(database)
    await tidy(database)
    await release(database, dora)
    assert await send(database) == WORDS


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.ALERT])
async def test_what_is_refused_late_is_sent_whole_once_more(database: Database, dora: int, kind: Kind) -> None:
    await told(database, dora, kind)
    await send(database)
    await erase(database)
    await refuse(database)
    assert await send(database) == WORDS


@pytest.mark.parametrize("when", ["sent before", "queued", "parked", "parked and released before", "refused late"])
async def test_no_alert_keeps_the_reporters_words_once_it_was_sent(
    database: Database, dora: int, database_url: str, seal: Seal, when: str
) -> None:
    await told(database, dora, Kind.ALERT)
    if when.startswith("parked"):
        await park(database)
    if when in ("sent before", "refused late"):
        await send(database)
    if when.endswith("released before"):
        await release(database, dora)
    await erase(database)
    if when == "parked":
        await tidy(database)
        await release(database, dora)
    if when == "refused late":
        await refuse(database)
    assert await left(database_url, seal) == ["outbox"]
    if when != "sent before":
        assert await send(database) == WORDS
    await tidy(database)
    assert await left(database_url, seal) == []
