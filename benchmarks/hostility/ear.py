"""How a citizen of the bench understands our texts: by the catalogues themselves, whatever their words are just now."""

import re
from collections.abc import Mapping
from enum import Enum
from unicodedata import normalize

from bot.i18n import catalogue
from bot.texts import TEXTS
from handlers.say import Say
from tickets.number import find_number

_VALUE = re.compile(r"\{[^}]*\}")


class Meaning(Enum):
    """What a text wants of the citizen."""

    RECEIPT = (Say.RECEIPT,)
    CONFIRM = (Say.CONFIRM_PHOTO, Say.CONFIRM)
    WHERE = (Say.WHERE, Say.PLACE_NEEDED)
    DETAILS = (Say.WHAT_HAPPENED,)
    MENU = (Say.WHICH_SERVICE, Say.NOT_UNDERSTOOD, Say.SORRY_MENU)
    UNKNOWN_NUMBER = (Say.NUMBER_UNKNOWN,)
    CHANGE = (Say.WHAT_TO_CHANGE,)
    WELCOME = (Say.WELCOME,)
    TROUBLE = (Say.TROUBLE,)
    OLD_BUTTON = (Say.OLD_BUTTON,)
    NEARBY = (Say.NEARBY,)
    JOINED = (Say.JOINED, Say.JOINED_NO_DATE)


class Ear:
    """Knows the texts of these languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        catalogues = [catalogue(language) for language in languages]
        self._patterns: Mapping[Meaning, list[re.Pattern[str]]] = {
            meaning: [_pattern(known.gettext(TEXTS[say])) for say in meaning.value for known in catalogues]
            for meaning in Meaning
        }

    def meaning(self, text: str) -> Meaning | None:
        """None for everything that asks for nothing: a status, thanks, a goodbye."""
        words = fold(text)
        for meaning, patterns in self._patterns.items():
            if any(pattern.match(words) for pattern in patterns):
                return meaning
        return None

    def number(self, text: str) -> str:
        return find_number(text) or ""


def fold(text: str) -> str:
    """Letters and digits alone: accents, punctuation and blanks are what a channel may change on the way."""
    return "".join(c for c in normalize("NFKD", text).casefold() if c.isalnum())


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(".*".join(fold(part) for part in _VALUE.split(template)))
