"""Signatures as Standard Webhooks 1.0.0 has them (https://www.standardwebhooks.com/): HMAC-SHA256 over
`id.timestamp.body`, one for each secret that is valid, so that a subscriber can change to the new one when it likes."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.ports.hooks import Hook

PREFIX: Final = "whsec_"
OVERLAP: Final = timedelta(hours=24)  # in which the old secret is valid beside the new one
_SIZE = 32  # bytes; the specification wants 24 to 64


def fresh() -> bytes:
    """A secret."""
    return secrets.token_bytes(_SIZE)


def shown(secret: bytes) -> str:
    """As a subscriber's library takes it."""
    return PREFIX + base64.b64encode(secret).decode()


def valid(hook: Hook, now: datetime) -> Sequence[bytes]:
    """The newest first."""
    both = hook.old_until is not None and now < hook.old_until
    return hook.secrets if both else hook.secrets[:1]


def headers(name: str, now: datetime, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """What goes with a body. `now` is this try's: receivers refuse what is minutes old, whenever it happened."""
    seconds = str(int(now.timestamp()))
    signed = b".".join((name.encode(), seconds.encode(), body))
    marks = (base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "webhook-id": name,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
