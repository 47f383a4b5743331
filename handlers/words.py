"""Whole-message words that mean the same whatever the model thinks: rights first, then yes and no, then language names.

Compared after folding (case, accents, punctuation). Sources of the SMS words: CTIA's opt-out list for English, the
everyday words for the rest.
"""

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
_MARKS = frozenset({"Mn", "Sk"})  # accents and variation selectors; skin tones of an emoji
_CLAUSE = re.compile(r"[,.;:!?\n]")

STOP = frozenset({
    "stop", "stopall", "unsubscribe", "opt out", "optout", "revoke", "stop sms", "stop messages", "no more messages",
    "stop texting me", "stop messaging me",
    "baja", "dar de baja", "darme de baja", "darse de baja", "deme de baja", "denme de baja", "desuscribir",
    "desuscribirme", "cancelar suscripcion", "parar", "pare", "alto", "no mas mensajes", "no quiero mas mensajes",
    "no mas sms", "basta de mensajes", "no me escriba mas", "no me escriban mas", "deje de escribirme",
    "dejen de escribirme",
    "sair", "sair da lista", "descadastrar", "desinscrever", "cancelar inscricao", "cancelar subscricao",
    "chega de mensagem", "chega de mensagens", "nao quero mais mensagem", "nao quero mais mensagens",
    "pare de mandar mensagem", "parem de mandar mensagem", "pare de me mandar mensagem",
    "arret", "arreter", "arretez les messages", "arretez de m ecrire", "ne m ecrivez plus", "desabonner",
    "desabonnez moi", "me desabonner", "desabonnement", "desinscrire", "desinscrivez moi", "me desinscrire",
    "desinscription", "plus de messages", "plus de sms",
    "sispann voye mesaj",
})  # fmt: skip
START = frozenset({
    "start", "unstop", "resubscribe", "opt in", "optin",
    "alta", "dar de alta", "darme de alta", "deme de alta", "denme de alta", "reactivar", "volver",
    "voltar", "quero voltar", "reativar",
    "reprendre", "reabonner", "reabonnez moi", "me reabonner", "reabonnement",
})  # fmt: skip
HELP = frozenset({
    "help", "info", "ayuda", "ajuda", "aide", "menu", "options", "opciones", "opcoes", "?",
})  # fmt: skip
YES = frozenset({
    "si", "s", "sip", "si si", "sisi", "si claro", "si dale", "si senor", "si senora", "claro", "claro que si",
    "por supuesto", "dale", "ok", "okay", "okey", "ok dale", "va", "vale", "listo", "correcto", "si correcto",
    "es correcto", "esta correcto", "exacto", "perfecto", "confirmo", "afirmativo", "esta bien", "asi es", "asi mismo",
    "eso es", "eso mismo", "de acuerdo", "aja", "orale", "simon", "cabal", "hagale", "de una", "adelante",
    "mandelo", "mandalo", "envielo", "envialo", "si mandelo", "si envielo", "👍", "👌", "✅",
    "sim", "sim sim", "sim claro", "sim senhor", "sim senhora", "isso", "isso mesmo", "isso ai", "e isso", "e isso ai",
    "certo", "ta certo", "esta certo", "tudo certo", "ta bom", "esta bom", "com certeza", "exato", "correto",
    "esta correto", "concordo", "positivo", "uhum", "aham", "pode", "pode ser", "pode sim", "pode mandar",
    "pode enviar", "sim pode", "sim pode mandar", "sim pode enviar", "manda", "mande", "envie", "beleza", "blz",
    "yes", "y", "yeah", "yea", "yep", "yup", "ok yes", "sure", "of course", "correct", "right", "exactly",
    "thats right", "that s right", "that is right", "thats correct", "that s correct", "that is correct",
    "confirm", "confirmed", "go ahead", "send it", "yes send it",
    "oui", "oui oui", "ouais", "ouaip", "oue", "wi", "o", "oui c est ca", "oui c est bon", "d accord", "daccord",
    "dakor", "c est ca", "cest ca", "c est bon", "cest bon", "c est correct", "c est exact", "c est juste", "exact",
    "exactement", "tout a fait", "bien sur", "parfait", "entendu", "volontiers", "ca marche", "je confirme",
    "allez y", "vas y", "envoyez", "ok envoyez", "envoie",
})  # fmt: skip
NO = frozenset({
    "no", "n", "nop", "nope", "nah", "nel", "no no", "no senor", "no senora", "para nada", "claro que no", "negativo",
    "incorrecto", "es incorrecto", "no es correcto", "equivocado", "esta mal", "no esta bien", "asi no", "no es asi",
    "eso no", "eso no es",
    "nao", "naum", "nao nao", "nao senhor", "nao senhora", "nao quero", "de jeito nenhum", "errado", "ta errado",
    "esta errado", "incorreto", "nao e isso", "nao esta certo", "nao ta certo", "nada disso",
    "non", "nan", "nn", "non non", "mais non", "pas du tout", "pas d accord", "faux", "c est faux", "incorrect",
    "c est pas ca", "ce n est pas ca", "cest pas ca", "c est pas bon", "ce n est pas bon", "negatif",
    "wrong", "thats wrong", "that s wrong", "that is wrong", "it s wrong", "not right", "that s not right",
    "thats not right", "that is not right", "negative", "👎", "❌",
})  # fmt: skip
LANGUAGE_NAMES = {
    "es": ("espanol", "castellano", "spanish", "espanhol", "espagnol", "es"),
    "pt": ("portugues", "portuguese", "portugais", "pt"),
    "en": ("english", "ingles", "anglais", "en"),
    "fr": ("francais", "french", "frances", "fr"),
}
_LANGUAGE_OF = {name: code for code, names in LANGUAGE_NAMES.items() for name in names if len(name) > 2}
COURTESIES = (
    "muchas gracias", "mil gracias", "gracias", "por favor", "porfavor", "porfa",
    "muito obrigado", "muito obrigada", "obrigado", "obrigada", "viu",
    "thank you very much", "thank you", "thanks", "please", "pls",
    "merci beaucoup", "merci bien", "merci", "s il vous plait", "s il te plait", "svp", "stp",
)  # fmt: skip
_REFUSING = frozenset({"no", "not", "don", "dont", "cant", "nao", "pas", "non", "sin", "sem", "sans", "without"})
_REFUSED_WITHIN = 3  # words from the refusal to the name: "no hablo bien inglés"


