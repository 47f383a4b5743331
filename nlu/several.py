"""How a message that may tell of several problems is cut. Pure; what the pieces mean is for the model to say.

All languages count at once. `MORE` are words that put one thing on top of another; `AND` may join two problems or two
words of one; a full stop, a line or a semicolon ends a sentence, which may go on with the same problem.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from nlu.dataset import fold

LONGEST = 1000  # characters that are looked at; who writes more tells one long story
MOST = 6  # pieces
_SHORT = 2  # words before a mark that are no piece of their own: "hola.", "there is also"
_BEGINNING = 4  # words

MORE_WORDS: Mapping[str, tuple[str, ...]] = {
    "es": (
        "y tambien", "tambien", "ademas", "y ademas", "y otra cosa", "otra cosa", "aparte", "y aparte", "aparte de eso",
        "y por otro lado", "por otro lado", "y de paso", "de paso", "y lo otro", "lo otro es que",
    ),
    "pt": (
        "e tambem", "tambem", "alem disso", "e alem disso", "e outra coisa", "outra coisa", "fora isso", "e ainda",
        "por outro lado", "e aproveitando", "aproveitando", "sem falar que", "e mais uma coisa", "mais uma coisa",
    ),
    "en": (
        "and also", "also", "and another thing", "another thing", "plus", "as well as that", "on top of that",
        "and then there is", "and then there s", "besides that", "one more thing", "and while i m at it",
    ),
    "fr": (
        "et aussi", "aussi", "il y a aussi", "y a aussi", "et en plus", "en plus", "et de plus", "de plus",
        "et autre chose", "autre chose", "et puis", "par ailleurs",
        "et egalement", "egalement", "sinon il y a aussi",
    ),
}  # fmt: skip
_NO_THINGS = """
    vez veces calle esquina cuadra lado lugar direccion parte dia avenida fois jour rua esquina quadra local endereco
    pessoa persona day time street road corner side place address way rue cote coin endroit adresse personne
"""
_NO_THING = frozenset(_NO_THINGS.split())
# What says more only where a clause begins: "ne ... plus", "de plus en plus", "moi aussi".
FRESH_ONLY = frozenset({
    "plus", "aussi", "de plus", "en plus", "et puis", "aparte", "de paso", "otra cosa", "outra coisa", "autre chose",
    "aproveitando", "egalement",
})  # fmt: skip
_NOT_BEFORE_DE = frozenset({"ademas", "aparte", "y ademas", "y aparte"})  # "además de la música"
AND_WORDS: Mapping[str, tuple[str, ...]] = {"es": ("y", "e"), "pt": ("e",), "en": ("and",), "fr": ("et",)}
OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "es": ("otro", "otra", "otros", "otras"),
    "pt": ("outro", "outra", "outros", "outras"),
    "en": ("another", "another one", "other"),
    "fr": ("un autre", "une autre", "d autres"),
}
_SHORTENED = """
    av ave avda cra cll cl jr esq st rd ln dr sr sra bd bvd blvd pza pca r no nro num n km mr mrs ste apto aprox etc pje
    dpto tel al frac col res sta sto
"""
ABBREVIATIONS = frozenset(_SHORTENED.split())  # a full stop behind one ends no sentence
_WORD = re.compile(r"\w+")
_ENDS = re.compile(r"[.!?](?=\s)|[;\n]")
_MARK = re.compile(r"[,.;:!?\n]")
_BULLET = re.compile(r"(?:^|\n)\s*[-*•]\s*$")
_ITEM = re.compile(r"[.)]-?\s")
_Word = tuple[int, int, str]  # where it begins and ends, and folded


class Cut(IntEnum):
    """What stands before a piece, the stronger the higher."""

    AND = 1
    SENTENCE = 2
    MORE = 3
    LIST = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text, where it begins and ends there, and what stood before it."""

    text: str = field(repr=False)
    cut: Cut
    begin: int = 0
    end: int = 0


