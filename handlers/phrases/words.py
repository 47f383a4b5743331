"""Whole-message words that mean the same whatever the model thinks: yes and no, then language names. Rights, which come
before them, stand in handlers/phrases/keywords.py.

Compared after folding (case, accents, punctuation). Each table is keyed by language, so that a new language is seen to
lack its words; all of them count at once, for nobody's language is known at the first message. Signs alone stand under
`SIGNS`.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

_WORD = re.compile(r"\w+")
_MARKS = frozenset({"Mn", "Sk"})  # accents and variation selectors; skin tones of an emoji
_CLAUSE = re.compile(r"[,.;:!?\n]")

SIGNS = ""

YES_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "si", "s", "sip", "si si", "sisi", "si claro", "si dale", "si senor", "si senora", "claro", "claro que si",
        "por supuesto", "dale", "okey", "ok dale", "va", "vale", "listo", "correcto", "si correcto",
        "es correcto", "esta correcto", "exacto", "perfecto", "confirmo", "afirmativo", "esta bien", "asi es",
        "asi mismo", "eso es", "eso mismo", "de acuerdo", "aja", "orale", "simon", "cabal", "hagale", "de una",
        "adelante", "mandelo", "mandalo", "envielo", "envialo", "si mandelo", "si envielo",
    ),
    "pt": (
        "sim", "sim sim", "sim claro", "sim senhor", "sim senhora", "isso", "isso mesmo", "isso ai", "e isso",
        "e isso ai", "certo", "ta certo", "esta certo", "tudo certo", "ta bom", "esta bom", "com certeza", "exato",
        "correto", "esta correto", "concordo", "positivo", "uhum", "aham", "pode", "pode ser", "pode sim",
        "pode mandar", "pode enviar", "sim pode", "sim pode mandar", "sim pode enviar", "manda", "mande", "envie",
        "beleza", "blz",
    ),
    "en": (
        "yes", "y", "yeah", "yea", "yep", "yup", "ok", "okay", "ok yes", "sure", "of course", "correct", "right",
        "exactly", "thats right", "that s right", "that is right", "thats correct", "that s correct",
        "that is correct", "confirm", "confirmed", "go ahead", "send it", "yes send it",
    ),
    "fr": (
        "oui", "oui oui", "ouais", "ouaip", "oue", "o", "oui c est ca", "oui c est bon", "d accord", "daccord",
        "c est ca", "cest ca", "c est bon", "cest bon", "c est correct", "c est exact", "c est juste", "exact",
        "exactement", "tout a fait", "bien sur", "parfait", "entendu", "volontiers", "ca marche", "je confirme",
        "allez y", "vas y", "envoyez", "ok envoyez", "envoie",
    ),
    "ht": ("wi", "dakor"),
    SIGNS: ("👍", "👌", "✅"),
}  # fmt: skip
NO_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "no", "n", "nop", "nel", "no no", "no senor", "no senora", "para nada", "claro que no", "negativo",
        "incorrecto", "es incorrecto", "no es correcto", "equivocado", "esta mal", "no esta bien", "asi no",
        "no es asi", "eso no", "eso no es",
    ),
    "pt": (
        "nao", "naum", "n", "nop", "nao nao", "nao senhor", "nao senhora", "nao quero", "de jeito nenhum", "errado",
        "ta errado", "esta errado", "incorreto", "nao e isso", "nao esta certo", "nao ta certo", "nada disso",
    ),
    "en": (
        "nope", "nah", "wrong", "thats wrong", "that s wrong", "that is wrong", "it s wrong", "not right",
        "that s not right", "thats not right", "that is not right", "negative",
    ),
    "fr": (
        "non", "nan", "nn", "non non", "mais non", "pas du tout", "pas d accord", "faux", "c est faux", "incorrect",
        "c est pas ca", "ce n est pas ca", "cest pas ca", "c est pas bon", "ce n est pas bon", "negatif",
    ),
    SIGNS: ("👎", "❌"),
}  # fmt: skip
# How "I don't know" begins. "No se" without its accent begins other sentences too: "no se ve nada".
UNKNOWN_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "no lo se", "no se como", "no se cual", "no se donde", "no se que", "no se bien", "no se decir",
        "no se exactamente", "no se el nombre", "no se la calle", "no se la direccion", "no se el numero", "ni idea",
        "no tengo idea", "no recuerdo", "no me acuerdo", "no conozco", "quien sabe",
    ),
    "pt": (
        "nao sei", "eu nao sei", "sei la", "nao faco ideia", "nem ideia", "nao tenho ideia", "nao lembro",
        "nao me lembro", "nao conheco", "n sei", "num sei",
    ),
    "en": (
        "i don t know", "i dont know", "i do not know", "don t know", "dont know", "dunno", "i dunno", "idk",
        "no idea", "i have no idea", "not sure", "i m not sure", "im not sure", "i don t remember", "i dont remember",
    ),
    "fr": (
        "je ne sais pas", "je sais pas", "j sais pas", "jsais pas", "sais pas", "chais pas", "je ne sais plus",
        "je ne connais pas", "je connais pas", "aucune idee", "je n ai aucune idee", "pas d idee",
    ),
}  # fmt: skip
_UNKNOWN_ALONE = frozenset({"no se", "yo no se", "pues no se", "la verdad no se", "no se la verdad"})
LANGUAGE_NAMES: Mapping[str, Collection[str]] = {
    "es": ("espanol", "castellano", "spanish", "espanhol", "espagnol", "es"),
    "pt": ("portugues", "portuguese", "portugais", "pt"),
    "en": ("english", "ingles", "anglais", "en"),
    "fr": ("francais", "french", "frances", "fr"),
}
COURTESIES: Mapping[str, Collection[str]] = {
    "es": ("muchas gracias", "mil gracias", "gracias", "por favor", "porfavor", "porfa"),
    "pt": ("muito obrigado", "muito obrigada", "obrigado", "obrigada", "viu"),
    "en": ("thank you very much", "thank you", "thanks", "please", "pls"),
    "fr": ("merci beaucoup", "merci bien", "merci", "s il vous plait", "s il te plait", "svp", "stp"),
}
REFUSING: Mapping[str, Collection[str]] = {
    "es": ("no", "sin"),
    "pt": ("nao", "sem"),
    "en": ("no", "not", "don", "dont", "cant", "without"),
    "fr": ("pas", "non", "sans"),
}
SAME_PLACE_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "mismo lugar", "mismo sitio", "misma direccion", "misma ubicacion", "misma esquina", "mismo punto", "ahi mismo",
        "alli mismo",
    ),
    "pt": ("mesmo lugar", "mesmo local", "mesmo endereco", "mesma esquina", "mesmo ponto", "ai mesmo", "ali mesmo"),
    "en": ("same place", "same spot", "same address", "same location", "same corner", "right there too"),
    "fr": ("meme endroit", "meme lieu", "meme adresse", "meme coin", "meme place"),
}  # fmt: skip
PLACE_WORDS: Mapping[str, Collection[str]] = {
    "es": ("lugar", "el lugar", "la direccion", "direccion", "la calle", "el sitio", "la ubicacion"),
    "pt": ("lugar", "o lugar", "o endereco", "endereco", "a rua", "o local", "local"),
    "en": ("place", "the place", "the address", "address", "the street", "the location", "location"),
    "fr": ("le lieu", "lieu", "l adresse", "adresse", "la rue", "l endroit", "endroit"),
}
SUBJECT_WORDS: Mapping[str, Collection[str]] = {
    "es": ("tema", "el tema", "el problema", "el servicio", "el tipo", "de que se trata"),
    "pt": ("assunto", "o assunto", "o problema", "o servico", "o tipo"),
    "en": ("what it is about", "subject", "the subject", "the problem", "the service", "the type"),
    "fr": ("le sujet", "sujet", "le probleme", "le service", "le type"),
}
DROP_WORDS: Mapping[str, Collection[str]] = {
    "es": ("no mandarlo", "no lo mande", "no mandar", "nada", "olvidelo", "dejelo", "dejelo asi", "ya no"),
    "pt": ("nao enviar", "nao envie", "nao mandar", "nada", "esquece", "deixa", "deixa pra la"),
    "en": ("drop it", "don t send it", "dont send it", "nothing", "forget it", "never mind", "nevermind"),
    "fr": ("ne pas envoyer", "n envoyez pas", "rien", "oubliez", "laissez tomber", "tant pis"),
}
# Of yes and no, the words that are nothing else at the beginning of a sentence.
YES_FIRST: Mapping[str, Collection[str]] = {
    "es": ("si", "sip", "sisi", "dale", "okey"),
    "pt": ("sim", "uhum", "aham"),
    "en": ("yes", "yeah", "yep", "yup", "ok", "okay"),
    "fr": ("oui", "ouais", "ouaip"),
    "ht": ("wi",),
}
NO_FIRST: Mapping[str, Collection[str]] = {
    "es": ("no", "nop", "nel"), "pt": ("nao", "naum"), "en": ("nope", "nah"), "fr": ("non", "nan"),
}  # fmt: skip
BUT: Mapping[str, Collection[str]] = {"es": ("pero",), "pt": ("mas",), "en": ("but",), "fr": ("mais",)}
# Whole messages by which a citizen who talks with a person wants the bot again; the words of Right.START count as well.
BOT_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "bot", "el bot", "chatbot", "robot", "asistente", "asistente virtual", "volver al bot", "volver con el bot",
        "regresar al bot", "quiero el bot", "quiero volver al bot", "hablar con el bot",
    ),
    "pt": (
        "o bot", "robo", "assistente", "assistente virtual", "voltar ao bot", "voltar para o bot", "voltar pro bot",
        "quero o bot", "quero voltar ao bot", "falar com o bot",
    ),
    "en": ("the bot", "assistant", "back to the bot", "back to bot", "talk to the bot", "i want the bot"),
    "fr": (
        "le bot", "le robot", "assistant", "l assistant", "retour au bot", "revenir au bot", "je veux le bot",
        "parler au bot",
    ),
}  # fmt: skip
# What a wire is called: danger from one is the lighting's.
ELECTRIC_WORDS: Mapping[str, Collection[str]] = {
    "es": ("cable", "cables", "alambre", "alambres", "poste", "electrico", "corriente", "chispas", "chispeando"),
    "pt": ("fio", "fios", "cabo", "cabos", "poste", "eletrico", "faisca", "faiscas", "choque"),
    "en": ("wire", "wires", "cable", "cables", "pole", "powerline", "sparks", "sparking", "electric"),
    "fr": ("fil", "fils", "cable", "cables", "poteau", "electrique", "etincelles"),
}
# What people write who will go on in a moment.
WAIT_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "un momento", "un momentito", "momento", "un ratito", "un segundo", "un minuto", "espere", "espereme",
        "espere un momento", "espera", "esperame", "ya le digo", "ya te digo", "ahorita", "ahorita le digo",
        "deme un momento", "deme un segundo", "deme un minuto", "dame un momento", "dame un segundo", "dame un minuto",
        "aguante", "aguanta", "permitame", "ya vuelvo", "espereme tantito", "espere tantito", "tantito",
    ),
    "pt": (
        "perai", "pera", "pera ai", "peraa", "espera", "espera ai", "espere", "um momento", "um momentinho",
        "um minuto", "um minutinho", "um segundo", "so um momento", "so um minuto", "so um instante", "um instante",
        "ja falo", "ja te falo", "ja digo", "ja te digo", "calma ai", "guenta ai", "ja volto",
    ),
    "en": (
        "wait", "wait a minute", "wait a moment", "wait a sec", "hang on", "hold on", "one moment", "a moment",
        "just a moment", "one sec", "just a sec", "a sec", "one second", "just a second", "one minute", "just a minute",
        "give me a minute", "give me a sec", "give me a second", "give me a moment", "brb", "be right back",
    ),
    "fr": (
        "attendez", "attends", "un instant", "un moment", "un petit moment", "une seconde", "une minute",
        "deux minutes", "deux secondes", "2 minutes", "2 secondes", "patientez", "je reviens", "attendez un instant",
        "juste un instant",
    ),
}  # fmt: skip
TABLES: Mapping[str, Mapping[str, Collection[str]]] = {
    "YES_WORDS": YES_WORDS, "NO_WORDS": NO_WORDS, "UNKNOWN_WORDS": UNKNOWN_WORDS, "LANGUAGE_NAMES": LANGUAGE_NAMES,
    "COURTESIES": COURTESIES, "BOT_WORDS": BOT_WORDS, "ELECTRIC_WORDS": ELECTRIC_WORDS, "REFUSING": REFUSING,
    "BUT": BUT, "SAME_PLACE_WORDS": SAME_PLACE_WORDS, "WAIT_WORDS": WAIT_WORDS,
    "PLACE_WORDS": PLACE_WORDS, "SUBJECT_WORDS": SUBJECT_WORDS, "DROP_WORDS": DROP_WORDS,
}  # fmt: skip


def _all(table: Mapping[str, Collection[str]]) -> frozenset[str]:
    return frozenset(word for words in table.values() for word in words)


YES, NO = _all(YES_WORDS), _all(NO_WORDS)
_BEGIN_YES, _BEGIN_NO = _all(YES_FIRST), _all(NO_FIRST)
BOT, ELECTRIC = _all(BOT_WORDS), _all(ELECTRIC_WORDS)
_UNKNOWN = tuple(f"{words} " for words in _all(UNKNOWN_WORDS))
REFUSED, _BUT = _all(REFUSING), _all(BUT)
SAME_PLACE, WAITING = _all(SAME_PLACE_WORDS), _all(WAIT_WORDS)
# Of "what shall I change?", by the ids of its options
CHANGING = {
    "change_place": _all(PLACE_WORDS), "change_service": _all(SUBJECT_WORDS), "drop": _all(DROP_WORDS),
}  # fmt: skip
_COURTESIES = sorted(_all(COURTESIES), key=len, reverse=True)  # "merci beaucoup" before "merci"
_BESIDE = [(f"{courtesy} ", f" {courtesy}") for courtesy in _COURTESIES]
_LANGUAGE_OF = {name: code for code, names in LANGUAGE_NAMES.items() for name in names if len(name) > 2}
_SHORT_NO = "n "
_REFUSED_WITHIN = 3  # words from the refusal to the name: "no hablo bien inglés"


@lru_cache(500)  # a dozen rules fold the same message
def fold(text: str) -> str:
    """Lower case, no accents, words with single spaces. Signs alone ("?", "👍") are kept, without their skin tone."""
    bare = text.lower()
    if not bare.isascii() or "^" in bare or "`" in bare:
        bare = "".join(c for c in unicodedata.normalize("NFD", bare) if unicodedata.category(c) not in _MARKS)
    return " ".join(_WORD.findall(bare)) or bare.strip()


def by_first_word(phrases: Iterable[str]) -> Mapping[str, Sequence[tuple[str, ...]]]:
    """Folded phrases as words, to be found by their first one; the longest first."""
    found: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words in sorted((tuple(phrase.split()) for phrase in phrases), key=len, reverse=True):
        found[words[0]].append(words)
    return dict(found)


def says(text: str, words: frozenset[str]) -> bool:
    """Whether the whole message is one of the words: "siii", "no, gracias", "n é isso" and "yes please!" too."""
    folded = fold(text)
    return any(said in words or _plain(said) in words for said in (folded, with_short_no_in_full(folded)))


def begins_with_short_no(text: str) -> bool:
    """Whether a "no" of one letter begins it, in which models hear a yes: "n é isso"."""
    return fold(text).startswith(_SHORT_NO)


def with_short_no_in_full(folded: str) -> str:
    """Folded words, with the "não" of one letter that begins them written out."""
    return f"nao {folded.removeprefix(_SHORT_NO)}" if folded.startswith(_SHORT_NO) else folded


def _plain(folded: str) -> str:
    """Without thanks and please around it, and without letters drawn out at its end."""
    said = without_courtesies(folded)
    return said.rstrip(said[-1]) + said[-1] if said else said  # an expression for this takes seconds of 8,000 letters


def digits_alone(text: str) -> bool:
    """Whether it is a number, with signs around it at most: "3", "12." and "8-20" tell no place and no problem."""
    return any(letter.isdigit() for letter in text) and not any(letter.isalpha() for letter in text)


def begins_with_yes(text: str) -> bool:
    """ "Sí, pero vengan rápido"."""
    return bool(_BEGIN_YES & {*fold(text).split()[:1]})


def begins_with_yes_or_no(text: str) -> bool:
    return bool((_BEGIN_YES | _BEGIN_NO) & {*fold(text).split()[:1]})


def without_courtesies(folded: str) -> str:
    for before, behind in _BESIDE:
        folded = folded.removeprefix(before).removesuffix(behind)
    return folded


def is_courtesy(text: str) -> bool:
    """Whether the message is nothing but thanks and please."""
    folded = fold(text)
    return folded in _COURTESIES or without_courtesies(folded) in _COURTESIES


def does_not_know(text: str) -> bool:
    """Whether the message says only that its writer does not know: "no sé, frente a la escuela" tells something."""
    clauses = [fold(clause) for clause in _CLAUSE.split(text)]
    parts = [part for clause in clauses for part in _between_buts(clause)]
    return bool(parts) and all(part in _UNKNOWN_ALONE or f"{part} ".startswith(_UNKNOWN) for part in parts)


def _between_buts(folded: str) -> list[str]:
    parts = [""]
    for word in folded.split():
        parts = [*parts, ""] if word in _BUT else [*parts[:-1], f"{parts[-1]} {word}".strip()]
    return [part for part in parts if part]


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
                yield code, not REFUSED.isdisjoint(before)
