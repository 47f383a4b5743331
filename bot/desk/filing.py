"""A report of somebody who phoned or came in, filed by a clerk.

Whoever leaves a number becomes a citizen by SMS, and is told what anybody who writes is told. Who leaves none is a row
of their own without a contact, to which nothing is ever sent: their report is worked on, and they call again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from re import compile as pattern

from bot.desk.answering import DESK
from bot.desk.seeing import Refusal, Refused, clerk, fresh_number
from bot.notices import Unknown, undeterred
from bot.outgoing import compose
from bot.ports import Clock, Kind, Places, Queued, Render, Store, UnitOfWork
from channels.message import Contact
from handlers.routes import led
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Citizen
from tickets.calendar import due_at
from tickets.city import Cities, Service
from tickets.model import Place, Priority, Status, Ticket
from tickets.promise import urgent_date
from tickets.workflow import CLOSED, NotAllowed, filed, follow

_PHONE = pattern(r"\+[1-9]\d{6,14}")
_BETWEEN = str.maketrans("", "", " ()-./\u00a0")
_OFFERED = 5
_BASE, _SIGNS = 36, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_phone(typed: str) -> str:
    """A number as people write it, in its form for SMS; "" where nothing is typed. Raises Refused."""
    plain = typed.strip().translate(_BETWEEN)
    if plain and not _PHONE.fullmatch(plain):
        raise Refused(Refusal.NOT_A_NUMBER)
    return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a clerk wrote down of a report. `phone` is in its form for SMS or empty."""

    service: Service
    place: Place
    words: str = field(repr=False)
    language: str
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """`sms`: the channel by which who left a number is written to; None: there is none."""

    store: Store
    render: Render
    clock: Clock
    city: Cities
    places: Places
    random: Random
    sms: str | None = None

    async def alike(self, work: UnitOfWork, told: Told) -> Sequence[Ticket]:
        """Open reports that may tell of the same thing, as citizens are offered them."""
        nearby, since = told.service.nearby, self.clock.now() - told.service.nearby.age
        if not nearby.metres:
            return ()
        return await work.tickets.near(told.place, told.service.code, nearby.metres, since, _OFFERED)

    async def file(self, *, told: Told, login: str, once: str) -> str:
        """The number of the report; the same again where this form was sent before."""
        known: list[str] = []
        await self._file(told, login, once, known)
        return known[-1]

    @undeterred
    async def _file(self, told: Told, login: str, once: str, known: list[str]) -> None:
        now = self.clock.now()
        async with self.store.work() as work:
            citizen = await self._citizen(work, told, login, once)  # locked: of two alike one comes second
            if before := await work.cursors.get(_name(login, once)):
                known.append(_number(before))
                return
            ticket = self._ticket(told, await fresh_number(work, self.random), citizen, now)
            await work.tickets.file(ticket, filed(ticket, actor=clerk(login)))
            receipt = say(
                Say.RECEIPT, number=ticket.number, service=ServiceName(ticket.service), place=ticket.place,
                due=ticket.due_at,
            )  # fmt: skip
            await self._tell(work, citizen, told.language, ticket, receipt, now)
            known.append(ticket.number)
            await work.cursors.set(_name(login, once), int(ticket.number.replace("-", ""), _BASE))
            await work.commit()

    @undeterred
    async def join(self, *, told: Told, number: str, login: str, once: str) -> None:
        """They follow this report, with what they told on top. Raises Unknown or NotAllowed."""
        now = self.clock.now()
        async with self.store.work() as work:
            await work.tickets.lock([number])
            ticket = await work.tickets.get(number)
            if ticket is None:
                raise Unknown(number)
            if ticket.status in CLOSED:
                raise NotAllowed(f"joined while {ticket.status}")
            citizen = await self._citizen(work, told, login, once)
            if citizen.id == ticket.reporter or not await work.followers.add(number, citizen.id, now):
                return
            due, least = urgent_date(ticket, self.city.now, now), self.city.now.talk.urgent_from
            joined, update = follow(ticket, at=now, note=told.words, urgent_from=least, due=due)
            await work.tickets.change(joined, replace(update, actor=clerk(login), citizen=citizen.id))
            welcome = say(
                Say.JOINED_NO_DATE, number=number, service=ServiceName(joined.service), status=joined.status
            )  # fmt: skip
            await self._tell(work, citizen, told.language, joined, welcome, now)
            await work.commit()

    async def _citizen(self, work: UnitOfWork, told: Told, login: str, once: str) -> Citizen:
        by_sms = bool(told.phone and self.sms)
        contact = Contact(channel=self.sms or "", address=told.phone) if by_sms else _form(login, once)
        lane = (await work.citizens.lanes([contact]))[contact]
        citizen = await work.citizens.get(lane)
        if citizen is None:
            raise Unknown
        if by_sms:
            return citizen
        silent = replace(citizen, opted_out=True, language=told.language)
        await work.citizens.save(silent)
        return silent

    async def _tell(
        self, work: UnitOfWork, citizen: Citizen, language: str, ticket: Ticket, reply: Reply, now: datetime
    ) -> None:  # fmt: skip
        """At first contact who we are, and where the privacy notice stands, stands before it."""
        if citizen.contact.channel == DESK:
            return
        replies: Collection[Reply] = [reply]
        if not citizen.welcomed:
            replies = [say(Say.WELCOME, url=self.city.now.privacy_url), reply]
            version = self.city.now.privacy_version
            known = replace(citizen, welcomed=True, language=citizen.language or language, consent=version)
            await work.citizens.remember(known)
            await work.consents.record(citizen.id, version, now)
        spoken = citizen.language or language
        rows = [
            Queued(
                outbound=compose(
                    one, citizen, spoken, self.render, key=f"filed:{ticket.number}/{ticket.version}:{place}"
                ),
                citizen=citizen.id, kind=Kind.REPLY, number=ticket.number, version=ticket.version,
            )
            for place, one in enumerate(replies)
        ]  # fmt: skip
        await work.outbox.enqueue(rows, now)

    def _ticket(self, told: Told, number: str, citizen: Citizen, now: datetime) -> Ticket:
        to = led(self.city.now, told.service, told.place, told.words)
        return Ticket(
            number=number,
            service=told.service.code,
            department=to.department,
            route=to.rule,
            status=Status.RECEIVED,
            priority=Priority.NORMAL,
            place=told.place,
            description=told.words,
            reporter=citizen.id,
            channel=citizen.contact.channel,
            language=citizen.language or told.language,
            confidence=None,
            filed_at=now,
            due_at=due_at(now, told.service.target_for(Priority.NORMAL, told.place.area), self.city.now.calendar),
        )


def _name(login: str, once: str) -> str:
    return f"filed:{login}:{once}"


def _number(kept: int) -> str:
    """A ticket's number that was kept as an integer."""
    signs = []
    for _ in range(6):
        kept, sign = divmod(kept, _BASE)
        signs.append(_SIGNS[sign])
    plain = "".join(reversed(signs))
    return f"{plain[:3]}-{plain[3:]}"


def _form(login: str, once: str) -> Contact:
    """Whoever left no number: nobody else's contact, and found by the form alone."""
    return Contact(channel=DESK, address=f"{login}:{once}")
