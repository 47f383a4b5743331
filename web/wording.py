"""Words and times of templates, each made once: a page says several hundred, the same ones each time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time
from markupsafe import Markup

_TEXTS = 4096  # of a language: more than all templates have
_DAYS = 4096  # ten years of them
_MINUTES = 24 * 60


class Wording:
    """`gettext` and `ngettext` as Jinja's own (https://jinja.palletsprojects.com/en/stable/extensions/, newstyle):
    values are escaped, the words of our templates and catalogues are not. Without values a text is looked up once."""

    def __init__(self, translation: NullTranslations) -> None:
        self._translation = translation
        self._plain = lru_cache(_TEXTS)(self._safe)

    def gettext(self, text: str, /, **values: object) -> Markup:
        if not values:
            return self._plain(text)
        return Markup(self._translation.gettext(text)) % values  # noqa: S704 - our own words

    def ngettext(self, single: str, plural: str, number: int, /, **values: object) -> Markup:
        words = Markup(self._translation.ngettext(single, plural, number))  # noqa: S704 - our own words
        return words % {"num": number, **values}

    def _safe(self, text: str) -> Markup:
        return Markup(self._translation.gettext(text)) % {}  # noqa: S704 - our own words


class Times:
    """Moments in a city's zone, as its language writes them."""

    def __init__(self, locale: Locale, zone: ZoneInfo) -> None:
        self._zone = zone
        self._time: Callable[[int, int], str] = lru_cache(_MINUTES)(
            lambda hour, minute: format_time(time(hour, minute), "short", locale=locale)
        )
        self._date: Callable[[date], str] = lru_cache(_DAYS)(lambda day: format_date(day, "medium", locale=locale))
        self._day: Callable[[int, int], str] = lru_cache(366)(
            lambda month, day: format_skeleton("MMMd", datetime(2000, month, day, 12, tzinfo=UTC), locale=locale)
        )

    def moment(self, when: datetime) -> str:
        here = when.astimezone(self._zone)
        return f"{self._date(here.date())}, {self._time(here.hour, here.minute)}"

    def short(self, when: datetime) -> str:
        """A list is read quickly: the month by its name, no year and no seconds."""
        here = when.astimezone(self._zone)
        return f"{self._day(here.month, here.day)}, {self._time(here.hour, here.minute)}"

    def day(self, when: datetime) -> str:
        """The same without its time."""
        here = when.astimezone(self._zone)
        return self._day(here.month, here.day)
