"""The city that holds: config.yml's, with what the desk changed of it, in every process within seconds.

What lives long is given this in place of a city and asks for `now` each time it acts. Whatever takes longer than an
instant (a message, a request, a part of a job) is done under `held`: all of it then is of one city, also where the
settings change meanwhile.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from bot.amending.amended import Amended, amended
from bot.ports import Store
from bot.ports.amendments import Kind
from bot.settings.section import Problem
from tickets.city import City


@dataclass(slots=True)
class _Hold:
    amended: Amended
    lasts: bool = True


class InForce:
    """Keeps `tickets.city.Cities`."""

    def __init__(self, base: City) -> None:
        self.base = base
        self._newest = Amended(city=base)
        self._held: ContextVar[_Hold | None] = ContextVar("held", default=None)
        self._reading = asyncio.Lock()

    @property
    def now(self) -> City:
        hold = self._held.get()
        return (hold.amended if hold and hold.lasts else self._newest).city

    @property
    def unfit(self) -> Mapping[tuple[Kind, str], tuple[Problem, ...]]:
        """Changes that change nothing, because config.yml has become another one, and why."""
        return self._newest.unfit

    @contextmanager
    def held(self) -> Iterator[City]:
        """One city until the end of this block, in tasks that are begun in it too. One of those that goes on behind its
        end has the newest again."""
        hold = _Hold(self._newest)
        before = self._held.set(hold)
        try:
            yield hold.amended.city
        finally:
            hold.lasts = False
            self._held.reset(before)

    async def refresh(self, store: Store) -> None:
        """Look whether the desk changed something. Raises StoreUnavailable; then all stays as it was."""
        async with self._reading:
            async with store.view() as view:
                version = await view.amendments.version()
                if version == self._newest.version:
                    return
                changes = await view.amendments.all()
            # reading takes a millisecond for each of them, and citizens wait for the loop
            self._newest = await asyncio.to_thread(amended, self.base, changes, version)
