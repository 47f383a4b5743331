"""The parts of a city that the desk may change, as they stand in config.yml: what is written here reads as the same."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from tickets.calendar import Calendar, Span, Target
from tickets.city import AnswerOption, Body, Canned, City, Information, Question, Service
from tickets.routing import Rule

Plain = dict[str, Any]
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def sections(city: City) -> Plain:
    """Sections of config.yml; of `desk` only this key."""
    return {
        "services": [service(one) for one in city.services],
        "routing": [rule(one) for one in city.routing],
        "information": [answer(one) for one in city.information],
        "desk": {"replies": [reply(one) for one in city.canned]},
        "calendar": calendar(city.calendar),
    }


def reply(one: Canned) -> Plain:
    return {"code": one.code, "names": dict(one.names), "texts": dict(one.texts)}


def answer(one: Information) -> Plain:
    words = {language: list(rows) for language, rows in one.words.items()}
    return {"code": one.code, "words": words, "answers": dict(one.answers)}


def rule(one: Rule) -> Plain:
    """What it leaves out is left out."""
    named = {"service": one.service, "area": one.area, "words": list(one.words)}
    return {"code": one.code, **{name: value for name, value in named.items() if value}, "department": one.department}


def service(one: Service) -> Plain:
    written: Plain = {
        "code": one.code, "department": one.department, "sla": targets(one), "asks": [str(ask) for ask in one.asks],
        "nearby": {"metres": one.nearby.metres, "days": one.nearby.age.days}, "names": dict(one.names),
    }  # fmt: skip
    if one.questions:
        written["questions"] = [_question(question) for question in one.questions]
    if one.body:
        written["body"] = _body(one.body)
    return written


def targets(one: Service) -> Plain:
    """Its `sla`."""
    written: Plain = target(one.target)
    written |= {str(priority): target(wanted) for priority, wanted in one.targets.priorities.items()}
    if one.targets.areas:
        written["areas"] = {area: target(wanted) for area, wanted in one.targets.areas.items()}
    return written


def target(one: Target) -> Plain:
    return {str(one.unit): one.amount}


def calendar(one: Calendar) -> Plain:
    written: Plain = {"opening": {_WEEK[day]: _spans(spans) for day, spans in sorted(one.opening.items())}}
    nation = {"country": one.nation.country, "region": one.nation.region}
    written |= {name: code for name, code in nation.items() if code}
    if one.nation.works:
        written["working"] = sorted(one.nation.works)
    return written | {"holidays": [holiday(day, names) for day, names in sorted(one.own.items())]}


def holiday(day: date, names: Mapping[str, str]) -> date | Plain:
    return {"date": day, "name": dict(names)} if names else day


def _question(one: Question) -> Plain:
    written: Plain = {"code": one.code, "texts": dict(one.texts)}
    return written | ({"options": [_option(option) for option in one.options]} if one.options else {})


def _option(one: AnswerOption) -> Plain:
    words = {language: list(said) for language, said in one.words.items()}
    return {"code": one.code, "names": dict(one.names), **({"words": words} if words else {})}


def _body(one: Body) -> Plain:
    return {"names": dict(one.names), "reach": dict(one.reach)}


def _spans(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{opens:%H:%M}-{'24:00' if closes == time() else f'{closes:%H:%M}'}" for opens, closes in spans)
