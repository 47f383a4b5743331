"""What of the city somebody wants to see: an area, a service, what lies around a spot, and the page of the list."""

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from multidict import MultiMapping

from bot.ports.public import Near, Order, PublicQuery
from tickets.city import City
from tickets.model import Point

AROUND = 700.0  # metres: what people call near
LISTED, PAGES = 20, 15  # tickets on a page, and pages: who wants more chooses an area, or takes the open data
LATELY = timedelta(days=30)
_SPOT = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?)")
_ROUND = 3  # decimals of a spot, about 100 m: near needs no more, and what is kept is not where somebody stood


class Which(StrEnum):
    OPEN = "open"
    SOLVED = "solved"  # lately closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is not known to the city, or is none, asks for nothing."""

    which: Which = Which.OPEN
    area: str = ""
    service: str = ""
    near: Point | None = None
    page: int = 1

    @property
    def query(self) -> dict[str, object]:
        """As an address says it."""
        return {
            "which": "" if self.which is Which.OPEN else self.which.value,
            "area": self.area,
            "service": self.service,
            "near": f"{self.near.latitude:g},{self.near.longitude:g}" if self.near else "",
            "page": "" if self.page == 1 else self.page,
        }

    def but(self, **other: object) -> dict[str, object]:
        """The same from its first page, with something else."""
        return {**replace(self, page=1).query, **other}

    def wanted(self, now: datetime) -> PublicQuery:
        """The newest of them, as many as can be paged through; one more tells that there are others."""
        solved = self.which is Which.SOLVED
        return PublicQuery(
            open=not solved,
            area=self.area or None,
            services=(self.service,) if self.service else (),
            near=Near(point=self.near, metres=AROUND) if self.near else None,
            closed_since=now - LATELY if solved else None,
            order=Order.CHANGED if solved else Order.FILED,
            limit=LISTED * PAGES + 1,
        )


def asked(query: MultiMapping[str], city: City) -> Asked:
    """Of an address. Who asks for a spot asks for no area."""
    near = spot(query.get("near", ""))
    return Asked(
        which=Which.SOLVED if query.get("which") == Which.SOLVED else Which.OPEN,
        area="" if near else _known(query.get("area"), [area.code for area in city.areas]),
        service=_known(query.get("service"), [service.code for service in city.services]),
        near=near,
        page=_page(query.get("page", "")),
    )


def spot(words: str) -> Point | None:
    """`14.6,-66.5`: a latitude and a longitude, rounded."""
    found = _SPOT.fullmatch(words.strip())
    if not found:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    if not (math.fabs(latitude) <= 90 and math.fabs(longitude) <= 180):
        return None
    return Point(latitude=round(latitude, _ROUND) + 0.0, longitude=round(longitude, _ROUND) + 0.0)


def _known(value: str | None, codes: list[str]) -> str:
    return value if value is not None and value in codes else ""


def _page(words: str) -> int:
    """1 to PAGES; `int` would take other scripts' digits and spaces."""
    return min(PAGES, int(words)) if re.fullmatch(r"[1-9][0-9]?", words) else 1
