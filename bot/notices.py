"""A clerk's move and what its reporter is told, in one unit of work; told once, in the language that the
citizen wrote last, else in that of the report."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.outgoing import compose
from bot.ports import Clock, Kind, Queued, Render, Stale, Store, UnitOfWork
from handlers.say import Reply, Say, ServiceName, say
from tickets.model import Actor, Author, Event, Status, Ticket, Update
from tickets.workflow import comment, move

TOLD = {Status.RESOLVED: Say.NOTICE_RESOLVED, Status.DECLINED: Say.NOTICE_DECLINED}


class Unknown(Exception):
    """There is no ticket of this number."""


class NoteTooLong(Exception):
    """With this note the notice is longer than a message of the citizen's channel may be: shorten the note."""


class Desk:
    """What clerks do to tickets. Every act names the version it was decided on, so that nobody overwrites another."""

    def __init__(
        self, store: Store, render: Render, clock: Clock, limits: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """`limits`: characters of one message, by channel."""
        self._store, self._render, self._clock, self._limits = store, render, clock, limits

    async def move(self, *, number: str, to: Status, version: int, login: str, note: str) -> None:
        """Move a ticket and tell its reporter; Unknown, Stale, NotAllowed, NoteNeeded or NoteTooLong mean that
        nothing happened."""
        async with self._store.work() as work:
            ticket = await _ticket(work, number, version)
            actor = Actor(author=Author.CLERK, name=login)
            moved, update = move(ticket, to, actor=actor, at=self._clock.now(), note=note)
            await work.tickets.change(moved, update)
            await self._tell(work, moved, update)
            await work.commit()

    async def note(self, *, number: str, version: int, login: str, text: str) -> None:
        """Add an internal note; nobody outside the desk is told. Raises Unknown or Stale."""
        async with self._store.work() as work:
            ticket = await _ticket(work, number, version)
            actor = Actor(author=Author.CLERK, name=login)
            noted, update = comment(ticket, actor=actor, at=self._clock.now(), note=text, public=False)
            await work.tickets.change(noted, update)
            await work.commit()

    async def _tell(self, work: UnitOfWork, ticket: Ticket, update: Update) -> None:
        citizen = await work.citizens.get(ticket.reporter)
        reply = notice(ticket, update)
        if citizen is None or reply is None:
            return
        key = f"notice:{ticket.number}/{update.version}:{citizen.id}"
        language = citizen.language or ticket.language
        outbound = compose(reply, citizen, language, self._render, key=key)
        if len(outbound.text) > self._limits.get(citizen.contact.channel, len(outbound.text)):
            raise NoteTooLong  # the provider would refuse it for good, and nobody would know
        row = Queued(
            outbound=outbound, citizen=citizen.id, kind=Kind.NOTICE,
            number=ticket.number, version=update.version, bulk=True,
        )  # fmt: skip
        await work.outbox.enqueue([row], self._clock.now())


async def _ticket(work: UnitOfWork, number: str, version: int) -> Ticket:
    ticket = await work.tickets.get(number)
    if ticket is None:
        raise Unknown(number)
    if ticket.version != version:
        raise Stale
    return ticket


def notice(ticket: Ticket, update: Update) -> Reply | None:
    """What the reporter is told of an update, or None when it is not for them."""
    if not update.public or update.event is not Event.MOVED:
        return None
    what = TOLD.get(ticket.status, Say.NOTICE)
    return say(what, number=ticket.number, service=ServiceName(ticket.service), status=ticket.status, note=update.note)
