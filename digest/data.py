"""A digest as JSON and back, without loss: every figure under the name that it has in `tickets/figures.py`."""

import msgspec

from tickets.figures import Digest

_DECODER = msgspec.json.Decoder(Digest)


class Unreadable(ValueError):
    """This is no digest as this version of Vecino writes it; have it made anew from the tickets."""


def encode(digest: Digest) -> str:
    """One line. Times are in UTC, fractions as short as they come back exactly, what is None stands as `null`."""
    return msgspec.json.encode(digest).decode()


def decode(written: str) -> Digest:
    """What `encode` was given. What an older version did not write yet has its default. Raises Unreadable."""
    try:
        return _DECODER.decode(written)
    except (msgspec.MsgspecError, UnicodeError):
        raise Unreadable(str(Unreadable.__doc__)) from None
