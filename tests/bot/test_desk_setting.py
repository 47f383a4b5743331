"""How clerks come in, as config.yml says."""

from datetime import timedelta

import pytest

from bot.settings.desk import Admission, Factor, read_admission
from bot.settings.section import Problem, open_yaml
from tickets.rights import Role


def read(said: str) -> tuple[Admission, list[Problem]]:
    problems: list[Problem] = []
    return read_admission(open_yaml(said, problems)), problems


def test_nothing_need_be_said() -> None:
    usual = Admission(second=Factor.ADMINS)
    assert read("mode: live") == (usual, [])
    assert read("desk: {replies: []}") == (usual, [])


@pytest.mark.parametrize(
    ("said", "demo", "role", "asked"),
    [
        ("{}", False, Role.ADMIN, True),
        ("{}", False, Role.SUPERVISOR, False),
        ("{}", True, Role.ADMIN, False),
        ("{second_factor: admins}", True, Role.ADMIN, True),
        ("{second_factor: optional}", False, Role.ADMIN, False),
        ("{second_factor: required}", False, Role.CLERK, True),
    ],
)
def test_who_gives_accounts_has_a_second_factor_unless_the_city_says_otherwise(
    said: str, demo: bool, role: Role, asked: bool
) -> None:
    admission = read_admission(open_yaml(f"desk: {said}", []), demo=demo)
    assert admission.asks(role) is asked


def test_the_second_factor_can_be_required_and_idle_sessions_end_sooner() -> None:
    read_, problems = read("desk: {second_factor: required, idle_hours: 0.5}")
    assert read_ == Admission(second=Factor.REQUIRED, idle=timedelta(minutes=30))
    assert problems == []


@pytest.mark.parametrize(
    ("said", "key"),
    [("{second_factor: maybe}", "second_factor"), ("{idle_hours: 0}", "idle_hours"), ("{idle_hours: 13}", "idle_hours"), ("{idle_hours: true}", "idle_hours"), ("{idle: 3}", "idle")],
)  # fmt: skip
def test_what_is_wrong_is_named(said: str, key: str) -> None:
    assert [one.key for one in read(f"desk: {said}")[1]] == [f"desk.{key}"]
