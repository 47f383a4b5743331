"""What a sentence puts right in a report: its service, its place, or only the number of the house. Pure.

"no es basura, es el alumbrado", "a rua é outra: 8", "c'était le 12, pas le 21". Of two things that are contrasted, the
report must say the one that is denied; what a sentence merely mentions changes nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.phrases.contrast import SAYING, Contrast, contrast
from handlers.phrases.naming import services_named
from handlers.phrases.words import fold
from handlers.turn import Turn
from nlu.contract import service_of
from nlu.street_words import is_type, tokens
from tickets.city import City
from tickets.model import Field, Place

# What tells that the place is wrong without telling the right one.
PLACE_WORDS: Mapping[str, tuple[str, ...]] = {
    "es": ("direccion", "lugar", "calle", "ubicacion", "sitio", "esquina", "numero"),
    "pt": ("endereco", "lugar", "rua", "local", "localizacao", "esquina", "numero"),
    "en": ("address", "place", "street", "road", "location", "corner", "number"),
    "fr": ("adresse", "lieu", "rue", "endroit", "emplacement", "coin", "numero"),
}
# What stands between "the street" and its right name: "a rua é outra: 8", "la calle correcta es Molino".
LINKING: Mapping[str, tuple[str, ...]] = {
    "es": ("otra", "correcta", "mal", "esta", "equivocada", "la"),
    "pt": ("outra", "certa", "correta", "errada", "esta", "ta", "a"),
    "en": ("wrong", "right", "another", "different", "other", "the", "s"),
    "fr": ("autre", "bonne", "correcte", "fausse", "mauvaise", "une", "la"),
}
COUNTS: Mapping[str, tuple[str, ...]] = {
    "es": ("un", "uno", "una", "dos", "tres", "cuatro", "cinco", "seis", "varios", "varias", "muchos", "muchas"),
    "pt": ("um", "uma", "dois", "duas", "tres", "quatro", "cinco", "seis", "varios", "varias", "muitos", "muitas"),
    "en": ("one", "two", "three", "four", "five", "six", "several", "many"),
    "fr": ("un", "une", "deux", "trois", "quatre", "cinq", "six", "plusieurs"),
}
PLACES = frozenset(word for words in PLACE_WORDS.values() for word in words)
_LINKING = frozenset(word for table in (LINKING, SAYING) for words in table.values() for word in words)
_COUNTS = frozenset(word for words in COUNTS.values() for word in words)
_AROUND = {word for word in PLACES if not is_type(word)} | _LINKING | {"el", "le", "o", "en", "au", "no", "n"}
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\b\d{1,5}[a-z]?\b", re.IGNORECASE)
_ENDS = re.compile(  # behind a number that counts nothing
    r"\s*(?:[,.;:!?\n)]|$|(?:sorry|please|thanks|perd[oó]n|por favor|gracias|desculp|obrigad|pardon|merci|svp))",
    re.IGNORECASE,
)
_NAME = 8  # words of a street
_ABBREVIATED = 2  # letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Amends:
    """The right values, also where the report says so already; `wrong` is a field of which only that is said."""

    service: str | None = None
    place: Place | None = None
    wrong: Field | None = None

    def __bool__(self) -> bool:
        return self.service is not None or self.place is not None


def amends(turn: Turn, city: City, service: str | None, place: Place | None) -> Amends:
    """What this message puts right in a report of this service at this place."""
    half = contrast(turn.inbound.text, turn.language)
    right_place = _place(turn, half, place or Place())
    if _is_of_another(turn, city, half, service):
        return Amends()
    right_service, wrong_service = _service(turn, city, half, service, placed=right_place is not None)
    if right_service or right_place or wrong_service:
        return Amends(service=right_service, place=right_place, wrong=Field.SERVICE if wrong_service else None)
    return Amends(wrong=Field.PLACE if not PLACES.isdisjoint(fold(turn.inbound.text).split()) else None)


def _is_of_another(turn: Turn, city: City, half: Contrast, service: str | None) -> bool:
    """Whether it contrasts two services of which the report says neither: then it is about something else."""
    denied = services_named(_without_place(turn, half.denied))
    said = services_named(_without_place(turn, half.said))
    right = next((code for code in said if city.service(code) and code not in denied), None)
    return bool(denied and right and service) and service not in (right, *denied)


def counts(half: Contrast) -> bool:
    """Whether one amount is said in the place of another: "eran dos perros, no uno"."""
    denied = fold(half.denied).split()
    return 0 < len(denied) <= 2 and all(map(_is_count, denied)) and any(map(_is_count, fold(half.said).split()))


def _is_count(word: str) -> bool:
    return word in _COUNTS or word.isdigit()


def _service(
    turn: Turn, city: City, half: Contrast, service: str | None, *, placed: bool
) -> tuple[str | None, bool]:  # fmt: skip
    """The right service, and whether one is only said to be wrong. What stands in the name of a place names none."""
    denied = services_named(_without_place(turn, half.denied))
    named = [code for code in services_named(_without_place(turn, half.said)) if city.service(code)]
    right = next((code for code in named if code not in denied), None)
    if denied:
        return right, right is None and service in denied
    if half.denied or placed:  # what is contrasted is something else
        return None, False
    return right or _only_a_service(turn, city), False


def _only_a_service(turn: Turn, city: City) -> str | None:
    """The service that the model hears in a few words that answer "what is it about?"."""
    code = service_of(turn.intent) if turn.intent else None
    return code if code and city.service(code) else None


def _without_place(turn: Turn, words: str) -> str:
    entity = turn.parse.first("location") if turn.parse else None
    return words.replace(entity.value, " ") if entity and _is_place(turn, entity.value) else words


def _is_place(turn: Turn, words: str) -> bool:
    """Whether it is one: "not rubbish, a street light" names none, whatever the model hears."""
    return not services_named(words) or _is_known(turn.look_up(words))


def _is_known(place: Place) -> bool:
    return place.street is not None or place.point is not None


def _place(turn: Turn, half: Contrast, old: Place) -> Place | None:
    """The right place: a pin, the words that name one, or the old one with another number."""
    if turn.inbound.point:
        return turn.place
    words = _words(turn, half, old)
    bare = _bare_number(words)
    if words and not bare:
        return turn.place if turn.place and words == turn.place.words else turn.look_up(words)
    return _renumbered(turn, half, old, bare)


def _bare_number(words: str) -> str:
    """The number where nothing else is told: "45", "el 45", "the number is 45"."""
    telling = [word for word in fold(words).split() if word not in _AROUND]
    return telling[0] if len(telling) == 1 and _NUMBER.fullmatch(telling[0]) else ""


def _words(turn: Turn, half: Contrast, old: Place) -> str:
    """Those of the right place, or "": a place that is denied is right only where the report knows nothing of it ("no
    es calle 8", with its comma left out)."""
    named = turn.place.words if turn.place and _is_place(turn, turn.place.words) else ""
    said = contrast(named, turn.language).said
    if named and fold(said) in fold(half.said):
        return said
    other = street_named(half.said)
    other = other if _is_place(turn, other) else ""
    if other or not named:
        return other
    known = fold(named) in fold(old.words) or (old.street is not None and turn.look_up(named).street == old.street)
    return "" if known or half.said.strip() else named


def street_named(text: str) -> str:
    """A street that is named by its type and what comes behind it: "a rua é outra: 8" is "rua 8". Types that are but a
    letter or two are words of other kinds as well."""
    words = [match.span() for match in _WORD.finditer(text)]
    for at, (start, end) in enumerate(words):
        if end - start <= _ABBREVIATED or not is_type(text[start:end]):
            continue
        rest = [word for word in words[at + 1 : at + 1 + _NAME] if fold(text[slice(*word)]) not in _LINKING]
        if rest and rest[0] in words[at + 1 :]:
            return f"{text[start:end]} {text[rest[0][0] : rest[-1][1]]}"
    return ""


def _renumbered(turn: Turn, half: Contrast, old: Place, bare: str) -> Place | None:
    """The old place with the right number of its house, or of its street."""
    new = bare or next(_last_numbers(half.said), "")
    wrong = _alone(half.denied)
    if not new or (half.denied and not wrong):
        return None
    if wrong:
        return _swapped(turn, old, wrong, new)
    if not bare and PLACES.isdisjoint(fold(turn.inbound.text).split()):
        return None
    of_street = set(tokens(old.street or ""))
    of_house = [number for number in _NUMBER.findall(old.words) if number.lower() not in of_street]
    if of_house:
        return _swapped(turn, old, of_house[-1], new)
    return replace(old, words=f"{old.words} {new}".strip())


def _last_numbers(said: str) -> Iterator[str]:
    """Numbers at the end of their clause: the 3 of "son 3 focos" is none of a house."""
    return (match[0] for match in _NUMBER.finditer(said) if _ENDS.match(said, match.end()))


def _alone(denied: str) -> str:
    """The number that is denied, if nothing else is: "en la 7", "le 21"."""
    numbers = _NUMBER.findall(denied)
    return numbers[0] if len(numbers) == 1 and len(denied.split()) <= 3 else ""


def _swapped(turn: Turn, old: Place, wrong: str, new: str) -> Place | None:
    """None where the report says neither: then it is no number of the place."""
    numbers = [number.lower() for number in _NUMBER.findall(old.words)]
    if wrong.lower() not in numbers:
        return old if new.lower() in numbers else _numbered(old, new, numbers)
    words = re.sub(rf"\b{re.escape(wrong)}\b", new, old.words, count=1, flags=re.IGNORECASE)
    found = turn.look_up(words)
    moved = wrong.lower() in tokens(old.street or "") or (found.street and found.street != old.street)
    return found if moved else replace(old, words=words)


def _numbered(old: Place, new: str, numbers: Sequence[str]) -> Place | None:
    """A place that was told without a number gets one."""
    return None if numbers or not old.words else replace(old, words=f"{old.words} {new}")
