"""Whose citizens these are: a Telegram bot reaches only those who have written to it. The database keeps the number of
the bot it began with; with another one's token every send would be refused ("chat not found") and every citizen marked
as not to be reached.
"""

from collections.abc import Iterable

from bot.ports import Store
from channels import Channel, Identified


class OtherBot(Exception):
    """This database belongs to another account than the one given; the message says which, and what to do."""


async def verify(store: Store, channels: Iterable[Channel]) -> None:
    """That each channel's account is the one kept; a first one is kept by `keep`. Raises OtherBot, StoreUnavailable."""
    async with store.view() as view:
        for channel in channels:
            if isinstance(channel, Identified):
                known = await view.cursors.get(_key(channel))
                if known not in (0, channel.account):
                    raise OtherBot(_sentence(channel, known))


async def keep(store: Store, channels: Iterable[Channel]) -> None:
    """From now on these accounts are the database's own. Where polling stood is another account's own count."""
    async with store.work() as work:
        for channel in channels:
            if isinstance(channel, Identified):
                known = await work.cursors.get(_key(channel))
                if known not in (0, channel.account):
                    await work.cursors.set(channel.name, 0)
                await work.cursors.set(_key(channel), channel.account)
        await work.commit()


def _key(channel: Channel) -> str:
    return f"{channel.name}:account"


def _sentence(channel: Identified, known: int) -> str:
    return (
        f"This database belongs to the {channel.name} bot {known}, and the token is of bot {channel.account}, to which "
        "none of its citizens has written: none of them could be reached. Put the token of the first one back, or, if "
        "the change is meant, accept it: python -m bot check --accept-bot"
    )
