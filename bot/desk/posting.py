"""Reports that other programs file (Open311), by the same way as those of the chat and of the desk.

Each becomes a ticket of its own, never somebody else's follower: whoever joins what tells of the same thing is a clerk,
who sees both. What is sent again is answered as before. Whether its reporter is told is decided in bot/claims.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Final

from bot import alerting, claims
from bot.claims import API
from bot.desk.answering import DESK
from bot.desk.seeing import fresh_number
from bot.notices import Unknown, undeterred
from bot.outgoing import compose
from bot.ports import Clock, Kind, Places, Queued, Render, Store, UnitOfWork
from channels.mailbox import CHANNEL as MAIL
from channels.message import Contact
from handlers.people import danger
from handlers.reporting import elsewhere
from handlers.routes import led
from handlers.say import Say, ServiceName, say
from handlers.turn import Citizen
from nlu.danger import Kind as Threat
from nlu.danger import danger_in
from tickets.calendar import due_at
from tickets.city import Cities, Service
from tickets.model import CITIZEN, Place, Point, Priority, Status, Ticket
from tickets.workflow import filed

REPEATED: Final = timedelta(minutes=10)  # the same request by the same key is the same report
NAMED: Final = timedelta(hours=24)  # and one with a name of its own (Idempotency-Key) for so long
_PHOTO: Final = "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a program sent, checked. `phone` is in its form for SMS, `email` an address in small letters, or they are
    empty; `photos`: names of loose files, JPEGs;
    `sent`: what makes it the same as one before, `known` for so long."""

    service: Service
    place: Place
    words: str = field(repr=False)
    language: str
    answers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    photos: tuple[str, ...] = ()
    sent: tuple[str, ...] = field(repr=False)
    known: timedelta = REPEATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """`sms`: the channel by which a reporter who gave a number is written to; None: there is none. `mail`: whether one
    who gave an address is, by a link to `public_url`."""

    store: Store
    render: Render
    clock: Clock
    city: Cities
    places: Places
    random: Random
    sms: str | None = None
    mail: bool = False
    public_url: str = ""

    def find(self, words: str, point: Point | None) -> Place:
        """What the gazetteer makes of it."""
        return self.places.locate(point, words) if point else self.places.resolve(words)

    def elsewhere(self, service: Service, place: Place, language: str) -> str | None:
        """Whose service or place this is, and how to reach them, as the chat says it; None: ours."""
        reply = elsewhere.notice(self.city.now, service, place)
        return self.render(reply, language) if reply else None

    def warning(self, words: str, language: str) -> str:
        """Whom to call, where the words tell of danger; empty: of none. Nobody is sent from here."""
        told = danger_in(words)
        replies = danger.numbers(told, self.city.now) if told else ()
        return " ".join(self.render(reply, language) for reply in replies)

    async def before(self, sent: Sequence[str]) -> str | None:
        """The number that the same was answered with, and is still known."""
        async with self.store.view() as view:
            return await view.postings.number(sent, self.clock.now())

    async def file(self, sent: Sent) -> str:
        """The number of the report; the same again for what was sent before. Raises StoreUnavailable; then nothing was
        written, and sending it again is harmless."""
        known: list[str] = []
        await self._file(sent, known)
        return known[-1]

    @undeterred
    async def _file(self, sent: Sent, known: list[str]) -> None:
        now = self.clock.now()
        async with self.store.work() as work:
            fresh = await fresh_number(work, self.random)
            number = await work.postings.once(sent.sent, fresh, now, now + sent.known)
            if number == fresh:
                await self._make(work, sent, number)
            await work.commit()
        known.append(number)

    async def _make(self, work: UnitOfWork, sent: Sent, number: str) -> None:
        now, contact = self.clock.now(), self._contact(sent)
        reach = await claims.reach(work, contact, now) if contact else claims.Reach()
        reporter = reach.citizen or await _nobody(work, number, sent.language)
        ticket = self._ticket(sent, number, reporter)
        await work.tickets.file(ticket, filed(ticket, actor=CITIZEN))
        for photo in sent.photos:
            await work.photos.attach(number, API, photo, _PHOTO, now)
        if ticket.priority is Priority.EMERGENCY:
            await alerting.alert(work, number, reporter, self.city.now, self.render, now)
        if reach.citizen:
            await self._receipt(work, ticket, reach.citizen)
        elif reach.ask and contact:
            city, language = self.city.now, sent.language
            await claims.ask(work, contact, number, city, self.render, language, now, self.public_url)

    def _contact(self, sent: Sent) -> Contact | None:
        """A number before an address: whoever has it can answer."""
        if self.sms and sent.phone:
            return Contact(channel=self.sms, address=sent.phone)
        return Contact(channel=MAIL, address=sent.email) if self.mail and sent.email else None

    async def _receipt(self, work: UnitOfWork, ticket: Ticket, citizen: Citizen) -> None:
        """What anybody hears who files: they see at once what somebody filed for them."""
        what = Say.RECEIPT_URGENT if ticket.priority is Priority.EMERGENCY else Say.RECEIPT
        reply = say(
            what, number=ticket.number, service=ServiceName(ticket.service), place=ticket.place, due=ticket.due_at
        )  # fmt: skip
        outbound = compose(
            reply, citizen, citizen.language or ticket.language, self.render, key=f"posted:{ticket.number}"
        )
        row = Queued(outbound=outbound, citizen=citizen.id, kind=Kind.NOTICE, number=ticket.number, version=1)
        await work.outbox.enqueue([row], self.clock.now())

    def _ticket(self, sent: Sent, number: str, reporter: Citizen) -> Ticket:
        city, now = self.city.now, self.clock.now()
        to, told = led(city, sent.service, sent.place, sent.words), danger_in(sent.words)
        priority = Priority.EMERGENCY if told and told.kind is Threat.LIFE else Priority.NORMAL
        return Ticket(
            number=number,
            service=sent.service.code,
            department=to.department,
            route=to.rule,
            status=Status.RECEIVED,
            priority=priority,
            place=sent.place,
            description=sent.words,
            reporter=reporter.id,
            channel=API,
            language=reporter.language or sent.language,
            confidence=None,
            filed_at=now,
            due_at=due_at(now, sent.service.target_for(priority, sent.place.area), city.calendar),
            answers=sent.answers,
        )


async def _nobody(work: UnitOfWork, number: str, language: str) -> Citizen:
    """A row of its own without a contact, to which nothing is ever sent."""
    contact = Contact(channel=DESK, address=f"{API}:{number}")
    citizen = await work.citizens.get((await work.citizens.lanes([contact]))[contact])
    if citizen is None:
        raise Unknown
    silent = replace(citizen, opted_out=True, language=language)
    await work.citizens.save(silent)
    return silent
