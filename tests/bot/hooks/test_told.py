"""What subscribers are told: everything, and only what anybody may see, on both databases."""

import json
from dataclasses import replace

from bot.ports.public import Clearing
from tests.bot.hooks.receiver import verified
from tests.bot.hooks.tower import SOURCE, Tower, filed
from tests.store.samples import NOON, ticket
from tests.town import CITY
from tickets.erasing import bare
from tickets.model import Status
from tickets.openness import Openness, Precision


async def test_a_subscriber_is_told_in_open311s_words_and_knows_who_speaks(tower: Tower) -> None:
    await tower.subscribe()
    await filed(tower, "AAA-001")
    await tower.settle()
    [(headers, body)] = tower.there.seen
    assert headers["webhook-id"] == "AAA-001.1"
    assert headers["content-type"] == "application/json"
    assert verified(headers, body, tower.secret)
    told = json.loads(body)
    data = told.pop("data")
    assert told == {
        "specversion": "1.0", "id": "AAA-001.1", "source": SOURCE, "type": "ticket.filed", "time": "2026-03-02T12:00:00Z",
        "datacontenttype": "application/json", "subject": "AAA-001", "version": 1,
    }  # fmt: skip
    assert (data["service_request_id"], data["status"], data["service_code"]) == ("AAA-001", "open", "pothole")
    assert data["requested_datetime"] == "2026-03-02T12:00:00Z"


async def test_nothing_private_leaves_and_what_was_cleared_does_until_it_is_taken_back(tower: Tower) -> None:
    await tower.subscribe()
    [one] = await filed(tower, "AAA-001", description="soy Zoraida, hay un bache", confidence=0.123456)
    await tower.settle()
    async with tower.database.work() as work:
        cleared = Clearing(words="hay un bache", at=NOON, login="marta")
        await work.public.clear(one.number, cleared)
        await work.commit()
    moved = await tower.moved(one, Status.TRIAGED, "llamé a Zoraida")
    await tower.settle()
    async with tower.database.work() as work:
        await work.public.unclear(one.number)
        await work.commit()
    await tower.moved(moved, Status.RESOLVED, "Zoraida está feliz")
    await tower.settle()
    assert [told["data"]["description"] for told in tower.there.taken] == ["Bache", "hay un bache", "Bache"]
    everything = b"".join(body for _, body in tower.there.seen).decode().lower()
    for private in ("zoraida", "5500000001", "sms", "marta", "0.123456", "av. bolívar 123"):
        assert private not in everything


async def test_an_erased_citizen_is_erased_in_what_is_told_later(tower: Tower) -> None:
    await tower.subscribe()
    [one] = await filed(tower, "AAA-001", description="hay un bache")
    async with tower.database.work() as work:
        await work.public.clear(one.number, Clearing(words="hay un bache", at=NOON, login="marta"))
        blank, update = bare(one, None, at=NOON)
        await work.public.unclear(one.number)
        await work.tickets.change(blank, update)
        await work.commit()
    await tower.settle()
    assert tower.there.order() == [("AAA-001.1", "ticket.filed"), ("AAA-001.2", "ticket.updated")]
    assert b"hay un bache" not in b"".join(body for _, body in tower.there.seen)


async def test_a_sensitive_place_is_told_as_openly_as_anywhere_and_no_filter_finds_it(tower: Tower) -> None:
    tower.city.now = replace(CITY, openness=Openness(precisions={"animal": Precision.AREA}, few=2))
    area = CITY.areas[0].code
    await tower.subscribe(areas=(area,))
    place = replace(ticket("x", 1).place, area=area)
    await filed(tower, "AAA-001", service="animal", place=place)
    await tower.settle()
    assert tower.there.seen == [], "too few stand there for it to be told, in whatever way"
    await filed(tower, "AAA-002", service="animal", place=place)
    await filed(tower, "AAA-003", service="pothole", place=place)
    await filed(tower, "AAA-004", service="pothole")
    await tower.settle()
    assert {name for name, _ in tower.there.order()} == {"AAA-002.1", "AAA-003.1"}
    told = next(one["data"] for one in tower.there.taken if one["subject"] == "AAA-002")
    assert place.point
    assert told["lat"] != place.point.latitude
    assert "Bolívar" not in told["address"]
    assert await tower.waiting() == (0, 0)
