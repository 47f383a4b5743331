"""Pages: the templates, one environment per language, and the values that every page shows."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp_jinja2
import jinja2
from aiohttp.web import AppKey, Application, Request, Response
from babel.core import Locale
from babel.dates import format_timedelta
from babel.numbers import format_decimal, format_percent

from bot.explaining import Explaining
from digest.voice import Voice
from tickets.city import City
from tickets.explain import explain
from tickets.model import Ticket, Update
from tickets.promise import is_late
from web.people.address import shortened
from web.ports import WEB, Web
from web.reasons import FIELDS, KINDS, why
from web.wording import Times, Wording

_NUMBERS = 4096  # as they are written: a page counts in some dozen places
_FAR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)  # from the first on, the second says as much as a second
_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_Environments = Mapping[str, AppKey[jinja2.Environment]]
ENVIRONMENTS: AppKey[_Environments] = AppKey("environments", Mapping)


def set_up(app: Application) -> None:
    """Make an environment for each language of the city: catalogues and formats never mix between two requests."""
    web = app[WEB]
    keys = {language: AppKey(f"templates_{language}", jinja2.Environment) for language in web.city.languages}
    for language, key in keys.items():
        environment = aiohttp_jinja2.setup(
            app,
            app_key=key,
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            undefined=jinja2.StrictUndefined,
            auto_reload=False,  # else each part of a page asks the disk, at each page, whether it was changed
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            filters=_formats(web.city, language),
        )
        # the extension adds this method at run time
        environment.install_gettext_translations(web.translation(language), newstyle=True)  # type: ignore[attr-defined]
        wording = Wording(web.translation(language))
        environment.globals |= {"_": wording.gettext, "gettext": wording.gettext, "ngettext": wording.ngettext}
        environment.globals.update(_values(web, language))
    app[ENVIRONMENTS] = keys


def page(request: Request, template: str, language: str, *, status: int = 200, **values: object) -> Response:
    """A template as an answer. `here` is where the language links lead: the page itself, with its query."""
    here = str(request.rel_url.without_query_params("language")) if request.method == "GET" else request.path
    here = "/" + here.lstrip("/\\")  # of //elsewhere.example a browser makes a link to elsewhere
    context = {
        "here": here,
        "city": request.app[WEB].city,
        "path": request.path,
        "clerk": None,
        "may": lambda _: False,
        "csrf": "",
        **values,
    }
    key = request.app[ENVIRONMENTS][language]
    text = aiohttp_jinja2.render_string(template, request, context, app_key=key)
    return Response(text=text, status=status, content_type="text/html", headers={"Content-Language": language})


def _values(web: Web, language: str) -> dict[str, object]:
    return {
        "language": language,
        "languages": {code: Locale.parse(code).get_display_name(code) for code in web.city.languages},
        "city": web.city,
        "demo": bool(web.simulators),
        "service_name": lambda code: _service_name(web.city, code, language),
        "department_name": lambda code: _department_name(web.city, code, language),
        "area_name": lambda code: next((area.name for area in web.city.areas if area.code == code), code),
        "answers": lambda ticket: answers_of(web.city, ticket, language),
        "static_file": _static_file,
        "vendored": vendored,
        "reason_words": lambda code, channel="": web.translation(language).gettext(why(code, channel)),
        "field_words": lambda field: web.translation(language).gettext(FIELDS[field]),
        "kind_words": lambda kind: web.translation(language).gettext(KINDS[kind]),
        "instant": datetime.fromisoformat,
        "shortened": shortened,
        "voice": Voice(city=web.force, language=language, translation=web.translation(language)),
        "late": lambda ticket: is_late(ticket, web.clock.now()),
        "why_due": _why_due(web, language),
    }


def _why_due(web: Web, language: str) -> Callable[[Ticket, Sequence[Update]], str]:
    """Why a ticket is due when it is, in words, from all of its history."""
    locale, city = web.city.locales.get(language, language), web.city
    zone, translation = ZoneInfo(city.timezone), web.translation(language)
    words = Explaining(language=language, locale=locale, zone=zone, translation=translation)
    return lambda ticket, history: words(explain(ticket, history, web.city))


def _formats(city: City, language: str) -> dict[str, Callable[..., str]]:
    # read once: a list formats a hundred times
    locale, zone = Locale.parse(city.locales.get(language, language)), ZoneInfo(city.timezone)

    times = Times(locale, zone)

    @lru_cache(_NUMBERS)
    def far(minutes: int) -> str:
        return format_timedelta(timedelta(minutes=minutes), add_direction=True, locale=locale)

    def ago(when: datetime, now: datetime) -> str:
        away = when - now
        if abs(away) >= _FAR:  # a list says it of each row, mostly of the same few moments
            return far(round(away / _MINUTE))
        return format_timedelta(away, add_direction=True, locale=locale)

    def percent(share: float) -> str:
        return format_percent(share, locale=locale)

    @lru_cache(_NUMBERS)
    def number(value: float) -> str:
        return format_decimal(value, locale=locale)

    return {
        "moment": times.moment,
        "short": times.short,
        "day": times.day,
        "ago": ago,
        "percent": percent,
        "decimal": number,
    }


def _service_name(city: City, code: str, language: str) -> str:
    service = city.service(code)
    return service.names.get(language, code) if service else code


def answers_of(city: City, ticket: Ticket, language: str) -> list[tuple[str, str, bool]]:
    """Each question of a ticket's service that the citizen answered, the answer, and whether it is in words of their
    own. A question that the city withdrew since stands by its code."""
    service, told = city.service(ticket.service), []
    for code, answer in ticket.answers:
        question = service.question(code) if service else None
        option = question.option(answer) if question else None
        asked = question.texts.get(language, code) if question else code
        told.append((asked, option.names.get(language, answer) if option else answer, option is None))
    return told


def _department_name(city: City, code: str, language: str) -> str:
    department = next((one for one in city.departments if one.code == code), None)
    return department.names.get(language, code) if department else code


@cache
def vendored(package: str) -> bool:
    """Whether `make setup` fetched this one of the pages' libraries; every page works without."""
    return (STATIC / "vendor" / package).is_dir()


@cache
def _static_file(name: str) -> str:
    """The address of a static file, with the hash of its content so that a new version is never taken from a cache."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
