"""Messages that the spool set apart, of people who have had their data deleted since, or whom a rule forgot: they go
too, though they never came into the database."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from channels.message import Inbound
from store import atomic
from store.codec import encode
from store.erasures import Erased, Erasures
from store.seal import Seal, Unsealable
from store.spool import APART

_PURPOSE: Final = "spool"
_INBOUNDS: Final = msgspec.json.Decoder(list[Inbound])


def purge(folder: Path, seal: Seal, erasures: Erasures) -> int:
    """Take them out of the files; how many messages. What no key opens is nobody's that we could know: it stays for
    whoever runs Vecino. Raises OSError."""
    paths = [path for ending in APART for path in sorted(folder.glob(f"*.{ending}"))]
    erased = (*erasures.all(), *erasures.forgotten()) if paths else ()
    return sum(_without(path, seal, erased) for path in paths) if erased else 0


def _without(path: Path, seal: Seal, erased: Sequence[Erased]) -> int:
    try:
        held = _INBOUNDS.decode(seal.open(path.read_bytes(), _PURPOSE))
    except (FileNotFoundError, Unsealable, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0
    kept = [one for one in held if not _is_of(one, seal, erased)]
    if not kept:
        with suppress(FileNotFoundError):
            path.unlink()
    elif len(kept) < len(held):
        atomic.write(path, seal.seal(encode(kept), _PURPOSE), path.with_suffix(".draft"))
    return len(held) - len(kept)


def _is_of(message: Inbound, seal: Seal, erased: Collection[Erased]) -> bool:
    """Whether one of them sent it, before they asked or were forgotten."""
    marks = set(seal.lookups("contact", message.sender.channel, message.sender.address))
    return any(one.mark in marks and message.received_at <= one.at for one in erased)
