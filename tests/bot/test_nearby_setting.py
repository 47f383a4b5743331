"""`nearby` in config.yml: for all services, and for one."""

from datetime import timedelta

import pytest

from bot.settings.nearby import read_nearby
from bot.settings.section import Problem, open_yaml
from tests.town import CITY
from tickets.city import Nearby


def read(source: str) -> tuple[Nearby, list[Problem]]:
    problems: list[Problem] = []
    return read_nearby(open_yaml(source, problems), Nearby()), problems


@pytest.mark.parametrize(
    ("source", "metres", "days"),
    [
        ("nearby: {metres: 25, days: 7}", 25, 7),
        ("nearby: {days: 7}", 60, 7),
        ("nearby: {metres: 0}", 0, 30),
        ("other: 1", 60, 30),
    ],
)
def test_what_is_left_out_is_as_usual(source: str, metres: int, days: int) -> None:
    assert read(source) == (Nearby(metres=metres, age=timedelta(days=days)), [])


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("nearby: {metres: -1}", "nearby.metres"),
        ("nearby: {metres: 2001}", "nearby.metres"),
        ("nearby: {metres: 6.5}", "nearby.metres"),
        ("nearby: {metres: yes}", "nearby.metres"),
        ("nearby: {days: 0}", "nearby.days"),
        ("nearby: {days: 366}", "nearby.days"),
        ("nearby: {kilometres: 1}", "nearby.kilometres"),
        ("nearby: near", "nearby"),
    ],
)
def test_what_is_wrong_is_told_with_its_key_and_line(source: str, key: str) -> None:
    nearby, problems = read(source)
    assert [(problem.key, problem.line) for problem in problems] == [(key, 1)]
    assert nearby == Nearby()


def test_the_demo_city_offers_nothing_where_services_tell_too_little() -> None:
    metres = {service.code: service.nearby.metres for service in CITY.services}
    assert (metres["other"], metres["pothole"]) == (0, 60)
