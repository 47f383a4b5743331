"""Words by which people put a report right, per language; all languages count at once. Compared after folding."""

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from handlers.phrases.contrast import SAYING_WORDS
from handlers.phrases.words import fold
from nlu.street_words import is_type

# How people begin to put something right, where the model hears something else.
CORRECTING: Mapping[str, tuple[str, ...]] = {
    "es": ("me equivoque", "equivoque", "quise decir", "queria decir", "corrijo", "corregir", "correccion",
           "error mio", "puse mal", "di mal", "escribi mal", "perdon es", "calle es otra", "direccion es otra",
           "numero es otro", "lugar es otro"),
    "pt": ("errei", "me enganei", "quis dizer", "queria dizer", "corrijo", "corrigir", "correcao", "erro meu",
           "coloquei errado", "passei errado", "escrevi errado", "desculpa e", "desculpe e", "rua e outra",
           "endereco e outro", "numero e outro", "lugar e outro"),
    "en": ("i meant", "my mistake", "correction", "correct my", "correct the", "i made a mistake",
           "i got the", "wrong number", "wrong street", "wrong place", "wrong address", "sorry it s",
           "street is another", "address is another", "place is another", "street is a different",
           "address is different", "number is different"),
    "fr": ("je me suis trompe", "me suis trompe", "me suis trompee", "je voulais dire", "corriger", "correction",
           "je corrige", "erreur de ma part", "j ai mal", "pardon c est", "desole c est", "rue est une autre",
           "c est une autre rue", "adresse est une autre", "pas la bonne rue", "pas la bonne adresse"),
}  # fmt: skip
# What such a sentence says besides: with nothing more than this, what is wrong is still to be told.
SMALL: Mapping[str, tuple[str, ...]] = {
    "es": ("me", "mi", "el", "la", "lo", "los", "en", "de", "un", "una", "que", "hay", "quiero", "quisiera", "puedo",
           "necesito", "reporte", "datos", "dato", "algo", "esta", "estan", "mal", "error", "perdon", "disculpe", "no",
           "equivocado", "equivocada", "equivocados", "cambiar", "hola", "eso"),
    "pt": ("me", "meu", "o", "a", "os", "no", "na", "de", "um", "uma", "que", "tem", "quero", "queria", "posso",
           "preciso", "pedido", "dados", "dado", "algo", "esta", "estao", "errado", "errada", "erro", "desculpa",
           "desculpe", "nao", "mudar", "trocar", "oi", "ola", "isso"),
    "en": ("i", "my", "the", "a", "in", "of", "to", "want", "d", "like", "would", "can", "need", "report", "something",
           "is", "was", "wrong", "error", "mistake", "sorry", "not", "no", "change", "hello", "hi", "that", "it",
           "made", "details", "please"),
    "fr": ("je", "j", "mon", "le", "la", "les", "en", "de", "d", "un", "une", "me", "suis", "ai", "veux", "voudrais",
           "peux", "signalement", "quelque", "chose", "est", "faux", "fausse", "erreur", "pardon", "desole", "non",
           "pas", "changer", "bonjour", "ca", "c", "trompe", "trompee"),
}  # fmt: skip
# "The right address is ...": which, of what, and how it goes on.
RIGHT: Mapping[str, tuple[str, ...]] = {
    "es": ("correcta", "correcto", "buena", "exacta", "verdadera"),
    "pt": ("certo", "certa", "correto", "correta", "exato"),
    "en": ("right", "correct", "real", "actual", "exact"),
    "fr": ("bonne", "bon", "correcte", "exacte", "vraie"),
}
RIGHT_OF: Mapping[str, tuple[str, ...]] = {
    "es": ("direccion", "calle", "lugar", "ubicacion", "esquina", "numero", "sitio"),
    "pt": ("endereco", "rua", "lugar", "local", "localizacao", "esquina", "numero"),
    "en": ("address", "adress", "street", "place", "location", "corner", "number", "one"),
    "fr": ("adresse", "rue", "endroit", "lieu", "emplacement", "numero"),
}
RIGHT_IS: Mapping[str, tuple[str, ...]] = {
    "es": ("es", "era", "seria"), "pt": ("e", "eh", "era", "seria"), "en": ("is", "s", "was"),
    "fr": ("est", "c", "cest", "etait"),
}  # fmt: skip
# Where the noun is left out: "la buena es la calle Molino".
RIGHT_ONE: Mapping[str, tuple[str, ...]] = {
    "es": ("la buena", "la correcta"), "pt": ("o certo", "o correto"), "en": ("the right", "the correct"),
    "fr": ("la bonne", "le bon"),
}  # fmt: skip
# What a message tells of another problem by, though it tells but a place.
ANOTHER: Mapping[str, tuple[str, ...]] = {
    "es": ("tambien", "y", "ademas", "mismo", "igual"),
    "pt": ("tambem", "alem", "mesmo", "mesma", "igual"),
    "en": ("also", "another", "and", "too", "same"),
    "fr": ("aussi", "encore", "et", "meme"),
}
# How a place is said to be the one, beside "es", "c'est", "it's".
PLACING: Mapping[str, tuple[str, ...]] = {
    "es": ("numero", "direccion", "queda", "perdon", "realidad"),
    "pt": ("numero", "endereco", "fica", "desculpa", "verdade"),
    "en": ("number", "address", "actually", "sorry"),
    "fr": ("numero", "adresse", "fait", "pardon"),
}
_RIGHT, _RIGHT_OF, _RIGHT_IS, _RIGHT_ONE = (
    frozenset(word for words in table.values() for word in words) for table in (RIGHT, RIGHT_OF, RIGHT_IS, RIGHT_ONE)
)
_LONG = 5  # letters from which one may be wrong, or two swapped
_BEFORE = 6  # words before it: "hola, perdón, me equivoqué: la ..."
ANOTHER_WORDS = frozenset(word for words in ANOTHER.values() for word in words)
PLACING_WORDS = SAYING_WORDS | {word for words in PLACING.values() for word in words}
_PHRASES = tuple(f" {phrase} " for phrases in CORRECTING.values() for phrase in phrases)
SMALL_WORDS = frozenset(word for words in SMALL.values() for word in words) | {
    word for phrases in CORRECTING.values() for phrase in phrases for word in phrase.split()
}


def tells_right_place(text: str) -> bool:
    """Whether it says which place is the right one: "sorry, the right address is 40 Mill Road". Where the noun is left
    out, a type of street has to follow."""
    words = fold(text).split()
    for at in range(min(_BEFORE, len(words) - 3) + 1):
        pair, verb, behind = words[at : at + 2], words[at + 2 : at + 3], words[at + 3 :]
        if not behind or _RIGHT_IS.isdisjoint(verb):
            continue
        if (_is(pair[0], _RIGHT) and _is(pair[1], _RIGHT_OF)) or (_is(pair[0], _RIGHT_OF) and _is(pair[1], _RIGHT)):
            return True
        if " ".join(pair) in _RIGHT_ONE and any(is_type(word) for word in behind):
            return True
    return False


def _is(word: str, of: frozenset[str]) -> bool:
    if word in of:
        return True
    near = (one for one in of if len(one) >= _LONG and one[0] == word[0])  # "light" is not "right"
    return len(word) >= _LONG and any(OSA.distance(one, word, score_cutoff=1) <= 1 for one in near)


def begins_to_correct(folded: str) -> bool:
    """Whether one of the phrases stands in it; "quería decir que ..." only begins to tell."""
    return any(phrase in folded and f"{phrase}que " not in folded for phrase in _PHRASES)
