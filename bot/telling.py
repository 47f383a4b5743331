"""News of a ticket: told to its reporter and to everybody who joined it, each in their own language, each once.

Who is told that it is resolved is asked in the same message whether it is fixed, if nothing else is being talked about
with them; else later (bot/closing.py). What is set open again is asked about no more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.outgoing import compose, lined
from bot.ports import Closure, Kind, Queued, Render, UnitOfWork
from bot.speech import usual_language
from channels.mailbox import is_mail
from channels.message import Outbound, Picture
from handlers.reports.outcome import QUESTIONS
from handlers.say import Option, Reply, Say, ServiceName, say
from handlers.turn import Asked, Citizen, Dialogue
from tickets.city import Cities, City
from tickets.model import Event, Field, Status, Ticket, Update
from tickets.workflow import OPEN

TOLD = {Status.RESOLVED: Say.NOTICE_RESOLVED, Status.DECLINED: Say.NOTICE_DECLINED}
FIXED = (Option("yes", Say.YES), Option("no", Say.NO))
# After such a silence a question is no longer being talked about, and ours may take its place.
_OVER, _OPTIONAL_OVER = timedelta(hours=24), timedelta(hours=1)
_OPTIONAL = frozenset({Asked.RATING, Asked.WORD, Asked.REOPENED, Asked.INFORMED, Asked.NOTHING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A photo of ours: its file, and where it can be seen ("": nowhere, for the city has no public address)."""

    file: str = field(repr=False)
    url: str = field(default="", repr=False)


class NoteTooLong(Exception):
    """With this note the notice is longer than a message of the citizen's channel may be: shorten the note."""


class Telling:
    """Puts news into the outbox, in the caller's unit of work."""

    def __init__(self, render: Render, city: Cities, limits: Mapping[str, int] = MappingProxyType({})) -> None:
        """`limits`: characters of one message, by channel."""
        self._render, self._cities, self._limits = render, city, limits

    @property
    def _city(self) -> City:
        return self._cities.now

    async def tell(
        self, work: UnitOfWork, ticket: Ticket, update: Update, now: datetime, *, but: int | None = None,
        photo: Shown | None = None,
    ) -> None:  # fmt: skip
        """All but one citizen, who did it themselves; with a photo. Raises NoteTooLong; then nothing was queued."""
        reply = notice(ticket, update)
        if reply:
            await self._tell(work, ticket, update, reply, now, but, photo)
        if update.old is Status.RESOLVED and ticket.status in OPEN:  # behind the citizens, who may just be answering it
            await work.closures.drop(ticket.number)

    async def _tell(
        self, work: UnitOfWork, ticket: Ticket, update: Update, reply: Reply, now: datetime, but: int | None,
        photo: Shown | None,
    ) -> None:  # fmt: skip
        people = [one for one in await self.audience(work, ticket) if one.id != but]
        await work.citizens.lock([one.id for one in people])
        asked = await _asked(work, ticket, people, now) if reply.say is Say.NOTICE_RESOLVED else frozenset()
        asking = replace(reply, options=FIXED, lines=(say(Say.IS_IT_FIXED),))
        rows = [self._row(asking if one.id in asked else reply, ticket, update, one, photo) for one in people]
        await work.outbox.enqueue(rows, now)

    async def draft(self, work: UnitOfWork, ticket: Ticket, update: Update) -> Sequence[tuple[Citizen, Queued]]:
        """What each would be sent, at its longest; nothing is queued. Raises NoteTooLong."""
        reply = notice(ticket, update)
        if reply is None:
            return []
        if reply.say is Say.NOTICE_RESOLVED:
            reply = replace(reply, options=FIXED, lines=(say(Say.IS_IT_FIXED),))
        return [(one, self._row(reply, ticket, update, one)) for one in await self.audience(work, ticket)]

    async def audience(self, work: UnitOfWork, ticket: Ticket) -> list[Citizen]:
        """Its reporter and all who joined it: the same until the commit, once the ticket is locked or changed."""
        reporter = await work.citizens.get(ticket.reporter)
        joined = await work.followers.of_ticket(ticket.number) if ticket.followers else ()
        return [*([reporter] if reporter else []), *joined]

    def _row(
        self, reply: Reply, ticket: Ticket, update: Update, citizen: Citizen, photo: Shown | None = None
    ) -> Queued:  # fmt: skip
        key = f"notice:{ticket.number}/{update.version}:{citizen.id}"
        language, question = language_of(citizen, ticket, self._city), question_of(ticket)
        outbound = compose(reply, citizen, language, self._render, key=key, question=question)
        if photo:
            outbound = with_photo(outbound, photo, self._render, language)
        if len(lined(outbound).text) > self._limits.get(citizen.contact.channel, len(outbound.text)):
            raise NoteTooLong  # the provider would refuse it for good, and nobody would know
        return Queued(
            outbound=outbound, citizen=citizen.id, kind=Kind.NOTICE,
            number=ticket.number, version=update.version, bulk=True,
        )  # fmt: skip


