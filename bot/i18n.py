"""Reply + language -> text. The only place where words leave: catalogues, plurals, dates and numbers by Babel."""

import gettext
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from bot.texts import LANGUAGE_NAMES, LOCALES, PIN, STATUSES, TEXTS
from channels.segments import split
from handlers.say import LanguageName, Option, Reply, Say, ServiceName, Value
from tickets.city import City
from tickets.model import Place, Status

_NARROW = str.maketrans({"\u202f": " ", "\u00a0": " "})  # one such space would make a whole SMS UCS-2

SOURCE = "en"  # the language of the message ids
PLACE_SHOWN = 60  # characters of a longer place
PLACE_BRIEF = 40  # the same by SMS, where the text is to be one segment and the citizen has confirmed the place
_TO_CONFIRM = frozenset({Say.CONFIRM, Say.CONFIRM_PHOTO})


class CatalogueMissing(Exception):
    """A language of config.yml lacks its catalogue under locales/, or a text in it; the message names which."""


def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of one language, compiled from its .po file in memory (no build step to forget)."""
    path = LOCALES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        raise CatalogueMissing(f"{language}: locales/{language}/LC_MESSAGES/messages.po is missing; add it")
    with path.open("rb") as source:
        messages = read_po(source, locale=language)
    for text in (*TEXTS.values(), *STATUSES.values(), PIN):
        if language != SOURCE and not (text in messages and messages[text].string):
            raise CatalogueMissing(f"{language}: locales/{language} does not translate {text!r}; add it there")
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def _room(what: Say, *, brief: bool) -> int:
    """The most characters of a place in this text."""
    return PLACE_BRIEF if brief and what not in _TO_CONFIRM else PLACE_SHOWN


def _short(words: str, room: int) -> str:
    """A place as one line that fits into a summary, cut between what a reader sees as characters; the ticket keeps it
    whole."""
    line = " ".join(words.split())
    return line if len(line) <= room else split(line, room - 3)[0].rstrip() + "..."


class Words:
    """Renders replies for one city. Keeps bot.ports.Render by being called."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._zone = ZoneInfo(city.timezone)
        self._catalogues: Mapping[str, gettext.NullTranslations] = {c: catalogue(c) for c in city.languages}

    def __call__(self, reply: Reply, language: str, *, brief: bool = False) -> str:
        values = {"city": self._city.name} | {name: self.value(value, language) for name, value in reply.values.items()}
        text = self._text(TEXTS[reply.say], language)
        if "place" in values:
            values["place"] = _short(values["place"], _room(reply.say, brief=brief))
            text = text.replace("{place}.", "{place}") if values["place"].endswith("...") else text
        head = text.format_map(values).strip()
        return "\n".join([head, *(self(line, language, brief=brief) for line in reply.lines)])

    def label(self, option: Option, language: str) -> str:
        match option.label:
            case ServiceName() as service:
                return self.value(service, language)
            case LanguageName(code):
                return LANGUAGE_NAMES[code]
            case Say() as what:
                return self._text(TEXTS[what], language)

    def translation(self, language: str) -> gettext.NullTranslations:
        """The catalogue for the desk's pages; the city's first language when it has none."""
        return self._catalogues.get(language) or self._catalogues[self._city.languages[0]]

    def _text(self, source: str, language: str) -> str:
        return self.translation(language).gettext(source)

    def value(self, value: Value, language: str) -> str:
        """One of a reply's values, as it stands in its text."""
        match value:
            case ServiceName(code):
                service = self._city.service(code)
                return service.names[language] if service else code
            case Status():
                return self._text(STATUSES[value], language)
            case datetime():
                return self._date(value, language)
            case Place():
                return value.words or value.street or self._text(PIN, language)
            case _:
                return str(value)

    def _date(self, at: datetime, language: str) -> str:
        local = at.astimezone(self._zone)
        written = format_skeleton("MMMEd", local, locale=self._city.locales[language]).translate(_NARROW)
        return written.rstrip(".")  # an abbreviated month would end a sentence with two points
