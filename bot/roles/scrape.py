"""GET /metrics, on a port of its own: what this process has counted, and what waits in the database.

Each process counts for itself and whoever scrapes them adds up; what waits is the database's and the same from all of
them. No label holds a contact, a citizen's words or a ticket.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web as http

from bot.inbox.reception import Reception
from bot.metrics import Counters
from bot.ports import Backlog, Clock, Store, StoreUnavailable
from bot.roles.watching import Watching
from store.backup import last_made

if TYPE_CHECKING:
    from bot.roles.families import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrape:
    """Of one process."""

    counters: Counters
    store: Store
    clock: Clock
    reception: Reception
    watching: Watching
    copies: Path | None = None  # the folder of backups

    def app(self) -> http.Application:
        """Answers /metrics and nothing else."""
        app = http.Application()
        app.router.add_get("/metrics", self._answer)
        return app

    async def numbers(self) -> "Numbers":
        """As they are now."""
        from bot.roles.families import Numbers

        backlogs, listed, late = await self._database()
        states = {
            "database_up": float(bool(backlogs)),
            "spool_pending": float(self._spooled()),
            "tasks": float(len(asyncio.all_tasks())),
            **late,
            **self._copies(),
        }
        return Numbers(
            counters=self.counters, states={**self.counters.states(), **states}, health=self.watching.health(),
            backlogs=backlogs, listed=listed, apart=self._apart(),
        )  # fmt: skip

    async def _answer(self, _: http.Request) -> http.Response:
        from bot.roles.families import CONTENT_TYPE

        return http.Response(body=(await self.numbers()).text(), headers={"Content-Type": CONTENT_TYPE})

    async def _database(self) -> tuple[Mapping[Backlog, float], Mapping[str, int], Mapping[str, float]]:
        try:
            async with self.store.view() as view:
                backlogs = {backlog: self._age(backlog) for backlog in await view.backlogs.all()}
                late = await view.backlogs.late(self.clock.now())
                aside, undelivered = await view.set_aside.page(0, 0), await view.undelivered.page(0, 0)
        except StoreUnavailable:
            return {}, {}, {}
        listed = {"aside": aside.total, "undelivered": undelivered.total}
        return backlogs, listed, {"late_tickets": float(late)}

    def _copies(self) -> Mapping[str, float]:
        made = last_made(self.copies) if self.copies else None
        return {} if made is None else {"backup_age_seconds": max(0.0, self.clock.now().timestamp() - made)}

    def _age(self, backlog: Backlog) -> float:
        return max(0.0, (self.clock.now() - backlog.oldest).total_seconds()) if backlog.oldest else 0.0

    def _apart(self) -> Mapping[str, Mapping[str, int]]:
        try:
            return self.reception.apart()
        except OSError:  # how many is not known: no number is better than a wrong one
            return {}

    def _spooled(self) -> bool:
        try:
            return self.reception.waiting
        except OSError:  # a folder that cannot be read is no empty one
            return True
