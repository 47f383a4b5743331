"""Many conversations, in some worlds side by side: while one waits for Rasa, another one writes its answer."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

from bot.config import Config
from bot.i18n import Words
from bot.ports import Parser, Query
from bot.simulate.citizen import Citizen
from bot.simulate.goals import play
from bot.simulate.measures import Result
from bot.simulate.persona import Persona, Wanted, deal
from bot.simulate.reading import Phrasebook
from bot.simulate.world import World, world
from tickets.model import Status

WORLDS = 4
_BETWEEN = timedelta(hours=2)
_TELLS = 10.0  # seconds between lines of progress
_GIVEN_UP = 14  # messages of a citizen after which a conversation that did not end well was stuck


async def simulate(
    config: Config, parser: Parser, conversations: int, seed: int, wanted: Wanted, tell: Callable[[str], None]
) -> list[Result]:
    """The conversations of this seed, in order. Each world has a database of its own, which is forgotten."""
    services = [service.code for service in config.city.services if service.body is None]
    near = [service.code for service in config.city.services if service.code in services and service.nearby.metres]
    people = [deal(index, seed, services, wanted, offered=near) for index in range(conversations)]
    book = Phrasebook(config.city, Words(config.city))
    progress = _Progress(conversations, tell)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        worlds = [await stack.enter_async_context(_opened(config, parser, folder, seed, i)) for i in range(WORLDS)]
        shares = [people[i::WORLDS] for i in range(WORLDS)]
        played = await asyncio.gather(
            *(_all(place, book, share, progress) for place, share in zip(worlds, shares, strict=True))
        )
    return sorted((result for share in played for result in share), key=lambda result: result.persona.index)


def _opened(
    config: Config, parser: Parser, folder: Path, seed: int, index: int
) -> AbstractAsyncContextManager[World]:  # fmt: skip
    own = folder / str(index)
    own.mkdir()
    return world(config, parser, own, Random(f"{seed}/world/{index}"))  # noqa: S311 - the same world each time


class _Progress:
    def __init__(self, conversations: int, tell: Callable[[str], None]) -> None:
        self._all, self._tell, self._done = conversations, tell, 0
        self._begin = self._told = monotonic()

    def one(self) -> None:
        self._done += 1
        if monotonic() - self._told > _TELLS:
            self._told = monotonic()
            self._tell(f"{self._done} of {self._all} conversations in {self._told - self._begin:.0f} s")


async def _all(place: World, book: Phrasebook, people: Sequence[Persona], progress: _Progress) -> list[Result]:
    results = []
    for persona in people:
        results.append(await _one(place, book, persona))
        await _tidy(place)
        progress.one()
    return results


async def _one(place: World, book: Phrasebook, persona: Persona) -> Result:
    citizen = Citizen(place, book, persona)
    reason = await play(citizen)
    citizen.look()
    stuck = citizen.stuck or (bool(reason) and citizen.talk.turns >= _GIVEN_UP)
    return Result(persona=persona, reason=reason, stuck=stuck, talk=citizen.talk, screen=tuple(citizen.screen))


async def _tidy(place: World) -> None:
    """The desk clears its list, so that nobody else's report stands in the next one's way; and some time passes."""
    async with place.vecino.store.view() as view:
        page = await view.tickets.page(Query(open=True, limit=100))
    for ticket in page.rows:
        await place.move(ticket.number, Status.DECLINED, "-")
    await place.pass_time(_BETWEEN)
