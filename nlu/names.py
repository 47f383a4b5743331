"""Names of streets and landmarks found in a citizen's words: folded, abbreviations opened, small typos tolerated."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from nlu.street_words import TYPES, sound, tokens

TYPO = 84.0  # 0-100 by rapidfuzz's ratio; words shorter than LONG_ENOUGH must be right
SAID_ALIKE = 95.0  # the score of another spelling that is said alike
LONG_ENOUGH = 5
SHORTEST = 3  # letters; a shorter word alone names nothing
_STRETCH = 2  # letters by which a typo may lengthen or shorten a word
_REMEMBERED = 10_000  # words whose neighbours are kept at hand


@dataclass(frozen=True, slots=True)
class Name:
    """A name's telling words (without type of street and small words), and its type, "" where it has none."""

    words: tuple[str, ...]
    type: str
    index: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in tokens[start:end]; `indexes` are all who bear it, `score` the mean likeness of its words, 0-100.
    `bare` when the type of street that it needs was not said: it counts only where the words beside it help."""

    indexes: tuple[int, ...]
    start: int
    end: int
    score: float
    bare: bool


class Names:
    """Many names, to be found in texts. Each is looked up by its rarest word, so that a big city with its hundreds of
    "San ..." costs little more than a small one."""

    def __init__(self, named: Iterable[tuple[int, str]]) -> None:
        names = {_name(index, text) for index, text in named if tokens(text)}
        seldom = Counter(word for name in names for word in set(name.words))
        self._by_word: defaultdict[str, list[Name]] = defaultdict(list)
        for name in sorted(names, key=lambda name: name.index):
            self._by_word[min(name.words, key=lambda word: (seldom[word], word.isdigit(), -len(word)))].append(name)
        self._by_sound: defaultdict[str, list[str]] = defaultdict(list)
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in self._by_word:
            if len(word) >= LONG_ENOUGH:
                self._by_sound[sound(word)].append(word)
                self._by_length[len(word)].append(word)
        self._near = lru_cache(_REMEMBERED)(self._search)
        self._as_long = cache(self._of_about)

    def find(self, text: Sequence[str], *, bare: bool = False) -> list[Hit]:
        """The names in these tokens from left to right; where two overlap, the longer, then the better one.
        `bare=True` also takes names whose type of street is not said."""
        candidates = {name for token in set(text) for word in self._near(token) for name in self._by_word[word]}
        hits = [hit for name in candidates if (hit := _best(name, text)) and (bare or not hit.bare)]
        hits.sort(key=lambda hit: (hit.bare, hit.start - hit.end, -hit.score, hit.indexes))
        chosen: list[Hit] = []
        for hit in hits:
            if all(hit.end <= other.start or hit.start >= other.end for other in chosen):
                chosen.append(_shared(hit, hits))
        return sorted(chosen, key=lambda hit: hit.start)

    def _search(self, token: str) -> tuple[str, ...]:
        """The words that this token may mean. One that is right is taken at its word."""
        if token in self._by_word or len(token) < LONG_ENOUGH or token.isdigit():
            return (token,) if token in self._by_word else ()
        close = process.extract(token, self._as_long(len(token)), scorer=fuzz.ratio, score_cutoff=TYPO, limit=8)
        return tuple(dict.fromkeys((*self._by_sound.get(sound(token), ()), *(word for word, _, _ in close))))

    def _of_about(self, length: int) -> tuple[str, ...]:
        lengths = range(length - _STRETCH, length + _STRETCH + 1)
        return tuple(word for one in lengths for word in self._by_length.get(one, ()))


def _shared(hit: Hit, hits: Iterable[Hit]) -> Hit:
    """The hit with everybody whose name is found at the same place as well: the pieces of one street, namesakes."""
    same = (one for one in hits if (one.start, one.end, one.score) == (hit.start, hit.end, hit.score))
    indexes = tuple(dict.fromkeys(index for one in same for index in one.indexes))
    return Hit(indexes=indexes, start=hit.start, end=hit.end, score=hit.score, bare=hit.bare)


def _name(index: int, text: str) -> Name:
    words = tokens(text)
    kind = words[0] if words[0] in TYPES else words[-1] if words[-1] in TYPES else ""
    telling = tuple(word for word in words if word != kind) or tuple(words)
    return Name(words=telling, type=kind if telling != tuple(words) else "", index=index)


def _best(name: Name, text: Sequence[str]) -> Hit | None:
    """Where the name's words stand in a row, if they do; the type beside them counts as part of it."""
    length = len(name.words)
    best: Hit | None = None
    for start in range(len(text) - length + 1):
        score = _likeness(name.words, text[start : start + length])
        if not score:
            continue
        begin, end, typed = _with_type(name.type, text, start, start + length)
        hit = Hit(indexes=(name.index,), start=begin, end=end, score=score, bare=not typed and _needs_type(name))
        if best is None or (best.bare, -best.score) > (hit.bare, -hit.score):
            best = hit
    return best


def _likeness(words: Sequence[str], said: Sequence[str]) -> float:
    total = 0.0
    for word, token in zip(words, said, strict=True):
        alike = _alike(word, token)
        if not alike:
            return 0.0
        total += alike
    return total / len(words)


def _alike(word: str, token: str) -> float:
    if word == token:
        return 100.0
    if min(len(word), len(token)) < LONG_ENOUGH or word.isdigit() or token.isdigit():
        return 0.0
    return max(fuzz.ratio(word, token, score_cutoff=TYPO), SAID_ALIKE if sound(word) == sound(token) else 0.0)


def _with_type(kind: str, text: Sequence[str], start: int, end: int) -> tuple[int, int, bool]:
    """The run grown by its type before it ("calle 8") or behind it ("market street")."""
    if kind and start > 0 and text[start - 1] == kind:
        return start - 1, end, True
    if kind and end < len(text) and text[end] == kind:
        return start, end + 1, True
    return start, end, False


def _needs_type(name: Name) -> bool:
    """A bare "8" is a house number, "near the church" is not on Church Lane: such names count only with their type."""
    bare = all(word.isdigit() or len(word) < SHORTEST for word in name.words)
    return bare or (bool(name.type) and len(name.words) == 1)
