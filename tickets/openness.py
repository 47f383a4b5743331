"""What a city tells anybody of its tickets, and how exactly: `open` of config.yml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

DIGITS = 5  # of a public point's degrees: about a metre

Pair = tuple[str, str | None]  # a service and an area, by their codes


class Precision(StrEnum):
    """How exactly a service's places are told."""

    POINT = "point"
    STREET = "street"
    AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Under which the city's data may be used."""

    name: str
    url: str


BY = Licence(name="Creative Commons Attribution 4.0", url="https://creativecommons.org/licenses/by/4.0/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Openness:
    """What a city tells anybody. `jurisdiction`: its Open311 id, empty where it has none; `publisher`: who publishes,
    empty: the city by its name; `contact`: an e-mail address or URL for questions about the data; `precisions`: by
    service code, where not POINT; `few`: what is counted of a sensitive service in an area is told from this number
    on, and its places too; `allow`: networks (CIDR) that webhooks may reach although they are private."""

    jurisdiction: str = ""
    licence: Licence = BY
    publisher: str = ""
    contact: str = ""
    precisions: Mapping[str, Precision] = field(default_factory=dict)
    few: int = 5
    allow: tuple[str, ...] = ()

    def precision(self, service: str) -> Precision:
        """How exactly this service's places are told."""
        return self.precisions.get(service, Precision.POINT)

    def sensitive(self, service: str) -> bool:
        """Whether its places are moved, and its small counts suppressed."""
        return self.precision(service) is not Precision.POINT

    def linked(self, one: Pair, other: Pair) -> bool:
        """Whether it may be told that a ticket of this service and area goes on in one of that: not where the place of
        the one would tell that of the other, which is sensitive."""
        return one == other or not (self.sensitive(one[0]) or self.sensitive(other[0]))

    @property
    def guarded(self) -> tuple[str, ...]:
        """The codes of the sensitive services, in order."""
        return tuple(sorted(code for code in self.precisions if self.sensitive(code)))
