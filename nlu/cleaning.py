"""What a citizen wrote, made safe to send to Rasa."""

import unicodedata

LONGEST = 2_000  # characters of a text that are read; nlu/serve.py cuts there too
_LEADING = "/ \t\r\n"
_HARMFUL = frozenset({"Cc", "Cs"})  # control characters and halves of surrogate pairs


def clean(text: str) -> tuple[str, int]:
    """The text to send, and how many characters were cut before it, so that offsets can be given in the citizen's own.

    Rasa obeys a text that begins with `/` and strips what stands around a text; control characters become spaces."""
    safe = "".join(" " if unicodedata.category(c) in _HARMFUL else c for c in text[: LONGEST * 2])
    bare = safe.lstrip(_LEADING)
    return bare[:LONGEST].rstrip(), len(safe) - len(bare)
