"""The sections of config.yml that describe the city -> tickets.city.City."""

from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from bot.geojson import areas, landmarks, streets
from bot.reading import Section, among
from bot.texts import LOCALES
from nlu.contract import SERVICE_CODES
from tickets.calendar import Calendar, Target, Unit
from tickets.city import Ask, City, Department, Office, Service

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_city(top: Section, folder: Path) -> City | None:
    """The city, or None when a problem makes it unusable (each is noted in `top.problems`)."""
    about, office = top.section("city"), top.section("office")
    languages = _languages(about)
    departments = tuple(_department(section, languages) for section in top.sections("departments"))
    services = tuple(_service(section, languages, departments) for section in top.sections("services"))
    _unique(top, "departments", [d.code for d in departments])
    _unique(top, "services", [s.code for s in services])
    timezone = about.get("timezone", _zone, "a time zone name such as America/Bogota", "UTC")
    city = City(
        name=about.text("name"),
        timezone=timezone,
        languages=languages,
        locales=_locales(about, languages),
        prefixes=_prefixes(about, languages),
        emergency_number=about.text("emergency_number", "the number in quotes"),
        privacy_url=about.text("privacy_url", "the address of the privacy notice"),
        office=Office(phone=office.text("phone", "a number in quotes"), hours=office.texts("hours", languages)),
        calendar=_calendar(top.section("calendar"), timezone),
        departments=departments,
        services=services,
        areas=areas(top, folder),
        streets=streets(top, folder),
        landmarks=landmarks(top, folder),
    )
    about.done()
    office.done()
    return None if top.problems else city


def _languages(about: Section) -> tuple[str, ...]:
    default: tuple[str, ...] = ("en",)
    languages = about.get("languages", _strings, "a list such as [es, en]", default)
    for language in languages:
        if not (LOCALES / language / "LC_MESSAGES" / "messages.po").exists():
            about.wrong("languages", f"names {language}, which has no catalogue under locales/; add it or remove it")
    if len(set(languages)) < len(languages):
        about.wrong("languages", "names a language twice")
    return languages or ("en",)


def _locales(about: Section, languages: tuple[str, ...]) -> dict[str, str]:
    locales = about.texts("locales", languages)
    for language, locale in locales.items():
        try:
            Locale.parse(locale)
        except (UnknownLocaleError, ValueError):
            about.wrong("locales", f"{language}: {locale} is no locale; write one such as {language}_XX")
    return locales


def _prefixes(about: Section, languages: tuple[str, ...]) -> dict[str, str]:
    prefixes: dict[str, str] = about.get("prefixes", dict, 'a mapping such as {"+52": es}', {}, required=False)
    for prefix, language in prefixes.items():
        if not str(prefix).startswith("+") or language not in languages:
            about.wrong("prefixes", f"{prefix}: {language}: quote a prefix with + and name one of city.languages")
    return {str(prefix): str(language) for prefix, language in prefixes.items()}


def _department(section: Section, languages: tuple[str, ...]) -> Department:
    department = Department(code=section.text("code"), names=section.texts("names", languages))
    section.done()
    return department


def _service(section: Section, languages: tuple[str, ...], departments: tuple[Department, ...]) -> Service:
    codes = ", ".join(SERVICE_CODES)
    service = Service(
        code=section.get("code", among(SERVICE_CODES), f"one of {codes}", ""),
        names=section.texts("names", languages),
        department=section.get(
            "department", among(tuple(d.code for d in departments)), "the code of one of `departments`", ""
        ),
        target=section.get("sla", _target, "{days: N} or {hours: N}, N at least 1", Target(amount=1, unit=Unit.DAYS)),
        asks=section.get("asks", _asks, f"a list of {', '.join(Ask)}", ()),
    )
    section.done()
    return service


def _unique(top: Section, name: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        top.wrong(name, f"has the code {code} twice; codes must differ")
    if not codes:
        top.wrong(name, "is empty; a city needs at least one")


def _calendar(section: Section, timezone: str) -> Calendar:
    closed: dict[int, tuple[time, time]] = {}
    opening = section.get("opening", _opening, "a mapping such as {mon: 08:00-17:00}, some day open", closed)
    none: frozenset[date] = frozenset()
    holidays = section.get("holidays", _dates, "a list of dates such as 2026-12-25", none, required=False)
    section.done()
    return Calendar(timezone=timezone, opening=opening, holidays=holidays)


def _opening(value: dict[str, str]) -> dict[int, tuple[time, time]]:
    hours = {}
    for day, span in value.items():
        opens, _, closes = span.partition("-")
        hours[_DAYS.index(day)] = (time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))
    if not hours or any(opens >= closes for opens, closes in hours.values()):
        raise ValueError
    return hours


def _dates(value: list[object]) -> frozenset[date]:
    if not all(isinstance(day, date) for day in value):
        raise ValueError
    return frozenset(day for day in value if isinstance(day, date))


def _target(value: dict[str, Any]) -> Target:
    (unit, amount), *rest = value.items()
    if rest or not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        raise ValueError
    return Target(amount=amount, unit=Unit(unit))


def _asks(value: list[str]) -> tuple[Ask, ...]:
    return tuple(Ask(ask) for ask in value)


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise ValueError
    return tuple(value)


def _zone(value: object) -> str:
    ZoneInfo(str(value))  # raises ValueError or KeyError for what is none
    return str(value)
