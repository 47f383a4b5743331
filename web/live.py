"""News for the desk's open pages, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

GET /desk/live?list=QUERY&at=SECONDS&rows=7K3-9QX.3,84G-7ZR.1 -> 200, a stream | 204, nobody is logged in: ask no more
    | 503, too many streams. `list` is the query of the list that is shown, `at` when it was made, `rows` the tickets
    on it with their versions; each may be left out.

`news` events hold JSON: `waiting` [emergencies, unread conversations]; `tabs` {status: number}; `rows` {number:
[version, whether the list still has it, status, assignee]} of those that are shown and changed; `new` and `moved`,
numbers in the list that were filed, or changed, since, on whichever page; `many`: more than are named. Never a
citizen's word. `rest`: another page of this session took the place; `end`: the session is over.

Nothing is polled. The store says which tickets changed (`bot.ports.live.News`); one watcher per process looks them up
by their numbers, once for each list that somebody has open, and rests twenty times as long as that took. Counts are
those of the list's page. What was missed is looked up whenever a stream begins.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import randbelow

import structlog
from aiohttp.web import AppKey, Application, Request, Response, RouteTableDef, StreamResponse
from babel.core import Locale
from babel.numbers import format_decimal

from bot.ports import Counts, Query, StoreUnavailable, UnitOfWork
from bot.ports.live import ANYTHING, TALK, Glance
from tickets import rights
from tickets.rights import Right
from web import cookies, language
from web.ports import WEB, Web
from web.queue.filters import Filters, kept
from web.visit import COOKIE, still_in

routes = RouteTableDef()
_log = structlog.get_logger()

PER_SESSION, PER_PROCESS = 4, 1000  # streams
_FILED = 200  # tickets that are named as new to a page that was away
_ROWS = 100  # of a page
_NAMED = 500  # tickets that are looked up one by one, or wait to be told
_PATIENCE = timedelta(days=1)  # how old a page may be that asks what is new
_RESTS = 20.0  # times as long as the last look took
_ROW = re.compile(r"([0-9A-Z-]{1,20})\.([0-9]{1,9})")
News = dict[str, object]
Tabs = dict[str, int]


@dataclass(eq=False, slots=True, kw_only=True)
class Stream:
    """One open page. `rows`: number -> version as it was made; `filters`: None for a page that is no list."""

    token: str = field(repr=False)
    login: str
    language: str
    filters: Filters | None = None
    at: datetime | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    alive: Callable[[], bool] = lambda: True
    news: News = field(default_factory=dict)
    known: News = field(default_factory=dict)  # the numbers that were told last
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    over: str = ""

    @property
    def list(self) -> tuple[Filters, str] | None:
        """What it shows, the same for all who show it."""
        return None if self.filters is None else (self.filters, self.login if self.filters.assignee == "me" else "")

    def tell(self, more: Mapping[str, object]) -> None:
        """With what waits to be sent already; the newer word counts."""
        for name, value in more.items():
            if name in ("waiting", "tabs"):
                if self.known.get(name) == value:
                    continue
                self.known[name] = value
            self.news[name] = _joined(self.news.get(name), value) if name in ("rows", "new", "moved") else value
            self.woken.set()

    def end(self, why: str) -> None:
        self.over = why
        self.woken.set()


def _joined(known: object, more: object) -> object:
    if isinstance(known, dict) and isinstance(more, dict):
        return {**known, **more}
    if isinstance(known, list) and isinstance(more, list):
        return [*dict.fromkeys([*known, *more])][-_NAMED:]
    return more


@dataclass(slots=True, kw_only=True)
class Pace:
    """Seconds: that news are gathered for, between two signs of life, and for which a session is taken on trust."""

    gather: float = 2.0
    beat: float = 20.0
    trust: float = 10.0


class Live:
    """All streams of this process, and the one who watches for them."""

    def __init__(self, web: Web, pace: Pace | None = None) -> None:
        self._web, self.pace = web, pace or Pace()
        self._streams: dict[Stream, None] = {}  # the oldest first
        self._numbers: set[str] = set()
        self._heard = asyncio.Event()
        self._closing = False

    def __len__(self) -> int:
        return len(self._streams)

    def open(self, stream: Stream) -> bool:
        """False where there is no place. A session's oldest makes room for its newest, which is looked at."""
        if self._closing or len(self._streams) >= PER_PROCESS:
            return False
        same = [one for one in self._streams if one.token == stream.token and not one.over and one.alive()]
        for one in same[: max(0, len(same) - PER_SESSION + 1)]:
            one.end("rest")
        self._streams[stream] = None
        return True

    def close(self, stream: Stream) -> None:
        self._streams.pop(stream, None)

    def hear(self, number: str) -> None:
        """What the store tells."""
        if self._streams:
            if len(self._numbers) >= _NAMED:
                self._numbers = {ANYTHING}
            self._numbers.add(number)
            self._heard.set()

    def stop(self) -> None:
        """The process ends: so do all streams, and their browsers come back to who is there then."""
        self._closing = True
        for stream in self._streams:
            stream.end("stop")

    async def watch(self) -> None:
        """Until cancelled."""
        clock = asyncio.get_running_loop().time
        rest = self.pace.gather
        while True:
            await self._heard.wait()
            await asyncio.sleep(rest)
            begun = clock()
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - this look fails, the next one may not
                _log.error("live_look_failed", error=type(error).__name__)
            rest = max(self.pace.gather, _RESTS * (clock() - begun))

    async def look(self) -> None:
        """Tell all streams what was heard since the last look."""
        self._heard.clear()
        numbers, self._numbers = self._numbers, set()
        try:
            async with self._web.store.view() as view:
                await self._tell(view, numbers)
        except StoreUnavailable:
            self.hear(ANYTHING)

    async def greet(self, stream: Stream) -> None:
        """What happened since its page was made. Raises StoreUnavailable."""
        async with self._web.store.view() as view:
            stream.tell({"waiting": [*await view.threads.waiting()]})
            await self._sync(view, stream)

    async def _tell(self, view: UnitOfWork, numbers: Collection[str]) -> None:
        waiting = {"waiting": [*await view.threads.waiting()]}
        named = {*numbers} - {ANYTHING, TALK}
        found = await view.live.glances(named)
        counted: dict[tuple[Filters, str], tuple[frozenset[str], Tabs]] = {}
        for stream in [one for one in self._streams if not one.over]:
            stream.tell(waiting)
            if ANYTHING in numbers:
                await self._sync(view, stream)
            if not found and ANYTHING not in numbers:
                continue
            listed, tabs = frozenset[str](), Tabs()
            if stream.filters is not None and stream.list is not None:
                if stream.list not in counted:
                    query = self._query(stream)
                    counted[stream.list] = await view.live.among(query, found), await _tabs(view, query, stream.filters)
                listed, tabs = counted[stream.list]
            stream.tell({**told(stream, found, listed), **self._worded(tabs, stream)})

    async def _sync(self, view: UnitOfWork, stream: Stream) -> None:
        filed = await view.live.filed(stream.at, _FILED) if stream.at and stream.filters is not None else ()
        found = await view.live.glances({*stream.rows, *filed})
        listed = await view.live.among(self._query(stream), found) if stream.filters is not None else frozenset()
        stream.tell(told(stream, found, listed) | ({"many": True} if len(filed) == _FILED else {}))

    def _query(self, stream: Stream) -> Query:
        filters = stream.filters or Filters()
        return filters.query(self._web.city, stream.login, self._web.clock.now())

    def _worded(self, tabs: Tabs, stream: Stream) -> News:
        """Numbers as this clerk reads them."""
        if not tabs:
            return {}
        locale = Locale.parse(self._web.city.locales.get(stream.language, stream.language))
        return {"tabs": {name: format_decimal(number, locale=locale) for name, number in tabs.items()}}


