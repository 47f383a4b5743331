"""Whole-message words that mean the same whatever the model thinks: rights first, then yes and no, then language names.

Compared after folding (case, accents, punctuation). Sources of the SMS words: CTIA's opt-out list for English, the
everyday words for the rest.
"""

import re
import unicodedata

_WORD = re.compile(r"\w+")

STOP = frozenset({
    "stop", "stopall", "unsubscribe",
    "baja", "dar de baja", "darme de baja", "parar", "pare", "alto", "no mas mensajes", "basta de mensajes",
    "sair", "cancelar inscricao", "chega de mensagens", "pare de mandar mensagem",
    "arret", "arreter", "stop sms", "desabonner", "desinscription", "plus de messages",
})  # fmt: skip
START = frozenset({
    "start", "unstop", "alta", "darme de alta", "volver", "voltar", "quero voltar", "reprendre", "reabonner",
})  # fmt: skip
HELP = frozenset({"help", "info", "ayuda", "ajuda", "aide", "menu", "?"})
YES = frozenset({
    "si", "s", "sip", "claro", "dale", "ok", "okay", "va", "correcto", "esta bien", "asi es", "de acuerdo", "👍",
    "sim", "isso", "isso mesmo", "certo", "ta certo", "pode", "pode ser", "beleza",
    "yes", "y", "yeah", "yep", "sure", "correct", "right", "thats right",
    "oui", "ouais", "o", "d accord", "c est ca", "c est bon", "exact",
})  # fmt: skip
NO = frozenset({
    "no", "n", "nop", "nope", "nah", "incorrecto", "esta mal", "asi no",
    "nao", "errado", "ta errado", "non", "nan", "pas du tout", "c est faux", "wrong", "👎",
})  # fmt: skip
LANGUAGE_NAMES = {
    "es": ("espanol", "castellano", "spanish", "espanhol", "espagnol", "es"),
    "pt": ("portugues", "portuguese", "portugais", "pt"),
    "en": ("english", "ingles", "anglais", "en"),
    "fr": ("francais", "french", "frances", "fr"),
}


def fold(text: str) -> str:
    """Lower case, no accents, words with single spaces. Signs alone ("?", "👍") are kept."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare)) or bare.strip()


def language_named(text: str) -> str | None:
    """The language whose name stands in the text: "en español por favor" -> es; two-letter codes only alone."""
    folded = fold(text)
    for code, names in LANGUAGE_NAMES.items():
        if folded == code or any(name in folded.split() for name in names if len(name) > 2):
            return code
    return None
