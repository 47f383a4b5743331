"""A clerk's word on what a report is about: the ticket is corrected, and the model may learn from it. What is erased
later leaves the files of examples too."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from bot.notices import Unknown
from bot.ports import Clock, Lesson, Stale, Store, UnitOfWork, Verdict
from handlers.routes import led_anew
from nlu import learned
from nlu.contract import LANGUAGES, SERVICE_CODES
from nlu.redaction import example_of
from nlu.scratch import sweep
from tickets.city import Cities, City, Service
from tickets.model import Actor, Author, Ticket, Update
from tickets.promise import stood
from tickets.workflow import change_service

MOST: Final = 10_000  # examples; a city that taught more has better things to do than to review them at a terminal
LIVE: Final = "live"  # lies in the folder once a live city was reviewed there
log = structlog.get_logger()


class UnknownService(Exception):
    """The city offers no service of this code; choose one of those on the page."""


class NoLesson(Exception):
    """A number or ticket was named of which there is no example, or one twice; the message says which."""


class Correcting:
    """Changes a ticket's service. The citizen is not bothered; what they wrote becomes a proposed example."""

    def __init__(self, store: Store, city: Cities, clock: Clock) -> None:
        self._store, self._cities, self._clock = store, city, clock

    @property
    def _city(self) -> City:
        return self._cities.now

    async def __call__(self, *, number: str, service: str, version: int, login: str) -> None:
        """Raises Unknown, Stale, UnknownService or NotAllowed; then nothing was written."""
        wanted = self._city.service(service)
        if wanted is None:
            raise UnknownService
        async with self._store.work() as work:
            ticket = await work.tickets.get(number)
            if ticket is None:
                raise Unknown(number)
            if ticket.version != version:
                raise Stale
            changed, update = await self.corrected(work, ticket, wanted, login, self._clock.now())
            await work.tickets.change(changed, update)
            await self.learn(work, changed)
            await work.commit()

    async def corrected(
        self, work: UnitOfWork, ticket: Ticket, wanted: Service, login: str, now: datetime
    ) -> tuple[Ticket, Update]:  # fmt: skip
        """The change itself. Raises NotAllowed."""
        actor = Actor(author=Author.CLERK, name=login)
        calendar, history = self._city.calendar, await work.tickets.history(ticket.number)
        waited, to = stood(history, calendar), led_anew(self._city, ticket, wanted)
        return change_service(ticket, wanted, calendar, actor=actor, at=now, stood=waited, to=to)

    async def learn(self, work: UnitOfWork, ticket: Ticket) -> None:
        """The lesson of this ticket, in place of what an earlier correction taught; none of what no model can know."""
        text = example_of(ticket.description, ticket.place.words)
        await work.lessons.withdraw(ticket.number)
        if text and ticket.language in LANGUAGES and ticket.service in SERVICE_CODES:
            lesson = Lesson(number=ticket.number, language=ticket.language, service=ticket.service, text=text)
            await work.lessons.propose(lesson, self._clock.now())


def folder_of(models: Path) -> Path:
    """Of accepted examples, beside the models: `var/nlu`."""
    return models.parent / "nlu"


@asynccontextmanager
async def alone(folder: Path) -> AsyncIterator[None]:
    """No other process writes these files between what we read of the database and what we write. Waits its turn."""
    lock = _lock(folder)
    try:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _lock(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)


async def unlearn(store: Store, models: Path, *, demo: bool) -> None:
    """What the database has lost since the last review leaves this machine's files, and copies that a killed training
    left. Models stay: a review takes them away, and says so. The demo never touches those of a live city."""
    folder = folder_of(models)
    if demo and (folder / LIVE).exists():
        return
    if learned.files(folder):
        async with alone(folder):
            async with store.view() as view:
                accepted = await view.lessons.with_verdict(Verdict.ACCEPTED, MOST)
            taught = [(lesson.language, lesson.service, lesson.text) for lesson in accepted]
            if gone := await asyncio.to_thread(learned.forget, folder, taught):
                log.info("examples_erased", sentences=gone)
    await asyncio.to_thread(sweep, models)
