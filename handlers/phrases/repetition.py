"""Whether a message says once more what its writer said before: they saw no answer, or not that it asks something.

Compared word by word after folding. "no prende el poste de la luz!!" repeats "no prende el poste de luz"; "frente a la
escuela" does not repeat "hay un bache frente a la escuela", for it may well be the answer to "where is it?".
"""

from collections.abc import Collection, Mapping
from difflib import SequenceMatcher

from handlers.phrases.words import COURTESIES, fold

_ALIKE = 0.8  # of two words, from which one is the other mistyped
_SHORT = 4  # letters of a word in which one mistake is all that may be, and none left out
_SAID = 0.75  # of the earlier message's words that must come again

# What people put before or behind the same words the second time; with the articles, which come and go.
AROUND: Mapping[str, Collection[str]] = {
    "es": ("hola", "buenas", "buenos", "buen", "dia", "dias", "tardes", "noches", "repito", "otra", "vez", "nuevo",
           "nuevamente", "todavia", "aun", "sigue", "que", "y", "el", "la", "los", "las", "de", "del", "un", "una"),
    "pt": ("oi", "ola", "bom", "boa", "tarde", "noite", "repito", "outra", "vez", "novo", "novamente", "ainda",
           "continua", "e", "o", "a", "os", "as", "do", "da", "um", "uma"),
    "en": ("hello", "hi", "hey", "good", "morning", "afternoon", "evening", "again", "repeat", "i", "still", "and",
           "the", "a", "an", "of", "is"),
    "fr": ("bonjour", "bonsoir", "salut", "repete", "je", "encore", "fois", "une", "toujours", "et", "le", "la",
           "les", "l", "du", "de", "des", "un", "d"),
}  # fmt: skip
_AROUND = frozenset(word for words in AROUND.values() for word in words) | {
    word for phrases in COURTESIES.values() for phrase in phrases for word in phrase.split()
}


def is_repetition(text: str, said: str) -> bool:
    """Whether the text is what was `said` (a message a line), or one line of it, with small differences. Digits alone
    are an answer each time."""
    if not any(letter.isalpha() for letter in text):
        return False
    return any(_same(fold(text).split(), fold(part).split()) for part in (said, *said.splitlines()))


def _same(new: list[str], old: list[str]) -> bool:
    if not new or not old or new == old:
        return bool(new) and new == old
    weighty = [word for word in old if word not in _AROUND]
    if not weighty or any(word not in _AROUND and not _in(word, old) for word in new):
        return False
    return sum(_in(word, new) for word in weighty) >= _SAID * len(weighty)


def _in(word: str, words: list[str]) -> bool:
    """A number is another number as soon as one digit is another."""
    return word in words or (len(word) > 2 and word.isalpha() and any(_alike(word, one) for one in words))


def _alike(one: str, other: str) -> bool:
    if one[0] != other[0] or abs(len(one) - len(other)) > 2:
        return False
    if min(len(one), len(other)) > _SHORT:
        return SequenceMatcher(None, one, other).ratio() >= _ALIKE
    return len(one) == len(other) and sum(map(str.__ne__, one, other)) == 1
