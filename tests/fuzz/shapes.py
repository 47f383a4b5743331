"""Changes that keep the form of an input and spoil what stands in it: JSON, forms, lines, sentences."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes

from tests.fuzz.mutation import LONGEST, ODD, mutated

_VALUES: Sequence[Any] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**400, 1.5, 1e308, -0.0, float("nan"), float("inf"), "", " ", "0",
    "\0", "\ud800", "a" * 5000, "é" * 300, [], {}, [[]], [None], {"": None}, {"id": {}}, [1, "a", None], "2026-01-01", "-1",
)  # fmt: skip
_PLAIN = 0.3  # of the inputs are changed as bytes
Change = Callable[[Random, bytes, "Sequence[bytes]", "Sequence[bytes]"], bytes]


def json_changed(dice: Random, data: bytes, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """A value replaced, doubled, dropped or wrapped, somewhere in the tree."""
    if dice.random() < _PLAIN:
        return mutated(dice, data, others, words)
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return mutated(dice, data, others, words)
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        tree = _somewhere(dice, tree, words)
    return json.dumps(tree, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")[:LONGEST]


def _somewhere(dice: Random, tree: Any, words: Sequence[bytes]) -> Any:
    holders = [holder for holder in _holders(tree) if holder]
    if not holders:
        return _value(dice, tree, words)
    holder = dice.choice(holders)
    key: Any = dice.choice(list(holder)) if isinstance(holder, dict) else dice.randrange(len(holder))
    match dice.randrange(8):
        case 0:
            del holder[key]
        case 1:
            holder[key] = dice.choice((lambda old: [old], lambda old: {"a": old}, lambda old: [old, old]))(holder[key])
        case 2 if isinstance(holder, dict):
            holder[_text(dice, words)] = holder[key]
        case 3:
            other = dice.choice(holders)
            holder[key] = json.loads(json.dumps(other)) if len(str(other)) < 2000 else None
        case _:
            holder[key] = _value(dice, holder[key], words)
    return tree


def _holders(tree: Any) -> list[Any]:
    found, waiting = [], [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list):
            found.append(one)
            waiting += one.values() if isinstance(one, dict) else one
    return found


def _value(dice: Random, old: Any, words: Sequence[bytes]) -> Any:
    if isinstance(old, str) and dice.random() < 0.5:
        changed = mutated(dice, old.encode("utf-8", "surrogatepass"), (), words)
        return changed.decode("utf-8", "replace")
    if isinstance(old, int) and not isinstance(old, bool) and dice.random() < 0.3:
        return dice.choice((old + 1, -old, str(old), float(old % 2**60), old * 2**40))
    return dice.choice((deepcopy(dice.choice(_VALUES)), _text(dice, words)))


def _text(dice: Random, words: Sequence[bytes]) -> str:
    return dice.choice(words or ODD).decode("utf-8", "replace")


def form_changed(dice: Random, data: bytes, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Of `name=value&...` one value, name or pair changed, doubled or dropped."""
    pairs = parse_qsl(data.decode("utf-8", "surrogateescape"), keep_blank_values=True, errors="surrogateescape")
    if not pairs or dice.random() < _PLAIN:
        return mutated(dice, data, others, words)
    raw = [[_bytes(name), _bytes(value)] for name, value in pairs]
    for _ in range(dice.choice((1, 1, 2, 3))):
        pair = dice.choice(raw)
        match dice.randrange(9):
            case 0 if len(raw) > 1:
                raw.remove(pair)
            case 1:
                raw.append([pair[0], dice.choice(words or ODD)])
            case 2:
                pair[0] = dice.choice((dice.choice(words or ODD), mutated(dice, pair[0], (), words)[:200]))
            case 3 | 4:
                pair[1] = dice.choice((dice.choice(words or ODD), dice.choice(ODD)))
            case _:
                pair[1] = mutated(dice, pair[1], [value for _, value in raw], words)
    return b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in raw)[:LONGEST]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _quoted(value: bytes) -> bytes:
    return quote_from_bytes(value, safe="").encode()


def said(dice: Random, data: bytes, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """A sentence of words that mean something here, or one that is changed."""
    if not words or dice.random() < 0.5:
        return mutated(dice, data, others, words)
    between = dice.choice((b" ", b" ", b", ", b"\n", b"  ", b". ", b"-"))
    told = between.join(dice.choice(words) for _ in range(dice.choice((1, 2, 3, 5, 8, 13, 40))))
    told = b" ".join((data[: dice.randrange(len(data) + 1)], told)) if dice.random() < 0.3 else told
    return mutated(dice, told, others, words) if dice.random() < 0.5 else told[:LONGEST]


def lines(dice: Random, data: bytes, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Of lines one dropped, doubled, moved, indented, or taken from another input."""
    kept = data.split(b"\n")
    if len(kept) < 2 or dice.random() < 0.5:
        return mutated(dice, data, others, words)
    for _ in range(dice.choice((1, 1, 2, 3))):
        if kept:
            _line_changed(dice, kept, others, words)
    return b"\n".join(kept)[:LONGEST]


def _line_changed(dice: Random, kept: list[bytes], others: Sequence[bytes], words: Sequence[bytes]) -> None:
    at = dice.randrange(len(kept))
    match dice.randrange(6):
        case 0:
            del kept[at]
        case 1:
            kept[at:at] = kept[at : at + 1] * dice.choice((1, 3))
        case 2:
            dice.shuffle(kept)
        case 3:
            kept[at] = b" " * dice.randrange(6) + kept[at].lstrip()
        case 4:
            kept[at:at] = [dice.choice((dice.choice(others) if others else b"").split(b"\n"))]
        case _:
            kept[at] = mutated(dice, kept[at], (), words)[:2000]
