"""Which language a citizen is answered in."""

import re

from bot.ports import Arrival
from handlers.turn import Asked, Dialogue
from handlers.words import NO, YES, says
from nlu.parse import Parse
from tickets.city import City

SURE = 0.75  # of the language, 0-1
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
_AROUND = 1  # words beside an address that still tell nothing: "en calle 8", "rua 7 pls"


def choose_language(arrival: Arrival, parse: Parse | None, dialogue: Dialogue | None, city: City) -> tuple[str, bool]:
    """Own choice, then the last confident language, then what the phone says, then the city's first; and whether it is
    to be remembered. The answer to "where is it?" is an address and tells nothing of the language."""
    citizen, guess = arrival.citizen, parse.language if parse else None
    if citizen.chosen and citizen.language in city.languages:
        return citizen.language, False
    placing = dialogue is not None and dialogue.asked is Asked.PLACE
    sure = guess is not None and guess.name in city.languages and guess.confidence >= SURE
    if guess and sure and not placing and tells_language(arrival.inbound.text, parse):
        return guess.name, guess.name != citizen.language
    if citizen.language in city.languages:
        return citizen.language, False
    return _phone_language(arrival, city), False


def tells_language(text: str, parse: Parse | None) -> bool:
    """False for what is the same in all languages, or said in any: "ok", "no", "1", an address alone."""
    if not _LETTER.search(text) or says(text, YES) or says(text, NO):
        return False
    place = parse.first("location") if parse else None
    return place is None or len(_WORD.findall(text[: place.start] + " " + text[place.end :])) > _AROUND


def _phone_language(arrival: Arrival, city: City) -> str:
    hint = (arrival.inbound.language_hint or "").partition("-")[0].lower()
    if hint in city.languages:
        return hint
    address = arrival.citizen.contact.address
    matching = [prefix for prefix in city.prefixes if address.startswith(prefix)]
    return city.prefixes[max(matching, key=len)] if matching else city.languages[0]
