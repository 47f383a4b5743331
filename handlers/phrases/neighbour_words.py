"""What people write about neighbours' reports: "me too", "none of them", "the second one", "I follow it no more".

Compared after folding. A table per language; all of them count at once.
"""

import re
from collections.abc import Collection, Mapping

from rapidfuzz.distance import OSA

from handlers.phrases.naming import services_named
from handlers.phrases.words import NO, YES, fold, says, with_short_no_in_full, without_courtesies

JOIN_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "yo tambien", "a mi tambien", "tambien yo", "ese", "ese mismo", "esa", "esa misma", "es ese", "es esa",
        "es el mismo", "es la misma", "es lo mismo", "lo mismo", "el mismo", "la misma", "me sumo", "sumeme", "me uno",
        "unirme", "quiero sumarme", "anoteme ahi",
    ),
    "pt": (
        "eu tambem", "tambem eu", "esse", "esse mesmo", "essa", "essa mesma", "esse ai", "e esse", "e essa",
        "e esse mesmo", "e o mesmo", "e a mesma", "o mesmo", "a mesma", "me inclui", "me inclua", "quero participar",
        "entro nesse",
    ),
    "en": (
        "me too", "same here", "that one", "this one", "that s it", "thats it", "that s the one", "thats the one",
        "it s that one", "its that one", "the same", "same one", "the same one", "same", "it s the same",
        "its the same", "add me", "join", "i join", "count me in",
    ),
    "fr": (
        "moi aussi", "celui la", "celui ci", "c est celui la", "c est celui ci", "c est le meme", "cest le meme",
        "le meme", "la meme", "c est la meme", "ajoutez moi", "je me joins",
    ),
    "ht": ("mwen menm tou", "mwen tou"),
}  # fmt: skip
NONE_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "ninguno", "ninguna", "ninguno de esos", "ninguno de estos", "ninguna de esas",
        "ninguna de estas", "no es ninguno", "no es ninguna", "no es ninguno de esos",
        "no es ninguno de estos", "no es ese", "no es esa", "otro", "otra", "es otro", "es otra", "no es otro",
        "no es otra", "es otro distinto", "es otro diferente", "es diferente", "es distinto", "es nuevo",
        "mande el mio", "manda el mio", "mandar el mio", "el mio", "uno nuevo", "no es el mismo", "no es la misma",
        "no es lo mismo",
    ),
    "pt": (
        "nenhum", "nenhuma", "nenhum deles", "nenhum desses", "nenhum destes", "nenhuma dessas", "nao e nenhum",
        "nao e nenhum desses", "nao e esse", "nao e essa", "outro", "outra", "e outro", "e outra", "nao e outro",
        "nao e outra", "e diferente", "e novo", "mande o meu", "manda o meu", "o meu", "um novo", "nao e o mesmo",
        "nao e a mesma",
    ),
    "en": (
        "none", "none of them", "none of these", "none of those", "neither", "it s not", "it isn t", "not that one",
        "not one of those", "not one of these", "it s not one of those", "it s a different one", "its a different one",
        "a different one", "different", "different one", "another one", "another", "it s another one",
        "its another one", "a new one", "it s new", "send mine", "mine", "not the same", "it s not the same",
        "its not the same",
    ),
    "fr": (
        "aucun", "aucune", "aucun de ceux la", "aucun de ceux ci", "aucun des deux", "aucun des trois", "pas celui la",
        "ni l un ni l autre", "un autre", "une autre", "c est un autre", "c est une autre", "c est different",
        "c est nouveau", "un nouveau", "envoyez le mien", "le mien", "ce n est pas le meme", "c est pas le meme",
        "pas le meme",
    ),
    "ht": ("okenn",),
}  # fmt: skip
ORDINAL_WORDS: Mapping[str, tuple[Collection[str], ...]] = {
    "es": (("primero", "primera", "primer", "1ro", "1ra", "1o"), ("segundo", "segunda", "2do", "2da", "2o"),
           ("tercero", "tercera", "tercer", "3ro", "3ra", "3o")),
    "pt": (("primeiro", "primeira"), ("segundo", "segunda"), ("terceiro", "terceira")),
    "en": (("first", "1st"), ("second", "2nd"), ("third", "3rd")),
    "fr": (("premier", "premiere", "1er"), ("deuxieme", "second", "seconde", "2eme"), ("troisieme", "3eme")),
}  # fmt: skip
# Enough by themselves. "Ya no quiero seguir" is not: it may be somebody who does not want to live.
LEAVE_WORDS: Mapping[str, Collection[str]] = {
    "es": ("dejar de seguir", "dejo de seguir", "dejar de seguirlo", "ya no lo sigo", "ya no sigo"),
    "pt": (
        "deixar de seguir", "parar de seguir", "deixar de acompanhar", "parar de acompanhar",
        "nao quero mais acompanhar", "nao sigo mais",
    ),
    "en": ("unfollow", "stop following", "stop following it", "i unfollow"),
    "fr": (
        "ne plus suivre", "arreter de suivre", "je ne veux plus suivre", "je veux plus suivre", "je ne suis plus",
        "ne plus le suivre", "je ne souhaite plus suivre", "arretez de suivre",
    ),
}  # fmt: skip
# With the number of a report, or the word for one, behind them.
LEAVE_THIS_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "ya no quiero seguir", "no quiero seguir", "ya no quiero saber de", "no quiero saber mas de", "quiteme",
        "quitame", "quitarme", "saqueme", "sacame", "sacarme", "salir", "salirme", "bajarme", "deme de baja",
        "darme de baja", "baja", "no me avise mas", "no me avisen mas", "ya no me avise", "ya no me avisen",
        "no quiero mas avisos", "no quiero mas noticias", "no quiero mas novedades", "no mas avisos",
        "ya no quiero recibir avisos", "no quiero recibir mas avisos", "ya no quiero avisos",
    ),
    "pt": (
        "nao quero mais seguir", "nao quero seguir", "nao quero mais saber", "me tira", "me tire", "me remova", "sair",
        "quero sair", "nao me avise mais", "nao me avisem mais", "nao quero mais avisos", "nao quero mais noticias",
        "nao quero acompanhar", "descadastrar", "nao quero mais receber avisos", "nao quero receber mais avisos",
    ),
    "en": (
        "i don t want to follow", "i dont want to follow", "i no longer want to follow", "don t follow", "leave",
        "i leave", "i want to leave", "remove me from", "remove me", "take me off", "no more news",
        "no more news about", "i don t want news", "i don t want any more news", "stop news", "stop updates",
        "no more updates", "stop", "i don t want to get any more news", "i don t want to receive any more news",
    ),
    "fr": (
        "plus de nouvelles", "retirez moi", "enlevez moi", "je ne veux plus de nouvelles", "je veux plus de nouvelles",
        "quitter", "je quitte", "ne me prevenez plus", "arret", "arreter", "desabonnez moi",
        "je ne veux plus recevoir de nouvelles", "je veux plus recevoir de nouvelles",
    ),
}  # fmt: skip
_WISHES = ("quiero ", "quisiera ", "deseo ", "por favor ", "quero ", "gostaria de ", "i want to ", "i d like to ",
           "please ", "can i ", "puedo ", "posso ", "je veux ", "je voudrais ", "je souhaite ", "puis je ")  # fmt: skip
