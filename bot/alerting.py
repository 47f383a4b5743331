"""The staff on duty are told of an emergency at once: that there is one and where, never what else a citizen wrote.

A key of the outbox makes each alert one: of a ticket for good, of danger without a ticket in each quarter of an hour,
however many write of the same fire.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.outgoing import compose, queued
from bot.ports import Kind, Render, UnitOfWork
from channels.mailbox import CHANNEL
from channels.message import Contact
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Citizen
from tickets.city import City
from tickets.model import Place

SPAN = timedelta(minutes=15)


async def alert(
    work: UnitOfWork, number: str, citizen: Citizen, city: City, render: Render, now: datetime
) -> None:  # fmt: skip
    """To each of the city's `alerts`; of the ticket with this number, or of danger alone."""
    if not city.alerts:
        return
    reply, incident = await _reply(work, number, now)
    wanted = contacts(city)
    lanes = await work.citizens.lanes({citizen.contact, *wanted})
    rows = []
    for contact in sorted(wanted, key=lanes.__getitem__):
        lane = lanes[contact]
        staff = await work.citizens.get(lane)
        if staff is not None:
            language = wanted[contact] or staff.language or city.languages[0]
            said = _wordless(reply, render, language) if contact.channel == CHANNEL else reply
            outbound = compose(said, staff, language, render, key=f"alert:{incident}:{lane}")
            outbound = replace(outbound, subject=outbound.text)
            # with its ticket: who has their data erased is erased from what it says of the place too
            rows.append(replace(queued(outbound, staff, Kind.ALERT), number=number or None))
    await work.outbox.enqueue(rows, now)


async def _reply(work: UnitOfWork, number: str, now: datetime) -> tuple[Reply, str]:
    """What to say, and the name of the incident."""
    ticket = await work.tickets.get(number) if number else None
    if ticket is None:
        return say(Say.ALERT_NO_TICKET), f"{int(now.timestamp() // SPAN.total_seconds())}"
    reply = say(Say.ALERT, number=number, service=ServiceName(ticket.service), place=ticket.place)
    return reply, number


def _wordless(reply: Reply, render: Render, language: str) -> Reply:
    """An e-mail goes through many hands: the street as we know it, and not the citizen's words for the place."""
    place = reply.values.get("place")
    if not isinstance(place, Place):
        return reply
    where = place.street or render(say(Say.NO_STREET), language)
    return replace(reply, values={**reply.values, "place": Place(street=where)})


def contacts(city: City) -> Mapping[Contact, str]:
    """Of the staff on duty, and the language in which each is told; "" where that is not set."""
    return {Contact(channel=one.channel, address=one.address): one.language for one in city.alerts}
