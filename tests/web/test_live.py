"""News of the desk's open pages: what arrives, what it costs, and when it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientTimeout

from bot.ports.live import ANYTHING
from handlers.effects import ThreadKind
from store.wake import NEWS, Bell, ring, rings
from tests.samples import TICKET
from tests.web.world import CITY, NOW, World
from tickets import workflow
from tickets.model import Actor, Author, Status
from web import live
from web.live import LIVE, PER_SESSION

SECOND = replace(TICKET, number="84G-7ZR", service="lighting", filed_at=NOW)
LIST = f"/desk/live?list=status%3Dopen&at={int(NOW.timestamp())}"
SOON = ClientTimeout(total=30)


class Reader:
    """Reads a stream event by event."""

    def __init__(self, answer: ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> tuple[str, Any]:
        """The next event's name and data; signs of life are passed over. (`""`, None) at the end."""
        name, data = "", None
        while line := (await self.answer.content.readline()).decode():
            field, _, value = line.rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = json.loads(value)
            elif not line.strip() and name:
                return name, data
        return "", None

    async def news(self, name: str) -> Any:
        """The next news that tell of this."""
        while (event := await self.next())[0] == "news":
            if name in event[1]:
                return event[1][name]
        raise AssertionError(event)


@asynccontextmanager
async def listening(world: World, path: str = LIST) -> AsyncIterator[Reader]:
    """A stream whose first news, of what waits, are read."""
    world.app[LIVE].pace.gather = 0.0
    async with world.client.get(path, timeout=SOON) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"
        reader = Reader(answer)
        await reader.news("waiting")
        yield reader


async def move(world: World, number: str = TICKET.number, to: Status = Status.TRIAGED) -> None:
    async with world.store.work() as work:
        ticket = await work.tickets.get(number)
        assert ticket
        actor = Actor(author=Author.CLERK, name="bruno")
        await work.tickets.change(*workflow.move(ticket, to, CITY.calendar, actor=actor, at=NOW))
        await work.commit()


async def test_who_is_not_logged_in_is_told_to_ask_no_more(world: World) -> None:
    assert (await world.client.get(LIST)).status == 204


async def test_a_new_ticket_is_told_by_its_number_and_the_tabs_count_it(world: World) -> None:
    await world.log_in()
    async with listening(world) as reader:
        await world.file(SECOND)
        assert await reader.news("new") == [SECOND.number]
    async with listening(world, LIST + "&language=es") as reader:
        await world.file(replace(TICKET, number="Z1R-V01"))
        assert await reader.news("tabs") == {"open": "2", "received": "2", "closed": "0", "any": "2"}


async def test_a_change_of_a_row_says_version_status_and_whether_the_list_still_has_it(world: World) -> None:
    await world.file()
    await world.log_in()
    async with listening(world, LIST + f"&rows={TICKET.number}.1") as reader:
        await move(world)
        assert await reader.news("rows") == {TICKET.number: [2, True, "triaged", ""]}
        await move(world, to=Status.RESOLVED)
        assert await reader.news("rows") == {TICKET.number: [3, False, "resolved", ""]}


async def test_a_list_hears_only_of_what_it_lists(world: World) -> None:
    await world.log_in()
    path = LIST.replace("status%3Dopen", "status%3Dopen%26service%3Dpothole")
    async with listening(world, path) as reader:
        await world.file(SECOND)
        await world.file(replace(TICKET, filed_at=NOW))
        assert await reader.news("new") == [TICKET.number]


async def test_an_older_ticket_that_comes_into_a_list_is_no_new_report(world: World) -> None:
    await world.file()
    await world.log_in()
    async with listening(world, LIST.replace("status%3Dopen", "status%3Dtriaged")) as reader:
        await move(world)
        assert await reader.news("moved") == [TICKET.number]


async def test_what_happened_before_the_stream_began_is_told_first(world: World) -> None:
    await world.file()
    await world.file(SECOND)
    await move(world)
    await world.log_in()
    async with world.client.get(LIST + f"&rows={TICKET.number}.1", timeout=SOON) as answer:
        _, news = await Reader(answer).next()
    assert news == {"waiting": [0, 0], "rows": {TICKET.number: [2, True, "triaged", ""]}, "new": [SECOND.number]}


async def test_an_emergency_in_a_conversation_is_told(world: World) -> None:
    await world.file()
    await world.log_in()
    async with listening(world, "/desk/live") as reader:
        async with world.store.work() as work:
            await work.threads.open(1, ThreadKind.EMERGENCY, NOW, silent=True)
            await work.commit()
        assert await reader.news("waiting") == [1, 1]