_FILLING = frozenset({
    "a", "about", "al", "any", "anymore", "ce", "celui", "cet", "con", "da", "de", "del", "do", "du", "el", "esa",
    "ese", "essa", "esse", "esta", "este", "for", "from", "it", "la", "las", "le", "les", "lo", "los", "mais", "mas",
    "meu", "mi", "mon", "more", "my", "n", "no", "nro", "number", "numero", "o", "of", "on", "plus", "that", "the",
    "this", "ya",
})  # fmt: skip
_REPORTS = frozenset({
    "reporte", "reportes", "reclamo", "aviso", "denuncia", "folio", "caso", "pedido", "pedidos", "protocolo", "chamado",
    "report", "reports", "case", "ticket", "signalement", "signalements", "dossier",
})  # fmt: skip
_LONG = 5  # letters from which a word may be mistyped, beside a number that tells which report is meant
_FEW = 5  # words: in a longer message "the second" or "2" is something else
_DIGITS = frozenset("123456789")
_CHOOSING = frozenset({
    "el", "la", "opcion", "numero", "nro", "si", "es", "al", "por", "favor", "opcao", "sim", "o", "a", "e", "the",
    "number", "option", "yes", "it", "s", "is", "please", "le", "oui", "c", "est", "n", "join",
})  # fmt: skip
TABLES: Mapping[str, Mapping[str, Collection[object]]] = {
    "JOIN_WORDS": JOIN_WORDS, "NONE_WORDS": NONE_WORDS, "ORDINAL_WORDS": ORDINAL_WORDS, "LEAVE_WORDS": LEAVE_WORDS,
    "LEAVE_THIS_WORDS": LEAVE_THIS_WORDS,
}  # fmt: skip


