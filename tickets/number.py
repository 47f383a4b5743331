"""Ticket numbers that can be read aloud: five random characters and a check character, written `7K3-9QX`.

The alphabet is Crockford's base 32 (no I, L, O, U), the check a weighted sum over the field GF(32): weights are
distinct powers of a generator, so any one wrong character and any swap of two unequal characters is refused.
"""

import re
from random import Random

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAYLOAD = 5
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive, so 2 generates the field
_OFFSET = 12  # makes 7K3-9QX, the number in our texts and documents, a right one
_HEARD = str.maketrans({"O": "0", "I": "1", "L": "1"})  # what people type for what they read
_AROUND = "#.,;:!?¡¿()\"'"  # what may stand around a number that is the whole message
_HYPHENS, _VOWELS = frozenset("-–—"), frozenset("aeio")
_CHARACTERS = f"{ALPHABET}OIL{ALPHABET.lower()}oil"  # IGNORECASE would take the signs of kelvin and a dotless i too
_SHAPE = re.compile(rf"(?<![0-9A-Za-z])([{_CHARACTERS}]{{3}})[\s\-–—.]?([{_CHARACTERS}]{{3}})(?![0-9A-Za-z])")
# Overlapping: in "con 7K3-9QX" the shape "con 7K3" must not eat the number's first half.
_ANYWHERE = re.compile(f"(?={_SHAPE.pattern})")


def new_number(random: Random) -> str:
    """A fresh number, for example `7K3-9QX`. About 33 million exist; the store refuses one that is taken."""
    while True:
        bits = random.getrandbits(5 * _PAYLOAD)  # at once: each question to the system's randomness has its price
        payload = [bits >> 5 * place & 31 for place in range(_PAYLOAD)]
        plain = "".join(ALPHABET[value] for value in [*payload, _check(payload)])
        if not plain.isalpha():  # one digit at least, so that no number looks like two words
            return f"{plain[:3]}-{plain[3:]}"


def read_number(words: str) -> str | None:
    """The number that these words are, in its written form, or None when it is not one (or a character is wrong)."""
    match = _SHAPE.fullmatch(_bare(words))
    return _valid(match[1] + match[2]) if match and looks_like_number(words) else None


def looks_like_number(words: str) -> bool:
    """Whether these words are written as a number, right or wrong: with a digit, or in two halves with a hyphen.
    "dejalo" and "demain" are words, "bye-bye" is a word said twice."""
    match = _SHAPE.fullmatch(_bare(words))
    if match is None or any(character.isdigit() for character in match[0]):
        return match is not None
    said_twice = match[1].lower() == match[2].lower() and not _VOWELS.isdisjoint(match[1].lower())
    return not said_twice and not _HYPHENS.isdisjoint(match[0])


def _bare(words: str) -> str:
    return words.strip().strip(_AROUND).strip()


def find_number(text: str) -> str | None:
    """The first valid number anywhere in a text, or None; one in two halves with a hyphen comes before any other.
    Without a digit it is taken for words."""
    halves = [(match[1], match[2]) for match in _ANYWHERE.finditer(text)]
    hyphened = [(one, other) for one, other in halves if any(f"{one}{hyphen}{other}" in text for hyphen in _HYPHENS)]
    candidates = (_valid(one + other) for one, other in (*hyphened, *halves) if not (one + other).isalpha())
    return next((number for number in candidates if number), None)


def _valid(characters: str) -> str | None:
    plain = characters.upper().translate(_HEARD)
    *payload, check = (ALPHABET.index(c) for c in plain)
    return f"{plain[:3]}-{plain[3:]}" if _check(payload) == check else None


def _check(payload: list[int]) -> int:
    total = 0
    for value in payload:
        total = _double(total ^ value)
    return total ^ _OFFSET


def _double(value: int) -> int:
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled & 0b100000 else doubled
