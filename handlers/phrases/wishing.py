"""Who says that they want to report something, and not yet what: "quisiera reportar una situación en mi calle", "tem
uma coisa que a prefeitura deveria ver". No model is to hear a status, a question or a person's name in that.

Tables per language; all of them count at once. Compared after folding.
"""

from collections.abc import Collection, Iterable, Mapping

from rapidfuzz import fuzz

from handlers.phrases.keywords import RIGHTS, Right
from handlers.phrases.words import by_first_word, fold

WISH_WORDS: Mapping[str, Collection[str]] = {
    "es": ("quiero", "quisiera", "queria", "necesito", "deseo", "me gustaria", "vengo a", "debo", "tengo que"),
    "pt": ("quero", "queria", "gostaria de", "preciso", "desejo", "vim", "venho", "tenho que", "tenho de"),
    "en": ("want to", "wanna", "would like to", "d like to", "need to", "have to", "here to", "wish to", "got to"),
    "fr": ("veux", "voudrais", "souhaite", "aimerais", "dois", "viens", "je tiens a"),
}
# What may stand between the wish and what is wished: "je veux [vous] prévenir".
LINK_WORDS: Mapping[str, Collection[str]] = {
    "es": ("a", "le", "les", "te", "poder"),
    "pt": ("de", "a", "lhe", "te", "poder"),
    "en": ("please", "just"),
    "fr": ("vous", "te", "bien", "pouvoir", "juste"),
}
TELL_WORDS: Mapping[str, Collection[str]] = {
    "es": ("reportar", "reportarles", "avisar", "avisarles", "informar", "notificar", "hacer un reporte",
           "poner un reporte", "levantar un reporte", "denunciar", "reclamar", "quejarme", "poner una queja",
           "hacer un reclamo", "hacer una denuncia"),
    "pt": ("relatar", "reportar", "registrar", "registar", "avisar", "comunicar", "informar", "fazer um relato",
           "abrir um chamado", "fazer um pedido", "denunciar", "reclamar", "fazer uma reclamacao",
           "fazer uma denuncia"),
    "en": ("report", "notify you", "tell you about", "tell you of", "let you know", "make a report", "file a report",
           "complain", "make a complaint", "file a complaint"),
    "fr": ("signaler", "prevenir", "avertir", "declarer", "faire un signalement", "denoncer", "plaindre",
           "previens", "signale", "faire une reclamation"),
}  # fmt: skip
# Of those, what may be about the people who work for the city: that is a person's to hear.
COMPLAINING = frozenset({
    "denunciar", "reclamar", "quejarme", "complain", "denoncer", "plaindre", "queja", "reclamo", "denuncia",
    "reclamacao", "complaint", "reclamation",
})  # fmt: skip
NOT_WORDS: Mapping[str, Collection[str]] = {
    "es": ("no", "ya no", "nunca", "tampoco"),
    "pt": ("nao", "n", "nem"),
    "en": ("don t", "dont", "not", "no longer"),
    "fr": ("ne", "plus"),
}
# A report that is made already: who speaks of one wants something else of us.
MADE_WORDS: Mapping[str, Collection[str]] = {
    "es": ("mi reporte", "mis reportes", "el reporte", "al reporte", "del reporte", "mi caso", "mi reclamo"),
    "pt": ("meu pedido", "meus pedidos", "o pedido", "ao pedido", "do pedido", "meu chamado", "meu protocolo"),
    "en": ("my report", "my reports", "the report", "that report", "my case", "my ticket"),
    "fr": ("mon signalement", "mes signalements", "le signalement", "au signalement", "mon dossier"),
}
# Things that have no name yet, one of which such a message is about.
THING_WORDS: Mapping[str, Collection[str]] = {
    "es": ("algo", "cosa", "problema", "problemita", "situacion", "asunto", "tema", "inconveniente"),
    "pt": ("algo", "coisa", "problema", "problemao", "situacao", "assunto", "questao"),
    "en": ("something", "smth", "thing", "problem", "issue", "situation", "matter"),
    "fr": ("quelque chose", "qqch", "chose", "probleme", "souci", "situation", "affaire", "truc"),
}
# Where it is, or whose, as near as such a message tells it.
AROUND_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "calle",
        "barrio",
        "colonia",
        "cuadra",
        "vecindario",
        "zona",
        "ciudad",
        "municipio",
        "municipalidad",
        "alcaldia",
        "ayuntamiento",
        "gobierno",
    ),
    "pt": ("rua", "bairro", "quadra", "vizinhanca", "regiao", "cidade", "prefeitura", "municipio", "camara"),
    "en": ("street", "road", "neighbourhood", "neighborhood", "area", "block", "city", "town", "council"),
    "fr": ("rue", "quartier", "coin", "ville", "mairie", "commune", "municipalite"),
}
# All else that such a message may say.
BESIDE_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "hola", "buenas", "buenos", "dias", "tardes", "noches", "por favor", "un", "una", "unas", "otro", "otra",
        "raro", "rara", "extrano", "extrana", "distinto", "distinta", "diferente", "importante", "grave", "comun",
        "normal", "hay", "tengo", "tenemos", "es", "de", "del", "lo", "la", "el", "en", "mi", "nuestra", "nuestro",
        "aqui", "que", "q", "no", "se", "a", "quien", "con", "y", "decir", "decirle", "contar", "contarle", "avisarle",
        "deberia", "deberian", "debe", "ver", "saber", "revisar", "sobre", "al", "yo", "para", "usual", "fuera",
    ),
    "pt": (
        "oi", "ola", "bom", "boa", "dia", "tarde", "noite", "por favor", "um", "uma", "outro", "outra", "estranho",
        "estranha", "diferente", "importante", "grave", "comum", "normal", "tem", "ha", "tenho", "temos", "e", "de",
        "do", "da", "o", "a", "em", "no", "na", "minha", "meu", "nossa", "nosso", "aqui", "que", "q", "nao", "n",
        "sei", "com", "quem", "falar", "contar", "deveria", "deveriam", "deve", "ver", "saber", "olhar", "sobre", "eu",
        "para", "pra", "fora",
    ),
    "en": (
        "hi", "hello", "good", "morning", "afternoon", "evening", "please", "a", "an", "another", "other", "else",
        "strange", "weird", "odd", "unusual", "different", "important", "serious", "kind", "there", "is", "s", "i",
        "m", "ve", "got", "have", "we", "of", "out", "ordinary", "the", "in", "on", "at", "my", "our", "here", "that",
        "and", "don", "don t", "dont", "know", "who", "whom", "to", "tell", "you", "should", "ought", "needs", "see",
        "look", "about", "some", "make", "d",
    ),
    "fr": (
        "bonjour", "bonsoir", "salut", "s il vous plait", "svp", "un", "une", "autre", "etrange", "bizarre",
        "different", "differente", "important", "importante", "grave", "ordinaire", "habituel", "il", "y", "a", "j",
        "ai", "je", "c", "est", "de", "d", "du", "des", "le", "la", "l", "les", "dans", "sur", "en", "ma", "mon",
        "notre", "ici", "que", "qui", "ne", "sais", "pas", "et", "dire", "parler", "devrait", "devrait voir", "voir",
        "savoir", "regarder", "pour", "vous", "peu", "previens", "signale", "avertis", "qu",
    ),
}  # fmt: skip
TABLES: Mapping[str, Mapping[str, Collection[str]]] = {
    "WISH_WORDS": WISH_WORDS, "LINK_WORDS": LINK_WORDS, "TELL_WORDS": TELL_WORDS, "NOT_WORDS": NOT_WORDS,
    "MADE_WORDS": MADE_WORDS, "THING_WORDS": THING_WORDS, "AROUND_WORDS": AROUND_WORDS, "BESIDE_WORDS": BESIDE_WORDS,
}  # fmt: skip
_MOST = 30  # words; who has more to say has said what it is about
_LINKS = 2  # words between the wish and what is wished
_REACH = 2  # words from a "no" to what it denies
_LONG, _ALIKE = 6, 87.0  # letters from which a word may be mistyped; of two words, 0-100