def _all(table: Mapping[str, Collection[str]]) -> frozenset[str]:
    return frozenset(words for some in table.values() for words in some)


_JOIN, _NONE = _all(JOIN_WORDS), _all(NONE_WORDS)
_LEAVE = sorted(_all(LEAVE_WORDS), key=len, reverse=True)
_LEAVE_THIS = sorted(_all(LEAVE_THIS_WORDS), key=len, reverse=True)
_LEAVING = frozenset(word for phrase in (*_LEAVE, *_LEAVE_THIS) for word in phrase.split()) | _FILLING | _REPORTS
_MISTAKABLE = tuple(sorted(word for word in _LEAVING if len(word) >= _LONG))
_ORDINALS = {word: at for places in ORDINAL_WORDS.values() for at, words in enumerate(places) for word in words}


def says_join(text: str) -> bool:
    """ "Me too", with a yes before it or without."""
    return says(text, _JOIN) or _behind_one(text, YES) in _JOIN


def says_none(text: str) -> bool:
    """ "None of them", with a no before it or without."""
    return says(text, _NONE) or _behind_one(text, NO) in _NONE


def begins_with_no(text: str) -> bool:
    return fold(text).partition(" ")[0] in NO


def _behind_one(text: str, words: frozenset[str]) -> str:
    """What stands behind the first word, where that is one of these."""
    first, _, rest = fold(text).partition(" ")
    return rest if first in words else ""


def ordinal(text: str) -> int | None:
    """Which one of a list a short answer means, from 0: "la segunda", "opción 2", "si, el 1"."""
    words = fold(text).split()
    if len(words) > _FEW:
        return None
    said = {_ORDINALS[word] for word in words if word in _ORDINALS}
    if all(word in _CHOOSING or word.isdigit() or word in _ORDINALS for word in words):  # not "hace 2 días", "calle 2"
        said |= {int(word) - 1 for word in words if word in _DIGITS}
    return said.pop() if len(said) == 1 else None


def says_leave(text: str, number: str | None) -> bool:
    """Whether the whole message is that its writer follows a report no more; `number` is the one it names."""
    words = with_short_no_in_full(without_courtesies(fold(text)))
    if number:
        words = " ".join(map(_right, _without_number(words, number).split()))
    for wish in _WISHES:
        words = words.removeprefix(wish)
    rest = _behind(words, _LEAVE)
    if rest is not None:
        about = len(rest.split()) <= _FEW and bool(services_named(rest))
        return number is not None or about or all(word in _FILLING | _REPORTS for word in rest.split())
    rest = _behind(words, _LEAVE_THIS)
    if rest is None or not (number or not _REPORTS.isdisjoint(rest.split())):
        return False
    beside = [word for word in rest.split() if word not in _FILLING | _REPORTS]
    return all(services_named(word) for word in beside)


def _right(word: str) -> str:
    """The word of such a sentence that this is with one letter wrong, or two swapped."""
    if word in _LEAVING or len(word) < _LONG:
        return word
    return next((one for one in _MISTAKABLE if OSA.distance(one, word, score_cutoff=1) <= 1), word)


def _behind(words: str, phrases: Collection[str]) -> str | None:
    """What stands behind one of the phrases, the longest first; None where the words begin with none."""
    return next((words[len(one) :].strip() for one in phrases if f"{words} ".startswith(f"{one} ")), None)


def _without_number(words: str, number: str) -> str:
    """As it may have been typed: in one piece or two, with an O for a 0."""
    zero, one = str.maketrans({"0": "[0o]", "1": "[1il]"}), number.lower().split("-")
    halves = [half.translate(zero) for half in one]
    return " ".join(re.sub(rf"\b{halves[0]} ?{halves[1]}\b", " ", words).split())
