"""Changes of an input that ask nothing of its form: bytes turned, cut, doubled, swapped, and odd ones put in."""

from collections.abc import Callable, Sequence
from random import Random

LONGEST = 8192
ODD = tuple(
    word.encode("utf-8", "surrogatepass")
    for word in (
        *"\0\x01\t\n\r\x0b\x1f\x7f\x85\xa0\u0130\u0131\u0300\u034f\u200b\u200d\u200e\u202e\u2028\u2066\ufe0f\ufeff\uffff",
        "\U0001f468\u200d\U0001f469", "\U0001f1f2\U0001f1fd", "ﬃ", "ß", "ẞ", "İ", "٣", "¹", "𝟙", "Ⅷ", "½", "\ud800", "é" * 40,
        "0", "-1", "-0", "1e999", "1e-999", "NaN", "inf", "-Infinity", "2147483648", "9223372036854775808", "9" * 400, "0x10",
        "1_000", "+1", "1,5", "null", "true", "[]", "{}", "''", '"', "'", "\\", "\\u0000", "\\ud800", "%00", "%", "%ff", "&", "=", ";",
        "<", "</", "<!--", "]]>", "&#0;", "&amp", "../", "//", "/\\", "{{", "${", "%s", "{0}", "=?utf-8?q?=ff?=", "--", "\r\n\r\n",
        "9999-12-31", "0000-00-00", "T24:00:00Z", "+99:99", "a" * 300, " " * 300, "\n" * 60, "(" * 200, "[" * 200, "é́" * 30,
    )
)  # fmt: skip
Op = Callable[[Random, bytearray, "Sequence[bytes]", "Sequence[bytes]"], None]


def mutated(dice: Random, data: bytes, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """One to four changes, seldom many more."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 2, 3, 4, 12))):
        dice.choice(OPERATIONS)(dice, changed, others, words)
        if len(changed) > LONGEST:
            del changed[LONGEST:]
    return bytes(changed)


def _span(dice: Random, data: bytearray, longest: int = 64) -> tuple[int, int]:
    begin = dice.randrange(len(data) + 1)
    return begin, min(len(data), begin + 1 + dice.randrange(longest))


def _turn(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    if data:
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _put(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    at = dice.randrange(len(data) + 1)
    data[at:at] = dice.choice(ODD)


def _word(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    begin, end = _span(dice, data, 8)
    data[begin : dice.choice((begin, end))] = dice.choice(words or ODD)


def _drop(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    begin, end = _span(dice, data)
    del data[begin:end]


def _double(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    begin, end = _span(dice, data)
    data[begin:begin] = data[begin:end]


def _repeat(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    """What makes a bad expression slow: the same over and over."""
    begin, end = _span(dice, data, dice.choice((2, 8, 32)))
    piece = bytes(data[begin:end]) if dice.random() < 0.6 else dice.choice(words or ODD)
    data[begin:begin] = piece * dice.choice((3, 20, 300, LONGEST // max(1, len(piece))))


def _swap(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    begin, end = _span(dice, data)
    piece = bytes(data[begin:end])
    del data[begin:end]
    at = dice.randrange(len(data) + 1)
    data[at:at] = piece


def _cross(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    other = dice.choice(others) if others else b""
    at = dice.randrange(len(data) + 1)
    data[at : at + dice.randrange(len(data) + 1)] = other[dice.randrange(len(other) + 1) :]


def _cut(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    del data[dice.randrange(len(data) + 1) :]


def _random(dice: Random, data: bytearray, others: Sequence[bytes], words: Sequence[bytes]) -> None:
    begin, end = _span(dice, data, 8)
    data[begin:end] = dice.randbytes(end - begin)


# the gentle ones more often: an input of noise is refused at the door
OPERATIONS: Sequence[Op] = (
    _turn,
    _put,
    _put,
    _word,
    _word,
    _word,
    _drop,
    _double,
    _repeat,
    _swap,
    _cross,
    _cut,
    _random,
)
