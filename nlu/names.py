"""Names of streets and landmarks found in a citizen's words: folded, abbreviations opened, small typos tolerated."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

TYPO = 84.0  # 0-100 by rapidfuzz's ratio; words shorter than LONG_ENOUGH must be right
LONG_ENOUGH = 5
SHORTEST = 3  # letters; a shorter word alone names nothing
_WORD = re.compile(r"\w+")

# One name for a type of street in all languages: "rua 7", "calle 7" and "7 street" are looked up alike.
_TYPES = {
    "avenida": "av ave avda avd aven avenida avenue avn",
    "calle": "c cll cl calle r rua rue street st str",
    "carretera": "carretera carret ctra estrada estr road rd route rte highway hwy ruta rodovia",
    "bulevar": "bd bld bvd blvd boul boulevard bulevar",
    "carrera": "carrera cra kra cr krr",
    "jiron": "jr jiron",
    "pasaje": "psje pje pasaje passage travessa tv trav callejon impasse imp beco ruelle alley lane ln",
    "plaza": "pza plz plaza praca pc place pl square sq largo",
    "paseo": "paseo pso promenade",
}
_TYPE = {written: name for name, forms in _TYPES.items() for written in forms.split()}
_SMALL = frozenset("de da do das dos del la las los el le les du des d l of the".split())  # noqa: SIM905 - a list of words


@dataclass(frozen=True, slots=True)
class Name:
    """A name's telling words (without type of street and small words), and its type, "" where it has none."""

    words: tuple[str, ...]
    type: str
    index: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in tokens[start:end]; `score` is the mean likeness of its words, 0-100."""

    index: int
    start: int
    end: int
    score: float


def tokens(text: str) -> list[str]:
    """Folded words without the small ones, types of street by their one name: "Av. de la Paz, 12" -> avenida paz 12."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return [_TYPE.get(word, word) for word in _WORD.findall(bare) if word not in _SMALL]


class Names:
    """Many names, to be found in texts. Looked up by word, so that a big city costs little more than a small one."""

    def __init__(self, named: Iterable[tuple[int, str]]) -> None:
        self._by_word: defaultdict[str, list[Name]] = defaultdict(list)
        for index, text in named:
            name = _name(index, text)
            for word in set(name.words):
                self._by_word[word].append(name)
        self._vocabulary = [word for word in self._by_word if len(word) >= LONG_ENOUGH]

    def find(self, text: Sequence[str]) -> list[Hit]:
        """The names in these tokens from left to right; where two overlap, the longer, then the better one."""
        candidates = {name for token in text for word in self._near(token) for name in self._by_word[word]}
        hits = [hit for name in candidates if (hit := _best(name, text))]
        hits.sort(key=lambda hit: (hit.start - hit.end, -hit.score, hit.index))
        chosen: list[Hit] = []
        for hit in hits:
            if all(hit.end <= other.start or hit.start >= other.end for other in chosen):
                chosen.append(hit)
        return sorted(chosen, key=lambda hit: hit.start)

    def _near(self, token: str) -> list[str]:
        known = [token] if token in self._by_word else []
        if len(token) < LONG_ENOUGH or token.isdigit():
            return known
        close = process.extract(token, self._vocabulary, scorer=fuzz.ratio, score_cutoff=TYPO, limit=8)
        return known + [word for word, _, _ in close if word != token]


def _name(index: int, text: str) -> Name:
    words = tokens(text)
    kind = words[0] if words and words[0] in _TYPES else words[-1] if words and words[-1] in _TYPES else ""
    telling = tuple(word for word in words if word != kind) or tuple(words)
    return Name(words=telling, type=kind if telling != tuple(words) else "", index=index)


def _best(name: Name, text: Sequence[str]) -> Hit | None:
    """Where the name's words stand in a row, if they do; the type beside them counts as part of it."""
    length = len(name.words)
    best: Hit | None = None
    for start in range(len(text) - length + 1):
        score = _likeness(name.words, text[start : start + length])
        begin, end, typed = _with_type(name.type, text, start, start + length)
        if score and (typed or not _needs_type(name)) and (best is None or score > best.score):
            best = Hit(index=name.index, start=begin, end=end, score=score)
    return best


def _likeness(words: Sequence[str], said: Sequence[str]) -> float:
    scores = [_alike(word, token) for word, token in zip(words, said, strict=True)]
    return sum(scores) / len(scores) if all(scores) else 0.0


def _alike(word: str, token: str) -> float:
    if word == token:
        return 100.0
    if min(len(word), len(token)) < LONG_ENOUGH or word.isdigit() or token.isdigit():
        return 0.0
    return fuzz.ratio(word, token, score_cutoff=TYPO)


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
