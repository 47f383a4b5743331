"""What people write to "is it fixed?" and "how did we do, from 1 to 5?", by words, whatever the model makes of them.

Tables by language, all of them at once, compared after folding. A word that denies weighs more than praise: "gracias,
pero sigue igual" is a no. "Ya no hay basura" is good news and "ya no hay luz" is not, so such words decide nothing.
"""

import re
from collections.abc import Collection, Mapping

from handlers.phrases.words import COURTESIES, NO, SIGNS, YES, does_not_know, fold, says

# Said with a word that denies, and meant well; or meaning either. Taken out before the rest is looked at.
BESIDE_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "no hay problema", "no hay problemas", "ya no hay problema", "sin problema", "sin problemas",
        "ningun problema", "ya no hay", "ya no esta", "ya no estan", "ya no", "no hay de que", "nada mas",
        "si no es molestia", "igualmente", "no mas gracias",
    ),
    "pt": (
        "sem problema", "sem problemas", "nenhum problema", "nao tem problema", "nao ha problema", "nao tem mais",
        "ja nao tem", "nao ha mais", "ja nao ha", "ainda bem", "nada mais", "de nada", "voltou a funcionar",
        "voltou a luz", "a luz voltou", "voltou ao normal",
    ),
    "en": (
        "no problem", "no problems", "no more problems", "no more", "no longer", "not any more", "nothing else",
        "no worries", "not bad", "couldn t be better", "can t complain", "works again", "working again", "on again",
        "still thank you",
    ),
    "fr": (
        "pas de probleme", "plus de probleme", "aucun probleme", "sans probleme", "plus aucun", "plus aucune",
        "il n y a plus", "y a plus", "n est plus", "pas mal", "rien a dire", "rien a redire", "de rien",
        "encore merci", "merci encore", "de nouveau allume", "remarche", "toujours bien",
    ),
}  # fmt: skip
BROKEN_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "no", "nop", "nel", "aun", "todavia", "sigue", "siguen", "seguimos", "continua", "esta igual", "todo igual",
        "igual que antes", "quedo igual", "lo mismo", "tampoco", "nada", "nadie", "nunca", "peor", "otra vez",
        "de nuevo", "volvio a", "volvieron a", "mentira", "falso", "mal", "a medias", "incompleto", "falta", "faltan",
        "falto", "prende y apaga", "prende y se apaga", "parpadea", "titila", "pesimo", "pesima", "horrible",
        "ni",
    ),
    "pt": (
        "nao", "naum", "n", "num", "ainda", "continua", "continuam", "segue", "seguem", "esta igual", "ta igual",
        "mesma coisa", "nada", "ninguem", "nunca", "pior", "de novo", "outra vez", "voltou", "voltaram", "mentira",
        "mal", "pela metade", "falta", "faltou", "errado", "ruim", "pessimo", "pisca", "piscando", "fica apagando",
        "piorou",
    ),
    "en": (
        "no", "not", "nope", "nah", "isn t", "isnt", "doesn t", "doesnt", "hasn t", "hasnt", "haven t", "havent",
        "didn t", "didnt", "wasn t", "wasnt", "aren t", "arent", "won t", "wont", "never", "nobody", "nothing",
        "still", "worse", "again", "same as before", "the same", "half done", "badly", "yet", "lie", "false",
        "flickers", "flickering", "terrible", "awful",
    ),
    "fr": (
        "non", "nan", "pas", "toujours", "encore", "rien", "personne", "jamais", "pire", "pareil", "meme chose",
        "comme avant", "marche plus", "fonctionne plus", "de nouveau", "a nouveau", "mensonge", "faux", "mal",
        "a moitie", "manque", "empire", "clignote", "mauvais", "nul",
    ),
    SIGNS: ("👎", "❌", "😡", "😠"),
}  # fmt: skip
FIXED_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "ya quedo", "quedo bien", "quedo muy bien", "quedo listo", "quedo perfecto", "quedo excelente", "quedo de lujo",
        "quedo resuelto", "ya esta", "ya estan", "ya funciona", "funciona", "funcionan", "ya sirve", "sirve",
        "ya prende", "si prende", "ya prendio", "encendio", "ya alumbra", "ya hay luz", "ya hay agua", "arreglado",
        "arreglada", "arreglaron", "reparado", "reparada", "repararon", "compusieron", "resuelto", "resuelta",
        "resolvieron", "solucionado", "solucionada", "solucionaron", "taparon", "limpiaron", "recogieron",
        "se lo llevaron", "se la llevaron", "todo bien", "todo en orden", "todo listo", "todo ok", "quitaron",
        "excelente",
        "buen trabajo", "perfecto", "muy bien", "bien", "no hay problema", "ya no hay problema", "listo",
    ),
    "pt": (
        "ficou bom", "ficou otimo", "ficou perfeito", "ficou resolvido", "ficou pronto", "ja ta", "ja esta",
        "resolvido", "resolvida", "resolveram", "resolveu", "consertado", "consertada", "consertaram", "arrumado",
        "arrumada", "arrumaram", "funciona", "funcionando", "ja tem luz", "ja tem agua", "acendeu", "limparam",
        "recolheram", "taparam", "levaram", "tudo certo", "tudo bem", "tudo ok", "otimo", "otima", "excelente",
        "perfeito", "bom trabalho", "pronto", "nao tem problema", "voltou a funcionar", "voltou a luz",
        "a luz voltou", "voltou ao normal", "ta bom", "bom", "boa", "aceso", "acesa",
        "deu certo", "valeu", "ficou show", "retiraram",
    ),
    "en": (
        "fixed", "repaired", "sorted", "solved", "resolved", "works", "working", "it s on", "on now", "back on",
        "gone", "cleared",
        "all good", "looks good", "looks great", "good job", "good work", "great job", "well done", "great",
        "perfect", "done", "cleaned", "collected", "removed", "filled", "no problem", "no problems", "fine", "good",
        "excellent", "lovely",
    ),
    "fr": (
        "repare", "reparee", "regle", "reglee", "ca marche", "marche", "remarche", "fonctionne",
        "c est bon", "c est fait", "tout va bien", "nickel", "parfait", "resolu", "ramasse", "nettoye", "rebouche",
        "bon travail", "beau travail", "impeccable", "super", "tres bien", "allume", "refonctionne", "arrange",
        "enleve", "enlevee", "rentre dans l ordre", "plus de probleme",
        "pas de probleme",
    ),
    SIGNS: ("👍", "👌", "✅", "🙌", "👏"),
}  # fmt: skip
GOES_ON_WORDS: Mapping[str, Collection[str]] = {  # what began earlier, and is so still or again
    "es": ("sigue", "siguen", "todavia", "aun", "continua", "otra vez", "de nuevo", "volvio a", "volvieron a"),
    "pt": ("continua", "continuam", "segue", "ainda", "de novo", "outra vez", "voltou", "voltaram"),
    "en": ("still", "again", "not yet"),
    "fr": ("toujours", "encore", "de nouveau", "a nouveau"),
}
ANOTHER_WORDS: Mapping[str, Collection[str]] = {  # before what is not the thing that we asked about
    "es": ("otro", "otra", "otros", "otras", "tambien hay", "ahora hay"),
    "pt": ("outro", "outra", "outros", "outras", "tambem tem", "agora tem"),
    "en": ("another", "other", "also", "too"),
    "fr": ("un autre", "une autre", "d autres", "aussi"),
}
SCORE_WORDS: Mapping[str, Mapping[str, int]] = {
    "es": {"uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5},
    "pt": {"um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5},
    "en": {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5},
    "fr": {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5},
}
TABLES: Mapping[str, Mapping[str, Collection[str]]] = {
    "BESIDE_WORDS": BESIDE_WORDS, "BROKEN_WORDS": BROKEN_WORDS, "FIXED_WORDS": FIXED_WORDS,
    "GOES_ON_WORDS": GOES_ON_WORDS, "ANOTHER_WORDS": ANOTHER_WORDS, "SCORE_WORDS": SCORE_WORDS,
}  # fmt: skip
_YES_ANYWHERE = frozenset({"sim", "si", "sip", "yes", "yep", "yeah", "oui", "ouais"})
_BEST = 5
_OUT_OF = re.compile(r"\b([1-5])\s*(?:/|de|of|out of|sur|em|sobre)\s*5\b")
_NO_SCORE = re.compile(r"(?<!\d)[-\u2212\u2013]\s*\d|\d[.,]\d")  # "-1", "4.5"
_STARS = "⭐🌟★"
_ARTICLES = frozenset({"un", "una", "um", "uma", "une"})  # "un cinco", "falta una"
_FEW = 4  # words in which a number is a score: "le doy un 5"


def _all(table: Mapping[str, Collection[str]]) -> list[str]:
    """The longest first: "ya no hay problema" before "ya no"."""
    return sorted((words for some in table.values() for words in some), key=len, reverse=True)


_BESIDE, _BROKEN, _FIXED = _all(BESIDE_WORDS), _all(BROKEN_WORDS), _all(FIXED_WORDS)
_THANKS = _all(COURTESIES)
_GOES_ON = _all(GOES_ON_WORDS)
_ANOTHER, _AGAIN = _all(ANOTHER_WORDS), ("otra vez", "outra vez")
_SCORES = {word: score for scores in SCORE_WORDS.values() for word, score in scores.items()}


def fixed_by_words(text: str) -> bool | None:
    """Whether it is fixed, as these words say; None where they do not tell."""
    if says(text, YES):
        return True
    if says(text, NO):
        return False
    if does_not_know(text):
        return None
    folded = f" {fold(text)} "
    rest = folded
    for words in _BESIDE:
        rest = rest.replace(f" {words} ", " | ")
    if _holds(rest, _BROKEN, text):
        return False
    begins_with_yes = next(iter(folded.split()), "") in YES
    return True if begins_with_yes or _holds(folded, _FIXED, text) else None


def may_be_fixed(text: str) -> bool:
    """Whether a yes, or the beginning of "resolved", stands anywhere in words that do not tell: "foi resollvido sim".
    A model that hears a no in them is not to be believed."""
    return fixed_by_words(text) is None and any(
        word in _YES_ANYWHERE or word.startswith("resol") for word in fold(text).split()
    )


def goes_on(text: str) -> bool:
    """Whether these words tell of something that is not fixed and was told before: "no sirve, sigue apagado"."""
    return fixed_by_words(text) is False and _holds(f" {fold(text)} ", _GOES_ON, text) and not tells_another(text)


def tells_another(text: str) -> bool:
    """Whether these words tell of another thing of the same kind."""
    folded = f" {fold(text)} "
    for words in _AGAIN:
        folded = folded.replace(f" {words} ", " | ")
    return _holds(folded, _ANOTHER, text)


def is_bare(text: str) -> bool:
    """Whether a message is an answer and nothing else: yes, no, a digit; nothing a clerk need read."""
    return says(text, YES | NO) or not fold(text) or fold(text).isdigit()


def is_thanks(text: str) -> bool:
    """Whether a courtesy says nothing else: "muchas gracias, adiós"; a word on top may be a name."""
    rest = f" {fold(text)} "
    for courtesy in _THANKS:
        rest = rest.replace(f" {courtesy} ", " ")
    return len(rest.split()) <= 1


def score_of(text: str) -> int | None:
    """1 to 5, from "5", "un 4", "4/5", "cinco" or stars; None where the words hold no score or several, less
    than none or a part of one."""
    if _NO_SCORE.search(text):
        return None
    stars = sum(text.count(star) for star in _STARS)
    if stars:
        return min(stars, _BEST)
    if out_of := _OUT_OF.search(text.lower()):
        return int(out_of[1])
    words = fold(text).split()
    if not 0 < len(words) <= _FEW:
        return None
    digits = {int(word) for word in words if word in set("12345")}
    named = {_SCORES[word] for word in words if word in _SCORES and (word not in _ARTICLES or len(words) == 1)}
    found = digits or named
    return found.pop() if len(found) == 1 else None


def _holds(folded: str, words: Collection[str], text: str) -> bool:
    return any(f" {one} " in folded or (not one.isascii() and one in text) for one in words)
