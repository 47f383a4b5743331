"""A text as a sparse vector: TF-IDF of character 2- to 5-grams inside words and of word 1- and 2-grams, all folded.

Characters survive bad spelling and unknown endings, words keep what characters blur. One vector serves every linear
model, and the same code makes it in training and in use. Each of the two blocks has length 1 (Euclidean).
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .words import folded_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_SIZES = range(2, 6)
_KNOWN_WORDS = 20_000  # whose character n-grams are kept at hand

Vector = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]  # columns and their values


@dataclass
class Vocabulary:
    """The n-grams that count and their inverse document frequencies; word n-grams carry a leading tab."""

    names: list[str]
    idf: npt.NDArray[np.float32]
    _columns: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._columns = {name: column for column, name in enumerate(self.names)}
        self._of_word = lru_cache(maxsize=_KNOWN_WORDS)(self._look_up)

    @classmethod
    def learn(cls, texts: Sequence[Sequence[str]], rarest: int) -> "Vocabulary":
        """From the variants of each example's text; an n-gram seen in fewer than `rarest` examples is left out."""
        seen: Counter[str] = Counter()
        for variants in texts:
            seen.update(set[str]().union(*map(grams, {*variants})))
        names = sorted(name for name, count in seen.items() if count >= rarest)
        counts = np.array([seen[name] for name in names], dtype=np.float32)
        return cls(names, np.log((1 + len(texts)) / (1 + counts)) + np.float32(1))

    def vector(self, words: Sequence[str]) -> Vector:
        """The columns and weights of a text's folded words; empty where no n-gram is known."""
        letters = self._block([column for word in words for column in self._of_word(word)])
        known = (self._columns.get(gram) for gram in word_grams(words))
        whole = self._block([column for column in known if column is not None])
        return np.concatenate([letters[0], whole[0]]), np.concatenate([letters[1], whole[1]])

    def matrix(self, texts: Sequence[str]) -> "csr_matrix":
        """The vectors of many texts as rows, (texts, n-grams): the same numbers as `vector`, sooner."""
        words = [folded_words(text) for text in texts]
        letters = [[column for word in some for column in self._of_word(word)] for some in words]
        known = [[self._columns.get(gram, -1) for gram in word_grams(some)] for some in words]
        whole = [[column for column in columns if column >= 0] for columns in known]
        return self._blocks(letters) + self._blocks(whole)

    def _blocks(self, found: Sequence[list[int]]) -> "csr_matrix":
        """`_block` for many texts."""
        from scipy.sparse import csr_matrix  # a server does not need it
        from sklearn.preprocessing import normalize

        columns = np.fromiter(chain.from_iterable(found), dtype=np.int32)
        starts = np.cumsum([0, *map(len, found)])
        ones = np.ones(len(columns), dtype=np.float32)
        counted = csr_matrix((ones, columns, starts), shape=(len(found), len(self.names)))
        counted.sum_duplicates()
        counted.data = (1 + np.log(counted.data)) * self.idf[counted.indices]
        return normalize(counted, copy=False)

    def _look_up(self, word: str) -> tuple[int, ...]:
        known = (self._columns.get(gram) for gram in letter_grams(word))
        return tuple(column for column in known if column is not None)

    def _block(self, found: list[int]) -> Vector:
        counted = Counter(found)  # a tenth of the time of numpy.unique for so few
        columns = np.fromiter(counted, np.int32, len(counted))
        values = self.idf[columns]
        if len(counted) < len(found):
            values = values * (1 + np.log(np.fromiter(counted.values(), np.float32, len(counted))))
        return columns, values / math.sqrt(values @ values) if counted else values


def grams(text: str) -> set[str]:
    """Every n-gram of a text, once."""
    words = folded_words(text)
    return {*word_grams(words)}.union(*map(letter_grams, {*words}))


@lru_cache(maxsize=_KNOWN_WORDS)
def letter_grams(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[i : i + size] for size in _SIZES for i in range(len(padded) - size + 1))


def word_grams(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield f"\t{word}"
    for one, other in pairwise(words):
        yield f"\t{one} {other}"