def with_photo(outbound: Outbound, photo: Shown, render: Render, language: str) -> Outbound:
    """The message with the photo. An approved text carries none: there its address stands behind the last value."""
    line = render(say(Say.PHOTO_AT, url=photo.url), language) if photo.url else ""
    template = outbound.template
    if template and line:
        template = replace(template, values=(*template.values[:-1], f"{template.values[-1]} {line}"))
    return replace(outbound, picture=Picture(file=photo.file, url=photo.url, line=line), template=template)


def notice(ticket: Ticket, update: Update) -> Reply | None:
    """What people are told of an update, or None when it is not for them."""
    service = ServiceName(ticket.service)
    if update.public and update.event is Event.POSTPONED:
        return say(Say.PROMISE_BROKEN, number=ticket.number, service=service, due=ticket.due_at)
    if not update.public or update.event not in (Event.MOVED, Event.REOPENED):
        return None
    what = TOLD.get(ticket.status, Say.NOTICE)
    moved = update.change(Field.DUE) is not None and ticket.status in OPEN
    dated = (say(Say.NEW_DATE, due=ticket.due_at),) if moved else ()
    return say(what, lines=dated, number=ticket.number, service=service, status=ticket.status, note=update.note)


def language_of(citizen: Citizen, ticket: Ticket, city: City) -> str:
    """Theirs; a reporter's may be known from the ticket alone. Whoever joined it may well speak another."""
    own = ticket.language if citizen.id == ticket.reporter else None
    return citizen.language or own or usual_language(citizen, city)


def question_of(ticket: Ticket) -> str:
    """The id of the question whether it is fixed; anew with each version of the ticket, so with each resolution."""
    return f"{ticket.number}/{ticket.version}"


def is_it_fixed(ticket: Ticket, now: datetime) -> Dialogue:
    """The dialogue in which a citizen is who was just asked."""
    offered = tuple(option.id for option in FIXED)
    return Dialogue(
        asked=Asked.FIXED, question=question_of(ticket), offered=offered, since=now, about=ticket.number,
        item=ticket.service,
    )  # fmt: skip


async def at_leisure(
    work: UnitOfWork, people: Collection[Citizen], ticket: Ticket, now: datetime
) -> frozenset[int]:  # fmt: skip
    """Those who may be asked about this ticket now: they are in no thread and no dialogue, and no message of theirs
    waits. Who gets mail cannot answer it, so that they are never asked."""
    asked = [one.id for one in people if one.thread is None and not one.opted_out and not is_mail(one.contact)]
    quiet = await work.dialogues.quiet(asked)
    free = (citizen for citizen, dialogue in quiet.items() if dialogue is None or _is_over(dialogue, ticket, now))
    return frozenset(free)


def _is_over(dialogue: Dialogue, ticket: Ticket, now: datetime) -> bool:
    """So is a question about an earlier resolution of the same ticket, and where nothing is asked."""
    asked = dialogue.asked
    if asked in (Asked.NOTHING, Asked.WRITTEN) or (asked in QUESTIONS and dialogue.about == ticket.number):
        return True
    patience = _OPTIONAL_OVER if dialogue.asked in _OPTIONAL else _OVER
    return now - dialogue.since >= patience


async def _asked(work: UnitOfWork, ticket: Ticket, people: Sequence[Citizen], now: datetime) -> frozenset[int]:
    """Who is asked in the notice itself; the others are noted down for later."""
    free = await at_leisure(work, people, ticket, now)
    able = [one for one in people if not is_mail(one.contact)]
    await work.closures.plan([_closure(ticket, one.id, now, asked=one.id in free) for one in able])
    for citizen in sorted(free):
        await work.dialogues.save(citizen, is_it_fixed(ticket, now), now)
    return free


def _closure(ticket: Ticket, citizen: int, now: datetime, *, asked: bool) -> Closure:
    due, asked_at = (None, now) if asked else (now, None)
    return Closure(number=ticket.number, citizen=citizen, resolved_at=now, due=due, asked_at=asked_at)
