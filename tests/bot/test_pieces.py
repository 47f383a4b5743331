"""Pieces of a report are read as one."""

import pytest

from bot.inbox.burst import Thought
from bot.inbox.pieces import read_as_one
from bot.ports import Behind
from channels.message import Contact, Inbound
from nlu.parse import Parse
from tests.town import START, parse

ANA = Contact(channel="telegram", address="1")
TEXT = "tem um buraco bem grande na rua das flores em frente ao 55"
ONE = parse("report_pothole", TEXT, location="frente ao 55")


def thought(text: str, read: Parse | None) -> Thought:
    inbound = Inbound(sender=ANA, external_id=text, received_at=START, text=text)
    return Thought(behind=Behind(id=1, accepted_at=START, inbound=inbound), parse=read)


def place(read: Parse | None) -> str | None:
    entity = read.first("location") if read else None
    return entity.value if entity else None


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([], "frente ao 55"),
        ([("na rua das flores", "rua das flores")], "rua das flores em frente ao 55"),
        ([("na rua das flores", "")], "na rua das flores em frente ao 55"),  # nothing marked: all of it tells the place
        ([("tem um buraco", "buraco")], "frente ao 55"),  # too far apart to be one place
    ],
)  # fmt: skip
def test_places_that_stand_together_are_one(pieces: list[tuple[str, str]], expected: str) -> None:
    thoughts = [thought(text, parse("provide_location", text, location=spot)) for text, spot in pieces]
    assert place(read_as_one(TEXT, ONE, parse("report_pothole"), thoughts)) == expected


def test_a_place_keeps_its_offsets() -> None:
    read = read_as_one(TEXT, ONE, parse("report_pothole"), [thought("na rua das flores", parse("provide_location"))])
    assert read is not None
    entity = read.first("location")
    assert entity is not None
    assert TEXT[entity.start : entity.end] == entity.value


@pytest.mark.parametrize(
    ("first", "whole", "expected"),
    [
        ("report_tree", "report_sidewalk", "report_tree"),  # the first was surer
        ("report_other", "report_sidewalk", "report_sidewalk"),  # it said little
        ("report_other", None, "report_other"),
        ("report_tree", None, "report_tree"),
        ("report_tree", "thank", "report_tree"),
        ("report_tree", "emergency", "emergency"),
    ],
)
def test_the_service_is_the_first_ones_unless_all_words_tell_more(first: str, whole: str | None, expected: str) -> None:
    sure = Parse(intent=first, confidence=0.95, ranking=(), entities=(), language=None)
    read = read_as_one("x y", parse(whole), sure, [])
    assert read is not None
    assert read.intent == expected


def test_without_understanding_what_is_known_counts() -> None:
    first = parse("report_tree")
    assert read_as_one("x", None, first, []) == first
