"""A session's secret as a page may hold it: other letters in each answer.

A page is packed before it is sent, and packed it is the shorter the more of what somebody else put into its address
stands in it again. Who can make a clerk's browser ask, and see how long the answers are, could so find out a secret
letter by letter (BREACH). A secret under a fresh pad is never the same twice, so there is nothing to find out.
"""

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

_LONGEST = 200  # characters of a masked secret


def masked(secret: str) -> str:
    """The pad and, under it, the secret, as URL-safe letters; another one at each call."""
    plain = secret.encode()
    pad = secrets.token_bytes(len(plain))
    return urlsafe_b64encode(pad + _xor(pad, plain)).decode()


def unmasked(offered: str) -> str:
    """The secret again; empty for what is no masked secret."""
    if len(offered) > _LONGEST or not offered.isascii():
        return ""
    try:
        found = urlsafe_b64decode(offered)
        half = len(found) // 2
        return _xor(found[:half], found[half:]).decode() if len(found) == 2 * half else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
