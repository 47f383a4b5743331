"""SMS segments, counted exactly as they are billed, and texts split or folded with them in mind.

A text whose every character is in the GSM 03.38 default alphabet goes as GSM-7: 160 septets in one segment, 153 in each
of several (the rest is the header that joins them). Any other goes as UCS-2: 70 UTF-16 units, or 67. Neither an escape
pair nor a surrogate pair is ever divided between two segments. Source: 3GPP TS 23.038 (6.2.1) and TS 23.040 (9.2.3.24).
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # sent as escape and character: two septets
_GSM = _BASIC | _EXTENDED
ALPHABET = (_BASIC, _EXTENDED)  # of one septet each, and of two

_FOLDS = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003\u2008\u200a\t", " "),
        **dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u2066\u2067\u2068\u2069", ""),
        **dict.fromkeys("‘’‚‛´`′ʼ", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‹", "<"), **dict.fromkeys("›", ">"),
        **dict.fromkeys("‐‑‒–—―−•·", "-"),
        "…": "...", "œ": "oe", "Œ": "OE", "°": "o", "⁄": "/", "→": "->", "×": "x", "©": "(c)", "®": "(r)",
        "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ẞ": "SS",
    }
)  # fmt: skip
FOLDS = {chr(code): near for code, near in _FOLDS.items()}  # what has a near form that no decomposition gives
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " "))
_ACCENTS = dict.fromkeys(range(0x300, 0x370))  # combining marks of Latin; those of other scripts are letters to them

_ZWJ, _VIRAMA_CLASS = "\u200d", 9


class Encoding(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"


_ROOM = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}  # in one segment alone, in each of several


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs: `units` are septets (GSM-7) or UTF-16 units (UCS-2), headers not counted."""

    encoding: Encoding
    units: int
    segments: int


def count(text: str) -> Segments:
    """The exact cost of a text sent as one SMS."""
    encoding = Encoding.GSM7 if _GSM.issuperset(text) else Encoding.UCS2
    widths = [_width(character, encoding) for character in text]
    alone, joined = _ROOM[encoding]
    units = sum(widths)
    return Segments(encoding, units, min(units, 1) if units <= alone else _packed(widths, joined))


def split(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` (1 or more) characters that join to the same text. What a reader sees as
    one character (letter with marks, emoji, flag) stays whole unless it alone is longer; pieces end at spaces if they
    can."""
    pieces: list[str] = []
    piece = ""
    for cluster in _short(_clusters(text), limit):
        while len(piece) + len(cluster) > limit:
            whole = _at_space(piece)
            pieces.append(whole)
            piece = piece[len(whole) :]
        piece += cluster
    return [*pieces, piece] if piece else pieces


def plain_spaces(text: str) -> str:
    """The text with ordinary spaces for the narrow ones that Babel's dates hold: one of those makes an SMS UCS-2."""
    return text.translate(_SPACES)


def gsm_safe(text: str) -> str:
    """The text with what GSM-7 lacks folded to its nearest: á -> a, curly quotes, dashes, odd spaces. What has no near
    form (emoji, other scripts) stays, and the text is UCS-2 all the same."""
    folded = (_folded(character) for character in unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", "".join(folded))


def _folded(character: str) -> str:
    if character in _GSM:
        return character
    near = unicodedata.normalize("NFKD", character.translate(_FOLDS)).translate(_ACCENTS).translate(_FOLDS)
    return near if _GSM.issuperset(near) else character


def _width(character: str, encoding: Encoding) -> int:
    wide = character in _EXTENDED if encoding is Encoding.GSM7 else ord(character) > 0xFFFF
    return 2 if wide else 1


def _packed(widths: Iterable[int], room: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > room:
            segments, used = segments + 1, 0
        used += width
    return segments


def _at_space(piece: str) -> str:
    """The piece up to and with its last space, when that leaves it at least half as long."""
    end = max(piece.rfind(" "), piece.rfind("\n")) + 1
    return piece[:end] if end * 2 > len(piece) else piece


def _short(clusters: Iterable[str], limit: int) -> Iterator[str]:
    for cluster in clusters:
        yield from [cluster] if len(cluster) <= limit else cluster


def _clusters(text: str) -> Iterator[str]:
    """What a reader sees as one character: UAX 29 without its tables for Korean and Indic scripts."""
    cluster = ""
    for character in text:
        if cluster and not _continues(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _continues(cluster: str, character: str) -> bool:
    if cluster == "\r":
        return character == "\n"
    if cluster[-1] == _ZWJ or unicodedata.combining(cluster[-1]) == _VIRAMA_CLASS:
        return not character.isspace()
    return _extends(character) or (_is_flag(cluster) and _is_flag(character) and len(cluster) == 1)


def _extends(character: str) -> bool:
    code = ord(character)
    skin_or_tag = 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F
    return character == _ZWJ or skin_or_tag or unicodedata.category(character) in {"Mn", "Me", "Mc"}


def _is_flag(characters: str) -> bool:
    return all(0x1F1E6 <= ord(character) <= 0x1F1FF for character in characters)
