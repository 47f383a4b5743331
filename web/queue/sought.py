"""What is typed into the search box, as words to be found, and why a ticket was found by them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.ports import Word
from handlers.phrases.stems import stemmed, stems
from handlers.phrases.words import fold
from tickets.city import City
from tickets.model import Ticket
from tickets.number import ALPHABET

_MOST = 10  # words that are looked for
_SHORTEST, _WHOLE = 3, 6  # characters of a part of a number
_SURELY = 4  # letters that are taken for a part of a number, where no digit or hyphen says so
_HEARD = str.maketrans({"O": "0", "I": "1", "L": "1"})  # the letters that ticket numbers do not have
_HALVES = re.compile(r"\s*(\w{1,3})-(\w{0,3})\s*")
_NOTHING = (Word(stem=""),)  # nothing is found by it


def sought(text: str, city: City) -> tuple[Word, ...]:
    """The words of a text. Where it has none that tells anything, one by which nothing is found."""
    if halves := _HALVES.fullmatch(text):
        part = _part(halves[1] + halves[2])
        return (Word(stem="", part=part),) if part else _NOTHING
    found = {stem: word for word, stem in stemmed(text)}
    alone = len(fold(text).split()) == 1
    words = [_word(word, stem, city, alone=alone) for stem, word in list(found.items())[:_MOST]]
    return tuple(words) or (_NOTHING if text else ())


def why(ticket: Ticket, words: Sequence[Word]) -> list[str]:
    """Where the words stand: number, service, area, street, words (of the report) or talk (what was said later), in
    this order."""
    own = {
        "street": stems(ticket.place.street or ""),
        "words": stems(" ".join((ticket.description, ticket.place.words, *(said for _, said in ticket.answers)))),
    }
    found = {_where(ticket, word, own) for word in words}
    return [one for one in ("number", "service", "area", "street", "words", "talk") if one in found]


def _where(ticket: Ticket, word: Word, own: dict[str, frozenset[str]]) -> str:
    if word.part and word.part in ticket.number.replace("-", ""):
        return "number"
    if ticket.service in word.services:
        return "service"
    if ticket.place.area in word.areas:
        return "area"
    return next((name for name, known in own.items() if word.stem in known), "talk")


def _word(word: str, stem: str, city: City, *, alone: bool) -> Word:
    services, areas = _names(city)
    mixed = not word.isalpha() and (alone or not word.isdecimal())
    part = _part(word) if mixed or (alone and len(word) >= _SURELY) else ""
    return Word(stem=stem, services=services.get(stem, ()), areas=areas.get(stem, ()), part=part)


def _part(text: str) -> str:
    """Of a number, as it is written; empty where it can be none."""
    plain = text.upper().translate(_HEARD)
    return plain if _SHORTEST <= len(plain) <= _WHOLE and set(plain) <= set(ALPHABET) else ""


@lru_cache(4)
def _names_of(named: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, tuple[str, ...]]:
    """Stem -> codes of what is called so."""
    found: dict[str, list[str]] = {}
    for code, names in named:
        for stem in frozenset[str]().union(*map(stems, names)):
            found.setdefault(stem, []).append(code)
    return {stem: tuple(codes) for stem, codes in found.items()}


def _names(city: City) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Of services, in all languages, and of areas."""
    services = tuple((one.code, tuple(one.names.values())) for one in city.services)
    return _names_of(services), _names_of(tuple((one.code, (one.name,)) for one in city.areas))
