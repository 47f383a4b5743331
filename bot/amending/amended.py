"""All changes of the desk, made in the city of config.yml."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.amending.change import Wrong, changed
from bot.ports import UnitOfWork
from bot.ports.amendments import Amendment, Kind
from bot.settings.section import Problem
from tickets.city import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """The city that holds; what fits config.yml no more changes nothing and stands in `unfit` with why; `version`: of
    all changes."""

    city: City
    unfit: Mapping[tuple[Kind, str], tuple[Problem, ...]] = field(default_factory=dict)
    version: int = 0


def amended(base: City, changes: Iterable[Amendment], version: int = 0) -> Amended:
    """In the order in which they were made. Never raises: whatever cannot be read is left out."""
    city, unfit = base, {}
    for one in changes:
        try:
            city = changed(city, base, one.kind, one.key, one.value)
        except Wrong as wrong:
            unfit[one.kind, one.key] = wrong.problems
    return Amended(city=city, unfit=unfit, version=version)


async def read_amended(view: UnitOfWork, base: City) -> Amended:
    """As the database has it now; the version is read first, so that a change in between is seen at the next look."""
    version = await view.amendments.version()
    # reading takes milliseconds for each of them, and citizens wait for the loop
    return await asyncio.to_thread(amended, base, await view.amendments.all(), version)
