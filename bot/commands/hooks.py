"""`python -m bot hook`: subscribers from a terminal (docs/hooks.md)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.commands.clerks import BY
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.hooks.acts import Hooking, NoHook, TooMany, Wanted, codes
from bot.hooks.sending import Sender
from bot.hooks.target import Refused, Trouble, allowed_by
from bot.opening import open_store
from bot.ports.hooks import Held, Hook, State
from tickets.happening import Happening

LONGEST_NAME = 80  # characters
WHY = {
    Trouble.URL: "That is no address that can be told anything; it looks like https://example.org/hook",
    Trouble.PLAIN: "Only https addresses: what goes by http can be read on the way",
    Trouble.PORT: "That port is for other things; use 443, or one from 1024 on",
    Trouble.PRIVATE: "That address is inside a private network; open.allow of config.yml can allow it",
    Trouble.NAME: "That name leads nowhere",
    Trouble.TIMEOUT: "It did not answer within 10 seconds",
    Trouble.CONNECTION: "No connection came about, or it broke",
    Trouble.REDIRECT: "It sent us somewhere else; redirects are not followed",
    Trouble.STATUS: "It answered with an error",
    Trouble.GONE: "It says that it wants no more (410)",
}


async def add(
    config: Config, name: str, url: str, services: Sequence[str], areas: Sequence[str], events: Sequence[str]
) -> None:  # fmt: skip
    """Its secret is shown this once. Raises Unfit."""
    city, name = config.city, " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unfit(f"A subscriber's name has at most {LONGEST_NAME} characters")
    wanted = Wanted(
        name=name, url=url, services=_chosen("service", services, [one.code for one in city.services]),
        areas=_chosen("area", areas, [one.code for one in city.areas]),
        happenings=tuple(map(Happening, _chosen("event", events, tuple(Happening)))),
    )  # fmt: skip
    async with _opened(config) as hooking:
        which, secret = await hooking.add(wanted, BY)
    show(f"Subscriber {which} is told from now on. Its secret, shown this once:\n{secret}")


async def show_hooks(config: Config) -> None:
    """All of them, and how it goes with each."""
    async with _opened(config) as hooking, hooking.store.view() as view:
        hooks, held = await view.hooks.all(), await view.hooks.held()
    for one in hooks:
        show(_line(one, held.get(one.id, Held())))
    if not hooks:
        show("nobody yet; `python -m bot hook add NAME URL` adds one")


async def turn(config: Config, which: int, state: State) -> None:
    """Pause it or let it go on. Raises Unfit, as do the others."""
    async with _opened(config) as hooking:
        await hooking.turn(which, state, BY)
    show(f"Subscriber {which} is {'told again' if state is State.ON else 'paused; what happens waits for it'}")


async def rotate(config: Config, which: int) -> None:
    """Its new secret is shown this once."""
    async with _opened(config) as hooking:
        secret, until = await hooking.rotate(which, BY)
    show(f"The old secret works until {until.isoformat(timespec='minutes')}. The new one, shown this once:\n{secret}")


async def replay(config: Config, which: int, since: datetime | None, event: str) -> None:
    """Tell it again what happened from a day on, or from an event."""
    async with _opened(config) as hooking:
        at = await _from(config, hooking, since, event)
        await hooking.replay(which, at, BY)
    show(f"Subscriber {which} is told again what happened from {at.isoformat(timespec='minutes')} on")


async def ping(config: Config, which: int) -> None:
    """Whether it takes something now."""
    async with _opened(config) as hooking:
        answer = await hooking.ping(which, BY)
    if answer.trouble is not None:
        raise Unfit(f"{WHY[answer.trouble]}{f' (HTTP {answer.status})' if answer.status else ''}")
    show(f"It answered {answer.status} and took the test")


async def remove(config: Config, which: int) -> None:
    """It is told nothing any more."""
    async with _opened(config) as hooking:
        await hooking.remove(which, BY)
    show(f"Subscriber {which} is told nothing any more")


async def _from(config: Config, hooking: Hooking, since: datetime | None, event: str) -> datetime:
    if event:
        at = await hooking.happened(event)
        if at is None:
            raise Unfit(f"There is no event {event}; its number is the webhook-id of what was sent, such as 7K3-9QX.4")
        return at
    if since is None:
        raise Unfit("From when? --since YYYY-MM-DD, or --event with the number of an event")
    return datetime.combine(since.date(), time(), ZoneInfo(config.city.timezone))


def _chosen(what: str, typed: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    for one in typed:
        if one not in known:
            raise Unfit(f"{one} is no {what}; there are {', '.join(known)}")
    return codes(typed, known)


def _line(one: Hook, held: Held) -> str:
    told = one.delivered_at.isoformat(timespec="minutes") if one.delivered_at else "never"
    filters = " ".join((*one.happenings, *one.services, *one.areas)) or "all"
    failing = f"  failing since {one.failing_since.isoformat(timespec='minutes')}" if one.failing_since else ""
    state = f"{one.id:3}  {one.state:8}  {one.name:24}  told {told}  waiting {held.waiting}  aside {held.aside}"
    return f"{state}  {filters}{failing}"


@asynccontextmanager
async def _opened(config: Config) -> AsyncIterator[Hooking]:
    """What is done with them; what cannot be done is told as a sentence."""
    clock, city = SystemClock(), config.city
    store, _ = await open_store(config, clock)
    send = Sender(lambda: allowed_by(city.openness.allow))
    try:
        yield Hooking(store=store, clock=clock, send=send, source=f"{config.settings.public_url}/open311/v2")
    except Refused as refused:
        raise Unfit(WHY[refused.trouble]) from None
    except NoHook:
        raise Unfit(str(NoHook.__doc__)) from None
    except TooMany:
        raise Unfit(str(TooMany.__doc__)) from None
    finally:
        await store.close()