def _all(table: Mapping[str, Collection[str]]) -> frozenset[str]:
    return frozenset(words for some in table.values() for words in some)


def _words(*tables: Mapping[str, Collection[str]]) -> frozenset[str]:
    return frozenset(word for table in tables for phrase in _all(table) for word in phrase.split())


_WISHES, _TELLING, _NOT = (by_first_word(_all(one)) for one in (WISH_WORDS, TELL_WORDS, NOT_WORDS))
_LINKING = _all(LINK_WORDS)
_MADE = tuple(f" {words} " for words in _all(MADE_WORDS))
_PEOPLE = frozenset(word for some in RIGHTS[Right.PERSON].values() for word in some if " " not in word)
_SOMEBODY = _PEOPLE | {"alguien", "alguem", "someone", "somebody", "quelqu"}  # whom to talk to, not what about
_THINGS, _AROUND = frozenset(words.split()[-1] for words in _all(THING_WORDS)), _words(AROUND_WORDS)
_VAGUE = _words(WISH_WORDS, LINK_WORDS, TELL_WORDS, BESIDE_WORDS) | _words(THING_WORDS) | _AROUND
_MISTAKABLE = tuple(word for word in _VAGUE if len(word) >= _LONG)


def wishes_to_report(text: str) -> bool:
    """Whether it says that its writer wants to report, whatever that is; a complaint about people is not meant."""
    words = _right(fold(text).split()) if len(text.split()) <= _MOST else []
    if not words or speaks_of_one_made(text) or not _PEOPLE.isdisjoint(words):
        return False
    return any(COMPLAINING.isdisjoint(told) for told in _told(words))


