"""Which language a citizen is answered in."""

import re

from bot.ports import Arrival
from channels.message import Inbound
from handlers.people.rights import is_keyword
from handlers.phrases.words import NO, YES, is_courtesy, says
from handlers.turn import Asked, Citizen, Dialogue
from nlu.parse import Parse
from tickets.city import City

SURE = 0.75  # of the language, 0-1
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
_ODD = frozenset({None, "out_of_scope", "abuse"})  # intents of what is hardly a word of any language
_SHORT = 2  # words of a keyword that tell nothing of the language of somebody who has one
_AROUND = 1  # words beside an address that still tell nothing: "en calle 8", "rua 7 pls"


def choose_language(arrival: Arrival, parse: Parse | None, dialogue: Dialogue | None, city: City) -> tuple[str, bool]:
    """Own choice, then the last confident language, then what the phone says, then the city's first; and whether it is
    to be remembered. The answer to "where is it?" is an address and tells nothing of the language."""
    citizen, guess = arrival.citizen, parse.language if parse else None
    if citizen.chosen and citizen.language in city.languages:
        return citizen.language, False
    placing = dialogue is not None and dialogue.asked in (Asked.PLACE, Asked.QUESTION)  # "apagada" is said in two
    sure = guess is not None and guess.name in city.languages and guess.confidence >= SURE
    keyword = _is_keyword(arrival.inbound, citizen)
    if guess and sure and not placing and not keyword and tells_language(arrival.inbound.text, parse):
        return guess.name, guess.name != citizen.language
    hint = (arrival.inbound.language_hint or "").partition("-")[0].lower()
    return usual_language(citizen, city, hint), False


def usual_language(citizen: Citizen, city: City, hint: str = "") -> str:
    """Theirs as far as we know it, then what the phone says, then the city's first."""
    if citizen.language in city.languages:
        return citizen.language
    if hint in city.languages:
        return hint
    address = citizen.contact.address
    matching = [prefix for prefix in city.prefixes if address.startswith(prefix)]
    return city.prefixes[max(matching, key=len)] if matching else city.languages[0]


def _is_keyword(inbound: Inbound, citizen: Citizen) -> bool:
    """START, "menu" and the like are written in every language. A phrase tells: "delete my data", and of somebody we
    know nothing of "mes données" too."""
    return is_keyword(inbound) and len(_WORD.findall(inbound.text)) <= (_SHORT if citizen.language else 1)


def _is_odd_word(text: str, parse: Parse | None) -> bool:
    """One word that means nothing to us, such as "asdf"."""
    return len(_WORD.findall(text)) <= 1 and (parse is None or parse.intent in _ODD)


def tells_language(text: str, parse: Parse | None) -> bool:
    """False for what is the same in all languages, or said in any: "ok", "no", "1", "gracias", an address alone."""
    if not _LETTER.search(text) or says(text, YES | NO) or is_courtesy(text) or _is_odd_word(text, parse):
        return False
    place = parse.first("location") if parse else None
    return place is None or len(_WORD.findall(text[: place.start] + " " + text[place.end :])) > _AROUND
