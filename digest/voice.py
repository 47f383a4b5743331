"""How a digest speaks to one reader: words by the catalogue, names from the city, dates and numbers by Babel."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from digest.measures import HOURS, Measure, Rate
from digest.words import CHANNELS, DAYS, MINUTES, NO_AREA, NO_DEPARTMENT, PAIR, WHOLE_WEEK, WHOLE_WEEK_OF
from digest.words import HOURS as HOUR
from tickets.city import Cities, Texts
from tickets.figures import Kind, Scope
from tickets.period import Period

DASH = "–"
_SPACES = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0"})  # thin ones are missing from many a font
_FRENCH = re.compile(r"(?<=\S) (?=[:;?!%»])|(?<=«) ")  # spaces that hold together
_DAY = 24  # hours
_IN_DAYS = 48  # hours, from which on days tell more
_FEW = 10  # hours, below which their tenths tell
_HOUR = 60  # minutes
_ROUND = 100  # from which a mean needs no fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One language of one city. All that it returns has no-break spaces within a number, none of the thin ones."""

    city: Cities
    language: str
    translation: NullTranslations = field(repr=False)

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.city.now.locales.get(self.language, self.language))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.city.now.timezone)

    def say(self, source: str, **values: str) -> str:
        return self._spaced(self.translation.gettext(source).format_map(values))

    def count(self, one: str, many: str, number: int, **values: str) -> str:
        """With `{n}` in it."""
        return self._spaced(
            self.translation.ngettext(one, many, number).format_map({"n": self.number(number)} | values)
        )

    def _spaced(self, words: str) -> str:
        """No line ends before a French colon, wherever it comes from: a text, or a name in it."""
        return _FRENCH.sub("\u00a0", words) if self.language == "fr" else words

    def pair(self, name: str, value: str) -> str:
        return self.say(PAIR, name=name, value=value)

    def listed(self, words: Iterable[str]) -> str:
        """One after another, where commas would not part them."""
        return self._spaced((" ; " if self.language == "fr" else "; ").join(words))

    def number(self, number: float, digits: int = 0) -> str:
        """Grouped; `digits` after the point at most."""
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return str(format_decimal(round(number, digits), format=pattern, locale=self.locale)).translate(_SPACES)

    def percent(self, share: float) -> str:
        return str(format_percent(share, locale=self.locale)).translate(_SPACES)

    def signed(self, share: float) -> str:
        """A change, such as +38 %; nothing where it rounds to none."""
        if not round(share * 100):
            return ""
        return ("+" if share > 0 else "−") + self.percent(abs(share))

    def hours(self, hours: float) -> str:
        """So long, in the unit that tells the most."""
        if round(hours * _HOUR) < _HOUR:
            return self._unit(round(hours * _HOUR), "minute")
        return self.brief(hours) if hours < _IN_DAYS else self._unit(hours / _DAY, "day")  # Babel has "1 horas"

    def _unit(self, amount: float, unit: str) -> str:
        rounded = round(amount, 1 if unit == "day" else 0)
        return str(format_unit(rounded, f"duration-{unit}", "short", format="#,##0.#", locale=self.locale)).translate(
            _SPACES
        )

    def brief(self, hours: float) -> str:
        """The same for a narrow column."""
        if round(hours * _HOUR) < _HOUR:
            return self._brief(MINUTES, hours * _HOUR)
        return self._brief(HOUR, hours, int(hours < _FEW)) if hours < _IN_DAYS else self._brief(DAYS, hours / _DAY, 1)

    def _brief(self, source: str, amount: float, digits: int = 0) -> str:
        return self.say(source, n=self.number(amount, digits)).replace(" ", "\u00a0")

    def value(self, measure: Measure, value: float | None, *, mean: bool = False, brief: bool = False) -> str:
        """One number as it is shown; a dash where there is none."""
        if value is None:
            return DASH
        if measure is Rate.ON_TIME:
            return self.percent(value)
        if measure in HOURS:
            return self.brief(value) if brief else self.hours(value)
        if measure is Rate.SATISFACTION:
            return str(format_decimal(round(value, 1), format="0.0", locale=self.locale))
        return self.number(value, 1 if mean and value < _ROUND else 0)

    def day(self, day: date) -> str:
        return str(format_skeleton("MMMd", day, locale=self.locale)).translate(_SPACES)

    def tick(self, day: date) -> str:
        """As short as it can be told."""
        return str(format_skeleton("Md", day, locale=self.locale)).translate(_SPACES)

    def full_day(self, day: date) -> str:
        return str(format_date(day, "medium", locale=self.locale)).translate(_SPACES)

    def moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{self.full_day(local.date())}, {format_time(local, 'short', locale=self.locale)}".translate(_SPACES)

    def local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def period(self, period: Period) -> str:
        """`Week 47, Nov 16 - 22, 2026`, or only its days."""
        days = str(format_interval(period.begin, period.last, "yMMMd", locale=self.locale)).translate(_SPACES)
        if not period.week:
            return days
        year, week, _ = period.begin.isocalendar()
        source = WHOLE_WEEK if year == period.begin.year == period.last.year else WHOLE_WEEK_OF
        return self.say(source, week=str(week), year=str(year), days=days)

    def scope(self, scope: Scope) -> str:
        """Its name; an unknown code as it is."""
        match scope.kind:
            case Kind.CITY:
                return self.city.now.name
            case Kind.DEPARTMENT:
                return self.department(scope.code)
            case Kind.AREA:
                return self.area(scope.code)

    def department(self, code: str) -> str:
        names = next((each.names for each in self.city.now.departments if each.code == code), None)
        return self._name(names, code) or self.say(NO_DEPARTMENT)

    def service(self, code: str) -> str:
        found = self.city.now.service(code)
        return self._name(found.names if found else None, code)

    def area(self, code: str | None) -> str:
        name = next((each.name for each in self.city.now.areas if each.code == code), code)
        return name or self.say(NO_AREA)

    def channel(self, code: str) -> str:
        return self.say(CHANNELS[code]) if code in CHANNELS else code

    def tongue(self, code: str) -> str:
        return str(self.locale.languages.get(code, code))

    def _name(self, names: Texts | Mapping[str, str] | None, code: str) -> str:
        return (names or {}).get(self.language) or code
