"""Which service everyday words name: "el foco" is lighting, "o do lixo" is waste. For telling one's own reports apart
and for putting one right; what a first message reports is the model's to say.

A table per service and language; all languages count at once. Compared after folding; a plural, or one letter mistyped
in a longer word, names the same ("tarffic light" too).
"""

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from handlers.phrases.words import fold

SERVICE_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "pothole": {
        "es": ("bache", "hoyo", "hueco", "pozo", "socavon", "pavimento", "asfalto"),
        "pt": ("buraco", "cratera", "asfalto", "pavimento"),
        "en": ("pothole", "hole in the road", "hole", "tarmac"),
        "fr": ("nid de poule", "nids de poule", "trou", "chaussee", "goudron"),
    },
    "sidewalk": {
        "es": ("acera", "banqueta", "vereda", "anden", "bordillo", "rampa", "guarnicion"),
        "pt": ("calcada", "passeio publico", "meio fio", "guia", "rampa"),
        "en": ("pavement", "sidewalk", "kerb", "curb", "footpath", "ramp"),
        "fr": ("trottoir", "bordure", "rampe"),
    },
    "waste": {
        "es": ("basura", "basurero", "residuos", "desechos", "escombro", "contenedor", "recoleccion", "bote de basura"),
        "pt": ("lixo", "lixeira", "entulho", "coleta", "cacamba", "residuos"),
        "en": ("rubbish", "trash", "garbage", "bin", "litter", "waste", "dumping", "skip", "refuse"),
        "fr": ("poubelle", "ordure", "dechet", "gravats", "encombrant", "ramassage", "benne", "detritus"),
    },
    "lighting": {
        "es": ("alumbrado", "luz", "luces", "foco", "farol", "farola", "luminaria", "lampara", "poste", "bombillo"),
        "pt": ("iluminacao", "luz", "luzes", "lampada", "poste", "luminaria"),
        "en": ("street light", "streetlight", "lamp", "lamppost", "street lamp", "light", "lighting", "lamp post"),
        "fr": ("lampadaire", "eclairage", "reverbere", "ampoule", "lampe", "lumiere"),
    },
    "water": {
        "es": ("fuga", "fuga de agua", "agua", "drenaje", "alcantarilla", "cloaca", "inundacion", "tuberia",
               "coladera", "desague"),
        "pt": ("vazamento", "agua", "esgoto", "bueiro", "enchente", "alagamento", "cano", "ralo"),
        "en": ("water leak", "leak", "water", "drain", "sewer", "flood", "flooding", "manhole", "burst pipe", "gully"),
        "fr": ("fuite", "fuite d eau", "eau", "egout", "inondation", "canalisation", "tuyau", "bouche d egout"),
    },
    "tree": {
        "es": ("arbol", "arboles", "rama", "poda", "palmera"),
        "pt": ("arvore", "galho", "poda", "palmeira"),
        "en": ("tree", "branch", "branches", "pruning"),
        "fr": ("arbre", "branche", "elagage", "palmier"),
    },
    "graffiti": {
        "es": ("grafiti", "graffiti", "pinta", "vandalismo", "rayon", "pintada"),
        "pt": ("pichacao", "pichacoes", "grafite", "vandalismo"),
        "en": ("graffiti", "vandalism", "tagging"),
        "fr": ("graffiti", "tag", "vandalisme", "degradation"),
    },
    "vehicle": {
        "es": ("vehiculo", "carro", "coche", "auto", "automovil", "camion", "moto", "camioneta"),
        "pt": ("veiculo", "carro", "caminhao", "moto", "automovel"),
        "en": ("vehicle", "car", "van", "truck", "lorry", "motorbike"),
        "fr": ("vehicule", "voiture", "camion", "moto", "camionnette", "epave"),
    },
    "traffic_signal": {
        "es": ("semaforo", "senal", "senales", "senal de transito", "letrero", "senalizacion", "paso de cebra"),
        "pt": ("semaforo", "sinal", "placa", "sinaleira", "sinalizacao", "faixa de pedestres", "farol de transito"),
        "en": ("traffic light", "traffic lights", "traffic signal", "road sign", "sign", "zebra crossing", "crossing"),
        "fr": ("feu", "feux", "feu rouge", "feu tricolore", "panneau", "panneaux", "signalisation",
               "passage pieton"),
    },
    "noise": {
        "es": ("ruido", "musica", "escandalo", "bulla", "fiesta"),
        "pt": ("barulho", "som alto", "musica", "festa"),
        "en": ("noise", "music", "loud party", "barking"),
        "fr": ("bruit", "tapage", "musique", "fete", "vacarme"),
    },
    "animal": {
        "es": ("animal", "animales", "perro", "gato", "rata", "plaga", "mosquito", "vibora", "caballo"),
        "pt": ("animal", "animais", "cachorro", "gato", "rato", "praga", "mosquito", "cobra", "cavalo", "bicho"),
        "en": ("animal", "dog", "cat", "rat", "pest", "mosquito", "snake", "horse"),
        "fr": ("animal", "animaux", "chien", "chat", "rat", "nuisible", "moustique", "serpent", "cheval"),
    },
    "other": {"es": ("otro problema",), "pt": ("outro problema",), "en": ("other problem",), "fr": ("autre probleme",)},
}  # fmt: skip
_ALIKE = 88.0  # of two words, 0-100
_LONG = 7  # letters from which one may be mistyped
_LONGEST = 4  # words of a name
_SIZE = 400  # words of a message that are looked at


def _names() -> dict[str, str]:
    """Each name, folded, with its service; what two services share in two languages belongs to the first."""
    found: dict[str, str] = {}
    for service, languages in SERVICE_WORDS.items():
        for name in (name for names in languages.values() for name in names):
            found.setdefault(name, service)
    return found


_SERVICE_OF = _names()
_MISTAKABLE = tuple(name for name in _SERVICE_OF if len(name) >= _LONG and " " not in name)
_PARTS = frozenset(word for name in _SERVICE_OF if " " in name for word in name.split())
_LONG_PARTS = tuple(sorted(word for word in _PARTS if len(word) >= _LONG - 1))


def services_named(text: str) -> tuple[str, ...]:
    """The services that these words name, in the order of the words, each once."""
    words = fold(text).split()[:_SIZE]
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        length, service = _at(words, at)
        if service:
            found.setdefault(service)
        at += length
    return tuple(found)


def _at(words: list[str], at: int) -> tuple[int, str | None]:
    """The longest name that begins here, how many words it takes."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        said = words[at : at + length]
        service = _service(" ".join(said if length == 1 else map(_part, said)))
        if service:
            return length, service
    return 1, None


@lru_cache(5_000)
def _part(word: str) -> str:
    """A word of a name of several words, put right where one letter is wrong or two are swapped."""
    if word in _PARTS or len(word) < _LONG - 1:
        return word
    near = (one for one in _LONG_PARTS if one[0] == word[0] and OSA.distance(one, word, score_cutoff=1) <= 1)
    return next(near, word)


@lru_cache(5_000)
def _service(name: str) -> str | None:
    for form in (name, name.removesuffix("s"), name.removesuffix("es"), name.removesuffix("x")):
        if form in _SERVICE_OF:
            return _SERVICE_OF[form]
    if len(name) < _LONG or " " in name:
        return None
    close = next((one for one in _MISTAKABLE if one[0] == name[0] and fuzz.ratio(one, name) >= _ALIKE), None)
    return _SERVICE_OF[close] if close else None
