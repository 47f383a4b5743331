"""The two forms of every answer. One value becomes either: lists of mappings of plain values, as the standard has them.

XML is written in ASCII, other characters as references: some clients take text/xml without a charset for Latin-1, and
read such a document rightly all the same. What XML 1.0 forbids is left out of both forms, so that both say the same.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Union

import msgspec

Value = Union[str, bool, int, float, None, Mapping[str, "Value"], Sequence["Value"]]  # noqa: UP007  names itself


class Form(StrEnum):
    """As it stands at the end of an address."""

    XML = "xml"
    JSON = "json"


CONTENT = {Form.XML: "text/xml", Form.JSON: "application/json"}  # no charset: some clients compare it as it stands
# What one of a list is called in XML, by the name of the list.
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "media_urls": "media_url",
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2 Char
_SUSPECT = re.compile(rb"\\[bfu]|\xef\xbf[\xbe\xbf]")  # how JSON writes control characters; U+FFFE and U+FFFF in UTF-8


def written(form: Form, root: str, value: Value) -> bytes:
    """A document in this form. `root` names the outermost element of XML; JSON has no such name."""
    return _xml(root, value) if form is Form.XML else _json(value)


def allowed(value: Value) -> Value:
    """Without the characters that no XML document may hold."""
    match value:
        case str():
            return without_controls(value)
        case Mapping():
            return {name: allowed(inner) for name, inner in value.items()}
        case Sequence():
            return [allowed(inner) for inner in value]
        case _:
            return value


def _json(value: Value) -> bytes:
    """Few texts hold what is forbidden: only of a document in which something looks so each one is gone through."""
    try:
        document = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a character
        return msgspec.json.encode(allowed(value))
    return msgspec.json.encode(allowed(value)) if _SUSPECT.search(document) else document


def _xml(root: str, value: Value) -> bytes:
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n']
    _add(parts, root, value)
    parts.append("\n")
    return "".join(parts).encode("ascii", "xmlcharrefreplace")


def _add(parts: list[str], name: str, value: Value) -> None:
    """One element, with all that is in it."""
    match value:
        case None | "":
            parts.append(f"<{name}/>")
        case str():
            parts.append(f"<{name}>{_escaped(value)}</{name}>")
        case bool():
            parts.append(f"<{name}>{'true' if value else 'false'}</{name}>")
        case int() | float():
            parts.append(f"<{name}>{value}</{name}>")
        case _:
            parts.append(f"<{name}>")
            inner = value.items() if isinstance(value, Mapping) else ((ITEMS[name], one) for one in value)
            for inner_name, of_it in inner:
                _add(parts, inner_name, of_it)
            parts.append(f"</{name}>")


def _escaped(text: str) -> str:
    text = without_controls(text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;") if "\r" in text else text  # else a reader makes a line feed of it


def without_controls(text: str) -> str:
    """Without the characters that no XML document may hold: one of them, and no reader takes any of it."""
    return text if text.isprintable() else _FORBIDDEN.sub("", text)
