"""A linear chain over words (crfsuite): which of them name a place, a ticket or a language.

Labels are BIO (`B-location`, `I-location`, `O`). Features are strings made of the word, its shape and its neighbours;
the street and landmark words of the four languages come from `vocabulary.json`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import pycrfsuite

from .words import Span, Word, fold, words_of

_KINDS = {
    word: kind
    for kind, words in json.loads((Path(__file__).parent / "vocabulary.json").read_text(encoding="utf-8")).items()
    for word in words.split()
}
_Look = tuple[str, str, str, str]  # folded form, shape, kind and start of a word
_EDGE: _Look = ("<", "", "", "")


class Tagger:
    """Finds spans with a trained chain; `model` is what `train` wrote."""

    def __init__(self, model: bytes) -> None:
        self._chain = pycrfsuite.Tagger()
        self._model = model  # the chain reads from these bytes for as long as it lives
        self._chain.open_inmemory(self._model)

    def spans(self, text: str) -> list[Span]:
        words = words_of(text)
        return spans_of(words, self._chain.tag(features(words))) if words else []


def train(examples: Iterable[tuple[str, Sequence[Span]]], rounds: int, path: Path) -> None:
    """Learn from texts and their spans; an averaged perceptron is as good here as L-BFGS in a third of its time."""
    trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
    for text, spans in examples:
        words = words_of(text)
        trainer.append(features(words), labels(words, spans))
    trainer.set_params({"max_iterations": rounds})
    trainer.train(str(path))


def features(words: Sequence[Word]) -> list[list[str]]:
    """The features of each word, as crfsuite wants them."""
    looks = [_look(word.text) for word in words]
    chains = _chains(words, looks)
    padded = [_EDGE, _EDGE, *looks, _EDGE, _EDGE]
    return [_features(padded[i : i + 5], words[i]) + chains[i] for i in range(len(words))]


def _chains(words: Sequence[Word], looks: Sequence[_Look]) -> list[list[str]]:
    """For each word of a chain with digits its shape (`XX-d5` for "LCC-88213"), and whether a word for a reference
    stands within four words before it; for the others nothing."""
    found: list[list[str]] = []
    for start, end in _runs(words):
        told = any(word.text[0].isdigit() for word in words[start:end])
        shape = "".join(look[1] for look in looks[start:end][:8])
        named = any(look[2] == "ticket" for look in looks[max(0, start - 4) : start])
        found += [[f"c={shape}", f"cn={named}", f"cns={named}{shape}"] if told else []] * (end - start)
    return found


def _runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Where chains of glued letters, digits and - / # begin and end."""
    start = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or not (words[i].glued and _links(words[i]) and _links(words[i - 1])):
            yield start, i
            start = i


def _links(word: Word) -> bool:
    return word.text[0].isalnum() or word.text in "-/#"


@lru_cache(maxsize=20_000)
def _look(word: str) -> _Look:
    """Folded form, shape, kind and start of a word."""
    low = fold(word)
    return low, _shape(word), _KINDS.get(low, ""), low[:4]


def _shape(text: str) -> str:
    if text.isdigit():
        return f"d{min(len(text), 5)}"
    if not text[0].isalpha():
        return text
    if text.isupper():
        return "X" if len(text) == 1 else "XX"
    return "Xx" if text[0].isupper() else "x"


def _features(around: Sequence[_Look], word: Word) -> list[str]:
    before2, before, here, after, after2 = around
    low, shape, kind, start = here
    return [
        "b", f"w={low}", f"s={shape}", f"k={kind}", f"p={start}", f"e={low[-3:]}", f"g={word.glued}",
        f"-w={before[0]}", f"-s={before[1]}", f"-k={before[2]}", f"+w={after[0]}", f"+s={after[1]}", f"+k={after[2]}",
        f"-ww={before2[0]} {before[0]}", f"--w={before2[0]}", f"--k={before2[2]}", f"++w={after2[0]}",
        f"++k={after2[2]}", f"-ks={before[2]}{shape}", f"-wk={before[0]} {kind}", f"ks+={kind}{after[1]}",
        f"--k-ks={before2[2]}{before[2]}{shape}", f"-sw={before[1]}{shape}{after[1]}", f"+ww={after[0]} {after2[0]}",
    ]  # fmt: skip


def labels(words: Sequence[Word], spans: Sequence[Span]) -> list[str]:
    """The BIO label of each word."""
    found = []
    for word in words:
        span = next((s for s in spans if s.start <= word.start < s.end), None)
        if span is None:
            found.append("O")
        else:
            found.append(("B-" if word.start == span.start else "I-") + span.entity)
    return found


def spans_of(words: Sequence[Word], tagged: Sequence[str]) -> list[Span]:
    """The runs that the labels mark."""
    spans: list[Span] = []
    before = "O"
    for word, label in zip(words, tagged, strict=True):
        entity = label[2:]
        if label.startswith("I-") and before[2:] == entity:
            spans[-1] = Span(spans[-1].start, word.end, entity)
        elif label != "O":
            spans.append(Span(word.start, word.end, entity))
        before = label
    return spans
