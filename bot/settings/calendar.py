"""`calendar` of config.yml: opening hours, the city's own holidays and those of its country and region."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from bot.settings.section import Section, some_text
from tickets.calendar import Calendar, Span

_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")  # longer names of the library are stock exchanges
_SOURCE: Final = "en"  # names of holidays of a country that has none in a language of its own
_BACK, _AHEAD = 3, 10  # years: of tickets that are still open, and of the farthest promise
_OPENING: Final = 'a mapping such as {mon: 08:00-17:00, tue: "08:00-12:00, 14:00-18:00"}, some day open'
_HOLIDAYS: Final = "a list of dates such as 2026-12-25, or with its name {date: 2026-12-25, name: Christmas}"
_LETTERS: Final = 'two letters in quotes (ISO 3166-1) such as "MX"'
_CODE: Final = 'its code in quotes (ISO 3166-2 without the country) such as "SP"'

Names = Mapping[str, str]  # by language
Days = dict[date, Names]


def read_calendar(section: Section, timezone: str, languages: tuple[str, ...], locales: Names) -> Calendar:
    """`opening`, `holidays` (own days), `country` and `region`, and `working`: days of those on which the city works
    all the same. Countries' holidays are known from 3 years back to 10 ahead of the start."""
    opening: dict[int, tuple[Span, ...]] = section.get("opening", _opening, _OPENING, {})
    none: Days = {}
    own = section.get("holidays", lambda listed: _own(listed, languages), _HOLIDAYS, none, required=False)
    nothing: frozenset[date] = frozenset()
    working = section.get("working", _dates, "a list of dates such as 2026-12-24", nothing, required=False)
    country = section.get("country", _filled, _LETTERS, "", required=False)
    region = section.get("region", _filled, _CODE, "", required=False)
    for day in sorted(own.keys() & working):
        section.wrong("working", f"has {day}, and so has `holidays`; remove it from one of them")
    of_country = _of_country(section, country, region, {code: locales.get(code, code) for code in languages})
    section.done()
    holidays = {day: names for day, names in of_country.items() if day not in working} | own
    return Calendar(timezone=timezone, opening=opening, holidays=holidays)


def _of_country(section: Section, country: str, region: str, locales: Names) -> Days:
    """Of the years around now; none, and a problem noted, where the library knows no such country or region."""
    if not country:
        if region:
            section.wrong("country", f"is missing; write the region's country as {_LETTERS}, or remove `region`")
        return {}
    import holidays  # only here: its tables are needed by few cities, and are big

    known = getattr(holidays, country, None) if _COUNTRY.fullmatch(country) else None
    if known is None:
        section.wrong("country", f"{country} is not known; write {_LETTERS}, or remove it and list its days")
        return {}
    if region and region not in known.subdivisions:
        section.wrong("region", _regions(country, region, known.subdivisions))
        return {}
    return _named(known, region or None, locales)


def _regions(country: str, region: str, known: tuple[str, ...]) -> str:
    if known:
        return f"{region} is none of {country}; write one of {', '.join(known)} in quotes"
    return f"{region} is not known, nor any other region of {country}; remove `region` and list its days in `holidays`"


def _named(known: Any, region: str | None, locales: Names) -> Days:
    """Its days, each with its name in those of the city's languages that the library has."""
    year = datetime.now(UTC).year
    years = range(year - _BACK, year + _AHEAD + 1)
    found: dict[date, dict[str, str]] = {day: {} for day in known(subdiv=region, years=years)}
    for language, tongue in _tongues(known, locales):
        for day, name in known(subdiv=region, years=years, language=tongue).items():
            found.setdefault(day, {})[language] = name
    return dict(found)


def _tongues(known: Any, locales: Names) -> Iterator[tuple[str, str]]:
    """The city's languages, each with the code under which the library has it for this country, if it has."""
    offered = (*known.supported_languages, known.default_language or _SOURCE)
    for language, locale in locales.items():
        alike = sorted({code for code in offered if code.partition("_")[0] == language})
        if alike:
            yield language, locale if locale in alike else alike[0]


def _opening(value: dict[str, str]) -> dict[int, tuple[Span, ...]]:
    opening = {_WEEK.index(day): _spans(written) for day, written in value.items()}
    if not opening:
        raise ValueError
    return opening


def _spans(written: str) -> tuple[Span, ...]:
    """`08:00-12:00, 14:00-24:00`, in order and apart; what is open past midnight is two days' spans."""
    spans, before = [], time()
    for part in written.split(","):
        found = _SPAN.fullmatch(part.strip())
        if not found:
            raise ValueError
        opens, closes = time.fromisoformat(found[1]), _closing(found[2])
        if opens < before or (closes != time() and closes <= opens):
            raise ValueError
        before = closes if closes != time() else time.max
        spans.append((opens, closes))
    return tuple(spans)


def _closing(written: str) -> time:
    """The day's end is written 24:00."""
    if written == "00:00":
        raise ValueError
    return time() if written == "24:00" else time.fromisoformat(written)


def _own(value: object, languages: tuple[str, ...]) -> Days:
    if not isinstance(value, list):
        raise TypeError
    return dict(_entry(entry, languages) for entry in value)


def _entry(entry: Any, languages: tuple[str, ...]) -> tuple[date, Names]:
    """A date alone, or with a name: one for all languages, or one for each of some."""
    if not isinstance(entry, dict):
        return _date(entry), {}
    if set(entry) != {"date", "name"}:
        raise ValueError
    name = entry["name"]
    names = name if isinstance(name, dict) else dict.fromkeys(languages, name)
    if not set(names) <= set(languages):
        raise ValueError
    return _date(entry["date"]), {language: _filled(words) for language, words in names.items()}


def _date(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError
    return value


def _dates(value: object) -> frozenset[date]:
    if not isinstance(value, list):
        raise TypeError
    return frozenset(map(_date, value))


def _filled(value: object) -> str:
    return some_text(value).strip()