def told(stream: Stream, found: Mapping[str, Glance], listed: Collection[str]) -> News:
    """What of these tickets concerns a page."""
    rows, new, moved = News(), list[str](), list[str]()
    for one in found.values():
        if one.number in stream.rows:
            if one.version > stream.rows[one.number]:
                kept = stream.filters is None or one.number in listed
                rows[one.number] = [one.version, kept, one.status, one.assignee or ""]
        elif one.number in listed:
            (new if stream.at and one.filed_at >= stream.at else moved).append(one.number)
    return {name: value for name, value in (("rows", rows), ("new", new), ("moved", moved)) if value}


async def _tabs(view: UnitOfWork, query: Query, filters: Filters) -> Tabs:
    """The numbers on a list's tabs, as far as they are known."""
    counts: Counts = await view.tickets.counts(query)
    found: Tabs = {"open": counts.open, **{str(status): number for status, number in counts.statuses.items()}}
    if counts.closed is not None:
        found |= {"closed": counts.closed, "any": counts.open + counts.closed}
    whole = await view.tickets.count(query)
    return found if whole is None else {**found, filters.show: whole}


@routes.get("/desk/live", allow_head=False)
async def live(request: Request) -> StreamResponse:
    """A stream, for as long as its page is open and its clerk logged in."""
    clerk, desk = await still_in(request), request.app[LIVE]
    if clerk is None or not rights.may(clerk.role, Right.LOOK):
        return Response(status=204)
    city, asked = request.app[WEB].city, request.query
    stream = Stream(
        token=cookies.get(request, COOKIE), login=clerk.login, language=language.of_page(request, clerk.language),
        filters=kept(asked["list"][:2000], city, clerk) if asked.get("list") else None,
        at=_made(asked.get("at", ""), request.app[WEB].clock.now()), rows=_shown(asked.get("rows", "")),
        alive=lambda: request.transport is not None and not request.transport.is_closing(),
    )  # fmt: skip
    if not desk.open(stream):
        return Response(status=503)
    answer = StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    try:
        with suppress(ConnectionError):
            await answer.prepare(request)
            await answer.write(b"retry: %d\n\n" % (3000 + randbelow(4000)))  # ms: not all at once after a restart
            await _feed(request, answer, stream)
    finally:
        desk.close(stream)
    return answer


