"""How streets are written: one word for each type of street in all languages, titles opened, small words dropped.

"rua 7", "calle 7" and "7 street" are looked up alike, and so are "Gral. Paz" and "General Paz", "5th" and "5".
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

LONGEST = 60  # words that are looked at; a place is told in fewer
_WORD = re.compile(r"\w+")
_SIGNS = re.compile(r"[&/+@]")  # between two streets: "Colón & Molino"
_ORDINAL = re.compile(r"(\d+)(?:ra|era|da|ro|ta|to|er|st|nd|rd|th|eme)")

_FORMS = {
    "avenida": "av ave avda avd aven avenida avenue avn",
    "calle": "c cll cl calle r rua rue street st str",
    "carretera": "carretera carret ctra estrada estr road rd route rte highway hwy ruta rodovia rod",
    "bulevar": "bd bld bvd blvd boul boulevard bulevar bulevard",
    "carrera": "carrera cra kra cr krr",
    "jiron": "jr jiron",
    "pasaje": "psje pje pasaje passage travessa tv trav callejon impasse imp beco ruelle alley lane ln viela",
    "plaza": "pza plz plaza praca pc place pl square sq largo",
    "paseo": "paseo pso promenade",
    "calzada": "calzada calz",
    "diagonal": "diagonal diag dg",
    "transversal": "transversal transv",
    "autopista": "autopista autoroute motorway freeway autoestrada",
    "camino": "camino caminho chemin chem",
    "alameda": "alameda allee",
    "glorieta": "glorieta rotonda rotatoria rotunda roundabout",
    "crescent": "crescent cres",
    "terrace": "terrace terr",
    "parkway": "parkway pkwy",
    "privada": "privada priv",
    "ladeira": "ladeira lad",
    "quai": "quai",
}
TYPES = frozenset(_FORMS)
_TITLES = {
    "general": "gral gen gnal",
    "coronel": "cnel cel",
    "capitan": "cap cptn",
    "presidente": "pte pdte pres",
    "santa": "sta ste",
    "santo": "sto",
    "mariscal": "mcal mal",
    "almirante": "alm alte",
    "profesor": "prof",
    "ingeniero": "ing",
    "doctor": "dr dra dtr",
    "hermanos": "hnos",
    "monsenor": "mons",
    "nuestra": "ntra",
    "senora": "sra",
    "gobernador": "gob gdor",
    "padre": "pe pbro",
}
_ONE_NAME = {form: name for forms in (_FORMS, _TITLES) for name, written in forms.items() for form in written.split()}
# Types of street that are known with a letter too many or too few, or two swapped: no other word is so near to them, as
# "camión" is to "camino" and "carreira" to "carrera".
_MISTAKABLE = ("street", "avenue", "avenida", "boulevard")
_SMALL = frozenset("de da do das dos del la las el los le les du des d l of the".split())  # noqa: SIM905 - a list of words
_SOUNDS = (("qu", "c"), ("k", "c"), ("v", "b"), ("z", "s"), ("ll", "y"), ("ph", "f"), ("ge", "je"), ("gi", "ji"),
           ("ce", "se"), ("ci", "si"), ("h", ""), ("y", "i"), ("x", "s"))  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


def tokens(text: str) -> list[str]:
    """Folded words without the small ones: "Av. de la Paz, 12" -> avenida paz 12. A sign between two becomes "y"."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    words = _WORD.findall(_SIGNS.sub(" y ", bare))[: 2 * LONGEST]
    return [_ONE_NAME.get(word) or _other(word) for word in words if word not in _SMALL][:LONGEST]


def is_type(word: str) -> bool:
    """Whether a word is a type of street, in any spelling: "Av", "rua", "Rd"."""
    return tokens(word)[:1] != [] and tokens(word)[0] in TYPES


@lru_cache(20_000)
def _other(word: str) -> str:
    """A word that is written like no type of street: a number, a name, or a type with a typo."""
    form = next((form for form in _MISTAKABLE if _mistyped(form, word)), "")
    return _ONE_NAME[form] if form else _number(word)


def _mistyped(form: str, word: str) -> bool:
    if word[:1] != form[0] or word[-1:] != form[-1] or OSA.distance(form, word, score_cutoff=1) > 1:
        return False
    return len(form) != len(word) or sorted(form) == sorted(word)  # another letter makes another word


def _number(word: str) -> str:
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else word


@lru_cache(20_000)
def sound(word: str) -> str:
    """What two spellings share that are said alike: bolibar and bolivar, gonsales and gonzález."""
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    return _DOUBLED.sub(r"\1", word)
