"""What a sentence says and what it denies: "no es basura, es el alumbrado", "c'était le 12, pas le 21". Pure.

Read word by word after folding, in all languages at once. A denial goes from its "no" to the next mark, or to the next
"es", "c'est", "it's", "but".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers.phrases.naming import services_named
from handlers.phrases.words import by_first_word, fold
from nlu.street_words import is_type

DENYING: Mapping[str, tuple[str, ...]] = {
    "es": ("no", "en vez de", "en lugar de", "y no"),
    "pt": ("nao", "naum", "n", "em vez de", "ao inves de", "e nao"),
    "en": ("not", "isnt", "isn t", "wasnt", "wasn t", "aint", "instead of", "rather than", "and not"),
    "fr": ("pas", "au lieu de", "au lieu du", "au lieu des", "au lieu d", "plutot que", "et non", "et pas", "mais non"),
}
SAYING: Mapping[str, tuple[str, ...]] = {
    "es": ("es", "era", "son", "eran", "fue", "sino", "pero"),
    "pt": ("e", "era", "eram", "foi", "mas", "sim"),
    "en": ("it", "its", "is", "was", "are", "but", "they", "s"),
    "fr": ("c", "ce", "est", "cest", "etait", "etaient", "sont", "mais", "plutot"),
}
# Behind a "no": a service is missing, or not all that is wrong. "No hay luz" tells a problem, and denies nothing.
MISSING: Mapping[str, tuple[str, ...]] = {
    "es": ("hay", "habia", "hubo", "ha", "han", "pasa", "pasan", "paso", "pasaron", "tenemos", "tengo", "tiene",
           "tienen", "funciona", "funcionan", "sirve", "sirven", "prende", "prenden", "enciende", "encienden", "llega",
           "llego", "sale", "recogen", "recogio", "recogieron", "vino", "viene", "vinieron", "solo", "solamente"),
    "pt": ("tem", "temos", "tenho", "ha", "tinha", "passa", "passam", "passou", "passaram", "funciona", "funcionam",
           "acende", "acendem", "chega", "chegou", "sai", "recolhem", "recolheram", "recolheu", "coletaram", "veio",
           "vem", "vieram", "so", "apenas"),
    "en": ("any", "enough", "only", "just", "one", "collected", "emptied"),
    "fr": ("assez", "seulement", "que"),
}  # fmt: skip
_OF = frozenset({"d", "de", "du"})  # "pas d'eau"
_BEEN = "sido"  # "no ha sido la basura" denies
_IN_PLACE = "no"  # "in the" of Portuguese, and "number" everywhere: "rua 7 no 12"
_DENYING = by_first_word(phrase for phrases in DENYING.values() for phrase in phrases)
_MISSING = frozenset(word for words in MISSING.values() for word in words)
SAYING_WORDS = frozenset(word for words in SAYING.values() for word in words)
_NOT_SO = re.compile(  # "it is not", where "no hay", "there is no" only tell what is missing
    r"\b(?:no (?:es|era|son|fue)|nao (?:e|era|sao|foi)|n (?:e|est)|(?:c est|cest|c etait|sont|est) pas|"
    r"(?:s|is|its|was|are|^) ?not|(?:isn|wasn) t|isnt|wasnt)\b"
)
_WORD, _MARK = re.compile(r"\w+"), re.compile(r"[,.;:!?\n()]|\s[-–—]\s")
_SIZE = 400  # words that are looked at

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """The words of a sentence that say something, and those that deny something."""

    said: str = field(repr=False)
    denied: str = field(repr=False)


def contrast(text: str, language: str) -> Contrast:
    """The two halves of a sentence; without a denial all of it is said."""
    words, folded = _words(text)
    said, denied, at, after = list[str](), list[str](), 0, 0
    while at < len(words):
        length = _denial(text, words, folded, at, language)
        if not length:
            at += 1
            continue
        begin = _content(text, words, folded, at, length)
        end = _end(text, words, folded, begin)
        said.append(text[after : words[at][0]])
        denied += [text[words[begin][0] : words[end - 1][1]]] if end > begin else []
        after, at = words[end - 1][1] if end > at else words[at][1], max(end, at + 1)
    said.append(text[after:])
    return Contrast(said=_joined(said), denied=_joined(denied))


def denies(text: str) -> bool:
    """Whether it says of something that it is not so: "no es basura"; "no hay luz" says nothing of the kind."""
    return _NOT_SO.search(fold(text)) is not None


def tells_missing(text: str, language: str) -> bool:
    """Whether it tells that a service is missing, which is a problem and no contrast: "no hay luz", "pas d'eau"."""
    words, folded = _words(text)
    at = ((begin, _denying(folded, begin)) for begin in range(len(words)))
    return any(length and _is_missing(text, words, folded, begin, length, language) for begin, length in at)


def _words(text: str) -> tuple[list[Span], list[str]]:
    words = [match.span() for match in _WORD.finditer(text)][:_SIZE]
    return words, [fold(text[start:end]) for start, end in words]


def _denying(folded: Sequence[str], at: int) -> int:
    return next((len(p) for p in _DENYING.get(folded[at], ()) if tuple(folded[at : at + len(p)]) == p), 0)


def _is_missing(
    text: str, words: Sequence[Span], folded: Sequence[str], at: int, length: int, language: str
) -> bool:  # fmt: skip
    """Whether what is denied here is a service that is not there."""
    begin = _content(text, words, folded, at, length)
    if begin >= len(words) or _marked(text, words, begin):
        return False
    last, before = folded[at + length - 1], folded[at - 1] if at else ""
    told = folded[begin] in _MISSING and folded[begin + 1 : begin + 2] != [_BEEN]
    told = told or (language == "en" and last == "no")  # "no water": English denies by "not"
    told = told or (last == "pas" and folded[begin] in _OF and before not in SAYING_WORDS)
    return told and bool(services_named(text[words[begin][0] : words[_end(text, words, folded, begin) - 1][1]]))


def _denial(text: str, words: Sequence[Span], folded: Sequence[str], at: int, language: str) -> int:
    """How many words deny here; 0 where none does."""
    length = _denying(folded, at)
    if length and _is_missing(text, words, folded, at, length, language):
        return 0
    if length == 1 and folded[at] == _IN_PLACE and (language == "pt" or _labels(text, words, folded, at)):
        return 0
    return length


def _labels(text: str, words: Sequence[Span], folded: Sequence[str], at: int) -> bool:
    """Whether this "no" is short for number: one follows, and none that it could deny stands before it."""
    if at + 1 >= len(folded) or not folded[at + 1][:1].isdigit():
        return False
    if text[words[at][1] : words[at][1] + 1] == ".":
        return True
    before = folded[at - 1] if at else ""
    street = at > 1 and is_type(folded[at - 2])
    return not before[:1].isdigit() or street


def _content(text: str, words: Sequence[Span], folded: Sequence[str], at: int, length: int) -> int:
    """Where what is denied begins: behind the "es" of "no es"; at a mark nothing is denied."""
    begin = at + length
    while begin < len(words) and folded[begin] in SAYING_WORDS and not _marked(text, words, begin):
        begin += 1
    return begin


def _end(text: str, words: Sequence[Span], folded: Sequence[str], begin: int) -> int:
    end = begin
    while end < len(words) and not _marked(text, words, end) and (end == begin or folded[end] not in SAYING_WORDS):
        end += 1
    return end


def _marked(text: str, words: Sequence[Span], at: int) -> bool:
    """Whether a mark stands between this word and the one before."""
    return at > 0 and _MARK.search(text, words[at - 1][1], words[at][0]) is not None


def _joined(parts: Sequence[str]) -> str:
    return " ".join(stripped for part in parts if (stripped := part.strip(" ,.;:-–—\n")))