async def _feed(request: Request, answer: StreamResponse, stream: Stream) -> None:
    """Until one of both has enough. Raises ConnectionError where the page is gone."""
    desk, clock = request.app[LIVE], asyncio.get_running_loop().time
    with suppress(StoreUnavailable):
        await desk.greet(stream)
    trusted = clock() + desk.pace.trust
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(stream.woken.wait(), desk.pace.beat)
        stream.woken.clear()
        if clock() >= trusted:
            if not await _known(request):
                stream.over = "end"
            trusted = clock() + desk.pace.trust
        if stream.over:
            break
        news, stream.news = stream.news, {}
        await answer.write(_event("news", json.dumps(news)) if news else b":\n\n")
    if stream.over in ("rest", "end"):
        await answer.write(_event(stream.over, "{}"))


async def _known(request: Request) -> bool:
    """Whether the session goes on. While the database is away nobody is told anything either."""
    try:
        return await still_in(request) is not None
    except StoreUnavailable:
        return True


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode()


def _made(text: str, now: datetime) -> datetime | None:
    if not re.fullmatch(r"[0-9]{1,11}", text):
        return None
    made = datetime.fromtimestamp(int(text), UTC)
    return min(now, max(made, now - _PATIENCE))


def _shown(text: str) -> Mapping[str, int]:
    return {found[1]: int(found[2]) for found in [_ROW.fullmatch(one) for one in text.split(",")[:_ROWS]] if found}


def set_up(app: Application) -> None:
    """Listen to the store from the start, and end all streams first when the process stops."""
    app[LIVE] = Live(app[WEB])
    app.on_shutdown.append(_stop)
    app.cleanup_ctx.append(_watching)


async def _stop(app: Application) -> None:
    app[LIVE].stop()


async def _watching(app: Application) -> AsyncIterator[None]:
    deaf = app[WEB].news.hear(app[LIVE].hear)
    watch = asyncio.create_task(app[LIVE].watch())
    yield
    deaf()
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch


LIVE = AppKey("live", Live)
