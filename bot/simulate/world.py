"""A whole Vecino, wired as in production, on a database of its own: simulated phones, and a clock that jumps."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import build
from bot.attending import Attending
from bot.config import Config
from bot.i18n import Words
from bot.ports import Parser, Thread
from bot.roles.process import Vecino
from channels.message import Contact, Inbound
from channels.simulator import Bubble, Simulator, Style
from handlers.turn import Citizen
from tickets.model import Status, Ticket, Update

START = datetime(2026, 11, 23, 13, tzinfo=UTC)  # a Monday, 9 in the morning in Puerto Vecino
CLERK = "sim"
_LOOK, _LOOKS = timedelta(minutes=30), 48  # between looks at the schedule while time passes, and the most of them
_PATIENCE = 12  # seconds in which an answer that waits for more words comes


@dataclass(slots=True)
class JumpingClock:
    """Stands still until told; keeps bot.ports.Clock."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The bot at work, and what happens in it by itself: time, clerks."""

    vecino: Vecino
    clock: JumpingClock
    phones: Mapping[Style, Simulator]
    words: Words

    @property
    def attending(self) -> Attending:
        return Attending(self.vecino.store, self.words, self.clock, self.vecino.config.city)

    def screen(self, style: Style, phone: str) -> Sequence[Bubble]:
        return self.phones[style].screen(phone)

    async def send(self, inbounds: Sequence[Inbound]) -> None:
        """Take these in, one second apart, and let everything run until nothing is due."""
        for inbound in inbounds:
            self.clock.at += timedelta(seconds=1)
            await self.vecino.reception.accept([inbound])
        await self.settle()

    async def answered(self, style: Style, phone: str, seen: int) -> None:
        """Wait, as a person does, for a bubble of ours behind the first `seen`: some answers wait for more words."""
        for _ in range(_PATIENCE):
            if any(not bubble.mine for bubble in self.screen(style, phone)[seen:]):
                return
            self.clock.at += timedelta(seconds=1)
            await self.settle()

    async def settle(self) -> None:
        while sum([await loop.step() for loop in self.vecino.loops]):
            pass

    async def pass_time(self, span: timedelta) -> None:
        """With all that is done at set times."""
        end, step = self.clock.at + span, max(_LOOK, span / _LOOKS)
        while self.clock.at < end:
            self.clock.at = min(end, self.clock.at + step)
            await self.vecino.schedule.look()
            await self.settle()

    async def move(self, number: str, to: Status, note: str = "") -> None:
        """A clerk does."""
        ticket = await self.ticket(number)
        if ticket is not None:
            await self.vecino.desk.move(number=number, to=to, version=ticket.version, login=CLERK, note=note)
            await self.settle()

    async def writes(self, citizen: Citizen, text: str, *, closes: bool = False) -> None:
        """A clerk answers in this citizen's thread, and may give it back to the bot."""
        thread = await self.thread(citizen.id)
        if thread is None:
            return
        if closes:
            await self.attending.give_back(thread=thread.id, login=CLERK)
        else:
            once = f"{self.clock.at:%s}"
            await self.attending.answer(thread=thread.id, login=CLERK, name="Rosa", text=text, once=once)
        await self.settle()

    async def ticket(self, number: str) -> Ticket | None:
        async with self.vecino.store.view() as view:
            return await view.tickets.get(number)

    async def citizen(self, style: Style, phone: str) -> Citizen | None:
        async with self.vecino.store.view() as view:
            return await view.citizens.find(Contact(channel=self.phones[style].name, address=phone))

    async def tickets(self, style: Style, phone: str) -> list[Ticket]:
        """This phone's, oldest first."""
        citizen = await self.citizen(style, phone)
        if citizen is None:
            return []
        async with self.vecino.store.view() as view:
            return list(reversed(await view.tickets.of_reporter(citizen.id, 100)))

    async def history(self, number: str) -> Sequence[Update]:
        async with self.vecino.store.view() as view:
            return await view.tickets.history(number)

    async def rated(self, number: str) -> list[int | None]:
        async with self.vecino.store.view() as view:
            return [rating.score for rating in await view.ratings.of_ticket(number)]

    async def thread(self, citizen: int) -> Thread | None:
        async with self.vecino.store.view() as view:
            return await view.threads.of_citizen(citizen)


@asynccontextmanager
async def world(config: Config, parser: Parser, folder: Path, random: Random) -> AsyncIterator[World]:
    """On a fresh database in this folder. Nothing leaves the process."""
    settings = replace(
        config.settings, demo=False, channels=(), secret_keys=secrets.token_urlsafe(48),
        database_url=f"sqlite:///{folder}/world.db", var=folder,
    )  # fmt: skip
    clock = JumpingClock()
    phones = {style: Simulator(style, clock.now) for style in _STYLES}
    vecino = await build(
        replace(config, settings=settings), parser, clock=clock, durable=False, random=random,
        extra={phone.name: phone for phone in phones.values()},
    )  # fmt: skip
    await vecino.prepare()
    try:
        yield World(vecino=vecino, clock=clock, phones=phones, words=Words(config.city))
    finally:
        await vecino.store.close()


_STYLES: tuple[Style, ...] = ("telegram", "sms", "whatsapp")
