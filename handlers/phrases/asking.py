"""How people ask after something they have reported: "¿y el foco?", "any news on the lamp?". Whoever has reported none
means a report, so these words alone decide nothing.

A table per language; all of them count at once. Compared after folding.
"""

from collections.abc import Collection, Mapping
from itertools import pairwise

from rapidfuzz.distance import OSA

from handlers.phrases.words import by_first_word, fold

ASKING_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "como va", "como van", "como sigue", "como esta", "como anda", "que paso con", "q paso con", "que hubo con",
        "que hay de", "que hay con", "que se sabe", "que saben", "novedades", "novedad", "noticias", "en que va",
        "en que quedo", "en que esta", "cuando arreglan", "cuando lo", "cuando la", "cuando van a", "cuando vienen",
        "cuando reparan", "para cuando", "y lo de", "y lo del",
    ),
    "pt": (
        "como vai", "como ta", "como esta", "como anda", "como ficou", "o que houve com", "o que aconteceu com",
        "que fim levou", "tem noticia", "noticias", "novidade", "novidades", "em que pe", "quando vao", "quando vai",
        "quando arrumam", "quando consertam", "quando vem",
    ),
    "en": (
        "how is", "how s", "hows", "how are", "any news", "any update", "any updates", "what about",
        "what happened to", "what happened with", "what s happening with", "whats happening with", "when will",
        "when are you", "when is", "have you fixed", "did you fix", "has anyone", "status of", "update on", "news on",
    ),
    "fr": (
        "ou en est", "ou en sont", "c en est ou", "ou ca en", "ou c en est",
        "et pr", "du nouveau", "des nouvelles", "qu en est il", "quand est ce que",
        "quand allez", "quand va", "quand vont", "avez vous repare", "vous avez repare", "ca avance",
        "que devient", "et pour",
    ),
}  # fmt: skip
# Enough in a message of a few words: "¿y la lámpara?", "e o poste?"
AND_WORDS: Mapping[str, Collection[str]] = {
    "es": ("y el", "y la", "y mi", "y los", "y las"),
    "pt": ("e o", "e a", "e meu", "e minha"),
    "en": (
        "and the",
        "and my",
        "is the",
        "is my",
        "are the",
        "has the",
        "have they",
        "did they",
        "did you",
        "have you",
    ),
    "fr": ("et le", "et la", "et les", "et mon", "et ma", "et l", "avez vous", "est ce que", "ont ils"),
}
# Whole messages that ask for all of one's own; one letter may be wrong, or two swapped.
OWN_WORDS: Mapping[str, Collection[str]] = {
    "es": ("mis reportes", "quiero ver mis reportes", "ver mis reportes", "mis reclamos", "mis denuncias"),
    "pt": (
        "meus pedidos", "os meus pedidos", "quero ver os meus pedidos", "quero ver meus pedidos", "ver meus pedidos",
        "meus chamados", "meus protocolos",
    ),
    "en": ("my reports", "see my reports", "show my reports", "i want to see my reports", "show me my reports"),
    "fr": ("mes signalements", "voir mes signalements", "je veux voir mes signalements", "mes demandes"),
}  # fmt: skip
# "¿Ya taparon ...?", "já taparam ...?": a word, and how the verb behind it ends.
DONE_WORDS: Mapping[str, tuple[str, str]] = {"es": ("ya", "ron"), "pt": ("ja", "ram")}
TABLES: Mapping[str, Mapping[str, Collection[str]]] = {
    "ASKING_WORDS": ASKING_WORDS, "AND_WORDS": AND_WORDS, "OWN_WORDS": OWN_WORDS,
}  # fmt: skip
_FEW, _MOST = 6, 14  # words; who has more to say reports
_EARLY = 5  # words before the question: "hola buenas tardes, cómo va ...", "e o pedido de iluminação, como anda?"
_OWN = tuple(words for some in OWN_WORDS.values() for words in some)
_MISTAKABLE = 10  # letters of such a message from which one may be wrong
_ASKING = by_first_word(words for some in ASKING_WORDS.values() for words in some)
_AND = tuple(f"{words} " for some in AND_WORDS.values() for words in some)


def asks_after(text: str) -> bool:
    """Whether it is put like a question after something known."""
    folded = fold(text)
    words = folded.split()
    if len(words) > _MOST:
        return False
    if len(words) <= _FEW and folded.startswith(_AND):
        return True
    if any(one == word and other.endswith(end) for one, other in pairwise(words) for word, end in DONE_WORDS.values()):
        return True
    return asks_outright(text)


def asks_for_own(text: str) -> bool:
    """Whether the whole message is "my reports", with one letter wrong or two swapped at most."""
    folded = fold(text)
    if folded in _OWN:
        return True
    near = (own for own in _OWN if abs(len(own) - len(folded)) <= 1 and len(own) >= _MISTAKABLE)
    initials = [word[0] for word in folded.split()]  # "mis deportes" are others
    alike = (own for own in near if [word[0] for word in own.split()] == initials)
    return any(OSA.distance(own, folded, score_cutoff=1) <= 1 for own in alike)


def asks_outright(text: str) -> bool:
    """Whether it begins with "how is", "any news": nobody tells of a problem so."""
    words = fold(text).split()
    starts = range(min(_EARLY + 1, len(words))) if len(words) <= _MOST else ()
    return any(tuple(words[at : at + len(asking)]) == asking for at in starts for asking in _ASKING.get(words[at], ()))
