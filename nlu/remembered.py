"""Which of clerks' sentences a model learned: digests in `<model>.learned` beside it, so that it can go when the
database has lost one of them, whatever else became of that sentence meanwhile.

The digests have a key of their own in the file's first line. Who may read that can still try sentences on it, as on the
model itself; so both are for our own eyes only.
"""

import hashlib
import secrets
from collections.abc import Iterable
from pathlib import Path

_SUFFIX, _KEY = ".learned", 16  # bytes


def beside(model: Path) -> Path:
    """Where the digests of this model stand."""
    return model.with_name(model.name.removesuffix(".tar.gz") + _SUFFIX)


def write(path: Path, sentences: Iterable[str]) -> None:
    """Their digests, in an order that tells nothing."""
    key = secrets.token_bytes(_KEY)
    path.touch(mode=0o600)
    path.write_text("\n".join([key.hex(), *sorted({_digest(key, one) for one in sentences})]) + "\n", encoding="ascii")


def among(model: Path, sentences: Iterable[str]) -> set[str]:
    """Those that it learned; none where nobody knows what it learned."""
    key, digests = _read(model)
    return {sentence for sentence in sentences if _digest(key, sentence) in digests}


def has_lost(model: Path, known: Iterable[str]) -> bool:
    """Whether it learned a sentence that is not known any more; also where nobody knows what it learned."""
    key, digests = _read(model)
    return not digests or bool(digests - {_digest(key, sentence) for sentence in known})


def _read(model: Path) -> tuple[bytes, set[str]]:
    """The key and the digests; none where the file is missing or is not one of ours."""
    try:
        key, *digests = beside(model).read_text(encoding="ascii").split()
        return bytes.fromhex(key), set(digests)
    except (FileNotFoundError, ValueError):
        return b"", set()


def _digest(key: bytes, sentence: str) -> str:
    return hashlib.blake2b(sentence.encode(), key=key, digest_size=16).hexdigest()
