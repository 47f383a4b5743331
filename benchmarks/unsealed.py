"""`python -m bot` as it would be if nothing were encrypted and nothing hashed by key: only to measure what that costs.

    python -m benchmarks.throughput --unsealed      (beside the same without)

Bytes stand where sealed ones would, with the same mark, nonce and tag around them, so that rows are as large; lookups
are a plain hash, which an index over contacts would need as well. Never a way to run a city.
"""

import hashlib
import sys

from store.seal import Seal

_NONCE, _TAG = b"\0" * 12, b"\0" * 16


def _seal(self: Seal, plain: bytes, _purpose: str) -> bytes:
    return self.newest + _NONCE + plain + _TAG


def _open(_self: Seal, sealed: bytes, _purpose: str) -> bytes:
    return sealed[16:-16]


def _lookup(_self: Seal, purpose: str, *words: str) -> bytes:
    return hashlib.sha256("\0".join((purpose, *words)).encode("utf-8", "surrogatepass")).digest()


def _lookups(self: Seal, purpose: str, *words: str) -> tuple[bytes, ...]:
    return (_lookup(self, purpose, *words),)


def main() -> int:
    for name, plain in (("seal", _seal), ("open", _open), ("lookup", _lookup), ("lookups", _lookups)):
        setattr(Seal, name, plain)
    from bot.__main__ import main as bot

    return bot()


if __name__ == "__main__":
    sys.exit(main())
