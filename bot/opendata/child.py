"""An export is written in a process of its own: it keeps a core busy for a minute, which the loop that serves cannot
spare, and loads a library of 60 MB that nothing else needs."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bot import child
from tickets.city import City

PROGRAM = "bot.commands.exporting"
PATIENCE = 6 * 3600.0  # seconds; a million tickets take less than a minute
SMALL: Mapping[str, str] = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
"""What keeps its memory small: by itself each thread would have a store of its own, and nothing is given back."""


class NotExported(Exception):
    """The process that writes the open data ended by an error, which this names, or took too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is exported, from which database, where to. It travels through a pipe to our own child, never by its command
    line: the URL may hold a password."""

    url: str = field(repr=False)
    secret_keys: str = field(repr=False)
    city: City = field(repr=False)
    root: Path
    notes: Mapping[str, str]
    public_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of it: how many tickets, of how many months, and how many of these were taken over unchanged."""

    tickets: int
    months: int
    same: int


_DECODER = msgspec.json.Decoder(Told)


async def exported(errand: Errand) -> Told:
    """Raises StoreUnavailable or NotExported."""
    try:
        said = await child.ask(PROGRAM, pickle.dumps(errand), PATIENCE, SMALL)
        return child.read(_DECODER, said)
    except child.ChildFailed as why:
        raise NotExported(str(why)) from None
