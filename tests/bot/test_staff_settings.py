"""`staff`, `escalation` and the roles of `alerts` in config.yml."""

from pathlib import Path

import pytest

from bot.config import ConfigError, load
from bot.settings.escalation import read_escalation
from bot.settings.lines import read_alerts
from bot.settings.section import Problem, open_yaml
from bot.settings.staff import read_staff
from tests.town import CITY
from tickets.calendar import Target, Unit
from tickets.city import Alert
from tickets.staff import Level, Person, Role, Side

LANGUAGES = ("es", "pt")
STAFF = """
staff:
  - {role: head, language: pt, contacts: [{channel: sms, address: "+15550123"}, {channel: email, address: Head@City.example, language: es}]}
  - {role: night, contacts: [{channel: telegram, address: "-100200"}]}
"""
HEAD = Role(
    code="head",
    people=(
        Person(channel="sms", address="+15550123", language="pt"),
        Person(channel="email", address="head@city.example", language="es"),
    ),
)
NIGHT = Role(code="night", people=(Person(channel="telegram", address="-100200", language="es"),))


def staff(source: str) -> tuple[tuple[Role, ...], list[str]]:
    problems: list[Problem] = []
    found = read_staff(open_yaml(source, problems), LANGUAGES)
    return found, [str(one) for one in problems]


def escalation(source: str) -> tuple[tuple[Level, ...], list[str]]:
    problems: list[Problem] = []
    top = open_yaml(source, problems)
    return read_escalation(top, (HEAD, NIGHT), CITY.departments, CITY.services), [str(one) for one in problems]


def test_roles_have_contacts_and_each_its_language() -> None:
    assert staff(STAFF) == ((HEAD, NIGHT), [])
    assert staff("city: {}") == ((), [])


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("staff: head", "must be a list"),
        ("staff: [{contacts: [{channel: sms, address: '+15550123'}]}]", "role: is missing"),
        ("staff: [{role: desk, contacts: [{channel: sms, address: '+15550123'}]}]", "`desk` is the desk itself"),
        ("staff: [{role: head}]", "contacts: must be a list"),
        ("staff: [{role: head, contacts: []}]", "a role needs somebody to tell"),
        ("staff: [{role: head, contacts: [{channel: whatsapp, address: '+15550123'}]}]", "one of telegram, sms, email"),
        ("staff: [{role: head, contacts: [{channel: sms, address: '15550123'}]}]", "a number with its +"),
        ("staff: [{role: head, contacts: [{channel: sms, address: 15550123}]}]", "must be a phone number"),
        ("staff: [{role: head, contacts: [{channel: telegram, address: '@head'}]}]", "Telegram chat's id"),
        ("staff: [{role: head, contacts: [{channel: email, address: 'head@city'}]}]", "write an address such as"),
        ('staff: [{role: head, contacts: [{channel: email, address: "a@b.cd\\nBcc: x@y.zz"}]}]', "write an address"),
        ("staff: [{role: head, contacts: [{channel: sms, address: '+15550123', name: Rosa}]}]", "is not known here"),
        ("staff: [{role: head, language: en, contacts: [{channel: sms, address: '+15550123'}]}]", "one of es, pt"),
        ("staff: [{role: head, language: [es], contacts: [{channel: sms, address: '+15550123'}]}]", "one of es, pt"),
        (STAFF + "  - {role: head, contacts: [{channel: sms, address: '+15550124'}]}", "the role head twice"),
    ],
)
def test_a_mistake_in_the_staff_is_told(source: str, advice: str) -> None:
    assert advice in "\n".join(staff(source)[1])


def test_levels_are_before_or_after_for_roles_and_of_some_departments_or_services() -> None:
    found, problems = escalation(
        "escalation: [{before: {hours: 9}, to: [desk]},"
        " {after: {days: 2}, to: [head, night, head], departments: [roads], services: [pothole, tree]}]"
    )
    assert problems == []
    assert found == (
        Level(side=Side.BEFORE, span=Target(amount=9, unit=Unit.HOURS), to=("desk",)),
        Level(
            side=Side.AFTER, span=Target(amount=2, unit=Unit.DAYS), to=("head", "night"), departments=("roads",),
            services=("pothole", "tree"),
        ),
    )  # fmt: skip
    assert escalation("city: {}") == ((), [])


@pytest.mark.parametrize(
    ("level", "advice"),
    [
        ("{to: [head]}", "either `before` or `after`"),
        ("{before: {hours: 1}, after: {hours: 1}, to: [head]}", "either `before` or `after`"),
        ("{after: {hours: 0}, to: [head]}", "N from 1 to 999 hours or 366 days"),
        ("{after: {hours: 1000}, to: [head]}", "N from 1"),
        ("{after: {days: 367}, to: [head]}", "N from 1"),
        ("{after: {days: 1.5}, to: [head]}", "N from 1"),
        ("{after: {days: yes}, to: [head]}", "N from 1"),
        ("{after: {weeks: 1}, to: [head]}", "N from 1"),
        ("{after: {days: 1, hours: 2}, to: [head]}", "N from 1"),
        ("{after: 3, to: [head]}", "N from 1"),
        ("{after: {days: 1}}", "to: is missing; write a list of roles: desk, head, night"),
        ("{after: {days: 1}, to: []}", "a list of roles: desk, head, night"),
        ("{after: {days: 1}, to: head}", "a list of roles"),
        ("{after: {days: 1}, to: [mayor]}", "a list of roles"),
        ("{after: {days: 1}, to: [head], departments: [rivers]}", "departments: must be a list of some of"),
        ("{after: {days: 1}, to: [head], services: []}", "services: must be a list of some of"),
        ("{after: {days: 1}, to: [head], areas: [centro]}", "is not known here"),
        ("after", "must hold `key: value` lines"),
    ],
)
def test_a_mistake_in_a_level_is_told(level: str, advice: str) -> None:
    assert advice in "\n".join(escalation(f"escalation: [{level}]")[1])


def test_alerts_may_name_roles_beside_contacts_of_their_own() -> None:
    problems: list[Problem] = []
    top = open_yaml('alerts: [{role: head}, {channel: sms, address: "+15550124"}]', problems)
    assert read_alerts(top, (HEAD, NIGHT)) == (
        Alert(channel="sms", address="+15550123", language="pt"),
        Alert(channel="email", address="head@city.example", language="es"),
        Alert(channel="sms", address="+15550124"),
    )
    assert not problems


@pytest.mark.parametrize(
    ("roles", "advice"), [((HEAD, NIGHT), "one of head, night"), ((), "one of `staff`, which names none yet")]
)
def test_an_alert_to_a_role_that_is_not_there_is_a_mistake(roles: tuple[Role, ...], advice: str) -> None:
    problems: list[Problem] = []
    assert read_alerts(open_yaml("alerts: [{role: mayor}]", problems), roles) == ()
    assert advice in str(problems[0])


def test_staff_on_a_channel_that_is_off_is_a_mistake(tmp_path: Path) -> None:
    source = (Path(__file__).parents[2] / "config.yml").read_text(encoding="utf-8")
    own = tmp_path / "config.yml"
    own.write_text(source + STAFF.replace("head, language: pt", "boss, language: pt"), encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        load(own, {})
    told = str(wrong.value)
    assert "staff: needs the channel sms: set channels.sms.enabled: true" in told
    assert "+15550123" not in told
    assert "Head@City.example" not in told