def fold(text: str) -> str:
    """Lower case, no accents, words with single spaces. Signs alone ("?", "👍") are kept, without their skin tone."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) not in _MARKS)
    return " ".join(_WORD.findall(bare)) or bare.strip()


def says(text: str, words: frozenset[str]) -> bool:
    """Whether the whole message is one of the words: "siii", "no, gracias" and "yes please!" too."""
    folded = fold(text)
    return folded in words or _plain(folded) in words


def _plain(folded: str) -> str:
    """Without thanks and please around it, and without letters drawn out at its end."""
    for courtesy in COURTESIES:
        folded = folded.removeprefix(f"{courtesy} ").removesuffix(f" {courtesy}")
    return re.sub(r"(.)\1+$", r"\1", folded)


def language_named(text: str) -> str | None:
    """The language that the text asks for: "en español por favor" -> es; two-letter codes only alone. One that is
    refused ("no hablo inglés") is not asked for."""
    folded = fold(text)
    named = [code for code, refused in _languages_in(text) if not refused]
    return folded if folded in LANGUAGE_NAMES else next(iter(named), None)


def languages_refused(text: str) -> frozenset[str]:
    """The languages of "I don't speak Spanish"."""
    return frozenset(code for code, refused in _languages_in(text) if refused)


def _languages_in(text: str) -> Iterator[tuple[str, bool]]:
    """Each language named, in the order of the words, and whether the words before it refuse it."""
    for clause in _CLAUSE.split(text):
        words = fold(clause).split()
        for position, word in enumerate(words):
            code = _LANGUAGE_OF.get(word)
            if code:
                before = words[max(0, position - _REFUSED_WITHIN) : position]
                yield code, not _REFUSING.isdisjoint(before)