def pieces(text: str) -> Sequence[Piece]:
    """The message in pieces as they stand in it; where there is one, nothing is to be cut."""
    words = _words(text) if len(text) <= LONGEST else []
    cuts: list[tuple[int, int, Cut]] = [(0, 0, Cut.SENTENCE)]  # where the piece before ends, this one begins, in words
    for at, begin, cut in _marks(text, words):
        end, begun, kind = cuts[-1]
        if at < begun:
            continue
        if at - begun <= _SHORT:  # too little between two marks: the stronger one counts
            cuts[-1] = (end, begin if at == begun and begin < len(words) else begun, max(kind, cut))
        elif begin < len(words):
            cuts.append((at, begin, cut))
    ends = [end for end, _, _ in cuts[1:MOST]] + [len(words)]
    return [_piece(text, words, begin, end, cut) for (_, begin, cut), end in zip(cuts[:MOST], ends, strict=True)]


def adds(text: str) -> bool:
    """Whether it begins like something on top of what was said: "también hay", "there's also"."""
    words = [word for _, _, word in _words(text)]
    return any(_phrase(words, at, _MORE) for at in range(min(_BEGINNING, len(words))))


def is_another(text: str) -> bool:
    """Whether it begins with one more of the same: "otro en la calle 8"; not "otra vez", nor "en otra calle"."""
    words = [word for _, _, word in _words(text)]
    for at in range(min(_BEGINNING, len(words))):
        length = _phrase(words, at, _OTHER)
        following = words[at + length : at + length + 1]
        masculine = words[at : at + length] == ["un", "autre"]  # "un autre rue du Moulin", but "une autre rue"
        if length and (_NO_THING.isdisjoint(following) or (masculine and following == ["rue"])):
            return True
    return False


def _words(text: str) -> list[_Word]:
    """Each word with where it stands."""
    return [(match.start(), match.end(), fold(match[0])) for match in _WORD.finditer(text)]


def _piece(text: str, words: Sequence[_Word], first: int, after: int, cut: Cut) -> Piece:
    """The text of these words, with what stands behind the last one up to the next."""
    begin = words[first][0] if first and words else 0
    stop = words[after][0] if after < len(words) else len(text)
    said = text[begin:stop].rstrip().rstrip(",;:-*• \n")
    return Piece(said.strip(), cut, begin, begin + len(said))


def _marks(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int, Cut]]:
    """Each place to cut: the word before which the piece ends, the word with which the next one begins, and why."""
    folded, items = [word for _, _, word in words], 0
    for at, (start, end, word) in enumerate(words):
        before = text[words[at - 1][1] if at else 0 : start]
        if word == str(items + 1) and _ITEM.match(text, end):
            items += 1
            yield at, at + 1, Cut.LIST
        elif _BULLET.search(text, 0, start):
            yield at, at, Cut.LIST
        elif at and _ENDS.search(before) and not ("." in before and folded[at - 1] in ABBREVIATIONS):
            yield at, at, Cut.SENTENCE
        if length := _more(folded, at, fresh=at == 0 or bool(_MARK.search(before))):
            yield at, at + length, Cut.MORE
        elif word in _AND:
            yield at, at + 1, Cut.AND


def _more(words: Sequence[str], at: int, *, fresh: bool) -> int:
    """How many words put something on top here; `fresh`: a mark stands before them."""
    length = _phrase(words, at, _MORE)
    said = " ".join(words[at : at + length])
    if (said in FRESH_ONLY and not fresh) or (
        said in _NOT_BEFORE_DE and words[at + length : at + length + 1] == ["de"]
    ):
        return 0
    return length


def _phrase(words: Sequence[str], at: int, phrases: Sequence[tuple[str, ...]]) -> int:
    """How many words the longest of these phrases has here; 0: none stands here."""
    return next((len(phrase) for phrase in phrases if tuple(words[at : at + len(phrase)]) == phrase), 0)


def _all(table: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    phrases = {tuple(phrase.split()) for words in table.values() for phrase in words}
    return tuple(sorted(phrases, key=len, reverse=True))


_MORE, _OTHER = _all(MORE_WORDS), _all(OTHER_WORDS)
_AND = frozenset(word for words in AND_WORDS.values() for word in words)
