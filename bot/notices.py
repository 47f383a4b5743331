"""A clerk's move and what people are told of it, in one unit of work."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec

from bot.ports import Clock, Render, Stale, Store, StoreUnavailable, UnitOfWork
from bot.telling import NoteTooLong, Telling
from tickets.city import City
from tickets.model import Actor, Author, Status, Ticket
from tickets.promise import new_date
from tickets.workflow import comment, move

__all__ = ["Desk", "NoteTooLong", "Unknown", "undeterred"]
P = ParamSpec("P")
TRIES = 3


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
        self, store: Store, render: Render, clock: Clock, city: City,
        limits: Mapping[str, int] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """`limits`: characters of one message, by channel."""
        self._store, self._clock, self._city = store, clock, city
        self._telling = Telling(render, city, limits)

    @undeterred
    async def move(self, *, number: str, to: Status, version: int, login: str, note: str) -> None:
        """Move a ticket and tell its reporter; Unknown, Stale, NotAllowed, NoteNeeded or NoteTooLong mean that
        nothing happened."""
        async with self._store.work() as work:
            ticket, now = await _ticket(work, number, version), self._clock.now()
            actor, due = Actor(author=Author.CLERK, name=login), new_date(ticket, self._city, now)
            moved, update = move(ticket, to, self._city.calendar, actor=actor, at=now, note=note, due=due)
            await work.tickets.change(moved, update)
            await self._telling.tell(work, moved, update, now)
            await work.commit()

    @undeterred
    async def note(self, *, number: str, version: int, login: str, text: str) -> None:
        """Add an internal note; nobody outside the desk is told. Raises Unknown or Stale."""
        async with self._store.work() as work:
            ticket = await _ticket(work, number, version)
            actor = Actor(author=Author.CLERK, name=login)
            noted, update = comment(ticket, actor=actor, at=self._clock.now(), note=text, public=False)
            await work.tickets.change(noted, update)
            await work.commit()


async def _ticket(work: UnitOfWork, number: str, version: int) -> Ticket:
    ticket = await work.tickets.get(number)
    if ticket is None:
        raise Unknown(number)
    if ticket.version != version:
        raise Stale
    return ticket
