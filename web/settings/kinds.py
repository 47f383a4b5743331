"""Each kind of settings: what there is, how a form shows it, what a form makes of it, and how it is compared.

`told` and `written` are each other's inverse. A form's field is named as its key in config.yml (`texts.es`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.amending import plain
from bot.ports.amendments import RULES, Kind
from tickets.calendar import Target, Unit
from tickets.city import City
from tickets.routing import Rule
from web.settings.targets import told_targets, written_targets

Fields = dict[str, str]
Told = Mapping[str, object]  # what is compared: a text, a Target or a Rule by its field
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`items`: the values of the city's changes, by key; `fields`: a value as a form's fields; `written`: the other way
    round; `open`: others may be added, and these taken away."""

    slug: str
    kind: Kind
    items: Callable[[City], Mapping[str, Any]]
    fields: Callable[[Plain, City], Fields]
    written: Callable[[Mapping[str, str], City], Plain]
    open: bool = True


def _replies(city: City) -> Mapping[str, Plain]:
    return {one.code: _without(plain.reply(one)) for one in city.canned}


def _answers(city: City) -> Mapping[str, Plain]:
    return {one.code: _without(plain.answer(one)) for one in city.information}


def _services(city: City) -> Mapping[str, Plain]:
    return {one.code: {"names": dict(one.names), "sla": plain.targets(one)} for one in city.services}


def _holidays(city: City) -> Mapping[str, Plain]:
    return {day.isoformat(): {"names": dict(names)} for day, names in sorted(city.calendar.holidays.items())}


def _rules(city: City) -> Mapping[str, Any]:
    return {RULES: [plain.rule(one) for one in city.routing]}


def _without(written: Plain) -> Plain:
    return {name: value for name, value in written.items() if name != "code"}


def _by_language(value: Plain, key: str) -> Fields:
    found = value.get(key)
    texts = found if isinstance(found, dict) else {}
    return {f"{key}.{language}": _lines(text) for language, text in texts.items()}


def _lines(text: object) -> str:
    return "\n".join(map(str, text)) if isinstance(text, list) else str(text)


def _texts(form: Mapping[str, str], key: str, city: City) -> dict[str, str]:
    """Those that were written; an empty field is none."""
    typed = {language: form.get(f"{key}.{language}", "").strip() for language in city.languages}
    return {language: text.replace("\r\n", "\n") for language, text in typed.items() if text}


def _rows(form: Mapping[str, str], city: City) -> dict[str, list[str]]:
    typed = {language: form.get(f"words.{language}", "").splitlines() for language in city.languages}
    return {language: [row.strip() for row in rows if row.strip()] for language, rows in typed.items()}


REPLIES = Room(
    slug="replies", kind=Kind.CANNED, items=_replies,
    fields=lambda value, _: _by_language(value, "names") | _by_language(value, "texts"),
    written=lambda form, city: {"names": _texts(form, "names", city), "texts": _texts(form, "texts", city)},
)  # fmt: skip
ANSWERS = Room(
    slug="answers", kind=Kind.ANSWER, items=_answers,
    fields=lambda value, _: _by_language(value, "words") | _by_language(value, "answers"),
    written=lambda form, city: {"words": _rows(form, city), "answers": _texts(form, "answers", city)},
)  # fmt: skip
SERVICES = Room(
    slug="services", kind=Kind.SERVICE, items=_services, open=False,
    fields=lambda value, _: _by_language(value, "names") | told_targets(value.get("sla")),
    written=lambda form, city: {"names": _texts(form, "names", city), "sla": written_targets(form, city)},
)  # fmt: skip
HOLIDAYS = Room(
    slug="holidays", kind=Kind.HOLIDAY, items=_holidays,
    fields=lambda value, _: _by_language(value, "names"),
    written=lambda form, city: {"names": _texts(form, "names", city)},
)  # fmt: skip
ROOMS = {room.slug: room for room in (REPLIES, ANSWERS, SERVICES, HOLIDAYS)}
ROUTING = Room(  # its form is one rule's, see web/settings/routing.py
    slug="routing", kind=Kind.ROUTE, items=_rules, fields=lambda *_: {}, written=lambda *_: {}
)  # fmt: skip


def told(room: Room, value: Any, city: City) -> Told:
    """What a change made, to be compared. A value that nothing can read any more is told as it stands."""
    try:
        if room.kind is Kind.ROUTE:
            return _told_rules(value)
        fields = room.fields(value, city)
        if room.kind is Kind.SERVICE:
            return _with_targets(fields)
        return dict(fields)
    except (AttributeError, KeyError, TypeError, ValueError):
        return {"value": str(value)}


def _told_rules(value: Any) -> Told:
    return {
        one["code"]: (place, Rule(
            code=one["code"], department=one["department"], service=one.get("service"), area=one.get("area"),
            words=tuple(one.get("words", ())),
        ))
        for place, one in enumerate(value, 1)
    }  # fmt: skip


def _with_targets(fields: Fields) -> Told:
    found: dict[str, object] = {}
    for name, text in fields.items():
        if name.startswith("names."):
            found[name] = text
        elif not name.endswith(".unit"):
            found[name] = Target(amount=int(text), unit=Unit(fields[f"{name}.unit"]))
    return found


def day_of(key: str) -> date | None:
    """Of a holiday's key."""
    try:
        return date.fromisoformat(key)
    except ValueError:
        return None
