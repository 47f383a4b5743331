"""A clerk's move and what people are told of it, in one unit of work."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.ports import Clock, Render, Stale, Store, UnitOfWork
from bot.telling import NoteTooLong, Telling
from tickets.model import Actor, Author, Status, Ticket
from tickets.workflow import comment, move

__all__ = ["Desk", "NoteTooLong", "Unknown"]


class Unknown(Exception):
    """There is no ticket of this number."""


class Desk:
    """What clerks do to tickets. Every act names the version it was decided on, so that nobody overwrites another."""

    def __init__(
        self, store: Store, render: Render, clock: Clock, limits: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """`limits`: characters of one message, by channel."""
        self._store, self._clock, self._telling = store, clock, Telling(render, limits)

    async def move(self, *, number: str, to: Status, version: int, login: str, note: str) -> None:
        """Move a ticket and tell its reporter; Unknown, Stale, NotAllowed, NoteNeeded or NoteTooLong mean that
        nothing happened."""
        async with self._store.work() as work:
            ticket = await _ticket(work, number, version)
            actor = Actor(author=Author.CLERK, name=login)
            moved, update = move(ticket, to, actor=actor, at=self._clock.now(), note=note)
            await work.tickets.change(moved, update)
            await self._telling.tell(work, moved, update, self._clock.now())
            await work.commit()

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
