"""A street that the model overlooked beside the place it found: "en la calle Molino [frente al 40]" is told in one
breath, but words in front of a landmark look like any others to a model that never heard the name."""

import re
from collections.abc import Callable, Sequence
from itertools import takewhile

from nlu.corners import BETWEEN
from nlu.street_words import LONGEST, TYPES, is_type, tokens

_WORD = re.compile(r"\w+")
_STOP = re.compile(r"[.;!?\n]")
_REACH = 6  # words on each side in which a known street is looked for
_CUT = 3  # words of a name that a model may have cut off, "s" of "Mary's" counted
_NAMED = 4  # words between a type of street and the place that may be its name
# What ends or breaks a name: "la calle está oscura frente al 40", "the road outside number 12".
_NO_NAME = frozenset(
    re.findall(
        r"\S+",
        """esta estan está están es son fue hay tiene sin toda todo muy no e é era tem sem muito is are was has its with
        est sont a y il sans tout toute que qui that and et on at in by near off of along the this my our from to la el
        en na da le les""",
    )
)

# Between two streets that meet, and seldom between two sentences.
_MEETS = frozenset({"com", "con", "c", "with", "y", "e", "and", "et", "x", "esquina", "esq"})

Span = tuple[int, int]


def with_street(text: str, start: int, end: int, known: Callable[[str], bool]) -> Span:
    """text[start:end], a place, grown by the street beside it. `known` tells whether words name a street of the city;
    where none is known, a word such as "calle" or "road" tells it by itself."""
    before, behind = _before(text, start), _behind(text, end)
    for word in before[:_REACH]:
        if known(text[word[0] : end]):
            return _typed(text, before, word), end
    for word in behind[:_REACH]:
        if known(text[start : word[1]]):
            return start, word[1]
    return _by_type(text, before, start), end


def with_corner(text: str, start: int, end: int, corner: Callable[[str], bool]) -> Span:
    """text[start:end], a place in one street, grown by the other street of its corner: "[rua 7 com] travessa do cais".
    `corner` tells whether words name one."""
    before, behind = _before(text, start)[:_REACH], _behind(text, end)[:_REACH]
    if len(before) > 1 and _joins(text, before[0]) and not any(_is_between(text, word) for word in before):
        begin = next((word for word in before[1:_NAMED] if corner(text[word[0] : end])), None)
        return (_typed_far(text, before, begin), end) if begin else (start, end)
    if len(behind) > 1 and _joins(text, behind[0]):
        stop = next((word for word in behind[1:_NAMED] if corner(text[start : word[1]])), None)
        return (start, stop[1]) if stop else (start, end)
    return start, end


def named_at(text: str, street: str, known: Callable[[str], bool]) -> Span:
    """Where a street that a whole text tells stands in it: the fewest words by which it is `known`, and those beside
    them that belong to its name."""
    words = [word.span() for word in _WORD.finditer(text)][:LONGEST]
    first, last = 0, len(words) - 1
    while last > first and known(text[words[first][0] : words[last - 1][1]]):
        last -= 1
    while first < last and known(text[words[first + 1][0] : words[last][1]]):
        first += 1
    name = {*tokens(street), *TYPES}
    while first and name.issuperset(tokens(text[slice(*words[first - 1])])):
        first -= 1
    while last + 1 < len(words) and name.issuperset(tokens(text[slice(*words[last + 1])]) or [""]):
        last += 1
    while first < last and not tokens(text[slice(*words[first])]):
        first += 1
    return words[first][0], words[last][1]


def with_cut_name(text: str, start: int, end: int, known: Callable[[str], bool]) -> Span:
    """text[start:end], a place that nobody knows, grown by the words behind it that a model cut from its name: "in
    front of St [Mary's]"."""
    ends = (stop for _, stop in _behind(text, end)[:_CUT] if known(text[start:stop]))
    return start, next(ends, end)


def with_whole_name(text: str, start: int, end: int, street: str) -> Span:
    """text[start:end], a place on this street, grown by the words in front that belong to the street's name: "Kwame
    [Nkrumah Road]"."""
    name = set(tokens(street)) - set(tokens(text[start:end]))
    for begin, stop in _before(text, start):
        if name.isdisjoint(tokens(text[begin:stop])):
            return start, end
        start = begin
    return start, end


def _joins(text: str, word: Span) -> bool:
    return text[slice(*word)].lower() in _MEETS


def _is_between(text: str, word: Span) -> bool:
    return text[slice(*word)].lower() in BETWEEN


def _before(text: str, start: int) -> list[Span]:
    """The words in front of a place in its sentence, the nearest first."""
    begin = max((stop.end() for stop in _STOP.finditer(text, 0, start)), default=0)
    return [word.span() for word in _WORD.finditer(text, begin, start)][::-1]


def _behind(text: str, end: int) -> list[Span]:
    stop = _STOP.search(text, end)
    return [word.span() for word in _WORD.finditer(text, end, stop.start() if stop else len(text))]


def _typed(text: str, before: Sequence[Span], word: Span) -> int:
    """Where the street begins: at its type, where that stands just in front of the name."""
    further = before[before.index(word) + 1 :]
    return further[0][0] if further and is_type(text[slice(*further[0])]) else word[0]


def _typed_far(text: str, before: Sequence[Span], word: Span) -> int:
    """The same, where small words may stand between: "calle los pinos"."""
    further = before[before.index(word) + 1 :]
    far = next((one for one in further if tokens(text[slice(*one)])), None)
    return far[0] if far and is_type(text[slice(*far)]) else word[0]


def _by_type(text: str, before: Sequence[Span], start: int) -> int:
    for count, word in enumerate(before[: _NAMED + 1]):
        said = text[slice(*word)].lower()
        if is_type(said):
            return word[0] if count else _named_in_front(text, before, start)
        if said in _NO_NAME:
            return start
    return start


def _named_in_front(text: str, before: Sequence[Span], start: int) -> int:
    """ "mill road outside 12": the name stands in front of its type."""
    name = list(takewhile(lambda word: _is_name(text[slice(*word)]), before[1:3]))
    return name[-1][0] if name else start


def _is_name(word: str) -> bool:
    return word.lower() not in _NO_NAME and not is_type(word)
