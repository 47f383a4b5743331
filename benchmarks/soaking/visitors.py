"""Everybody else: clerks at the desk, readers of the public pages, programs at Open311."""

import asyncio
import re
from collections import Counter, deque
from contextlib import suppress
from datetime import timedelta
from itertools import count, cycle
from random import Random
from typing import Final

from aiohttp import ClientError, ClientSession

from benchmarks.deskserver import COOKIE
from benchmarks.hostility.run import KEY
from bot.clock import SystemClock
from bot.ports import Clerk, Session
from store.database import Database
from store.seal import Seal
from tickets.rights import Role
from web.masking import masked

PAGES: Final = (
    "/", "/open311/v2/requests.json", "/r/{number}", "/open311/v2/services.json", "/figures",
    "/open311/v2/requests/{number}.json", "/feeds/all.atom", "/open311/v2/servicerequestupdates.json",
    "/open311/v2/requests.xml?status=open", "/find?q={number}", "/data/",
)  # fmt: skip
_MOVES: Final = ("in_progress", "resolved")
_VERSION = re.compile(r'name="version" value="(\d+)"')
_LOGIN, _TOKEN, _CSRF = "soak", "soak-bench-session", "c" * 43
_COOKIE: Final = {"Cookie": f"__Host-{COOKIE}={_TOKEN}"}  # as it is called where public_url is https
_LEADS: Final = frozenset({"/find?q={number}"})  # answer 303
_PATIENT = 30  # reports: so many wait, so that their citizens have said thanks before they hear news
_ADDRESSES = 200  # from which readers come, again and again


async def admit(url: str) -> None:
    """A clerk of the desk who is logged in."""
    store, now = await Database.open(url, Seal(KEY), clock=SystemClock()), SystemClock().now()
    try:
        async with store.work() as work:
            await work.clerks.add(
                Clerk(login=_LOGIN, name=_LOGIN, language="es", password="", role=Role.SUPERVISOR, made_at=now)
            )
            await work.clerks.open_session(
                Session(
                    token=_TOKEN, login=_LOGIN, csrf=_CSRF, expires_at=now + timedelta(hours=12), opened_at=now,
                    seen_at=now, passed_at=now,
                )
            )  # fmt: skip
            await work.commit()
    finally:
        await store.close()


class Visitors:
    """`asked`: answers as they should be; `failed`: by page and status what they got instead. `filed`: numbers of
    reports whose citizens have their receipt."""

    def __init__(self, session: ClientSession, port: int, filed: deque[str], random: Random) -> None:
        self._session, self._url, self._filed, self._random = session, f"http://127.0.0.1:{port}", filed, random
        self._works: deque[tuple[str, int]] = deque()  # a report, and which move is next
        self._addresses = cycle(f"198.51.100.{n}" for n in range(1, _ADDRESSES + 1))
        self.asked: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    async def read(self, rate: float) -> None:
        """So many pages a second, one kind after the other; until cancelled."""
        for page in cycle(PAGES):
            await asyncio.sleep(1 / rate)
            if "{number}" in page and not self._filed:
                continue
            number = self._random.choice(self._filed) if self._filed else ""
            await self._ask(page, page.format(number=number), {"X-Forwarded-For": next(self._addresses)})

    async def work(self, rate: float) -> None:
        """So many reports a second are opened and moved on at the desk; until cancelled."""
        for turn in count():
            await asyncio.sleep(1 / rate)
            if turn % 5 == 0:
                await self._ask("/desk", "/desk?status=open", _COOKIE)
            if self._works and turn % 2:
                await self._move(*self._works.popleft())
            elif len(self._filed) > _PATIENT:
                await self._move(self._filed.popleft(), 0)

    async def _move(self, number: str, step: int) -> None:
        path = f"/desk/tickets/{number}"
        page = await self._ask("/desk/tickets", path, _COOKIE)
        version = _VERSION.search(page)
        if version is None:
            return
        form = {"csrf": masked(_CSRF), "version": version[1], "to": _MOVES[step], "text": "", "number": number}
        with suppress(ClientError, TimeoutError, OSError):
            async with self._session.post(
                f"{self._url}{path}/move", data=form, headers=_COOKIE, allow_redirects=False
            ) as answer:
                # the form again: somebody joined meanwhile; the clerk sees so and goes on
                self._note("move" if answer.status == 303 else "move, beaten", answer.status, well=answer.status < 400)
                if answer.status == 303 and step + 1 < len(_MOVES):
                    self._works.append((number, step + 1))
            return
        self.failed["move: no answer"] += 1

    async def _ask(self, kind: str, path: str, headers: dict[str, str]) -> str:
        """The page, empty where it was none."""
        with suppress(ClientError, TimeoutError, OSError):
            async with self._session.get(self._url + path, headers=headers, allow_redirects=False) as answer:
                text = await answer.text()
                self._note(kind, answer.status, well=answer.status == (303 if kind in _LEADS else 200))
                return text if answer.status == 200 else ""
        self.failed[f"{kind}: no answer"] += 1
        return ""

    def _note(self, kind: str, status: int, *, well: bool) -> None:
        if well:
            self.asked[kind] += 1
        else:
            self.failed[f"{kind}: {status}"] += 1
