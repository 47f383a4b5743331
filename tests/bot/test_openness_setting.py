"""`open` in config.yml: what anybody is told."""

from pathlib import Path

import pytest

from bot.config import load
from bot.settings.openness import read_openness
from bot.settings.section import Problem, open_yaml
from tests.web.world import CITY
from tickets.openness import BY, Licence, Openness, Precision


def read(source: str) -> tuple[Openness, list[Problem]]:
    problems: list[Problem] = []
    return read_openness(open_yaml(source, problems), CITY.services), problems


def test_whoever_says_nothing_gets_the_usual() -> None:
    assert read("city: {}") == (Openness(), [])
    assert read("open: {}") == (Openness(), [])
    assert (Openness().licence, Openness().few, Openness().precisions) == (BY, 5, {})


def test_all_of_it_can_be_said() -> None:
    openness, problems = read(
        "open: {jurisdiction: city.example, publisher: The City, contact: data@city.example, few: 10,"
        " licence: {name: Ours, url: 'https://city.example/l'}, places: {pothole: street, lighting: point},"
        " allow: [10.1.0.0/16, 'fd00::/8']}"
    )
    assert problems == []
    assert openness == Openness(
        jurisdiction="city.example", publisher="The City", contact="data@city.example", few=10,
        licence=Licence(name="Ours", url="https://city.example/l"),
        precisions={"pothole": Precision.STREET, "lighting": Precision.POINT}, allow=("10.1.0.0/16", "fd00::/8"),
    )  # fmt: skip
    assert openness.guarded == ("pothole",)


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("open: {few: 1}", "open.few"),
        ("open: {few: yes}", "open.few"),
        ("open: {few: 51}", "open.few"),
        ("open: {places: {pothole: house}}", "open.places"),
        ("open: {places: {pothole: [street]}}", "open.places"),
        ("open: {places: {unicorn: street}}", "open.places"),
        ("open: {places: street}", "open.places"),
        ("open: {allow: [10.1.0.1/16]}", "open.allow"),
        ("open: {allow: everywhere}", "open.allow"),
        ("open: {licence: {name: Ours}}", "open.licence.url"),
        ("open: {licence: {name: Ours, url: ours}}", "open.licence.url"),
        ("open: {licence: Ours}", "open.licence"),
        ("open: {contact: ''}", "open.contact"),
        ("open: {unknown: 1}", "open.unknown"),
        ("open: 7", "open"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_key(source: str, key: str) -> None:
    _, problems = read(source)
    assert key in {problem.key for problem in problems}


def test_the_demo_city_moves_what_is_about_people() -> None:
    openness = load(Path(__file__).parents[2] / "config.yml", {}).city.openness
    assert openness.guarded == ("noise", "vehicle")
    assert openness.precision("pothole") is Precision.POINT
