"""A ticket goes to another department, or to a body beyond the city, which answers on a page of its own
(web/outside.py): its link stands in the mail, opens this one ticket and ends with the answer."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk.seeing import Refusal, Refused, clerk
from bot.notices import Unknown, seen, undeterred
from bot.outgoing import compose
from bot.ports import Clock, Kind, Queued, Render, Store, UnitOfWork
from bot.ports.links import Referral
from channels.mailbox import CHANNEL as MAIL
from channels.message import Contact
from handlers.say import Say, ServiceName, say
from tickets import casework
from tickets.casework import Verdict
from tickets.city import Cities
from tickets.model import Actor, Author, Field, Ticket, Update

PATH = "/outside/"


class Ended(Exception):
    """This link was taken back or has been answered: nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """`mails`: whether the city's e-mail is on; `public_url`: where the link leads, "" where nobody reaches us."""

    store: Store
    render: Render
    clock: Clock
    city: Cities
    mails: bool = False
    public_url: str = ""

    @undeterred
    async def department(self, *, number: str, version: int, login: str, to: str, note: str) -> None:
        """To another department, whose queue it is in from now on. Raises Unknown, Stale or NotAllowed."""
        async with self.store.work() as work:
            ticket, now = await seen(work, number, version), self.clock.now()
            await work.tickets.change(*casework.hand_over(ticket, to, actor=clerk(login), at=now, note=note))
            await work.commit()

    @undeterred
    async def outside(
        self, *, number: str, version: int, login: str, body: str, address: str, language: str, note: str
    ) -> None:
        """To a body of this name, by e-mail. Raises Unknown, Stale, Refused or NotAllowed."""
        if not self.mails or not self.public_url:
            raise Refused(Refusal.NO_LINK if self.mails else Refusal.NO_MAIL)
        now, token = self.clock.now(), secrets.token_urlsafe(32)
        async with self.store.work() as work:
            ticket = await seen(work, number, version)
            given = casework.refer(ticket, body, actor=clerk(login), at=now, note=note)
            await work.tickets.change(*given)
            referral = Referral(
                id=0, number=number, body=body, address=address, language=language, note=note, at=now, login=login
            )  # fmt: skip
            wanted = await work.referrals.add(referral, token)
            await self._mail(work, given, referral, wanted, token, now)
            await work.commit()

    @undeterred
    async def take_back(self, *, number: str, version: int, login: str, note: str) -> None:
        """Its link opens nothing any more. Raises Unknown, Stale or NotAllowed."""
        now = self.clock.now()
        async with self.store.work() as work:
            ticket = await seen(work, number, version)
            await work.tickets.change(*casework.take_back(ticket, actor=clerk(login), at=now, note=note))
            for referral in await work.referrals.of_ticket(number):
                await work.referrals.end(referral.id, now)
            await work.commit()

    @undeterred
    async def returned(self, *, token: str, verdict: Verdict, word: str) -> None:
        """What the body says; the same said twice is said once. Raises Unknown or Ended."""
        now = self.clock.now()
        async with self.store.work() as work:
            referral = await work.referrals.by_token(token)
            if referral is None:
                raise Unknown
            await work.tickets.lock([referral.number])
            ticket, referral = await work.tickets.get(referral.number), await work.referrals.by_token(token)
            if ticket is None or referral is None or referral.ended_at or not ticket.outside:
                raise Ended
            await work.referrals.used(token)
            if any(_said(last, verdict, word) for last in (await work.tickets.history(ticket.number))[-1:]):
                return
            actor = Actor(author=Author.SYSTEM, name=referral.body)
            after = casework.returned(ticket, verdict, actor=actor, at=now, word=word)
            await work.tickets.change(*after)
            if after[0].outside is None:
                await work.referrals.end(referral.id, now)
            await work.commit()

    async def _mail(
        self, work: UnitOfWork, given: tuple[Ticket, Update], referral: Referral, wanted: int, token: str,
        now: datetime,
    ) -> None:  # fmt: skip
        """No word of the citizen's: those stand behind the link, which ends."""
        ticket, update = given
        contact = Contact(channel=MAIL, address=referral.address)
        lane = (await work.citizens.lanes([contact]))[contact]
        reader = await work.citizens.get(lane)
        if reader is None:
            raise Refused(Refusal.NO_MAIL)
        noted = (say(Say.REFERRED_NOTE, note=referral.note),) if referral.note else ()
        at = say(Say.REFERRED_AT, url=f"{self.public_url}{PATH}{token}")
        head = say(
            Say.REFERRED, number=ticket.number, service=ServiceName(ticket.service),
            where=self._where(ticket, referral.language), city=self.city.now.name,
        )  # fmt: skip
        subject = self.render(head, referral.language)
        reply = say(head.say, lines=(*noted, at), **head.values)
        outbound = compose(reply, reader, referral.language, self.render, key=f"referral:{wanted}")
        row = Queued(
            outbound=replace(outbound, subject=subject),
            citizen=lane,
            kind=Kind.REFERRAL,
            number=ticket.number,
            version=update.version,
            bulk=True,
        )
        await work.outbox.enqueue([row], now)

    def _where(self, ticket: Ticket, language: str) -> str:
        area = next((one.name for one in self.city.now.areas if one.code == ticket.place.area), "")
        where = ", ".join(name for name in (ticket.place.street, area) if name)
        return where or self.render(say(Say.NO_STREET), language)


def _said(last: Update, verdict: Verdict, word: str) -> bool:
    change = last.change(Field.VERDICT)
    return change is not None and change.new == verdict and last.note == word.strip()
