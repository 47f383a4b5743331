"""What stands in a posted report, read field by field; whatever cannot be taken is a 400 that names the field."""

import math

from tickets.city import City, Question, Service
from tickets.model import Point
from web.open311.problems import Refused
from web.open311.reading import Posted

WORDS = 4000  # characters of a description: the standard's
_PLACE = 300  # characters of an address, as at the desk
_ANSWER = 1000
_LINES = str.maketrans({"\r": "\n", "\0": ""})


def service(city: City, form: Posted) -> Service:
    """The one that is named, and offered here."""
    code = form.one("service_code")
    if not code:
        raise Refused(400, "service_code: is missing.")
    found = city.service(code)
    if found is None:
        raise Refused(404, "service_code: is not offered here.")
    if found.body is not None:
        name = next(iter(found.body.names.values()), "another body")
        raise Refused(400, f"service_code: is taken care of by {name}; nothing of it is filed here.")
    return found


def place(form: Posted) -> tuple[str, Point | None]:
    """The words and the point that tell where; one of them is there."""
    if form.one("address_id"):
        raise Refused(400, "address_id: is not known here; send lat and long, or address_string.")
    words, point = form.one("address_string"), _point(form)
    if len(words) > _PLACE:
        raise Refused(400, f"address_string: at most {_PLACE} characters.")
    if not words and point is None:
        raise Refused(400, "lat and long, or address_string: are missing.")
    return _line(words), point


def description(form: Posted) -> str:
    text = form.one("description").replace("\r\n", "\n").translate(_LINES)
    if len(text) > WORDS:
        raise Refused(400, f"description: at most {WORDS} characters.")
    return text


def answers(service: Service, form: Posted) -> tuple[tuple[str, str], ...]:
    """To each of the service's questions, in their order. What answers another's is passed over."""
    return tuple((question.code, _answer(question, form)) for question in service.questions)


def _answer(question: Question, form: Posted) -> str:
    name = f"attribute[{question.code}]"
    given = [*form.fields.getall(name, ()), *form.fields.getall(f"{name}[]", ())]
    found = [value.strip() for value in given if value.strip()]
    if not found:
        raise Refused(400, f"{name}: is missing.")
    if len(found) > 1 or len(found[0]) > _ANSWER:
        raise Refused(400, f"{name}: one value, of at most {_ANSWER} characters.")
    if question.options and question.option(found[0]) is None:
        raise Refused(400, f"{name}: none of the values that the definition lists.")
    return str(found[0]).replace("\0", "")


def _point(form: Posted) -> Point | None:
    latitude, longitude = form.one("lat"), form.one("long")
    if not latitude and not longitude:
        return None
    if not latitude or not longitude:
        raise Refused(400, f"{'long' if latitude else 'lat'}: is missing; lat and long belong together.")
    return Point(latitude=_degrees("lat", latitude, 90), longitude=_degrees("long", longitude, 180))


def _degrees(name: str, text: str, most: int) -> float:
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > most:
        raise Refused(400, f"{name}: degrees (WGS 84), from -{most} to {most}.")
    return value


def _line(text: str) -> str:
    """Of several lines one."""
    return " ".join(text.replace("\0", "").split())
