"""Where a mail that cannot be delivered comes back to: an address of its own for each (VERP), so that nobody else's
word ends a subscription.

    vecino+b-<40 letters>@city.example      base32 of 16 bytes of the Message-ID and 9 of its keyed hash

Who saw that address got the mail, or carried it. RFC 5233: what stands behind the `+` a mail server leaves to us.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from hashlib import sha256

MARK = "+b-"
_PURPOSE = b"vecino: where mail comes back to"
_NAME, _PROOF = 16, 9  # bytes; together 40 letters of base32, none left over
_LETTERS = 40
_LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
LONGEST = _LONGEST_LOCAL - len(MARK) - _LETTERS
_TOKEN = re.compile(rf"\+b-([a-z2-7]{{{_LETTERS}}})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """Of one city. `keys`: the newest first, by which all are read and new ones made."""

    at: Address
    keys: Sequence[bytes] = field(repr=False)

    def of(self, message_id: str) -> str:
        """Where the mail with this Message-ID (channels/_mail_message.py) comes back to."""
        name = bytes.fromhex(message_id.partition("@")[0])
        token = base64.b32encode(name + _proof(self.keys[0], name)).decode().lower()
        return f"{self.at.username}{MARK}{token}@{self.at.domain}"

    def message_ids(self, headers: str, domain: str) -> Iterator[str]:
        """Of the mails that come back to addresses in these headers, the proven ones."""
        for token in dict.fromkeys(found[1].lower() for found in _TOKEN.finditer(headers)):
            try:
                plain = base64.b32decode(token.upper())
            except binascii.Error:
                continue
            name, proof = plain[:_NAME], plain[_NAME:]
            if any(hmac.compare_digest(proof, _proof(key, name)) for key in self.keys):
                yield f"{name.hex()}@{domain}"


def keys(secret: str) -> Sequence[bytes]:
    """Those of VECINO_SECRET_KEY, each for this purpose alone."""
    return [hmac.digest(part.encode(), _PURPOSE, "sha256") for part in re.split(r"[\s,]+", secret) if part]


def _proof(key: bytes, name: bytes) -> bytes:
    return hmac.new(key, name, sha256).digest()[:_PROOF]
