"""The staff on duty are told of an emergency at once: that there is one and where, never what else a citizen wrote.

A key of the outbox makes each alert one: of a ticket for good, of danger without a ticket in each quarter of an hour,
however many write of the same fire.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.outgoing import compose, queued
from bot.ports import Kind, Render, UnitOfWork
from channels.message import Contact
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Citizen
from tickets.city import City

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
    for lane in sorted(lanes[contact] for contact in wanted):
        staff = await work.citizens.get(lane)
        if staff is not None:
            language = staff.language or city.languages[0]
            outbound = compose(reply, staff, language, render, key=f"alert:{incident}:{lane}")
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


def contacts(city: City) -> set[Contact]:
    """Of the staff on duty."""
    return {Contact(channel=one.channel, address=one.address) for one in city.alerts}
