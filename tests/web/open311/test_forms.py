"""One value in two forms that say the same."""

import json
from collections.abc import Mapping
from xml.etree.ElementTree import Element

import msgspec
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from web.open311.forms import ITEMS, Form, Value, allowed, written

HOSTILE = st.text(st.characters(), max_size=40) | st.sampled_from(
    [
        "]]>",
        "<!--",
        "&amp;",
        "\x00\x08\x0b",
        "\ud800",
        "\ufffe\uffff",
        "\r\n",
        "<![CDATA[x",
        "𝄞",
        "¡Ñandú!",
        " ",
        "\u2028",
    ]
)
PLAIN = HOSTILE | st.booleans() | st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.lists(
    st.fixed_dictionaries({"service_request_id": HOSTILE, "description": PLAIN, "media_urls": st.lists(HOSTILE)})
)


def said(value: Value) -> object:
    """As XML can say it: all is text, nothing is an empty element."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str():
            return value
        case int() | float():
            return str(value)
        case Mapping():
            return {name: said(inner) for name, inner in value.items()}
        case _:
            return [said(inner) for inner in value]


def read(element: Element) -> object:
    """An element as such a value."""
    if element.tag in ITEMS:
        assert {child.tag for child in element} <= {ITEMS[element.tag]}
        return [read(child) for child in element]
    if len(element):
        return {child.tag: read(child) for child in element}
    return element.text or ""


@given(ROWS)
def test_xml_is_well_formed_and_says_what_json_says_whatever_the_words_are(rows: list[dict[str, Value]]) -> None:
    root = ElementTree.fromstring(written(Form.XML, "service_requests", rows))
    told = json.loads(written(Form.JSON, "service_requests", rows))
    assert root.tag == "service_requests"
    assert read(root) == said(told)


@given(HOSTILE)
def test_nothing_is_lost_but_what_xml_forbids(words: str) -> None:
    kept = allowed(words)
    assert isinstance(kept, str)
    lost = set(words) - set(kept)
    assert all(ord(one) < 32 or 0xD800 <= ord(one) < 0xE000 or ord(one) in (0xFFFE, 0xFFFF) for one in lost)


def test_xml_holds_no_character_that_a_reader_could_take_for_another_charsets() -> None:
    document = written(Form.XML, "errors", [{"description": "¡Ñandú! 𝄞"}])
    assert document.isascii()
    assert ElementTree.fromstring(document.decode("latin-1").encode()).findtext("error/description") == "¡Ñandú! 𝄞"


def test_an_empty_list_is_an_empty_element() -> None:
    assert written(Form.XML, "service_requests", []).endswith(b"<service_requests></service_requests>\n")
    assert written(Form.JSON, "service_requests", []) == b"[]"


@pytest.mark.parametrize("name", ITEMS)
def test_every_list_has_a_name_for_one_of_it(name: str) -> None:
    assert f"<{ITEMS[name]}/>".encode() in written(Form.XML, name, [None])


def test_json_keeps_numbers_and_truths_as_they_are() -> None:
    value: Value = [{"metadata": True, "lat": 14.6, "long": None, "order": 1}]
    assert msgspec.json.decode(written(Form.JSON, "services", value)) == value
