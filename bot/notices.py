"""A clerk's move and what people are told of it, in one unit of work."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec

from bot.ports import Clock, Render, Stale, Store, StoreUnavailable, UnitOfWork
from bot.telling import NoteTooLong, Shown, Telling
from tickets.city import Cities, City
from tickets.model import Actor, Author, Status, Ticket, Update
from tickets.promise import new_date
from tickets.workflow import comment, move

__all__ = ["Desk", "NoteTooLong", "Unknown", "undeterred"]
P = ParamSpec("P")
TRIES = 3
DESK = "desk"  # the channel of a photo that a clerk added
PHOTOS = "/photos/"  # where who got the link sees a photo of ours
SHOWN_FOR = timedelta(days=30)


class Unknown(Exception):
    """There is no ticket of this number."""


def undeterred(act: Callable[P, Awaitable[None]]) -> Callable[P, Coroutine[Any, Any, None]]:
    """Does a clerk's act again where its unit of work was beaten by another: nobody types a text twice for that."""

    @wraps(act)
    async def again(*arguments: P.args, **named: P.kwargs) -> None:
        for _ in range(TRIES - 1):
            try:
                return await act(*arguments, **named)
            except StoreUnavailable as error:
                if not error.beaten:
                    raise
        return await act(*arguments, **named)

    return again


class Desk:
    """What clerks do to tickets. Every act names the version it was decided on, so that nobody overwrites another."""

    def __init__(
        self, store: Store, render: Render, clock: Clock, city: Cities,
        limits: Mapping[str, int] = MappingProxyType({}), public_url: str = "",
    ) -> None:  # fmt: skip
        """`limits`: characters of one message, by channel; `public_url`: where the web is reached, empty: nowhere."""
        self._public_url = public_url
        self._store, self._clock, self._cities = store, clock, city
        self.telling = Telling(render, city, limits)

    @property
    def _city(self) -> City:
        return self._cities.now

    @undeterred
    async def move(
        self, *, number: str, to: Status, version: int, login: str, note: str, photo: str = ""
    ) -> None:  # fmt: skip
        """Move a ticket and tell its reporter; Unknown, Stale, NotAllowed, NoteNeeded or NoteTooLong mean that
        nothing happened. `photo`: a file that no photo has yet, a JPEG; it is the ticket's then, and goes with the
        news."""
        async with self._store.work() as work:
            ticket, now = await seen(work, number, version), self._clock.now()
            moved, update = self.moved(ticket, to, login, note, now)
            await work.tickets.change(moved, update)
            shown = await self._shown(work, number, photo, now) if photo else None
            await self.telling.tell(work, moved, update, now, photo=shown)
            await work.commit()

    @undeterred
    async def note(self, *, number: str, version: int, login: str, text: str) -> None:
        """Add an internal note; nobody outside the desk is told. Raises Unknown or Stale."""
        async with self._store.work() as work:
            ticket = await seen(work, number, version)
            await work.tickets.change(*self.noted(ticket, login, text, self._clock.now()))
            await work.commit()

    async def _shown(self, work: UnitOfWork, number: str, photo: str, now: datetime) -> Shown:
        if await work.photos.named([photo]):
            raise Stale  # the same form, sent before
        await work.photos.attach(number, DESK, photo, "image/jpeg", now)
        token = work.photos.token(photo, now + SHOWN_FOR)
        return Shown(file=photo, url=f"{self._public_url}{PHOTOS}{token}" if self._public_url else "")

    def moved(self, ticket: Ticket, to: Status, login: str, note: str, now: datetime) -> tuple[Ticket, Update]:
        """The move itself. Raises NotAllowed or NoteNeeded."""
        actor, due = Actor(author=Author.CLERK, name=login), new_date(ticket, self._city, now)
        return move(ticket, to, self._city.calendar, actor=actor, at=now, note=note, due=due)

    def noted(self, ticket: Ticket, login: str, text: str, now: datetime) -> tuple[Ticket, Update]:
        """The note itself."""
        return comment(ticket, actor=Actor(author=Author.CLERK, name=login), at=now, note=text, public=False)


async def seen(work: UnitOfWork, number: str, version: int) -> Ticket:
    """The ticket as a clerk saw it. Raises Unknown or Stale."""
    ticket = await work.tickets.get(number)
    if ticket is None:
        raise Unknown(number)
    if ticket.version != version:
        raise Stale
    return ticket
