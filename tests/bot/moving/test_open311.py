"""Other cities' servers, each with its own habits, on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.moving import open311
from bot.moving.open311 import NoServer, Server, address_of
from bot.moving.report import Outcome, Report
from bot.moving.rows import Item, Reached, Row
from store.database import Database
from tests.bot.moving.samples import importing, outcomes, plan
from tests.bot.moving.test_work import counted, tickets

PLAN = plan("source: neighbour\nservices: {'7': pothole}\nrate: 100\njurisdiction_id: vecina", online=True)
BEGIN, END = datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
Cells = dict[str, object]


def case(number: int, **more: object) -> Cells:
    filed = BEGIN + timedelta(hours=6 * number)
    return {
        "service_request_id": str(number), "service_code": "7", "service_name": "Huecos", "status": "open",
        "description": f"hueco {number} & más", "requested_datetime": filed.isoformat(), "lat": 14.6, "long": -66.5,
        "address": None, "media_url": None,
    } | more  # fmt: skip


@dataclass(slots=True)
class Other:
    """A server with these cases. `pages`: it knows them; `most`: of one answer; `json`: it speaks it."""

    cases: list[Cells]
    pages: bool = True
    most: int = 200
    json: bool = True
    deepest: int = 0  # cases that it counts past; behind them it is a 400; 0: all
    answers: list[int] = field(default_factory=list)  # statuses to give before all else
    asked: list[dict[str, str]] = field(default_factory=list)
    body: bytes | None = None

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        if self.answers:
            status = self.answers.pop(0)
            return web.Response(status=status, headers={"Retry-After": "3"})
        if request.path.endswith(".json") and not self.json:
            return web.Response(status=404)
        if self.body is not None:
            return web.Response(body=self.body)
        found = self._found(request.query["start_date"], request.query["end_date"])
        size = min(self.most, int(request.query["page_size"]))
        first = (int(request.query["page"]) - 1) * size if self.pages else 0
        if self.deepest and first > self.deepest:
            return web.Response(status=400)
        return self._said(found[first : first + size], request.path)

    def _found(self, since: str, until: str) -> list[Cells]:
        begin, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
        assert end - begin <= timedelta(days=90)
        return [one for one in self.cases if begin <= datetime.fromisoformat(str(one["requested_datetime"])) <= end]

    def _said(self, cases: list[Cells], path: str) -> web.Response:
        if path.endswith(".json"):
            return web.json_response(cases)
        parts = [
            "<request>" + "".join(f"<{k}>{escape(str(v or ''))}</{k}>" for k, v in one.items()) + "</request>"
            for one in cases
        ]
        return web.Response(text=f"<service_requests>{''.join(parts)}</service_requests>", content_type="text/xml")


@asynccontextmanager
async def asked(other: Other, waits: list[float] | None = None) -> AsyncIterator[Server]:
    app = web.Application()
    app.router.add_get("/v2/requests.{form}", other.answer)

    async def wait(seconds: float) -> None:
        (waits if waits is not None else []).append(seconds)

    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield Server(session=session, address=address_of(str(server.make_url("/v2"))), plan=PLAN, wait=wait)


async def everything(server: Server) -> list[Item]:
    return [item async for item in server.items(BEGIN, END)]


@pytest.mark.parametrize(
    "other",
    [
        Other([case(n) for n in range(900)]),
        Other([case(n) for n in range(900)], json=False),
        Other([case(n) for n in range(900)], pages=False, most=60),
        Other([case(n) for n in range(900)], pages=False, most=1000),
        Other([case(n) for n in range(900)], most=50, answers=[503, 429, 500]),
        Other([case(n) for n in range(900)], most=7),
        Other([case(n) for n in range(900)], most=60, deepest=120),
        Other([case(n) for n in range(900)], most=60, deepest=1),
    ],
    ids=["pages", "xml", "cut off", "all at once", "busy", "small pages", "pages so far", "one page"],
)
async def test_every_case_comes_once_whatever_the_servers_habits(other: Other) -> None:
    async with asked(other) as server:
        items = await everything(server)
    found = [item.cells["service_request_id"] for item in items if isinstance(item, Row)]
    assert sorted(found, key=int) == [str(n) for n in range(900)]
    assert [item.until for item in items if isinstance(item, Reached)][-1] == END
    assert all(query["jurisdiction_id"] == "vecina" for query in other.asked)


async def test_a_server_is_asked_at_a_polite_rate_and_waited_for_as_it_says() -> None:
    waits: list[float] = []
    async with asked(Other([case(1)], answers=[429]), waits) as server:
        await everything(server)
    assert waits[:3] == [0.01, 3.0, 0]
    assert waits.count(0.01) >= 4  # one before each question


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Other([], answers=[503] * 9), "does not answer"),
        (Other([], answers=[403]), "answers 403"),
        (Other([], body=b"<html>hello"), "neither JSON nor XML"),
        (Other([], body=b'{"a": 1}'), "neither JSON nor XML"),
        (Other([], body=b"[" * 100_000), "neither JSON nor XML"),
        (
            Other([], body=b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r><request>&b;</request></r>'),
            "neither JSON nor XML",
        ),
        (
            Other([], body=b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><request>&x;</request></r>'),
            "neither JSON nor XML",
        ),
    ],
)
async def test_what_is_no_open311_server_is_refused_with_a_sentence(other: Other, said: str) -> None:
    async with asked(other) as server:
        with pytest.raises(NoServer, match=said):
            await everything(server)


async def test_an_answer_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open311, "_LARGEST", 1 << 20)
    async with asked(Other([], body=b"[" + b" " * (2 << 20) + b"]")) as server:
        with pytest.raises(NoServer, match="more than"):
            await everything(server)


async def test_cells_are_words_whatever_json_makes_of_them() -> None:
    odd = case(1) | {"notes": ["a"], "is_private": True, "zipcode": 1200, "nothing": None}
    async with asked(Other([odd])) as server:
        [row] = [item for item in await everything(server) if isinstance(item, Row)]
    assert row.cells["zipcode"] == "1200"
    assert not {"notes", "is_private", "nothing", "address"} & set(row.cells)


async def test_another_citys_cases_become_tickets_and_follow_it(database: Database) -> None:
    other = Other([case(n) for n in range(600)])
    async with asked(other) as server:
        report = Report()
        work = importing(database, PLAN)
        await work.run(server.items(BEGIN, END), report)
        assert outcomes(report) == {Outcome.FILED: 600}
        assert await work.begun() == int(END.timestamp())
        await work.ended()
        assert await work.begun() == 0
    assert len(await tickets(database, area="centro")) == 500  # the desk's longest page
    other.cases[3] = case(3, status="closed", updated_datetime="2026-02-01T10:00:00Z")
    async with asked(other) as server:
        report = Report()
        await importing(database, PLAN, seed=2).run(server.items(BEGIN, END), report)
    assert outcomes(report) == {Outcome.SAME: 599, Outcome.CHANGED: 1}


async def test_a_run_that_was_cut_off_goes_on_at_its_last_window(database: Database, database_url: str) -> None:
    other = Other([case(n) for n in range(900)])
    async with asked(other) as server:
        gone = server.items(BEGIN, END)

        async def cut() -> AsyncIterator[Item]:
            async for item in gone:
                yield item
                if isinstance(item, Reached):
                    raise NoServer

        with pytest.raises(NoServer):
            await importing(database, PLAN).run(cut(), Report())
    began = (await counted(database_url, "tickets"))["tickets"]
    reached = datetime.fromtimestamp(await importing(database, PLAN).begun(), UTC)
    assert reached == BEGIN + timedelta(days=90)
    async with asked(other) as server:
        report = Report()
        await importing(database, PLAN, seed=2).run(server.items(reached, END), report)
    assert began + report.outcomes[Outcome.FILED] == 900