def is_vague(text: str, place: str = "") -> bool:
    """Whether all of it says that there is something to report, or a problem somewhere around; `place` are its words
    that tell the place, which may be as exact as they like."""
    words = _right(fold(text.replace(place, " ") if place else text).split())
    if not words or len(words) > _MOST or speaks_of_one_made(text) or not _VAGUE.issuperset(words):
        return False
    if not _SOMEBODY.isdisjoint(fold(text).split()):
        return False
    if any(_is_denied(words, at) for at in range(len(words)) if words[at] in _THINGS or _length(_WISHES, words, at)):
        return False
    tells = any(_length(_TELLING, words, at) for at in range(len(words)))  # "j'ai une chose à signaler"
    return not _THINGS.isdisjoint(words) and (tells or not _AROUND.isdisjoint(words))


def speaks_of_one_made(text: str) -> bool:
    folded = f" {fold(text)} "
    return any(words in folded for words in _MADE)


def _told(words: list[str]) -> Iterable[frozenset[str]]:
    """What is wished to be done, wherever the words wish to tell us of something."""
    for at in range(len(words)):
        length = _length(_WISHES, words, at)
        if not length or _is_denied(words, at):
            continue
        behind = at + length
        for begin in range(behind, min(behind + _LINKS + 1, len(words))):
            if told := _length(_TELLING, words, begin):
                yield frozenset(words[begin : begin + told])
            if words[begin] not in _LINKING:
                break


def _is_denied(words: list[str], at: int) -> bool:
    """Whether a "no" stands just before: "no hay problema", "ya no quiero reportar"."""
    return any(_length(_NOT, words, begin) for begin in range(max(0, at - _REACH), at))


def _length(phrases: Mapping[str, Iterable[tuple[str, ...]]], words: list[str], at: int) -> int:
    """How many words one of the phrases takes here; 0 where none stands."""
    found = (one for one in phrases.get(words[at], ()) if tuple(words[at : at + len(one)]) == one)
    return next((len(one) for one in found), 0)


def _right(words: list[str]) -> list[str]:
    """The words with what is mistyped put right: "qeuro relatr um problema"."""
    return [word if word in _VAGUE or len(word) < _LONG - 1 else _close(word) for word in words]


def _close(word: str) -> str:
    near = (one for one in _MISTAKABLE if one[0] == word[0] and fuzz.ratio(one, word) >= _ALIKE)
    return next(near, word)
