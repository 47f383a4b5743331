"""Places that the city's own gazetteer does not know, asked of a Nominatim server. Off unless `nominatim_url` is set.

GET /search?q=calle+molino+8&format=jsonv2&limit=1&bounded=1&viewbox=-66.52,14.58,-66.48,14.62
-> [{"lat": "14.60181", "lon": "-66.5", ...}]
https://nominatim.org/release-docs/latest/api/Search/, and the usage policy of the public server: one request a second.

Only the words that name the place are sent, never the message, and only within the box around the city. `Lookahead`
asks before a message is decided on, so that nobody waits with a database transaction open; `Backed` then knows.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

import aiohttp
import msgspec

from nlu.parse import Parse
from nlu.street_words import tokens
from tickets.city import City
from tickets.model import Place, Point

TIMEOUT = 2.0  # seconds that a citizen's answer may wait for it
APART = 1.0  # seconds between two requests
LONGEST = 100  # characters that are sent
REMEMBERED = 5_000  # places, found or not
MARGIN = 0.02  # degrees around the city's box, about 2 km
_AGENT = {"User-Agent": "Vecino, a city's service-request bot"}

Box = tuple[float, float, float, float]  # west, south, east, north in degrees


class _Hit(msgspec.Struct):
    lat: float
    lon: float


class _Parser(Protocol):
    async def parse(self, text: str) -> Parse: ...


class _Places(Protocol):
    def resolve(self, words: str) -> Place: ...

    def locate(self, point: Point, words: str = "") -> Place: ...


class Nominatim:
    """Remembers what it has asked; what cannot be asked in time is simply not known."""

    def __init__(
        self, url: str, box: Box, clock: Callable[[], float] = time.monotonic, *, apart: float = APART
    ) -> None:
        self._url, self._box, self._clock, self._apart = url, box, clock, apart
        self._known: OrderedDict[str, Point | None] = OrderedDict()
        self._free_at = 0.0

    def remembered(self, words: str) -> Point | None:
        """What was found for these words, without asking."""
        return self._known.get(_key(words))

    async def look_up(self, words: str) -> None:
        """Ask for these words unless they are known. Never raises; one who would have to wait their turn for longer
        than the timeout is not asked for."""
        wait = max(0.0, self._free_at - self._clock())
        if not _key(words) or _key(words) in self._known or wait > TIMEOUT:
            return
        self._free_at = self._clock() + wait + self._apart
        await asyncio.sleep(wait)
        try:
            self._remember(_key(words), await self._ask(words))
        except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError, ValueError, RecursionError):
            return  # not remembered: it may answer the next time

    async def _ask(self, words: str) -> Point | None:
        west, south, east, north = self._box
        query = {
            "q": words[:LONGEST], "format": "jsonv2", "limit": "1", "bounded": "1",
            "viewbox": f"{west},{south},{east},{north}",
        }  # fmt: skip
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        # a session of its own: with one request a second there is nothing to keep open
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=_AGENT) as session,
            session.get(f"{self._url}/search", params=query) as answer,
        ):
            answer.raise_for_status()
            hits = msgspec.json.decode(await answer.read(), type=list[_Hit], strict=False)
        inside = (hit for hit in hits if west <= hit.lon <= east and south <= hit.lat <= north)
        return next((Point(latitude=hit.lat, longitude=hit.lon) for hit in inside), None)

    def _remember(self, key: str, point: Point | None) -> None:
        self._known[key] = point
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


class Backed:
    """The gazetteer first, then what Nominatim said. Keeps bot.ports.Places."""

    def __init__(self, gazetteer: _Places, nominatim: Nominatim) -> None:
        self._gazetteer, self._nominatim = gazetteer, nominatim

    def resolve(self, words: str) -> Place:
        place = self._gazetteer.resolve(words)
        if place.point or place.street:
            return place
        point = self._nominatim.remembered(words)
        return self._gazetteer.locate(point, words) if point else place

    def locate(self, point: Point, words: str = "") -> Place:
        return self._gazetteer.locate(point, words)


class Lookahead:
    """Parses, and asks for a place that the gazetteer does not know. Keeps bot.ports.Parser."""

    def __init__(self, parser: _Parser, gazetteer: _Places, nominatim: Nominatim) -> None:
        self._parser, self._gazetteer, self._nominatim = parser, gazetteer, nominatim

    async def parse(self, text: str) -> Parse:
        parse = await self._parser.parse(text)
        if place := parse.first("location"):
            known = self._gazetteer.resolve(place.value)
            if known.point is None and known.street is None:
                await self._nominatim.look_up(place.value)
        return parse


def box_of(city: City) -> Box | None:
    """Around all that the city's file draws; None where it draws nothing, for then nothing bounds the search."""
    spots: Sequence[tuple[float, float]] = [
        *(at for area in city.areas for at in area.ring),
        *(at for street in city.streets for at in street.line),
        *((mark.point.longitude, mark.point.latitude) for mark in city.landmarks),
    ]
    if not spots:
        return None
    east_west, north_south = zip(*spots, strict=True)
    return min(east_west) - MARGIN, min(north_south) - MARGIN, max(east_west) + MARGIN, max(north_south) + MARGIN


def _key(words: str) -> str:
    return " ".join(tokens(words[:LONGEST]))
