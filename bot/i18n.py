"""Reply + language -> text. The only place where words leave: catalogues, plurals, dates and numbers by Babel."""

import gettext
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from babel.units import format_unit

from bot.explaining import Explaining
from bot.texts import LANGUAGE_NAMES, LOCALES, NEXT_STEPS, PIN, STATUSES, TEXTS, WORKING
from channels.segments import count, gsm_safe, split
from handlers.say import (
    Ago,
    Day,
    Distance,
    LanguageName,
    Moment,
    NextStep,
    Option,
    Reason,
    Reply,
    Say,
    ServiceName,
    Value,
    Wording,
    Working,
)
from tickets.city import Cities, City
from tickets.model import Place, Status

_NARROW = str.maketrans({"\u202f": " ", "\u00a0": " "})  # one such space would make a whole SMS UCS-2

_KILOMETRE = 1000.0  # metres

SOURCE = "en"  # the language of the message ids
PLACE_SHOWN = 60  # characters of a longer place
PLACE_BRIEF = 40  # the same by SMS, where the text is to be one segment and the citizen has confirmed the place
_WHERE_BRIEF = 20  # one of three streets to choose from, by SMS
_FEW_OPTIONS = 3  # two streets, and none of them
_TWO_SMS = 306  # septets
_GIVES = {Say.NEARBY: "place", Say.LAST_NEWS: "note"}  # what is cut where a text by SMS would be longer than that
_SHORTEST = 14  # characters of what was cut
_SPARED = frozenset({Say.COUNTED})  # lines that nobody pays an SMS for
_TO_CONFIRM = frozenset({Say.CONFIRM, Say.CONFIRM_PHOTO})


class CatalogueMissing(Exception):
    """A language of config.yml lacks its catalogue under locales/, or a text in it; the message names which."""


def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of one language, compiled from its .po file in memory (no build step to forget)."""
    path = LOCALES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        raise CatalogueMissing(f"{language}: locales/{language}/LC_MESSAGES/messages.po is missing; add it")
    return _compiled(language, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _compiled(language: str, path: Path, _changed: int) -> gettext.NullTranslations:
    """Read once for as long as the file is the same: that takes 25 ms."""
    with path.open("rb") as source:
        messages = read_po(source, locale=language)
    for text in (*TEXTS.values(), *STATUSES.values(), *NEXT_STEPS.values(), PIN):
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

    def __init__(self, city: Cities) -> None:
        self._cities = city
        self._zone = ZoneInfo(city.now.timezone)
        self._catalogues: Mapping[str, gettext.NullTranslations] = {c: catalogue(c) for c in city.now.languages}

    @property
    def _city(self) -> City:
        return self._cities.now

    def __call__(self, reply: Reply, language: str, *, brief: bool = False) -> str:
        if brief:
            reply = replace(reply, lines=tuple(line for line in reply.lines if line.say not in _SPARED))
        text = self._whole(reply, language, brief=brief)
        if not brief or _GIVES.keys().isdisjoint((reply.say, *(line.say for line in reply.lines))):
            return text
        numbered = (f"9 {label}" for label in self.labels(reply, language, brief=True))
        over = count(gsm_safe("\n".join([text, *numbered]))).units - _TWO_SMS
        if over <= 0:
            return text
        lines = tuple(line for line in reply.lines if self._can_give(line, language, over))
        return self._whole(replace(reply, lines=lines), language, brief=True, over=over)

    def _can_give(self, line: Reply, language: str, over: int) -> bool:
        """Whether enough would be left of it; every other line has to stay."""
        gives = _GIVES.get(line.say)
        return gives is None or len(self.value(line.values[gives], language)) - over >= _SHORTEST

    def _whole(self, reply: Reply, language: str, *, brief: bool, over: int = 0, where: int = PLACE_SHOWN) -> str:
        """With its lines; `over`: the characters by which what can give way has to be shorter, `where`: the most of a
        street to choose."""
        values = {"city": self._city.name} | {name: self.value(value, language) for name, value in reply.values.items()}
        text = self._text(TEXTS[reply.say], language)
        if "place" in values:
            values["place"] = _short(values["place"], _room(reply.say, brief=brief))
            text = text.replace("{place}.", "{place}") if values["place"].endswith("...") else text
        if "where" in values:
            values["where"] = _short(values["where"], where)
        if over and (gives := _GIVES.get(reply.say)):
            values[gives] = _short(values[gives], max(_SHORTEST, len(values[gives]) - over))
        head = text.format_map(values).strip()
        return "\n".join([head, *(self._whole(line, language, brief=brief, over=over) for line in reply.lines)])

    def labels(self, reply: Reply, language: str, *, brief: bool = False) -> list[str]:
        """Of its options. By SMS, streets to choose from are the shorter the more they are."""
        few = len(reply.options) <= _FEW_OPTIONS
        room = (PLACE_BRIEF if few else _WHERE_BRIEF) if brief else PLACE_SHOWN
        return [self.label(option, language, room=room) for option in reply.options]

    def label(self, option: Option, language: str, *, room: int = PLACE_SHOWN) -> str:
        match option.label:
            case ServiceName() as service:
                return self.value(service, language)
            case LanguageName(code):
                return LANGUAGE_NAMES[code]
            case Say() as what:
                return self._text(TEXTS[what], language)
            case Wording() as wording:
                return self.value(wording, language)
            case Reply() as reply:
                return self._whole(reply, language, brief=False, where=room)
            case int() as number:
                return str(number)

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
            case NextStep(status):
                return self._text(NEXT_STEPS[status], language)
            case _:
                return self._plain(value, language)

    def _plain(self, value: Value, language: str) -> str:
        """What no catalogue has a word for."""
        match value:
            case LanguageName(code):
                return LANGUAGE_NAMES.get(code, code)
            case Working(span):
                one, several = WORKING[span.unit]
                return self.translation(language).ngettext(one, several, span.amount).format(count=span.amount)
            case Reason(explanation):
                locale, translation = self._city.locales[language], self.translation(language)
                words = Explaining(language=language, locale=locale, zone=self._zone, translation=translation)
                return words(explanation).rstrip(".")  # an abbreviated month would end a sentence with two points
            case Wording(texts):
                return texts.get(language) or next(iter(texts.values()))
            case Moment() | Day() | Ago() | Distance():
                return self._measured(value, language)
            case _:
                return str(value)

    def _measured(self, value: Moment | Day | Ago | Distance, language: str) -> str:
        locale = self._city.locales[language]
        match value:
            case Moment(at):
                local = at.astimezone(self._zone)
                day, hour = format_date(local, "EEEE d", locale=locale), format_time(local, "short", locale=locale)
                return f"{day}, {hour}".translate(_NARROW)
            case Day(at):
                written = format_skeleton("yMMMd", at.astimezone(self._zone), locale=locale)
                return written.translate(_NARROW)
            case Ago(span):
                return format_timedelta(-span, add_direction=True, locale=locale).translate(_NARROW)
            case Distance(metres):
                far = metres >= _KILOMETRE
                unit = "length-kilometer" if far else "length-meter"
                amount = metres / _KILOMETRE if far else round(metres, -1)
                return format_unit(amount, unit, "short", format="#,##0.#", locale=locale).translate(_NARROW)

    def _date(self, at: datetime, language: str) -> str:
        local = at.astimezone(self._zone)
        written = format_skeleton("MMMEd", local, locale=self._city.locales[language]).translate(_NARROW)
        return written.rstrip(".")  # an abbreviated month would end a sentence with two points
