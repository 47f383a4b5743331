"""An OpenStreetMap file as a stream of its elements: .osm (XML, read with expat) or .osm.pbf (with osmium).

<node id="1" lat="14.6" lon="-66.5"><tag k="name" v="Mercado"/></node>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="Calle Molino"/></way>
<relation id="9"><member type="way" ref="7" role="outer"/><tag k="boundary" v="administrative"/></relation>
Format: https://wiki.openstreetmap.org/wiki/OSM_XML. No tree is built, so memory does not grow with the file.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from nlu.gazetteer.found import Unreadable

_KINDS = frozenset({"node", "way", "relation"})


@dataclass(slots=True)
class Element:
    """A node, way or relation. `refs` are a way's nodes, or a relation's outer ways."""

    kind: str
    id: int
    where: str
    longitude: float = 0.0
    latitude: float = 0.0
    tags: dict[str, str] = field(default_factory=dict)
    refs: "array[int]" = field(default_factory=lambda: array("q"))


Visit = Callable[[Element], None]


def read(path: Path, visit: Visit) -> None:
    """Hand every element to `visit`, in the order of the file. Raises Unreadable with the line."""
    (_read_pbf if path.suffix == ".pbf" else _read_xml)(path, visit)


def _read_xml(path: Path, visit: Visit) -> None:
    parser = expat.ParserCreate()
    handler = _Handler(path.name, parser, visit)
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.EntityDeclHandler = handler.entity
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as wrong:
        raise Unreadable(f"{path.name}, line {wrong.lineno}: not well-formed XML: {wrong}; is it cut off?") from None
    except (KeyError, ValueError, OverflowError):  # no id of OSM has more than 64 bits
        line = parser.CurrentLineNumber
        raise Unreadable(
            f"{path.name}, line {line}: an id, a position or a reference is missing or no number"
        ) from None
    except LookupError:
        raise Unreadable(f"{path.name}, line 1: names an encoding that is not known; save it in UTF-8") from None
    if not handler.is_osm:
        raise Unreadable(f"{path.name}: not an OpenStreetMap file; it has no element <osm>")


class _Handler:
    """Builds one element at a time."""

    def __init__(self, name: str, parser: expat.XMLParserType, visit: Visit) -> None:
        self._name, self._parser, self._visit = name, parser, visit
        self._open: Element | None = None
        self.is_osm = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag in _KINDS:
            self._open = self._element(tag, given)
        elif tag == "osm":
            self.is_osm = True
        elif self._open is None:
            return
        elif tag == "tag":
            self._open.tags[given["k"]] = given["v"]
        elif tag == "nd" or (tag == "member" and given["type"] == "way" and given.get("role") in ("outer", "")):
            self._open.refs.append(int(given["ref"]))

    def end(self, tag: str) -> None:
        if tag in _KINDS and self._open is not None:
            self._visit(self._open)
            self._open = None

    def entity(self, *_: object) -> None:
        """OSM declares none; a file that does means to fill the memory."""
        raise Unreadable(f"{self._name}, line {self._parser.CurrentLineNumber}: declares an entity; no OSM file does")

    def _element(self, kind: str, given: dict[str, str]) -> Element:
        where = f"{self._name}:{self._parser.CurrentLineNumber} ({kind} {given['id']})"
        element = Element(kind=kind, id=int(given["id"]), where=where)
        if kind == "node":
            element.longitude, element.latitude = float(given["lon"]), float(given["lat"])
        return element


def _read_pbf(path: Path, visit: Visit) -> None:
    import osmium  # 13 MB that only an import of places needs

    try:
        for item in osmium.FileProcessor(str(path)):
            element = _of_osmium(item, path.name)
            if element:
                visit(element)
    except RuntimeError as wrong:  # osmium's only error
        raise Unreadable(f"{path.name}: {wrong}") from None


def _of_osmium(item: Any, name: str) -> Element | None:
    kind = "node" if item.is_node() else "way" if item.is_way() else "relation" if item.is_relation() else ""
    if not kind:
        return None
    element = Element(kind=kind, id=item.id, where=f"{name} ({kind} {item.id})", tags={t.k: t.v for t in item.tags})
    if kind == "node":
        element.longitude, element.latitude = item.location.lon, item.location.lat
    elif kind == "way":
        element.refs.extend(node.ref for node in item.nodes)
    else:
        element.refs.extend(m.ref for m in item.members if m.type == "w" and m.role in ("outer", ""))
    return element
