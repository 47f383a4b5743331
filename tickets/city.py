"""The city: everything that `config.yml` says, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tickets.calendar import Calendar, Target
from tickets.model import Point

Texts = Mapping[str, str]  # language -> words


class Ask(StrEnum):
    """What a service needs from the citizen beside itself. A photo is offered, never demanded."""

    PLACE = "place"
    DETAILS = "details"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    code: str
    names: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A kind of request offered (Open311 `service`)."""

    code: str
    names: Texts
    department: str
    target: Target
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of the city; `ring` is the outer ring of its polygon, closed, as (longitude, latitude) pairs."""

    code: str
    name: str
    ring: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A street of the gazetteer; `line` as (longitude, latitude) pairs, `also` other names people use."""

    name: str
    also: tuple[str, ...]
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    name: str
    also: tuple[str, ...]
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """How to reach a person: said when the bot cannot help. `hours` in each language."""

    phone: str
    hours: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One municipality. `languages` in the city's order of preference; the first is the default."""

    name: str
    timezone: str
    languages: tuple[str, ...]
    locales: Texts  # language -> locale for dates and numbers, such as es -> es_MX
    prefixes: Texts  # phone prefix such as +52 -> language, to guess a first language
    emergency_number: str
    privacy_url: str
    office: Office
    calendar: Calendar
    departments: tuple[Department, ...]
    services: tuple[Service, ...]
    areas: tuple[Area, ...]
    streets: tuple[Street, ...]
    landmarks: tuple[Landmark, ...]

    def service(self, code: str) -> Service | None:
        return next((service for service in self.services if service.code == code), None)
