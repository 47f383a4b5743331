"""`desk.tiles` of config.yml: a server of map pictures, for cities that have one. Without it maps are drawn from the
city's own areas and streets, and no browser asks anybody else for anything."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.settings.section import Section, some_text

OWN = frozenset({"tiles"})  # the keys of `desk` that are read here
_PLACES = ("{z}", "{x}", "{y}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&()*+=%{}-]+")  # nothing by which a header's value would end
_DEEPEST = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """`url` with {z}, {x} and {y} in it; `attribution` stands on the map, as its owner wants; `zoom`: the closest one
    that it has pictures of."""

    url: str
    attribution: str
    zoom: int = 19

    @property
    def origin(self) -> str:
        """As a Content-Security-Policy names it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def read_tiles(top: Section) -> Tiles | None:
    """`desk: {tiles: {url: "https://tiles.example/{z}/{x}/{y}.png", attribution: "(c) Example", zoom: 19}}`."""
    desk = top.section("desk") if top.has("desk") else None
    if desk is None or not desk.has("tiles"):
        return None
    section = desk.section("tiles")
    url = section.get("url", _url, 'an address such as "https://tiles.example/{z}/{x}/{y}.png"', "")
    attribution = section.text("attribution", "whose map it is, as its owner wants it shown")
    zoom = section.get("zoom", _zoom, f"the closest zoom it has, 1 to {_DEEPEST}", 19, required=False)
    section.done()
    return Tiles(url=url, attribution=attribution, zoom=zoom) if url and attribution else None


def _url(value: object) -> str:
    text = some_text(value)
    parts = urlsplit(text)
    there = all(text.count(place) == 1 and place in parts.path + parts.query for place in _PLACES)
    known = parts.scheme in ("https", "http") and parts.username is None and _HOST.fullmatch(parts.hostname or "")
    left = text.replace("{z}", "").replace("{x}", "").replace("{y}", "")
    if not there or not known or parts.fragment or not _PLAIN.fullmatch(text) or "{" in left or "}" in left:
        raise ValueError
    _ = parts.port  # raises ValueError for what is no port
    return text


def _zoom(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _DEEPEST:
        raise ValueError
    return value
