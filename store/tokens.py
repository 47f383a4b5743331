"""Values that go out in a link and come back: sealed with their end, in base64url. Nobody without our key reads one, or
makes one."""

import base64
import binascii
from datetime import UTC, datetime

from store.seal import Seal, Unsealable

_TIME = 8  # bytes: seconds since 1970, big-endian


def sealed(seal: Seal, purpose: str, value: str, until: datetime) -> str:
    """The token of a value, good until then and for this purpose alone."""
    plain = int(until.timestamp()).to_bytes(_TIME, "big") + value.encode()
    return base64.urlsafe_b64encode(seal.seal(plain, purpose)).rstrip(b"=").decode()


def opened(seal: Seal, purpose: str, token: str, now: datetime) -> str | None:
    """Its value; None where it is none of ours, or too old."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        plain = seal.open(raw, purpose)
    except (ValueError, binascii.Error, Unsealable):
        return None
    until = datetime.fromtimestamp(int.from_bytes(plain[:_TIME], "big"), UTC)
    return plain[_TIME:].decode() if now < until else None