async def test_after_a_gap_everything_is_looked_up_anew(world: World) -> None:
    await world.file()
    await world.log_in()
    async with listening(world, LIST + f"&rows={TICKET.number}.0") as reader:
        world.app[LIVE].hear(ANYTHING)
        assert await reader.news("rows") == {TICKET.number: [1, True, "received", ""]}


async def test_no_word_of_a_citizen_is_in_the_stream(world: World) -> None:
    await world.log_in()
    async with listening(world, LIST) as reader:
        await world.file(replace(SECOND, description="S3CRET words"))
        _, news = await reader.next()
        assert set(news) <= {"waiting", "new", "moved", "rows", "tabs", "many"}
        assert "S3CRET" not in json.dumps(news)


async def test_who_logs_out_hears_nothing_any_more(world: World) -> None:
    world.app[LIVE].pace.trust = 0.0
    await world.log_in()
    async with listening(world) as reader:
        async with world.store.work() as work:
            await work.clerks.end_sessions("ana")
            await work.commit()
        await world.file()
        assert await reader.next() == ("end", {})
        assert await reader.next() == ("", None)
    assert (await world.client.get(LIST)).status == 204


async def test_an_idle_session_is_not_kept_awake_by_an_open_page(world: World) -> None:
    world.app[LIVE].pace.trust, world.app[LIVE].pace.beat = 0.0, 0.01
    await world.log_in()
    async with listening(world) as reader:
        world.clock.pass_by(hours=9)
        assert await reader.next() == ("end", {})


async def test_the_oldest_page_of_a_session_makes_room(world: World) -> None:
    await world.log_in()
    async with listening(world) as oldest:
        more = [await world.client.get("/desk/live", timeout=SOON) for _ in range(PER_SESSION)]
        assert await oldest.next() == ("rest", {})
        for answer in more:
            answer.close()


async def test_a_full_process_takes_no_more_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PER_PROCESS", 0)
    await world.log_in()
    assert (await world.client.get(LIST)).status == 503


async def test_when_the_process_stops_all_streams_end_at_once(world: World) -> None:
    await world.log_in()
    async with listening(world) as reader:
        await asyncio.wait_for(world.app.shutdown(), 5)
        assert await reader.next() == ("", None)
    assert (await world.client.get(LIST)).status == 503


async def test_while_the_database_is_away_a_stream_waits(world: World) -> None:
    await world.file()
    await world.log_in()
    async with listening(world, LIST + f"&rows={TICKET.number}.1") as reader:
        world.store.gone = True
        await world.app[LIVE].look()
        world.store.gone = False
        await move(world)
        assert await reader.news("rows") == {TICKET.number: [2, True, "triaged", ""]}


async def test_the_same_list_is_looked_up_once_for_all_who_show_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, count = list[Any](), live._tabs

    async def counted(*how: Any) -> Any:
        looked.append(how)
        return await count(*how)

    monkeypatch.setattr(live, "_tabs", counted)
    await world.log_in()
    async with listening(world), listening(world), listening(world) as reader:
        world.app[LIVE].hear("NO-SUCH")
        await world.app[LIVE].look()
        assert looked == []
        await world.file()
        assert await reader.news("tabs")
        assert len(world.app[LIVE]) == 3
        assert len(looked) == 1


@pytest.mark.parametrize(
    "broken", ["at=x", "at=99999999999", "rows=%00.1,a,7K3-9QX.x", "list=%FF%00", "list=" + "a=b&" * 400]
)
async def test_a_broken_question_is_taken_as_far_as_it_makes_sense(world: World, broken: str) -> None:
    await world.log_in()
    async with world.client.get("/desk/live?" + broken, timeout=SOON) as answer:
        assert answer.status == 200


def test_a_bell_tells_news_to_who_hears_and_forgets_who_left() -> None:
    bell, heard = Bell(), list[str]()
    deaf = bell.hear(heard.append)
    bell.ring(NEWS + "7K3-9QX")
    deaf()
    bell.ring(NEWS + "84G-7ZR")
    assert heard == ["7K3-9QX"]


def test_very_many_tickets_of_one_transaction_are_told_as_one_word() -> None:
    numbers = {f"{NEWS}{n}" for n in range(101)}
    assert rings({*numbers, "outbox"}) == [NEWS + ANYTHING, "outbox"]
    assert len(rings(set(list(numbers)[:100]))) == 100


def test_nothing_but_a_plain_name_comes_into_the_sql() -> None:
    assert ring(NEWS + "7K3-9QX") == "NOTIFY vecino, 'news:7K3-9QX'"
    assert ring("news:'; DROP") == f"NOTIFY vecino, '{NEWS}{ANYTHING}'"
