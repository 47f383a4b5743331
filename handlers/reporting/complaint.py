"""Words that complain rather than ask: "la basura lleva días sin que la recojan" is no question about the days.

A table by language, all of them at once, compared after folding.
"""

from collections.abc import Collection, Mapping

from handlers.phrases.words import fold

COMPLAINT_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "sin que", "lleva dias", "llevan dias", "lleva semanas", "llevan semanas", "llevamos dias", "hace dias",
        "hace semanas", "hace una semana", "no pasa", "no pasan", "no paso", "no pasaron", "no ha pasado",
        "no han pasado", "no recogen", "no recogieron", "no la recogen", "no viene", "no vienen", "no vino",
    ),
    "pt": (
        "sem que", "faz dias", "ha dias", "faz semanas", "ha semanas", "faz uma semana", "nao passa", "nao passam",
        "nao passou", "nao passaram", "nao recolhem", "nao recolheram", "nao levaram", "nao vem", "nao veio",
    ),
    "en": (
        "for days", "for weeks", "for a week", "in days", "in weeks", "hasn t been", "hasnt been", "haven t been",
        "havent been", "wasn t", "wasnt", "weren t", "werent", "didn t", "didnt", "not been", "nobody came",
    ),
    "fr": (
        "sans que", "depuis des jours", "depuis des semaines", "depuis une semaine", "ca fait des jours",
        "ne passe pas", "ne passent pas", "passe plus", "passent plus", "n est pas passe", "est pas passe",
        "n ont pas ete", "ont pas ete", "n a pas ete", "a pas ete",
    ),
}  # fmt: skip
_COMPLAINS = tuple(f" {words} " for some in COMPLAINT_WORDS.values() for words in some)


def complains(text: str) -> bool:
    """Whether these words tell that something was not done, or how long it has been so."""
    folded = f" {fold(text)} "
    return any(words in folded for words in _COMPLAINS)
