"""What is done with VECINO_SECRET_KEY: sealing bytes, and finding values again by a keyed hash.

A sealed value is `mark (4 bytes) + nonce (12) + AES-256-GCM ciphertext and tag`; the mark tells which key sealed it.
The purpose (such as `tickets.description`) is authenticated with it, so that no sealed value can stand in another's
place. Keys are derived from the secret by purpose with HKDF-SHA256 (RFC 5869).
"""

import hmac
import re
from dataclasses import dataclass, field
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST = 32
MARK = 4  # bytes
_NONCE = 12  # NIST SP 800-38D: 96 bits, random; good for 2^32 values under one key


class WeakSecret(Exception):
    """VECINO_SECRET_KEY must hold one or more keys, newest first, each of at least 32 characters, separated by commas
    or blanks. `python -c "import secrets; print(secrets.token_urlsafe(48))"` makes one."""


class Unsealable(Exception):
    """This was sealed with a key that is not in VECINO_SECRET_KEY, or was changed since. Put the old key back, last."""


class ForeignKey(Exception):
    """This database was written with a key that is not in VECINO_SECRET_KEY (the demo's is the file secret.key in its
    folder). Put that key back; to change keys, write the new one before the old one, with a comma between."""


@dataclass(frozen=True, slots=True)
class _Key:
    mark: bytes
    cipher: AESGCM = field(repr=False)
    lookup: bytes = field(repr=False)
    finder: bytes = field(repr=False)


class Seal:
    """Seals with the newest key, opens with each; hashes with the newest for writing and with each for looking up."""

    def __init__(self, secret: str) -> None:
        """Raises WeakSecret."""
        self._keys = tuple(_key(part) for part in parts(secret))
        self._by_mark = {key.mark: key for key in self._keys}

    @property
    def keys(self) -> int:
        return len(self._keys)

    @property
    def newest(self) -> bytes:
        """With what everything begins that is sealed now."""
        return self._keys[0].mark

    def is_newest(self, sealed: bytes) -> bool:
        return sealed[:MARK] == self.newest

    def seal(self, plain: bytes, purpose: str) -> bytes:
        newest, nonce = self._keys[0], token_bytes(_NONCE)
        return newest.mark + nonce + newest.cipher.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Raises Unsealable."""
        mark, nonce, rest = sealed[:MARK], sealed[MARK : MARK + _NONCE], sealed[MARK + _NONCE :]
        key = self._by_mark.get(mark)
        if key is None or len(nonce) < _NONCE:
            raise Unsealable
        try:
            return key.cipher.decrypt(nonce, rest, purpose.encode())
        except InvalidTag:
            raise Unsealable from None

    def knows(self, mark: bytes) -> bool:
        """Whether the key that sealed what begins with this mark is one of ours."""
        return mark in self._by_mark

    def lookup(self, purpose: str, *words: str) -> bytes:
        """The hash to store: 32 bytes of HMAC-SHA256 by the newest key."""
        return _hash(self._keys[0], purpose, words)

    def lookups(self, purpose: str, *words: str) -> tuple[bytes, ...]:
        """The hashes to look for, by each key, newest first."""
        return tuple(_hash(key, purpose, words) for key in self._keys)

    def keyed(self, *words: str) -> tuple[str, ...]:
        """Keeps `handlers.turn.Keyed`."""
        return tuple(found.hex() for found in self.lookups("code", *words))

    def finder(self, kind: str, word: str) -> int:
        """A word as it is indexed: 32 bits, signed, of HMAC-SHA256 by the newest key. Few enough to be small in an
        index, and many enough that two words of a city share them as good as never: then one ticket too many is
        found."""
        return _finder(self._keys[0], kind, word)

    def finders(self, kind: str, word: str) -> tuple[int, ...]:
        """As each key would have indexed it, newest first."""
        return tuple(_finder(key, kind, word) for key in self._keys)


def parts(secret: str) -> tuple[str, ...]:
    """The keys in VECINO_SECRET_KEY, newest first; raises WeakSecret."""
    found = tuple(part for part in re.split(r"[\s,]+", secret) if part)
    if not found:
        raise WeakSecret("VECINO_SECRET_KEY is empty: set it to a random key of at least 32 characters")
    for place, part in enumerate(found, 1):
        if len(part) < SHORTEST:
            raise WeakSecret(f"Key {place} of VECINO_SECRET_KEY has {len(part)} characters; it needs {SHORTEST}")
    return found


def derive(key: str, purpose: str) -> bytes:
    """32 bytes for one purpose, from which neither the key nor another purpose's bytes can be found."""
    return HKDF(algorithm=SHA256(), length=32, salt=b"vecino", info=purpose.encode()).derive(key.encode())


def _key(part: str) -> _Key:
    mark = derive(part, "mark")[:MARK]
    return _Key(
        mark=mark,
        cipher=AESGCM(derive(part, "seal")),
        lookup=derive(part, "lookup"),
        finder=derive(part, "finder"),
    )


def _finder(key: _Key, kind: str, word: str) -> int:
    said = f"{kind}\0{word}".encode("utf-8", "surrogatepass")  # no kind has a NUL in it
    return int.from_bytes(hmac.digest(key.finder, said, "sha256")[:4], "big", signed=True)


def _hash(key: _Key, purpose: str, words: tuple[str, ...]) -> bytes:
    # Each word goes with its length: ("ab", "c") and ("a", "bc") differ. surrogatepass: any str has a hash.
    encoded = [word.encode("utf-8", "surrogatepass") for word in (purpose, *words)]
    return hmac.digest(key.lookup, b"".join(len(word).to_bytes(4, "big") + word for word in encoded), "sha256")
