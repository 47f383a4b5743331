"""A digest is counted and printed in a process of its own: libraries that draw and set pages take seconds and 200 MB,
which neither the loop that serves nor its memory have."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bot import child
from tickets.city import City
from tickets.figures import Scope
from tickets.period import Period

PROGRAM = "bot.commands.printing"
FONTS = "MPLCONFIGDIR"  # of the environment
PATIENCE = 900.0  # seconds; a million tickets take fifteen


class NotPrinted(Exception):
    """The process that prints a digest ended by an error, which this names, or took too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be printed, and of which database. It travels through a pipe to our own child, never by its command
    line. `var` is the folder of all data: what libraries find out once is kept there."""

    url: str = field(repr=False)
    secret_keys: str = field(repr=False)
    city: City = field(repr=False)
    period: Period
    scope: Scope
    language: str
    var: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The forms of one digest. `images` by the content id under which `html` names them; `stop`: the words of the link
    by which its reader wants no more."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    short: str = field(repr=False)
    pdf: bytes = field(repr=False)
    csv: str = field(repr=False)
    json: str = field(repr=False)
    images: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    stop: str = ""


_DECODER = msgspec.msgpack.Decoder(Printed)


async def printed(order: Order) -> Printed:
    """Raises StoreUnavailable or NotPrinted."""
    try:
        said = await child.ask(PROGRAM, pickle.dumps(order), PATIENCE, {FONTS: fonts(order.var)})
        return child.read(_DECODER, said)
    except child.ChildFailed as why:
        raise NotPrinted(str(why)) from None


def fonts(var: Path) -> str:
    """Where the library that draws keeps its list of fonts (FONTS): a service has no home to keep it in, and to make it
    takes seconds."""
    return str((var / "matplotlib").absolute())
