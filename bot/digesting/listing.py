"""Who gets the digest, and who does not, and why: they want none, or their address is refused for good."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.digesting.subscriber import Subscriber
from bot.ports import UnitOfWork

UNSUBSCRIBED: Final = "unsubscribed"
BOUNCED: Final = "bounced"


async def states(work: UnitOfWork, subscribers: Iterable[Subscriber]) -> Mapping[Subscriber, str]:
    """UNSUBSCRIBED, BOUNCED, or "" for those who get it."""
    wanted = list(subscribers)
    gone = await work.unsubscribed.among([one.contact.address for one in wanted if one.by_email])
    return {one: UNSUBSCRIBED if one.contact.address in gone else await _refused(work, one) for one in wanted}


async def _refused(work: UnitOfWork, subscriber: Subscriber) -> str:
    """A group that threw the bot out, or an address that its mail server does not know, counts alike."""
    citizen = await work.citizens.find(subscriber.contact)
    return BOUNCED if citizen and (citizen.refused or citizen.opted_out) else ""


def shortened(address: str) -> str:
    """An address as a list may show it: `an...@puerto.example`, `-100...`."""
    name, at, domain = address.rpartition("@")
    return f"{name[:2]}...@{domain}" if at else f"{address[:4]}..."
