"""How people type on a phone in a hurry: no accents, short forms, letters swapped, doubled or left out."""

import re
import unicodedata
from collections.abc import Mapping
from random import Random

_TYPO = 0.06  # of the longer words
_SHORTEST = 6  # letters of a word that gets a typo
_WORD = re.compile(r"[^\W\d_]+")


def bare(text: str) -> str:
    """Without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def sloppy(text: str, abbreviations: Mapping[str, str], random: Random) -> str:
    """The same sentence, typed carelessly; numbers stay as they are."""
    text = text.lower()
    for whole, short in abbreviations.items():
        if random.random() < 0.5:
            text = re.sub(rf"(?<!\w){re.escape(whole)}(?!\w)", short, text)
    text = _WORD.sub(lambda found: _mistyped(found.group(), random), bare(text))
    return re.sub(r"[¿¡?!.]", "", text) if random.random() < 0.5 else text


def _mistyped(word: str, random: Random) -> str:
    if len(word) < _SHORTEST or random.random() > _TYPO:
        return word
    at = random.randrange(1, len(word) - 2)
    match random.randrange(3):
        case 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 1:
            return word[:at] + word[at + 1 :]
        case _:
            return word[:at] + word[at] + word[at:]
