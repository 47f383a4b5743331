"""What clerks do in threads: take one, write to its citizen, give it back to the bot. And the bot that takes over."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.notices import undeterred
from bot.outgoing import compose, queued
from bot.ports import Clock, Kind, Render, Said, Store, Thread, UnitOfWork
from bot.speech import usual_language
from bot.telling import NoteTooLong
from channels import Channel, Fetches, Rejected, Throttled, Unavailable
from channels.message import Media
from handlers.say import Reply, Say, say
from handlers.turn import Citizen
from tickets.city import Cities, City
from tickets.model import Actor, Author

EVERY = timedelta(minutes=1)  # between two looks for threads in which nobody writes any more
_PATIENCE = 20.0  # seconds that a clerk waits for a photo


class Refusal(StrEnum):
    """Why a clerk's act was not done."""

    CLOSED = "closed"
    TAKEN = "taken"  # by somebody else
    OPTED_OUT = "opted_out"  # the citizen wants no messages
    REFUSED = "refused"  # their provider takes nothing for them


class NotDone(Exception):
    """Nothing was written; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class NotFetched(Exception):
    """The provider did not hand out the file: it is gone, or the provider is not to be reached now."""


class Attending:
    """Clerks in threads. Of two who are as quick, the first one has it."""

    def __init__(
        self, store: Store, render: Render, clock: Clock, city: Cities,
        channels: Mapping[str, Channel] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """`channels`: by name, for how long a message may be and for the files that citizens send."""
        self._store, self._render, self._clock, self._cities, self._channels = store, render, clock, city, channels

    @property
    def _city(self) -> City:
        return self._cities.now

    @undeterred
    async def take(self, *, thread: int, login: str, instead_of: str | None = None) -> None:
        """`instead_of`: the clerk who had it as far as this one saw. Raises NotDone."""
        async with self._store.work() as work:
            if not await work.threads.take(thread, login, instead_of):
                raise NotDone(Refusal.TAKEN if await _is_open(work, thread) else Refusal.CLOSED)
            await work.commit()

    @undeterred
    async def answer(self, *, thread: int, login: str, name: str, text: str, once: str) -> None:
        """Write to the citizen, who from now on talks with this clerk: the bot is silent. `once` names the form: sent
        twice, it is one letter. Raises NotDone or NoteTooLong."""
        now, key = self._clock.now(), f"letter:{thread}:{once}"
        async with self._store.work() as work:
            citizen = await self._addressee(work, thread, login)
            await work.threads.silence(thread, silent=True)
            if not await work.threads.write(thread, _clerk(login), Said(text=text), now, key):
                return
            letter = say(Say.CLERK_SAYS, text=text, name=name)
            await self._enqueue(work, letter, citizen, key, now)
            await work.commit()

    @undeterred
    async def give_back(self, *, thread: int, login: str) -> None:
        """Close it. Who talked with a person is told that the bot is back. Raises NotDone."""
        now = self._clock.now()
        async with self._store.work() as work:
            if not await work.threads.take(thread, login):
                raise NotDone(Refusal.TAKEN if await _is_open(work, thread) else Refusal.CLOSED)
            found = await work.threads.get(thread)
            await work.threads.close(thread, now)
            if found is not None and found.silent:
                await _bot_back(work, found, self._render, self._city, now)
            await work.commit()

    async def file(self, channel: str, media: Media) -> bytes:
        """A file that a citizen sent in a thread, from the provider that keeps it. Raises NotFetched."""
        source = self._channels.get(channel)
        if not isinstance(source, Fetches):
            raise NotFetched
        try:
            async with asyncio.timeout(_PATIENCE):
                return await source.fetch(media)
        except (Rejected, Unavailable, Throttled, OSError) as error:  # TimeoutError is an OSError
            raise NotFetched from error

    async def _addressee(self, work: UnitOfWork, thread: int, login: str) -> Citizen:
        if not await work.threads.take(thread, login):
            raise NotDone(Refusal.TAKEN if await _is_open(work, thread) else Refusal.CLOSED)
        found = await work.threads.get(thread)
        citizen = await work.citizens.get(found.citizen) if found else None
        if citizen is None:
            raise NotDone(Refusal.CLOSED)
        if citizen.opted_out or citizen.refused:
            raise NotDone(Refusal.OPTED_OUT if citizen.opted_out else Refusal.REFUSED)
        return citizen

    async def _enqueue(self, work: UnitOfWork, reply: Reply, citizen: Citizen, key: str, now: datetime) -> None:
        outbound = compose(reply, citizen, usual_language(citizen, self._city), self._render, key=key)
        channel = self._channels.get(citizen.contact.channel)
        if channel is not None and len(outbound.text) > channel.traits.text_limit:
            raise NoteTooLong  # the provider would refuse it for good
        await work.outbox.enqueue([queued(outbound, citizen, Kind.REPLY)], now)


class Returning:
    """The bot takes over from a person where nobody has written for the city's `talk.handover`."""

    def __init__(self, city: Cities, render: Render) -> None:
        self._cities, self._render = city, render

    @property
    def _city(self) -> City:
        return self._cities.now

    async def step(self, work: UnitOfWork, now: datetime, after: int) -> int | None:
        """One thread, for `bot.schedule.Job`: a unit of work locks one citizen, whatever others lock meanwhile. Who
        waits in vain for a clerk keeps their place in the queue, and has the bot again beside it."""
        before = now - self._city.talk.handover
        for thread in await work.threads.idle(before, after, 1):
            await work.threads.silence(thread.id, silent=False)
            if not thread.waiting:
                await work.threads.close(thread.id, now)
            await _bot_back(work, thread, self._render, self._city, now)
            return thread.id
        return None


async def _bot_back(work: UnitOfWork, thread: Thread, render: Render, city: City, now: datetime) -> None:
    """Told once, and only while the channel takes free text: a word that news wait, for this, would be none."""
    citizen = await work.citizens.get(thread.citizen)
    until = await work.windows.open_until(thread.citizen)
    if citizen is None or (until is not None and until <= now):
        return
    key = f"back:{thread.id}:{int(now.timestamp())}"
    outbound = compose(say(Say.BOT_BACK), citizen, usual_language(citizen, city), render, key=key)
    await work.outbox.enqueue([queued(outbound, citizen, Kind.REPLY)], now)


async def _is_open(work: UnitOfWork, thread: int) -> bool:
    found = await work.threads.get(thread)
    return found is not None and found.closed_at is None


def _clerk(login: str) -> Actor:
    return Actor(author=Author.CLERK, name=login)
