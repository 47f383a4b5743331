"""The sections of config.yml that describe the city -> tickets.city.City."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from bot.settings import room
from bot.settings.calendar import read_calendar
from bot.settings.escalation import read_escalation
from bot.settings.geojson import areas, landmarks, streets
from bot.settings.information import read_information
from bot.settings.lines import read_alerts, read_talk
from bot.settings.nearby import read_nearby
from bot.settings.neighbours import read_neighbours, read_outside
from bot.settings.notice import read_version
from bot.settings.openness import read_openness
from bot.settings.questions import read_body, read_questions
from bot.settings.replies import read_partners, read_replies
from bot.settings.routing import read_routing
from bot.settings.section import Section, among, some_texts
from bot.settings.staff import read_staff
from bot.settings.target import check_areas, read_targets
from bot.texts import LOCALES
from nlu.contract import SERVICE_CODES
from tickets.city import Ask, City, Department, Lines, Nearby, Office, Service

_PREFIX = re.compile(r"\+[1-9]\d{0,14}")


def read_city(top: Section, folder: Path) -> City | None:
    """The city, or None when a problem makes it unusable (each is noted in `top.problems`)."""
    about, office = top.section("city"), top.section("office")
    languages = _languages(about)
    departments = tuple(_department(section, languages) for section in top.sections("departments"))
    usual = read_nearby(top, Nearby())
    services = tuple(read_service(section, languages, departments, usual) for section in top.sections("services"))
    _unique(top, "departments", [d.code for d in departments])
    _unique(top, "services", [s.code for s in services])
    locales = _locales(about, languages)
    staff = read_staff(top, languages)
    timezone = about.get("timezone", _zone, "a time zone name such as America/Bogota", "UTC")
    city_areas = areas(top, folder)
    city = City(
        name=about.text("name"),
        timezone=timezone,
        languages=languages,
        locales=locales,
        prefixes=_prefixes(about, languages),
        lines=Lines(
            emergency=about.text("emergency_number", "the number in quotes"),
            violence=about.text("violence_number", "the number in quotes", ""),
            self_harm=about.text("self_harm_number", "the number in quotes", ""),
        ),
        privacy_url=about.text("privacy_url", "the address of the privacy notice"),
        privacy_version=read_version(about),
        office=Office(phone=office.text("phone", "a number in quotes"), hours=office.texts("hours", languages)),
        calendar=read_calendar(top.section("calendar"), timezone, languages, locales),
        departments=departments,
        services=services,
        areas=city_areas,
        streets=streets(top, folder),
        landmarks=landmarks(top, folder),
        information=read_information(top, languages),
        talk=read_talk(top),
        outside=read_outside(top, languages),
        neighbours=read_neighbours(top, folder, languages),
        alerts=read_alerts(top, staff),
        staff=staff,
        canned=read_replies(top, languages),
        partners=read_partners(top, languages),
        escalation=read_escalation(top, staff, departments, services),
        openness=read_openness(top, services),
        routing=read_routing(top, departments, services, city_areas),
    )
    _fits(top, about, office, city)
    about.done()
    office.done()
    return None if top.problems else city


def _fits(top: Section, about: Section, office: Section, city: City) -> None:
    check_areas(top, city.services, city.areas)
    room.check(about, "name", [city.name])
    room.check(about, "privacy_url", [city.privacy_url])
    room.check(about, "emergency_number", [city.lines.emergency, city.lines.violence, city.lines.self_harm])
    room.check(office, "phone", [city.office.phone])
    room.check(office, "hours", city.office.hours.values())
    for language in city.languages:
        room.check_menu(top, "services", [service.names.get(language, "") for service in city.services])


def _languages(about: Section) -> tuple[str, ...]:
    default: tuple[str, ...] = ("en",)
    languages = about.get("languages", _languages_listed, "a list such as [es, en]", default)
    for language in languages:
        if not language.isalpha() or not (LOCALES / language / "LC_MESSAGES" / "messages.po").exists():
            about.wrong("languages", f"names {language}, which has no catalogue under locales/; add it or remove it")
    if len(set(languages)) < len(languages):
        about.wrong("languages", "names a language twice")
    return languages


def _locales(about: Section, languages: tuple[str, ...]) -> dict[str, str]:
    locales = about.texts("locales", languages)
    for language, locale in locales.items():
        try:
            Locale.parse(locale)
        except (UnknownLocaleError, ValueError, TypeError):
            about.wrong("locales", f"{language}: {locale} is no locale; write one such as {language}_XX")
    return locales


def _prefixes(about: Section, languages: tuple[str, ...]) -> dict[str, str]:
    prefixes: dict[str, str] = about.get("prefixes", _mapping, 'a mapping such as {"+52": es}', {}, required=False)
    for prefix, language in prefixes.items():
        if not _PREFIX.fullmatch(str(prefix)) or language not in languages:
            about.wrong("prefixes", f"{prefix}: {language}: quote a prefix with + and name one of city.languages")
    return {str(prefix): str(language) for prefix, language in prefixes.items()}


def _department(section: Section, languages: tuple[str, ...]) -> Department:
    department = Department(code=section.text("code"), names=section.texts("names", languages))
    section.done()
    return department


def read_service(
    section: Section, languages: tuple[str, ...], departments: tuple[Department, ...], usual: Nearby
) -> Service:
    """One of them."""
    codes = ", ".join(SERVICE_CODES)
    none: tuple[Ask, ...] = ()
    target, targets = read_targets(section)
    asks = section.get("asks", _asks, f"a list of {', '.join(Ask)}", none)
    service = Service(
        code=section.get("code", among(SERVICE_CODES), f"one of {codes}", ""),
        names=section.texts("names", languages),
        department=section.get(
            "department", among(tuple(d.code for d in departments)), "the code of one of `departments`", ""
        ),
        target=target,
        targets=targets,
        asks=asks,
        questions=read_questions(section, languages, asks),
        body=read_body(section, languages),
        nearby=read_nearby(section, usual),
    )
    room.check(section, "names", service.names.values())
    section.done()
    return service


def _unique(top: Section, name: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        top.wrong(name, f"has the code {code} twice; codes must differ")
    if not codes:
        top.wrong(name, "is empty; a city needs at least one")


def _mapping(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _languages_listed(value: object) -> tuple[str, ...]:
    if not (languages := some_texts(value)):
        raise ValueError
    return languages


def _asks(value: object) -> tuple[Ask, ...]:
    return tuple(Ask(ask) for ask in some_texts(value))


def _zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key  # raises ValueError or KeyError for what is none
    except OSError:  # the name of a folder of zones
        raise ValueError from None
