"""Who owns an account is told of what is changed of it, by the contact that they gave: what, when, and what to do if it
was not them. In the same transaction, in their language, without a link: nobody shall learn to trust one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum

from aiohttp.web import Request

from bot.outgoing import compose, queued
from bot.ports import Clerk, Kind, Render, UnitOfWork
from bot.settings.staff import TOLD_BY
from handlers.say import Moment, Say, say
from tickets.city import City
from web.ports import WEB


class News(Enum):
    """What was done to an account."""

    PASSWORD = Say.ACCOUNT_PASSWORD
    RESET = Say.ACCOUNT_RESET
    FACTOR = Say.ACCOUNT_FACTOR
    NO_FACTOR = Say.ACCOUNT_NO_FACTOR
    CODES = Say.ACCOUNT_CODES
    REACH = Say.ACCOUNT_REACH
    CODE_AGAIN = Say.ACCOUNT_CODE_AGAIN


def ways(request: Request) -> Sequence[str]:
    """The channels by which somebody can be told here."""
    return [one for one in TOLD_BY if one in request.app[WEB].channels]


async def tell(request: Request, work: UnitOfWork, clerk: Clerk, news: News, once: str = "") -> None:
    """`once`: what makes it the same news when it comes again; else its instant."""
    web = request.app[WEB]
    await told(work, clerk, news, web.city, web.render, ways(request), web.clock.now(), once)


async def told(
    work: UnitOfWork, clerk: Clerk, news: News, city: City, render: Render, channels: Collection[str], now: datetime,
    once: str = "",
) -> None:  # fmt: skip
    """Nobody, where they gave no contact, or one on a channel that is off."""
    if clerk.reach is None or clerk.reach.channel not in channels:
        return
    lane = (await work.citizens.lanes({clerk.reach}))[clerk.reach]
    owner = await work.citizens.get(lane)
    if owner is None:
        return
    language = clerk.language if clerk.language in city.languages else city.languages[0]
    reply = say(news.value, lines=(say(Say.ACCOUNT_NOT_YOU),), login=clerk.login, when=Moment(now))
    key = f"account:{clerk.login}/{news.value}/{once or now.timestamp()}:{lane}"
    outbound = compose(reply, owner, language, render, key=key)
    await work.outbox.enqueue([queued(outbound, owner, Kind.ACCOUNT)], now)
