"""`calendar` of config.yml: opening hours, the city's own holidays and those of its country and region."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from bot.settings.country import Country, Names, country, years
from bot.settings.section import Section, some_text
from tickets.calendar import Calendar, Nation, Span

_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)")
_OPENING: Final = 'a mapping such as {mon: 08:00-17:00, tue: "08:00-12:00, 14:00-18:00"}, some day open'
_HOLIDAYS: Final = "a list of dates such as 2026-12-25, or with its name {date: 2026-12-25, name: Christmas}"
_LETTERS: Final = 'two letters in quotes (ISO 3166-1) such as "MX"'
_CODE: Final = 'its code in quotes (ISO 3166-2 without the country) such as "SP"'

Days = dict[date, Names]
Opening = dict[int, tuple[Span, ...]]  # by weekday, Monday is 0


def read_calendar(section: Section, timezone: str, languages: tuple[str, ...], locales: Names) -> Calendar:
    """`opening`, `holidays` (own days), `country` and `region`, and `working`: days of those on which the city works
    all the same. Countries' holidays are known from 3 years back to 10 ahead of the start."""
    opening: Opening = section.get("opening", _opening, _OPENING, {})
    own, working = read_days(section, languages)
    code = section.get("country", _filled, _LETTERS, "", required=False)
    region = section.get("region", _filled, _CODE, "", required=False)
    known = _of_country(section, code, region, {language: locales.get(language, language) for language in languages})
    if known and opening:
        _check_working(section, working - own.keys(), known.days, opening)
    section.done()
    nation = Nation(country=code, region=region, days=known.days if known else {}, works=working)
    return Calendar(timezone=timezone, opening=opening, holidays=kept(nation, own), nation=nation)


def kept(nation: Nation, own: Days) -> Days:
    """All holidays of a city with these of its own."""
    return {day: names for day, names in nation.days.items() if day not in nation.works} | own


def read_days(section: Section, languages: tuple[str, ...]) -> tuple[Days, frozenset[date]]:
    """The city's own `holidays`, and those of its country on which it is `working`."""
    none: Days = {}
    own = section.get("holidays", lambda listed: _own(listed, languages), _HOLIDAYS, none, required=False)
    nothing: frozenset[date] = frozenset()
    working = section.get("working", _dates, "a list of dates such as 2026-12-24", nothing, required=False)
    for day in sorted(own.keys() & working):
        section.wrong("working", f"has {day}, and so has `holidays`; remove it from one of them")
    return own, working


def _of_country(section: Section, code: str, region: str, locales: Names) -> Country | None:
    """None, and a problem noted, where the library knows no such country or region; without either no days."""
    if not code:
        if region:
            section.wrong("country", f"is missing; write the region's country as {_LETTERS}, or remove `region`")
            return None
        return Country(regions=(), days={})
    known = country(code, region, locales)
    if known is None:
        section.wrong("country", f"{code} is not known; write {_LETTERS}, or remove it and list its days")
        return None
    if region and region not in known.regions:
        section.wrong("region", _regions(code, region, known.regions))
        return None
    return known


def _regions(code: str, region: str, known: tuple[str, ...]) -> str:
    if known:
        return f"{region} is none of {code}; write one of {', '.join(known)} in quotes"
    return f"{region} is not known, nor any other region of {code}; remove `region` and list its days in `holidays`"


def _check_working(
    section: Section, working: frozenset[date], of_country: Mapping[date, Names], opening: Opening
) -> None:
    """A day that is none of the country's holidays, or on which nobody opens anyway, would be passed over in silence.
    Those of years that are not looked at are left alone: the same file is to start in ten years too."""
    for day in sorted(day for day in working if day.year in years()):
        if day not in of_country:
            section.wrong("working", f"has {day}, which is no holiday of `country` and `region`, so it changes "
                          "nothing; check the date, or remove it")  # fmt: skip
        elif day.weekday() not in opening:
            section.wrong("working", f"has {day}, a {_WEEK[day.weekday()]}, on which `opening` has no hours, so it "
                          "changes nothing; give that weekday hours, or remove the date")  # fmt: skip


def _opening(value: dict[str, str]) -> Opening:
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
