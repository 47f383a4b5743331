"""STOP and START, which hold for SMS and WhatsApp of the same number, and for what waits to be sent there.

STOP is kept twice: with the citizen, who is asked at every sending, and as a hash of the contact, which outlives them.
"""

from dataclasses import replace
from datetime import datetime

from bot.ports import UnitOfWork
from channels.message import Contact
from channels.numbers import other
from handlers.turn import Citizen


async def stop(work: UnitOfWork, citizen: Citizen, now: datetime) -> None:
    """Nothing that waits is sent any more, and nothing by the other channel; this one's is saved by the caller."""
    contact = other(citizen.contact)
    lanes = await work.citizens.lanes([citizen.contact, *([contact] if contact else [])])
    for lane in sorted(lanes.values()):
        await work.outbox.drop_queued(lane, now)
        await work.windows.drop(lane)
    await work.silenced.add(citizen.contact, now)
    if contact:
        await work.silenced.add(contact, now)
        await _keep(work, contact, opted_out=True)


async def start(work: UnitOfWork, citizen: Citizen) -> None:
    """The same for the other channel, where it is known there."""
    contact = other(citizen.contact)
    await work.silenced.remove(citizen.contact)
    if contact:
        await work.silenced.remove(contact)
        await _keep(work, contact, opted_out=False)


async def _keep(work: UnitOfWork, contact: Contact, *, opted_out: bool) -> None:
    found = await work.citizens.find(contact)
    if found and found.opted_out != opted_out:
        await work.citizens.save(replace(found, opted_out=opted_out))
