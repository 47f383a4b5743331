"""How clerks come in, as config.yml says."""

from datetime import timedelta

import pytest

from bot.settings.desk import Admission, read_admission
from bot.settings.section import Problem, open_yaml


def read(said: str) -> tuple[Admission, list[Problem]]:
    problems: list[Problem] = []
    return read_admission(open_yaml(said, problems)), problems


def test_nothing_need_be_said() -> None:
    assert read("mode: demo") == (Admission(), [])
    assert read("desk: {replies: []}") == (Admission(), [])


def test_the_second_factor_can_be_required_and_idle_sessions_end_sooner() -> None:
    read_, problems = read("desk: {second_factor: required, idle_hours: 0.5}")
    assert read_ == Admission(second=True, idle=timedelta(minutes=30))
    assert problems == []


@pytest.mark.parametrize(
    ("said", "key"),
    [("{second_factor: maybe}", "second_factor"), ("{idle_hours: 0}", "idle_hours"), ("{idle_hours: 13}", "idle_hours"), ("{idle_hours: true}", "idle_hours"), ("{idle: 3}", "idle")],
)  # fmt: skip
def test_what_is_wrong_is_named(said: str, key: str) -> None:
    assert [one.key for one in read(f"desk: {said}")[1]] == [f"desk.{key}"]
