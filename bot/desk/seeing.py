"""Every act names what its clerk saw; and why one was not done."""

from enum import StrEnum
from random import Random

from bot.notices import seen
from bot.ports import Clerk, UnitOfWork
from tickets import rights
from tickets.model import Actor, Author, Ticket
from tickets.number import new_number


class Refusal(StrEnum):
    """Why nothing was done, beside what the workflow says."""

    NO_SUCH = "no_such_ticket"
    SAME = "same_ticket"
    OTHERS = "others_ticket"  # the other ticket is another department's
    OTHER_CLOSED = "other_closed"
    CHAINED = "chained"  # others go on in this one
    LINKED = "linked_already"
    NOT_TO_THEM = "not_to_them"  # only who directs others gives a ticket to others
    NO_SUCH_CLERK = "no_such_clerk"
    NO_CONTACT = "no_contact"  # its citizen cannot be written to
    OPTED_OUT = "opted_out"
    REFUSED = "refused"
    DEALT_WITH = "dealt_with"  # a colleague was quicker, or it has arrived after all
    NO_SMS = "no_sms"  # there is no number, no channel, or they want none
    NO_MAIL = "no_mail"  # the city's e-mail is off
    NO_LINK = "no_link"  # the city has no public address for the link
    NOT_A_NUMBER = "not_a_number"


class Refused(Exception):
    """Nothing was written; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def clerk(login: str) -> Actor:
    return Actor(author=Author.CLERK, name=login)


async def both(work: UnitOfWork, number: str, version: int, other: str, by: Clerk) -> tuple[Ticket, Ticket]:
    """This one as it was seen, and the other as it is, locked in the order of their numbers; both the clerk's to act
    on. Raises Unknown, Stale or Refused."""
    await work.tickets.lock({number, other})
    ticket, found = await seen(work, number, version), await work.tickets.get(other)
    if found is None:
        raise Refused(Refusal.NO_SUCH)
    if number == other:
        raise Refused(Refusal.SAME)
    if not rights.may_work(by.role, by.department, found):
        raise Refused(Refusal.OTHERS)
    return ticket, found


async def fresh_number(work: UnitOfWork, random: Random) -> str:
    """A number that no ticket has."""
    while await work.tickets.get(number := new_number(random)):
        pass
    return number
